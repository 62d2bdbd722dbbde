//! The verdict on whether real and simulated miners are paid the same, from recordings made before: no device is needed.

use crate::common::Ended;
use crate::common::harness;
use std::fs;

const SCENARIO: &str = "scenarios/harness/small.toml";
/// Forty runs of the scenario on the CPU backend: ten to fit, thirty pairs to judge.
const RECORDINGS: &str = "harness/recordings/small";

fn validate(more: &[&str]) -> Ended {
    harness(&[&["validate", SCENARIO, "--recordings", RECORDINGS], more].concat())
}

#[test]
fn the_fitted_model_pays_as_real_miners_were_paid() {
    let place = tempfile::tempdir().unwrap();
    let file = |name: &str| place.path().join(name).to_str().unwrap().to_string();
    let (json, page) = (file("v.json"), file("v.html"));
    let ended = validate(&["--json", &json, "--page", &page]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.contains("30 pairs") && ended.out.contains("verdict  AGREES"), "{ended:?}");
    let found: serde_json::Value = serde_json::from_slice(&fs::read(json).unwrap()).unwrap();
    let share = found["measured_share_of_score_variance"].as_f64().unwrap();
    assert!(share > 0.9, "{found}");
    assert_eq!(found["agreement"]["agrees"], true);
    assert_eq!(found["calibrated_on"].as_array().unwrap().len(), 10);
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("<svg") && page.contains("AGREES"));
}

/// The control: the same model with one class a fifth slower, or faster, than it was measured.
#[test]
fn a_class_a_fifth_off_is_seen() {
    for (altered, failing) in [
        ("slow=1.2", "FAIL  pay share slow"),
        ("slow=0.8", "FAIL  pay share slow"),
        ("middle=1.2", "FAIL"),
    ] {
        let ended = validate(&["--slower", altered]);
        assert_eq!(ended.code, 1, "{altered}: {ended:?}");
        assert!(ended.out.contains(failing), "{altered}: {ended:?}");
        assert!(ended.out.contains("verdict  REJECTED"), "{altered}: {ended:?}");
    }
}

#[test]
fn terms_that_mean_nothing_are_bad_input() {
    for (more, part) in [
        (["--set", "run.epochs=5"], "asks other work"),
        (["--slower", "slow"], "COHORT=FACTOR"),
        (["--slower", "nobody=1.2"], "there is no cohort nobody"),
        (["--margin", "0"], "above 0"),
    ] {
        let ended = validate(&more);
        assert_eq!(ended.code, 2, "{more:?}: {ended:?}");
        assert!(ended.err.contains(part), "{more:?}: {ended:?}");
    }
}

#[test]
fn too_few_recordings_are_no_verdict() {
    let place = tempfile::tempdir().unwrap();
    for number in 0..20 {
        let name = format!("replication-{number:04}.recording");
        let from = assay_testing::root().join(RECORDINGS).join(&name);
        fs::copy(from, place.path().join(name)).unwrap();
    }
    let folder = place.path().to_str().unwrap();
    let ended = harness(&["validate", SCENARIO, "--recordings", folder]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("20 recordings"), "{ended:?}");
}

/// A polling grid of half a second swallows images of some milliseconds: all miners then have one latency, and a verdict on
/// their pay would say nothing of real work.
#[test]
fn a_scenario_whose_grid_swallows_the_work_gets_no_verdict() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("grid");
    let ended = harness(&[
        "validate",
        SCENARIO,
        "--epochs",
        "2",
        "--set",
        "kind.generate.steps=1",
        "--set",
        "cohort.fast.poll_ms=500",
        "--set",
        "cohort.middle.poll_ms=500",
        "--set",
        "cohort.slow.poll_ms=500",
        "--set",
        "orchestrator.scoring.v001.latency_max_ms=2000",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.out.contains("FAIL  0 % of the variance of scores"), "{ended:?}");
    assert!(ended.err.contains("too little of the scores"), "{ended:?}");
}
