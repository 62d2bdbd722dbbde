//! Whatever a caller gets wrong is told with place and remedy, exit code 2 (4 for the disk), and nothing is written.

use crate::common::assay;
use assay_testing::TestFolder;
use std::fs;

const GOOD: &str = r#"
[[client]]
name = "client"
arrivals.closed_loop = { think_ms = 10000.0 }
[[cohort]]
name = "miners"
count = 2
stake_alpha = 100.0
service.constant = { value_ms = 1000.0 }
"#;

/// Runs the scenario `text`; gives exit code and standard error, and checks that nothing was written.
fn refuse(text: &str, more: &[&str]) -> (i32, String) {
    let place = TestFolder::new();
    let (file, out) = (place.write("scenario.toml", text), place.path("out"));
    let mut arguments = vec!["run", &file, "--out", &out];
    arguments.extend_from_slice(more);
    let ended = assay(&arguments);
    assert_eq!(place.names(), ["scenario.toml"], "results or a draft were left: {ended:?}");
    (ended.code, ended.err)
}

fn is_told(text: &str, expected: &[&str]) {
    let (code, err) = refuse(text, &[]);
    assert_eq!(code, 2, "{err}");
    for part in expected {
        assert!(err.contains(part), "{part:?} is missing in: {err}");
    }
}

#[test]
fn the_scenario_these_tests_break_is_good() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("good.toml");
    fs::write(&file, GOOD).unwrap();
    let out = place.path().join("out");
    let paths = [file.to_str().unwrap(), out.to_str().unwrap()];
    let ended =
        assay(&["run", paths[0], "--out", paths[1], "--epochs", "2", "--replications", "1"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(out.join("manifest.json").is_file());
}

#[test]
fn a_missing_file_is_told() {
    let ended = assay(&["run", "no/such/file.toml"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("no/such/file.toml"), "{}", ended.err);
}

#[test]
fn what_is_not_toml_is_told_with_its_line() {
    is_told("[[client\nname = 1", &["scenario.toml:1"]);
}

#[test]
fn bytes_that_are_no_text_are_told() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("binary.toml");
    fs::write(&file, [0xff, 0xfe, 0x00]).unwrap();
    let ended = assay(&["run", file.to_str().unwrap()]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("UTF-8"), "{}", ended.err);
}

#[test]
fn all_problems_are_told_at_once() {
    let text = GOOD.replace("count = 2", "coount = 2").replace("100.0", "-5.0");
    is_told(&text, &["coount", "did you mean count", "stake_alpha", "-5.0", "from 0", ":8", ":7"]);
}

#[test]
fn values_out_of_range_are_told() {
    for (good, bad, expected) in [
        ("100.0", "-1", "stake_alpha"),
        ("100.0", "nan", "stake_alpha"),
        ("100.0", "inf", "stake_alpha"),
        ("100.0", "\"much\"", "stake_alpha"),
        ("count = 2", "count = 0", "count"),
        ("count = 2", "count = 1000000000", "count"),
        ("count = 2", "count = 2.5", "count"),
        ("value_ms = 1000.0", "", "value_ms"),
        ("think_ms = 10000.0", "think_ms = 0.0", "think_ms"),
        ("service.constant", "service.konstant", "constant"),
    ] {
        is_told(&GOOD.replace(good, bad), &["scenario.toml:", expected, "allowed"]);
    }
}

#[test]
fn probabilities_above_one_are_told() {
    let text = format!("{GOOD}behaviour.failing = {{ refused_share = 1.5 }}\n");
    is_told(&text, &["refused_share", "1.5", "to 1"]);
}

#[test]
fn a_scenario_without_miners_or_clients_is_told() {
    is_told("[run]\nepochs = 3\n", &["no miners", "nobody asks"]);
}

#[test]
fn a_router_without_its_parameter_is_told() {
    is_told(
        &format!("{GOOD}[router.stake_capped]\n"),
        &["router.stake_capped.cap_alpha", "missing"],
    );
    is_told(&format!("{GOOD}[router.no_such]\n"), &["router.no_such", "v001"]);
    is_told(&format!("router = \"v001\"\n{GOOD}"), &["router", "a table"]);
}

#[test]
fn names_taken_twice_are_told() {
    let text = format!(
        "{GOOD}[[cohort]]\nname = \"miners\"\ncount = 1\nservice.constant = {{ value_ms = 1.0 }}\n"
    );
    is_told(&text, &["taken twice"]);
}

#[test]
fn a_loop_of_extends_is_told() {
    let place = tempfile::tempdir().unwrap();
    let (a, b) = (place.path().join("a.toml"), place.path().join("b.toml"));
    fs::write(&a, "extends = \"b.toml\"\n").unwrap();
    fs::write(&b, "extends = \"a.toml\"\n").unwrap();
    let ended = assay(&["run", a.to_str().unwrap()]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("extends this file again"), "{}", ended.err);
}

#[test]
fn a_set_is_checked_like_the_file() {
    let (code, err) = refuse(GOOD, &["--set", "cohort.miners.stake_alpha=-3"]);
    assert_eq!(code, 2);
    assert!(err.contains("--set cohort.miners.stake_alpha=-3"), "{err}");
    let (code, err) = refuse(GOOD, &["--set", "cohort.nobody.stake_alpha=3"]);
    assert_eq!(code, 2);
    assert!(err.contains("nobody"), "{err}");
    let (code, err) = refuse(GOOD, &["--set", "nonsense"]);
    assert_eq!(code, 2);
    assert!(err.contains("assignment"), "{err}");
}

#[test]
fn a_folder_that_is_not_ours_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("good.toml");
    fs::write(&file, GOOD).unwrap();
    let folder = place.path().join("mine");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("thesis.tex"), "mine").unwrap();
    let ended =
        assay(&["run", file.to_str().unwrap(), "--out", folder.to_str().unwrap(), "--epochs", "1"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn a_place_that_cannot_be_written_is_the_disks_fault() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("good.toml");
    fs::write(&file, GOOD).unwrap();
    let below_a_file = file.join("out");
    let ended = assay(&["run", file.to_str().unwrap(), "--out", below_a_file.to_str().unwrap()]);
    assert_eq!(ended.code, 4, "{ended:?}");
    assert!(ended.err.contains("--out"), "{}", ended.err);
}

#[test]
fn a_replay_scenario_is_not_simulated() {
    let ended = assay(&["run", "scenarios/replay/v001.toml"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("assay replay"), "{}", ended.err);
}
