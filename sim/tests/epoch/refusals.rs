//! Malformed cases: exit code 2 and one error that names key, value and range.

use crate::cases::answer_to;
use crate::cases::committed;
use std::fs;
use std::process::Command;

fn good() -> String {
    let file = committed().into_iter().find(|file| file.ends_with("yuma3_penalty_third.json"));
    fs::read_to_string(file.unwrap()).unwrap()
}

fn assert_refused(text: &str, told: &[&str]) {
    let (code, out, errors) = answer_to(text);
    assert_eq!(code, Some(2), "{told:?}: {out}{errors}");
    assert_eq!(out, "", "nothing on standard output");
    assert_eq!(errors.lines().count(), 1, "one error: {errors}");
    assert!(errors.starts_with("error: -: "), "{errors}");
    for word in told {
        assert!(errors.contains(word), "{word:?} is not in {errors}");
    }
}

#[test]
fn a_value_out_of_its_range_is_refused_with_key_value_and_range() {
    let good = good();
    for (from, to, told) in [
        ("\"n\": 7", "\"n\": 0", &["n: 0", "1..=256"][..]),
        ("\"n\": 7", "\"n\": 257", &["n: 257", "1..=256"]),
        ("\"n\": 7", "\"n\": 6", &["stake: 7 entries", "n is 6"]),
        ("\"n\": 7", "\"n\": \"7\"", &["n", "0..=65535"]),
        ("\"block\": 7200", "\"block\": -1", &["block", "-1", "0..=18446744073709551615"]),
        ("\"block\": 7200", "\"block\": 7200.5", &["block", "7200.5"]),
        ("\"block\": 7200", "\"block\": 18446744073709551616", &["block", "18446744073709551615"]),
        ("[3,16384]", "[3,65536]", &["weights[0][0][1]", "65536", "0..=65535"]),
        ("[3,16384]", "[3,-4]", &["weights[0][0][1]", "-4", "0..=65535"]),
        ("[3,16384]", "[70000,1]", &["weights[0][0][0]", "70000", "0..=65535"]),
        ("[3,16384]", "[3,16384,1]", &["weights[0][0]"]),
        ("[3,16384]", "[4,16384]", &["weights[0]", "uid 4", "twice"]),
        ("[3,20000]", "[4,20000]", &["bonds[0]", "uid 4", "twice"]),
        ("\"owner_uid\": null", "\"owner_uid\": 7", &["owner_uid", "7", "0..=6"]),
        ("\"bonds_penalty\":21845", "\"bonds_penalty\":70000", &["hyper.bonds_penalty", "70000"]),
        (
            "\"bonds_penalty\":21845",
            "\"alpha_sigmoid_steepness\":32768",
            &["steepness", "-32768..=32767"],
        ),
        ("\"bonds_penalty\":21845", "\"kapa\":1", &["hyper", "kapa"]),
        ("\"bonds_penalty\":21845", "\"kappa\":null", &["hyper.kappa", "null"]),
        ("\"permits\": [true", "\"permits\": [1", &["permits[0]"]),
        ("\"stake\": [", "\"stake_bits\": [1],\"stake\": [", &["stake_bits", "beside"]),
        ("\"stake\": [", "\"tao_stake\": [1],\"stake\": [", &["tao_stake", "1 entries", "7"]),
        ("\"stake\": [", "\"stak\": [", &["stak"]),
        ("\"weights\"", "\"commit_blocks\": [1],\"weights\"", &["commit_blocks", "1 entries"]),
        ("\"weights\"", "\"steps\": [],\"weights\"", &["steps"]),
        ("\"weights\"", "\"steps\": [{\"blok\":1}],\"weights\"", &["steps[0]", "blok"]),
        (
            "\"weights\"",
            "\"steps\": [{\"set_stake\":[[7,1]]}],\"weights\"",
            &["steps[0]", "set_stake[0]", "0..=6"],
        ),
        (
            "\"weights\"",
            "\"steps\": [{},{\"replace_uid\":[[9,1]]}],\"weights\"",
            &["steps[1]", "replace_uid[0]", "9"],
        ),
        (
            "\"weights\"",
            "\"steps\": [{\"set_weights\":[[0,[[1,1],[1,2]]]]}],\"weights\"",
            &["set_weights[0]", "twice"],
        ),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from} stands in the case");
        assert_refused(&bad, told);
    }
}

#[test]
fn every_required_key_is_missed() {
    let good: serde_json::Value = serde_json::from_str(&good()).unwrap();
    for key in [
        "n",
        "block",
        "tempo",
        "last_mechanism_step_block",
        "rao_emission",
        "owner_uid",
        "stake",
        "last_update",
        "block_at_registration",
        "permits",
        "weights",
        "hyper",
    ] {
        let mut bad = good.clone();
        bad.as_object_mut().unwrap().remove(key).unwrap();
        assert_refused(&bad.to_string(), &[key, "missing"]);
    }
    let mut free = good;
    for key in ["name", "note", "bonds"] {
        free.as_object_mut().unwrap().remove(key).unwrap();
    }
    assert_eq!(answer_to(&free.to_string()).0, Some(0));
}

#[test]
fn what_is_not_one_json_object_is_refused() {
    let good = good();
    for bad in ["", "{", "[]", "null", "nonsense", &good[..good.len() / 2], &format!("{good}{{}}")]
    {
        assert_refused(bad, &[]);
    }
}

#[test]
fn a_block_level_case_is_refused_like_any_other() {
    assert_refused(r#"{"emit":[{"alpha_out":1}]}"#, &["emit[0]", "missing"]);
    assert_refused(r#"{"emission_curve":[[-1,0]]}"#, &["emission_curve[0][0]", "-1"]);
    let prune = r#"{"prune":[{"args":{"emission":[1],"block_at_registration":[1,2],"block":9,
        "immunity_period":1,"min_non_immune":0,"immortal":[]}}]}"#;
    assert_refused(prune, &["prune[0].args.block_at_registration", "2 entries"]);
}

/// A sequence with a life that is taken.
fn alive() -> String {
    r#"{"n": 2, "block": 100, "tempo": 10, "last_mechanism_step_block": 0, "owner_uid": null,
        "runtime": 446, "stake": [5, 7], "last_update": [90, 90], "block_at_registration": [1, 1],
        "permits": [true, false], "weights": [[[1, 65535]], []], "hyper": {},
        "keys": ["v", "m"], "registration": {"burn": 7},
        "steps": [{"block": 110, "events": [{"block": 105, "type": "register", "key": "x"}],
                   "pending": {"server": 50, "validator": 50, "root": 0}}]}"#
        .to_string()
}

#[test]
fn a_case_with_a_life_is_refused_with_key_value_and_range() {
    let good = alive();
    assert_eq!(answer_to(&good).0, Some(0), "{}", answer_to(&good).2);
    for (from, to, told) in [
        ("446", "440", &["runtime", "440", "326..=446"][..]),
        ("446", "\"446\"", &["runtime", "0..=65535"]),
        ("[\"v\", \"m\"]", "[\"v\", \"v\"]", &["keys[1]", "twice"]),
        ("[\"v\", \"m\"]", "[\"v\"]", &["keys", "1 entries"]),
        ("{\"burn\": 7}", "{\"burn\": -7}", &["registration.burn", "-7"]),
        ("{\"burn\": 7}", "{\"max_allowed_uids\": 257}", &["max_allowed_uids", "257", "1..=256"]),
        (
            "{\"block\": 105",
            "{\"block\": 110",
            &["steps[0]", "events[0].block", "110", "100..=109"],
        ),
        ("{\"block\": 105", "{\"block\": 99", &["events[0].block", "99", "100..=109"]),
        ("{\"block\": 110, \"ev", "{\"block\": 100, \"ev", &["steps[0]", "block: 100"]),
        ("\"register\"", "\"regster\"", &["events[0].type", "regster"]),
        ("\"register\"", "\"weights\"", &["events[0].row", "missing"]),
        ("\"register\"", "\"min_collateral\"", &["events[0].amount", "missing"]),
        ("\"server\": 50,", "", &["pending", "server, validator, root"]),
        ("\"server\": 50", "\"pending\": 50", &["pending", "another runtime"]),
        ("\"server\": 50", "\"server\": 18446744073709551615", &["pending", "together"]),
        ("\"stake\"", "\"stake_bits\"", &["stake", "missing"]),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from} stands in the case");
        assert_refused(&bad, told);
    }
    let early = good.replacen("446", "436", 1);
    let floor = early.replacen("\"register\"", "\"min_collateral\", \"amount\": 5", 1);
    assert_refused(&floor, &["events[0].type", "436", "no collateral"]);
}

#[test]
fn a_missing_file_is_bad_input() {
    let run =
        Command::new(env!("CARGO_BIN_EXE_assay")).args(["epoch", "no/such/case.json"]).output();
    let run = run.unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8(run.stderr).unwrap().contains("no/such/case.json"));
}

#[test]
fn uids_that_do_not_exist_are_noted_and_ignored() {
    let file = committed().into_iter().find(|file| file.ends_with("unknown_uids.json")).unwrap();
    let (code, _, errors) = answer_to(&fs::read_to_string(file).unwrap());
    assert_eq!(code, Some(0));
    assert!(errors.contains("weights[0]: uid 7 is not below n = 7"), "{errors}");
}

#[test]
fn the_table_has_a_row_a_uid_and_the_sums() {
    let file = committed().into_iter().find(|file| file.ends_with("by_hand.json")).unwrap();
    let run =
        Command::new(env!("CARGO_BIN_EXE_assay")).args(["epoch", "--table"]).arg(file).output();
    let table = String::from_utf8(run.unwrap().stdout).unwrap();
    assert_eq!(table.lines().count(), 2 + 3 + 1, "{table}");
    let sums: Vec<&str> = table.lines().last().unwrap().split_whitespace().collect();
    assert!(
        sums.ends_with(&["0.000000500", "|", "0.000000500", "|", "0.000001000", "|"]),
        "{table}"
    );
}
