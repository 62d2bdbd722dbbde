//! Closed forms: what queueing theory says exactly, the simulator must say within its own interval.
//!
//! The mean over 20 replications is held against the closed form with Student's t at level 0.1 %: a right simulator fails
//! one test in a thousand seeds, and the seeds are written in the scenarios. A control with a wrong law must fail.

use crate::common::assay;
use assay_testing::TableRow;
use assay_testing::TestFolder;
use assay_testing::TextTable;

/// Student's t with 19 degrees of freedom at a two-sided level of 0.1 %, over the same at 5 %; the bootstrap's interval of a
/// latency is about as wide at 20 replications. Source: tables of Student's t, 3.8834 / 2.0930.
const WIDER: f64 = 3.8834 / 2.0930;

/// Mean and half the width of the 95 % interval of `metric` over all miners, in a run of `scenario` with `sets`.
fn measured(scenario: &str, metric: &str, sets: &[&str]) -> (f64, f64) {
    let place = run(scenario, sets);
    let table = TextTable::read(place.path("out/metrics.csv"));
    let is = |row: &TableRow<'_>| row.text("metric") == metric && row.text("grouping") == "whole";
    let row = table.rows().find(is).unwrap_or_else(|| panic!("no {metric} in {table:?}"));
    assert_eq!(row.text("replications"), "20", "the interval's level supposes 20 replications");
    (row.number("mean"), (row.number("high_95") - row.number("low_95")) / 2.0)
}

/// Twenty replications of `scenario` with `sets`, their results in `out`.
fn run(scenario: &str, sets: &[&str]) -> TestFolder {
    let place = TestFolder::new();
    let out = place.path("out");
    let mut arguments = vec!["run", scenario, "--out", &out, "--quiet", "--replications", "20"];
    for set in sets {
        arguments.extend(["--set", set]);
    }
    let ended = assay(&arguments);
    assert_eq!(ended.code, 0, "{ended:?}");
    place
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

/// Erlang C for four workers at load 0.8: (a^4/4!)/(1 - 0.8) over the sum of a^k/k!, k < 4, and itself; a = 3.2.
const MMC_MEAN_MS: f64 = 2000.0 + 0.596_432_472 * 2000.0 / (4.0 * 0.2) - 0.5;

#[test]
fn four_workers_wait_as_mmc_says() {
    let found = measured("scenarios/theory/mmc.toml", "latency_ms_mean", &[]);
    assert!(agrees(found, MMC_MEAN_MS), "{found:?} against {MMC_MEAN_MS}");
    assert!(found.1 < 0.03 * MMC_MEAN_MS, "too wide to tell anything: {found:?}");
}

/// Constant service with the same mean waits less than exponential service.
#[test]
fn four_workers_with_a_wrong_law_are_seen() {
    let wrong = ["cohort.server.service.constant.value_ms=2000.0"];
    let found = measured("scenarios/theory/mmc.toml", "latency_ms_mean", &wrong);
    assert!(!agrees(found, MMC_MEAN_MS), "{found:?} against {MMC_MEAN_MS}");
}

/// Pollaczek-Khinchine with a squared coefficient of variation of 1/4.
const MG1_MEAN_MS: f64 = 2000.0 + 0.7 * 2000.0 * 1.25 / (2.0 * 0.3) - 0.5;

#[test]
fn one_server_with_gamma_service_waits_as_mg1_says() {
    let found = measured("scenarios/theory/mg1.toml", "latency_ms_mean", &[]);
    assert!(agrees(found, MG1_MEAN_MS), "{found:?} against {MG1_MEAN_MS}");
    assert!(found.1 < 0.03 * MG1_MEAN_MS, "too wide to tell anything: {found:?}");
}

/// Shape 1 is exponential service: 6667 ms.
#[test]
fn gamma_service_of_a_wrong_shape_is_seen() {
    let wrong = ["cohort.server.service.gamma.shape=1.0"];
    let found = measured("scenarios/theory/mg1.toml", "latency_ms_mean", &wrong);
    assert!(!agrees(found, MG1_MEAN_MS), "{found:?} against {MG1_MEAN_MS}");
    assert!(agrees(found, MM1_MEAN_MS), "{found:?} against {MM1_MEAN_MS}");
}

/// Mean-field limit of two choices at load 0.9: 2 s x (1 + 0.9^2 + 0.9^6 + 0.9^14 + 0.9^30 + 0.9^62).
const TWO_CHOICES_MEAN_MS: f64 = 2000.0 * 2.614_031;
/// What 250 miners in place of endlessly many may add. Source: ours, the error is of order 1/n; three choices differ by 20 %.
const FINITE: f64 = 0.01;

#[test]
fn two_choices_wait_as_the_mean_field_limit_says() {
    let (mean, half_width) = measured("scenarios/theory/power-of-two.toml", "latency_ms_mean", &[]);
    let slack = half_width * WIDER + FINITE * TWO_CHOICES_MEAN_MS;
    let off = (mean - (TWO_CHOICES_MEAN_MS - 0.5)).abs();
    assert!(off <= slack, "{mean} ± {half_width} against {TWO_CHOICES_MEAN_MS}");
    assert!(half_width < 0.03 * TWO_CHOICES_MEAN_MS, "too wide to tell anything: {half_width}");
}

#[test]
fn three_choices_in_place_of_two_are_seen() {
    let wrong = ["router.power_of_d.d=3"];
    let found = measured("scenarios/theory/power-of-two.toml", "latency_ms_mean", &wrong);
    let slack = found.1 * WIDER + FINITE * TWO_CHOICES_MEAN_MS;
    assert!((found.0 - TWO_CHOICES_MEAN_MS).abs() > slack, "{found:?}");
}

/// Pearson's chi-squared of all requests against multinomial weights; nine degrees of freedom.
fn chi_squared(sets: &[&str]) -> f64 {
    let place = run("scenarios/theory/weighted-routing.toml", sets);
    let mut counts = [0.0; 10];
    for row in TextTable::read(place.path("out/miners.csv")).rows() {
        let miner: usize = row.text("miner").rsplit('-').next().unwrap().parse().unwrap();
        counts[miner] += row.number("requests");
    }
    let whole: f64 = counts.iter().sum();
    assert!(whole > 100_000.0, "too few jobs to tell anything");
    let weights = (1..=10).map(f64::from);
    counts
        .iter()
        .zip(weights)
        .map(|(count, weight)| {
            let expected = whole * weight / 55.0;
            (count - expected) * (count - expected) / expected
        })
        .sum()
}

/// 99.9 % quantile of chi-squared with nine degrees of freedom: a right router fails one seed in a thousand. Source: tables.
const CHI_SQUARED_9: f64 = 27.877;

#[test]
fn requests_are_multinomial_in_the_stakes() {
    let found = chi_squared(&[]);
    assert!(found < CHI_SQUARED_9, "{found}");
}

#[test]
fn a_cap_that_binds_is_seen_in_the_requests() {
    let found = chi_squared(&["router.stake_capped.cap_alpha=450"]);
    assert!(found > CHI_SQUARED_9, "{found}");
}
