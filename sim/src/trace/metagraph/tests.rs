//! Snapshots in the forms that are about, and bad ones.

use super::*;

#[test]
fn a_table_becomes_validators_an_operator_and_the_rest() {
    let text = "UID,STAKE(τ),COLDKEY,VPERMIT,LAST_UPDATE\n0,\"12,000.5\",v,*,9000\n1,40,a,,1\n2,50,a,,1\n\
        3,60,b,,1\n74,1,o,,1\n5,9000,w,*,100\n";
    let made = scenario("s.csv", text, Some(74)).unwrap();
    assert!(made.contains("validator-0") && made.contains("12000.5"), "{made}");
    assert!(!made.contains("validator-5") && made.contains("uid-5"), "inactive for 8,900 blocks");
    assert!(made.contains("operator-1") && !made.contains("operator-2"));
    assert!(!made.contains("uid-74"), "the owner's");
}

#[test]
fn lists_of_objects_and_objects_of_lists_are_the_same() {
    let rows = r#"[{"uid": 1, "stake": 5.5, "coldkey": "a", "validator_permit": false, "last_update": 7}]"#;
    let held = format!("{{\"netuid\": 11, \"neurons\": {rows}}}");
    let lists = r#"{"uid": [1], "stake": [5.5], "coldkey": ["a"], "validator_permit": [false], "last_update": [7]}"#;
    let first = scenario("s", rows, Some(74)).unwrap();
    for other in [held.as_str(), lists] {
        assert_eq!(scenario("s", other, Some(74)).unwrap(), first);
    }
}

#[test]
fn bad_snapshots_are_refused_in_their_place() {
    for (text, told) in [
        ("uid,stake\n1,5\n1,6\n", "line 3: uid 1 stands in line 2 too"),
        ("uid,stake\n256,5\n", "below 256"),
        ("uid,stake\n1,NaN\n", "stake is \"NaN\""),
        ("uid,stake\n1,-5\n", "stake is \"-5\""),
        ("uid,stake\n1,inf\n", "stake is \"inf\""),
        ("uid,coldkey\n1,a\n", "stake is missing"),
        ("[{\"uid\": 1}]", "neuron 0: stake is missing"),
        ("{\"a\": 1}", "no list of neurons"),
        ("{\"uid\": [1, 2], \"stake\": [1]}", "stake has 1 entries"),
        ("[", "line 1"),
        ("", "empty"),
        ("uid,stake\n", "no neuron"),
        ("uid,stake,vpermit\n1,5,maybe\n", "validator_permit"),
    ] {
        let error = scenario("s", text, Some(74)).unwrap_err();
        assert!(error.contains(told), "{text:?}: {error}");
    }
}

/// The roles that a snapshot gives: validators with their stakes, miners, and what was guessed.
fn roles(text: &str) -> (Vec<(u16, f64)>, Vec<u16>, String) {
    let subnet = SnapshotNeurons::read(text, None).unwrap();
    let validators = subnet.validators().iter().map(|n| (n.uid, n.total_stake)).collect();
    let miners = subnet.miners().map(|neuron| neuron.uid).collect();
    (validators, miners, subnet.guesses.join("; "))
}

#[test]
fn an_age_is_told_from_a_block() {
    let realistic = include_str!("../../../tests/cases/files/01/realistic.csv");
    let (validators, miners, guesses) = roles(realistic);
    assert_eq!(validators, [(0, 50000.0), (1, 40000.0)]);
    assert_eq!(miners, [2, 3]);
    assert!(guesses.contains("nothing says who owns"), "{guesses}");

    // A validator by permit, of whom nobody has seen a weight for a year, does not set the weights.
    let (validators, miners, guesses) =
        roles(include_str!("../../../tests/cases/files/01/snapshot.csv"));
    assert_eq!((validators, miners), (vec![(0, 50000.0)], vec![1, 2, 3]));
    assert!(guesses.contains("uid 1"), "{guesses}");

    // Nobody has set weights for 139 days by age: these are blocks.
    let blocks = "uid,stake,vpermit,updated\n0,9,1,6800000\n1,8,1,6799000\n2,7,1,6700000\n";
    let (validators, miners, guesses) = roles(blocks);
    assert_eq!((validators, miners), (vec![(0, 9.0), (1, 8.0)], vec![2]));
    assert!(guesses.contains("block number"), "{guesses}");
}

#[test]
fn without_permits_dividends_say_who_validates_and_the_owner_is_read() {
    let text = include_str!("../../../tests/cases/files/02/sn.json");
    let (validators, miners, guesses) = roles(text);
    assert_eq!(validators, [(0, 52000.0), (1, 40000.0)]);
    assert_eq!(miners, [2, 3]);
    assert!(guesses.contains("whoever has dividends"), "{guesses}");
    assert!(guesses.contains("the owner holds no uid"), "{guesses}");
    let owned = text.replace("\"owner\": \"5O\"", "\"owner\": \"5DDD\"");
    let subnet = SnapshotNeurons::read(&owned, None).unwrap();
    assert_eq!(subnet.owner, 3);
    assert_eq!(subnet.miners().map(|n| n.uid).collect::<Vec<_>>(), [2]);
}

#[test]
fn amounts_with_a_decimal_comma_are_read_or_refused_in_their_place() {
    let stakes = |text: &str| {
        let subnet = SnapshotNeurons::read(text, None).unwrap();
        subnet.neurons.iter().map(|neuron| neuron.alpha_stake).collect::<Vec<_>>()
    };
    assert_eq!(
        stakes(include_str!("../../../tests/cases/files/06/s.csv")),
        [1234.56, 300.5, 12345.67]
    );
    assert_eq!(
        stakes(include_str!("../../../tests/cases/files/06/semicolon.csv")),
        [1234.56, 300.5]
    );
    let error = SnapshotNeurons::read("uid,stake\n0,\"1,234\"\n", None).unwrap_err();
    assert!(error.contains("line 2: stake is \"1,234\", reads in two ways"), "{error}");
    let error = SnapshotNeurons::read("uid,stake\n0,\"300,5\"\n1,0.25\n", None).unwrap_err();
    assert!(error.contains("line 3") && error.contains("line 2"), "{error}");
}

#[test]
fn a_validators_stake_is_its_total_and_a_miners_its_alpha() {
    let text = include_str!("../../../tests/cases/files/08/m.csv");
    let subnet = SnapshotNeurons::read(text, None).unwrap();
    let (validators, ..) = roles(text);
    assert_eq!(validators, [(0, 52000.0), (1, 40000.0)]);
    assert_eq!(subnet.miners().map(|n| (n.uid, n.alpha_stake)).collect::<Vec<_>>(), [(2, 300.0)]);
    // Without a total: 100 + 0.18 x 1000.
    let (validators, _, guesses) =
        roles("uid,alpha_stake,tao_stake,vpermit\n0,100,1000,1\n1,5,0,0\n");
    assert_eq!(validators, [(0, 280.0)]);
    assert!(guesses.contains("0.18 times TAO"), "{guesses}");
}

#[test]
fn other_forms_that_are_about_are_read() {
    let btcli =
        "UID,GLOBAL_STAKE,LOCAL_STAKE,VAL,UPDATED,COLDKEY\n0,900.5,100,1,7,a\n1,60,50,0,9,b\n";
    let (validators, miners, _) = roles(btcli);
    assert_eq!((validators, miners), (vec![(0, 900.5)], vec![1]));

    let info = r#"{"netuid": 11, "block": 7000, "owner_hotkey": "h2", "axons": [{"hotkey": "h0"}],
        "hotkeys": ["h0", "h1", "h2"], "coldkeys": ["a", "b", "c"], "last_update": [6990, 100, 6999],
        "validator_permit": [true, true, true], "total_stake": [5000.5, 40, 1], "alpha_stake": [5000.5, 40, 1],
        "tao_dividends_per_hotkey": []}"#;
    let subnet = SnapshotNeurons::read(info, None).unwrap();
    assert_eq!(subnet.owner, 2);
    let (validators, miners, guesses) = roles(info);
    assert_eq!((validators, miners), (vec![(0, 5000.5)], vec![1]));
    assert!(guesses.contains("place in the lists"), "{guesses}");

    let rao = r#"{"data": [{"uid": 3, "stake": "40000000000000", "alpha_stake": "100000000000",
        "coldkey": {"ss58": "5A"}, "validator_permit": true, "updated": 12, "dividends": "0.5"}]}"#;
    let subnet = SnapshotNeurons::read(rao, None).unwrap();
    let only = &subnet.neurons[0];
    assert_eq!((only.total_stake, only.alpha_stake, only.coldkey.as_str()), (40000.0, 100.0, "5A"));
    assert!(subnet.guesses.join(" ").contains("rao"));

    let nobody = scenario("s", "uid,stake\n1,5\n", None).unwrap();
    assert!(nobody.contains("no neuron is a validator"), "{nobody}");
}
