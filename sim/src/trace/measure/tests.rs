//! The statistics of the real trace are the published ones.

use super::*;
use crate::trace::choice;
use crate::trace::import::TraceRows;
use assay_testing::shared;
use std::fs::File;
use std::io::BufReader;

/// Where the trace and its published statistics lie.
const TRACE: &str = "data/sn11-2025-10";

/// Tolerances, absolute in the statistic's unit. What is counted, averaged or ranked is exact but for rounding; what is
/// published with three digits, or searched for (the plateau, the exponent), is as exact as it is printed or found.
fn tolerance(name: &str, value: f64) -> f64 {
    match name {
        "R6_plateau_chi2_per_df" | "R7_se" => 0.01,
        "R7_router_score_exponent_beta" => 0.05,
        "L9_median_miner_cv" => 0.005,
        _ => 1e-9 * value.abs().max(1.0),
    }
}

assay_testing::needs_shared!(
    the_published_statistics_are_reproduced,
    every_class_is_the_published_one
);

fn the_published_statistics_are_reproduced() {
    let folder = shared(TRACE);
    let mut rows =
        TraceRows::open(BufReader::new(File::open(folder.join("trace.csv")).unwrap())).unwrap();
    let jobs = RecordedJobs::read(&mut rows, false, &|_| {}).unwrap();
    let phase = choice::find_phase(&jobs, share_of_time(&jobs, 0.75), &|_| {});
    let frame = Frame::of(&jobs, 0.75, phase.at_ms);
    assert_eq!((isolated(&jobs), frame.first_hour, frame.last_hour), (1, 21, 88));
    assert_eq!(frame.reference_ms, 318_300_000);
    let minute = frame.phase_ms / 60_000;
    assert!((18..=22).contains(&minute), "score runs at minute {minute}");
    let [whole, last] = measure(&jobs, &frame);
    let text = std::fs::read_to_string(folder.join("statistics.json")).unwrap();
    let published: serde_json::Value = serde_json::from_str(&text).unwrap();
    let names = STATISTICS.iter().chain([&STRICT]).map(|(name, _)| *name);
    let mut checked = 0;
    for (name, (whole, last)) in names.zip(whole.iter().zip(&last)) {
        let at = |key: &str| published.get(key).map(|entry| entry["value"].clone());
        let counts = at("S12_scored_miners_none_hasimage_strict").unwrap();
        let expected = match name {
            "S12_scored_miners_none" => counts[0].as_f64(),
            "S12_scored_miners_hasimage" => counts[1].as_f64(),
            "S12_scored_miners_strict" => counts[2].as_f64(),
            _ => at(name).and_then(|value| value.as_f64()),
        };
        println!("{name}: {whole:?} published {expected:?} last {last:?}");
        let Some(expected) = expected else { continue };
        let got = whole.unwrap_or_else(|| panic!("{name} has no value"));
        let allowed = tolerance(name, expected);
        assert!((got - expected).abs() <= allowed, "{name} is {got}, published {expected}");
        checked += 1;
    }
    assert_eq!(checked, 48, "every published statistic but the class without an entry");
}

fn every_class_is_the_published_one() {
    let folder = shared(TRACE);
    let mut rows =
        TraceRows::open(BufReader::new(File::open(folder.join("trace.csv")).unwrap())).unwrap();
    let jobs = RecordedJobs::read(&mut rows, false, &|_| {}).unwrap();
    let counts = answers::counts(&jobs, &answers::answers(&jobs.rows));
    let mut reader = csv::Reader::from_path(folder.join("miners.csv")).unwrap();
    let place = reader.headers().unwrap().iter().position(|name| name == "class").unwrap();
    let mut seen = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let miner = jobs.miners.iter().position(|name| *name == record[0]).unwrap();
        assert_eq!(AnswerClass::of(counts[miner]).name(), &record[place], "{}", &record[0]);
        seen += 1;
    }
    assert_eq!(seen, 102);
}
