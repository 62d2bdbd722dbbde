//! Closed forms: what queueing theory says exactly, the simulator must say within its own interval.
//!
//! The mean over 20 replications is held against the closed form with Student's t at level 0.1 %: a right simulator fails
//! one test in a thousand seeds, and the seeds are written in the scenarios. A control with a wrong law must fail.

use crate::common::assay;
use std::fs;

/// Student's t with 19 degrees of freedom at a two-sided level of 0.1 %, over the same at 5 %. Source: tables of
/// Student's t, 3.8834 / 2.0930.
const WIDER: f64 = 3.8834 / 2.0930;

/// Mean and half-width of the 95 % interval of `metric` over all miners, in a run of `scenario` with `sets`.
fn measured(scenario: &str, metric: &str, sets: &[&str]) -> (f64, f64) {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let mut arguments = vec!["run", scenario, "--out", out.to_str().unwrap(), "--quiet"];
    for set in sets {
        arguments.extend(["--set", set]);
    }
    let ended = assay(&arguments);
    assert_eq!(ended.code, 0, "{ended:?}");
    let text = fs::read_to_string(out.join("metrics.csv")).unwrap();
    let line = text.lines().find(|l| l.starts_with(&format!("{metric},")) && l.contains(",whole,"));
    let cells: Vec<_> =
        line.unwrap_or_else(|| panic!("no {metric} in {text}")).split(',').collect();
    assert_eq!(cells[4], "20", "the interval's level supposes 20 replications");
    (cells[5].parse().unwrap(), cells[6].parse().unwrap())
}

fn agrees((mean, half_width): (f64, f64), theory: f64) -> bool {
    (mean - theory).abs() <= half_width * WIDER
}

/// M/M/1 at load 0.7 with mean service 2 s: mean sojourn 2 / (1 - 0.7) s = 6666.7 ms. The orchestrator stores whole
/// milliseconds, rounded down: half a millisecond less.
const MM1_MEAN_MS: f64 = 2000.0 / 0.3 - 0.5;

#[test]
fn one_server_waits_as_mm1_says() {
    let found = measured("scenarios/theory/mm1.toml", "latency_ms_mean", &[]);
    assert!(agrees(found, MM1_MEAN_MS), "{found:?} against {MM1_MEAN_MS}");
    assert!(found.1 < 0.03 * MM1_MEAN_MS, "too wide to tell anything: {found:?}");
}

/// With constant service the same load gives half the wait (Pollaczek-Khinchine): 4333 ms.
#[test]
fn a_wrong_service_law_is_seen() {
    let wrong = ["cohort.server.service.constant.value_ms=2000.0"];
    let found = measured("scenarios/theory/mm1.toml", "latency_ms_mean", &wrong);
    assert!(!agrees(found, MM1_MEAN_MS), "{found:?} against {MM1_MEAN_MS}");
    assert!(agrees(found, 2000.0 + 2000.0 * 0.7 / 0.6 - 0.5), "{found:?}");
}
