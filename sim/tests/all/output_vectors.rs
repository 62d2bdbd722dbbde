//! Vectors of theory.md, sections 2 and 3: many comparisons and output analysis.

use assay_sim::statistics::ManyDifferences;
use assay_sim::statistics::Resamples;
use assay_sim::statistics::RunningMoments;
use assay_sim::statistics::Survival;
use assay_sim::statistics::Unfinished;
use assay_sim::statistics::mser5;
use assay_sim::statistics::poisson_slope;
use assay_testing::vectors;
use serde_json::Value;
use std::fs;

/// The cases of one function.
fn cases(function: &str) -> Vec<Value> {
    let file = vectors("theory.json");
    let all: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let own = all["cases"].as_array().unwrap().iter().filter(|case| case["fn"] == function);
    let own: Vec<Value> = own.cloned().collect();
    assert!(!own.is_empty(), "no vector of {function}");
    own
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

/// Within the tolerance of the case, absolute and relative together.
fn close(case: &Value, found: f64, expected: &Value) {
    let (right, tolerance) = (expected.as_f64().unwrap(), case["tolerance"].as_f64().unwrap());
    let off = (found - right).abs();
    assert!(off <= tolerance * right.abs().max(1.0), "{}: {found} is not {right}", case["id"]);
}

fn columns(case: &Value) -> Vec<Vec<f64>> {
    let rows: Vec<Vec<f64>> =
        case["input"]["differences"].as_array().unwrap().iter().map(numbers).collect();
    (0..rows[0].len()).map(|column| rows.iter().map(|row| row[column]).collect()).collect()
}

#[test]
fn signs_are_flipped_as_the_vectors_say() {
    for case in cases("sign_flip") {
        let columns = columns(&case);
        let bare: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let found = ManyDifferences::new(&bare, 0).p_values();
        for (p, right) in found.iter().zip(case["expected"].as_array().unwrap()) {
            close(&case, p.unwrap(), right);
        }
    }
}

#[test]
fn critical_values_are_those_of_the_vectors() {
    for case in cases("max_t") {
        let columns = columns(&case);
        let bare: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let many = ManyDifferences::new(&bare, 0);
        let (alpha, right) = (case["input"]["alpha"].as_f64().unwrap(), &case["expected"]);
        close(&case, many.critical_by_flips(alpha), &right["critical_sign_flip"]);
        close(&case, many.critical(alpha).unwrap(), &right["critical_bonferroni"]);
        for (column, numbers) in columns.iter().enumerate() {
            let sample = RunningMoments::of(numbers);
            close(&case, sample.mean().unwrap(), &right["mean"][column]);
            close(&case, sample.error().unwrap(), &right["error"][column]);
        }
    }
}

#[test]
fn warm_up_is_cut_as_the_vectors_say() {
    for case in cases("mser5") {
        let found = mser5(&numbers(&case["input"]["series"]));
        let right = case["expected"].as_u64().map(|cut| usize::try_from(cut).unwrap());
        assert_eq!(found, right, "{}", case["id"]);
    }
}

#[test]
fn unfinished_requests_count_as_the_vectors_say() {
    for case in cases("kaplan_meier") {
        let (input, right) = (&case["input"], &case["expected"]);
        let times = input["time"].as_array().unwrap().iter().map(|t| t.as_u64().unwrap());
        let flags = input["finished"].as_array().unwrap().iter().map(|f| f.as_bool().unwrap());
        let all: Vec<(u64, bool)> = times.zip(flags).collect();
        let of = |wanted: bool| {
            let own = all.iter().filter(move |(_, finished)| *finished == wanted);
            own.map(|(time, _)| (*time, 1)).collect::<Vec<_>>()
        };
        let survival = Survival::of(of(true), of(false), 0);
        let steps = survival.estimate();
        let expected = right["steps"].as_array().unwrap();
        assert_eq!(steps.len(), expected.len());
        for ((time, part, variance), right) in steps.iter().zip(expected) {
            assert_eq!(Some(*time), right[0].as_u64());
            close(&case, *part, &right[1]);
            close(&case, variance.unwrap(), &right[2]);
        }
        for (place, q) in numbers(&input["quantiles"]).into_iter().enumerate() {
            let found = survival.quantile(q, Unfinished::Censored);
            assert_eq!(found, right["quantiles"][place].as_u64(), "{q}");
            let bounds = &right["bounds"][place];
            assert_eq!(survival.quantile(q, Unfinished::EndNow), bounds[0].as_u64(), "{q}");
            assert_eq!(survival.quantile(q, Unfinished::NeverEnd), bounds[1].as_u64(), "{q}");
        }
    }
}

#[test]
fn a_bootstrap_interval_is_that_of_the_vectors() {
    for case in cases("bootstrap_t") {
        let places = case["input"]["resamples"].as_array().unwrap().iter().map(|resample| {
            let places = resample.as_array().unwrap().iter();
            places.map(|place| usize::try_from(place.as_u64().unwrap()).unwrap()).collect()
        });
        let resamples = Resamples::given(places.collect());
        let level = case["input"]["level"].as_f64().unwrap();
        let found = resamples.interval(&numbers(&case["input"]["x"]), level).unwrap();
        close(&case, found.low, &case["expected"][0]);
        close(&case, found.high, &case["expected"][1]);
    }
}

#[test]
fn poisson_slopes_are_those_of_the_vectors() {
    for case in cases("ppml") {
        let (x, y) = (numbers(&case["input"]["x"]), numbers(&case["input"]["y"]));
        let points: Vec<(f64, f64)> = x.into_iter().zip(y).collect();
        let (found, right) = (poisson_slope(&points).unwrap(), &case["expected"]);
        close(&case, found.slope, &right["slope"]);
        close(&case, found.intercept, &right["intercept"]);
        close(&case, found.robust_error, &right["robust_error"]);
    }
}
