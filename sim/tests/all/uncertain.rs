//! A run whose parameters are drawn from a fit's joint errors.

use crate::common::Ended;
use crate::common::assay;
use crate::fit::jobs;
use serde_json::Value;
use std::fs;
use std::path::Path;

const WORLD: &str = r#"
[run]
seed = 31
replications = 1
epochs = 6
[[client]]
name = "c"
arrivals.poisson.rate_per_h = 60.0
[router.v001]
[[cohort]]
name = "fast"
count = 4
stake_alpha = 500.0
concurrency = 16
poll_ms = 0.0
ack.lognormal = { median_ms = 300.0, sigma = 0.3 }
service.lognormal = { median_ms = 3000.0, sigma = 0.4 }
[[cohort]]
name = "slow"
count = 3
stake_alpha = 500.0
concurrency = 16
poll_ms = 0.0
ack.lognormal = { median_ms = 300.0, sigma = 0.3 }
service.lognormal = { median_ms = 12000.0, sigma = 0.4 }
behaviour.failing = { refused_share = 0.1, inner.honest = {} }
"#;

/// A fitted scenario in a folder of its own.
fn prepare(place: &Path) -> String {
    let trace = jobs(WORLD, place);
    let out = place.join("fitted.toml");
    let ended = assay(&["fit", trace.to_str().unwrap(), "--out", out.to_str().unwrap(), "--quiet"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    out.to_str().unwrap().to_string()
}

fn uncertain(scenario: &str, place: &Path, more: &[&str]) -> Ended {
    let out = place.join("uncertain");
    let begin = ["run", scenario, "--uncertain", "--quiet", "--out", out.to_str().unwrap()];
    assay(&[&begin[..], more].concat())
}

#[test]
fn a_variance_is_split_into_chance_and_estimation() {
    let place = tempfile::tempdir().unwrap();
    let scenario = prepare(place.path());
    let few = ["--draws", "8", "--replications", "3", "--epochs", "3"];
    let ended = uncertain(&scenario, place.path(), &few);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.contains("8 draws of the parameters, 3 replications each"), "{}", ended.out);
    let read = |name: &str| fs::read_to_string(place.path().join("uncertain").join(name)).unwrap();
    let manifest: Value = serde_json::from_str(&read("manifest.json")).unwrap();
    assert_eq!((&manifest["draws"], &manifest["replications_a_draw"]), (&8.into(), &3.into()));
    // Both parts of every variance are there, and the share is theirs.
    let mut split = 0;
    let table = read("uncertainty.csv");
    assert!(
        table.starts_with(
            "metric,unit,grouping,group,mean,monte_carlo_variance,estimation_variance,"
        )
    );
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |place: usize| cells[place].parse::<f64>().ok();
        let (Some(chance), Some(estimation), Some(share)) = (number(5), number(6), number(7))
        else {
            continue;
        };
        assert!(chance >= 0.0 && estimation >= 0.0, "{line}");
        assert!((share - estimation / (chance + estimation)).abs() < 1e-9, "{line}");
        split += 1;
    }
    assert!(split > 10, "{table}");
    // What was drawn lies about the estimates, and not on them.
    let draws = read("draws.csv");
    let rate: Vec<f64> = draws
        .lines()
        .filter(|line| line.contains("rate_per_h"))
        .map(|line| line.split(',').next_back().unwrap().parse().unwrap())
        .collect();
    assert_eq!(rate.len(), 8);
    assert!(rate.iter().all(|rate| (40.0..90.0).contains(rate)), "{rate:?}");
    assert!(rate.windows(2).all(|pair| (pair[0] - pair[1]).abs() > 1e-6), "{rate:?}");
    for key in ["service.regimes.steps.0.law.lognormal.median_ms", "refused_share"] {
        assert!(draws.contains(key), "{key} in {draws}");
    }
    // The same again, on other threads.
    let again = uncertain(&scenario, place.path(), &[&few[..], &["--threads", "1"]].concat());
    assert_eq!(again.out, ended.out);
    assert_eq!(read("uncertainty.csv"), table);
}

/// The latency of a law that is hardly known varies because of that; of one known to a millionth it does not.
#[test]
fn wide_errors_show_as_estimation_and_narrow_ones_do_not() {
    let place = tempfile::tempdir().unwrap();
    let scenario = prepare(place.path());
    let report = place.path().join("fitted-fit.json");
    let plain: Value = serde_json::from_str(&fs::read_to_string(&report).unwrap()).unwrap();
    let share = |scale: f64| {
        let mut report_of = plain.clone();
        for block in report_of["joint_errors"].as_array_mut().unwrap() {
            for row in block["covariance"].as_array_mut().unwrap() {
                for cell in row.as_array_mut().unwrap() {
                    *cell = (cell.as_f64().unwrap() * scale).into();
                }
            }
        }
        let joint = place.path().join("joint.json");
        fs::write(&joint, report_of.to_string()).unwrap();
        let few = ["--draws", "10", "--replications", "2", "--epochs", "2", "--joint"];
        let more = [&few[..], &[joint.to_str().unwrap()]].concat();
        let ended = uncertain(&scenario, place.path(), &more);
        assert_eq!(ended.code, 0, "{ended:?}");
        let table = fs::read_to_string(place.path().join("uncertain/uncertainty.csv")).unwrap();
        let line =
            table.lines().find(|line| line.starts_with("latency_ms_mean")).unwrap().to_string();
        line.split(',').nth(7).unwrap().parse::<f64>().unwrap()
    };
    let (narrow, wide) = (share(1e-6), share(300.0));
    assert!(narrow < 0.5 && wide > 0.8, "{narrow} {wide}");
}

#[test]
fn what_cannot_be_split_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let scenario = prepare(place.path());
    for (more, told) in [
        (&["--replications", "1"][..], "at least 2"),
        (&["--draws", "1"], "--draws is 1"),
        (&["--joint", "no-such.json"], "no-such.json"),
    ] {
        let ended = uncertain(&scenario, place.path(), more);
        assert_eq!(ended.code, 2, "{more:?}: {ended:?}");
        assert!(ended.err.contains(told), "{told}: {ended:?}");
    }
    let own = place.path().join("plain.toml");
    fs::write(&own, WORLD).unwrap();
    let ended = uncertain(own.to_str().unwrap(), place.path(), &["--replications", "2"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("plain-fit.json") && ended.err.contains("assay fit"), "{ended:?}");
}

/// A key that is changed by hand keeps that value in every draw.
#[test]
fn what_is_set_by_hand_is_not_drawn() {
    let place = tempfile::tempdir().unwrap();
    let scenario = prepare(place.path());
    let few = ["--draws", "3", "--replications", "2", "--epochs", "2"];
    let set = ["--set", "client.client.arrivals.poisson.rate_per_h=0.000001"];
    let ended = uncertain(&scenario, place.path(), &[&few[..], &set[..]].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    let table = fs::read_to_string(place.path().join("uncertain/uncertainty.csv")).unwrap();
    let line = table.lines().find(|line| line.starts_with("latency_ms_mean")).unwrap();
    assert!(line.contains(",,"), "without requests there is no latency: {line}");
}
