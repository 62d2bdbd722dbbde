//! Measured error rates of `fit` and `validate`, which `.ci/nightly` prints and judges: too long for every change.
//!
//! A rate is at its level when a one-sided binomial test at 1 % does not refute it: at 5 %, at most 7 of 60.

use crate::arrivals::KNOWN_OF_MINERS;
use crate::arrivals::WORLDS;
use crate::arrivals::holds;
use crate::arrivals::misses_allowed;
use crate::arrivals::taken;
use crate::common::assay;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Worlds of each family, and traces held against their own truth.
const COUNT: u64 = 60;

#[test]
#[ignore = "measured rates: .ci/nightly"]
fn intervals_of_a_fit_cover_at_their_level_in_worlds_of_each_family() {
    let mut bad = Vec::new();
    println!("family, parameter: intervals of 95 % that miss, of looks (allowed)");
    for world in WORLDS {
        let (mut refused, mut other) = (0, 0);
        let mut found: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for seed in 0..COUNT {
            let Some(report) = world.fitted(1000 + seed) else {
                refused += 1;
                continue;
            };
            if taken(&report) != world.name {
                other += 1;
                println!("  {}, seed {seed}: taken for {}", world.name, taken(&report));
                continue;
            }
            for known in world.known.iter().chain(KNOWN_OF_MINERS) {
                let Some(held) = holds(&report, *known) else { continue };
                let (misses, looks) = found.entry(format!("{} {}", known.0, known.1)).or_default();
                *misses += u64::from(!held);
                *looks += 1;
            }
        }
        println!("{}: {refused} refused, {other} taken for another, of {COUNT}", world.name);
        if refused + other > misses_allowed(COUNT) {
            bad.push(format!("{}: {refused} refused, {other} taken for another", world.name));
        }
        for (parameter, (misses, looks)) in found {
            let allowed = misses_allowed(looks);
            println!("  {}, {parameter}: {misses} of {looks} ({allowed})", world.name);
            if misses > allowed {
                bad.push(format!("{} {parameter}: {misses} of {looks}", world.name));
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}

/// Twelve miners and a day of a request a minute.
const WORLD: &str = r#"
[run]
seed = 3
replications = 1
epochs = 20
[[client]]
name = "client"
arrivals.poisson.rate_per_h = 60.0
[router.v001]
[[cohort]]
name = "fast"
count = 8
stake_alpha = 500.0
concurrency = 16
ack.lognormal = { median_ms = 400.0, sigma = 0.3 }
service.lognormal = { median_ms = 5000.0, sigma = 0.3 }
behaviour.failing = { refused_share = 0.02, inner.honest = {} }
[[cohort]]
name = "slow"
count = 4
stake_alpha = 250.0
concurrency = 16
ack.lognormal = { median_ms = 400.0, sigma = 0.3 }
service.lognormal = { median_ms = 12000.0, sigma = 0.4 }
behaviour.failing = { refused_share = 0.02, inner.no_image = {} }
"#;

/// Whether a run of this world from a seed of its own rejects the world, with these changes.
fn rejects(place: &Path, seed: u64, changes: &[&str]) -> bool {
    let (world, trace) = (place.join("world.toml"), place.join("jobs.csv"));
    fs::write(&world, WORLD).unwrap();
    let (world, trace) = (world.to_str().unwrap(), trace.to_str().unwrap());
    let (run, out) = (place.join("run"), place.join("validation"));
    let seed = (5000 + seed).to_string();
    let begin = ["run", world, "--seed", &seed, "--quiet", "--jobs", trace];
    let ended = assay(&[&begin[..], &["--out", run.to_str().unwrap()]].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    let begin = ["validate", trace, "--scenario", world, "--quiet", "--out", out.to_str().unwrap()];
    let ended = assay(&[&begin[..], changes].concat());
    assert!(ended.code < 2, "{ended:?}");
    ended.code == 1
}

#[test]
#[ignore = "measured rates: .ci/nightly"]
fn a_scenario_is_rejected_by_its_own_traces_as_seldom_as_it_may_be() {
    let place = tempfile::tempdir().unwrap();
    let wrong = (0..COUNT).filter(|seed| rejects(place.path(), *seed, &[])).count() as u64;
    let allowed = misses_allowed(COUNT);
    println!("validate on its own truth: {wrong} of {COUNT} rejected at 5 % (allowed {allowed})");
    let twice = ["--set", "client.client.arrivals.poisson.rate_per_h=120"];
    let few = (COUNT / 12).max(1);
    let right = (0..few).filter(|seed| rejects(place.path(), *seed, &twice)).count() as u64;
    println!("validate on twice the volume: {right} of {few} rejected");
    assert!(wrong <= allowed && right == few);
}
