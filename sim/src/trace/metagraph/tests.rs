//! Snapshots in the forms that are about, and bad ones.

use super::*;

#[test]
fn a_table_becomes_validators_an_operator_and_the_rest() {
    let text = "UID,STAKE(τ),COLDKEY,VPERMIT,UPDATED\n0,\"12,000.5\",v,*,9000\n1,40,a,,1\n2,50,a,,1\n\
        3,60,b,,1\n74,1,o,,1\n5,9000,w,*,100\n";
    let made = scenario("s.csv", text.as_bytes(), 74).unwrap();
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
    let first = scenario("s", rows.as_bytes(), 74).unwrap();
    for other in [held.as_str(), lists] {
        assert_eq!(scenario("s", other.as_bytes(), 74).unwrap(), first);
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
        let error = scenario("s", text.as_bytes(), 74).unwrap_err();
        assert!(error.contains(told), "{text:?}: {error}");
    }
    assert!(scenario("s", b"uid,stake\n1,\xff\n", 74).unwrap_err().contains("line 2"));
}
