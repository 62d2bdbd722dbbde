//! Audits over whole runs: every cheat is caught, no honest miner ever is.

use crate::base::units::Rao;
use crate::config;
use crate::engine;
use crate::engine::Eyes;
use crate::engine::Replication;
use crate::observe::Nobody;
use crate::subnet::orchestrator::Audits;
use std::fs;
use std::sync::atomic::AtomicBool;

/// Ten honest miners and `cheats` of one behaviour, audited as `audit` says.
fn run(behaviour: &str, audit: &str, replication: u64) -> Replication {
    let text = format!(
        "[run]\nseed = 5\nepochs = 20\n\
         [[client]]\nname = \"c\"\narrivals.poisson = {{ rate_per_h = 720.0 }}\n\
         [orchestrator]\nversion = \"head\"\nscoring.v001 = {{}}\n\
         [orchestrator.audit]\n{audit}\n\
         [router.uniform]\n\
         [[cohort]]\nname = \"honest\"\ncount = 10\nservice.constant = {{ value_ms = 500.0 }}\n\
         [[cohort]]\nname = \"cheat\"\ncount = 10\nservice.constant = {{ value_ms = 500.0 }}\n\
         behaviour.{behaviour}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("s.toml");
    fs::write(&file, text).unwrap();
    let loaded = config::load(&file, &[]).unwrap();
    let scenario = config::resolve("s", "", &loaded);
    engine::run(&scenario, replication, None, Eyes::of(&mut Nobody), &AtomicBool::new(false))
        .unwrap()
}

const CHEATS: [&str; 7] = [
    "fewer_steps = {}",
    "wrong_seed = {}",
    "cached = {}",
    "canned_image = {}",
    "no_image = {}",
    "tiny_image = {}",
    "mixture.parts = [{ weight = 1, behaviour.honest = {} }, { weight = 1, behaviour.wrong_seed = {} }]",
];

const RULES: &str = "share = 0.1\nrerun_ms = 500.0\nspacing_s = 0.0\nwaiting_max = 1000\n\
                     require_image = true\nimage_bytes_min = 1000\ncost_alpha = 0.25";

/// Miners of the cohort of cheats, by place.
const FIRST_CHEAT: usize = 10;

#[test]
fn every_cheat_is_caught_and_no_honest_miner_ever() {
    for behaviour in CHEATS {
        let audits = run(behaviour, RULES, 0).audits;
        let mut caught: Vec<usize> = audits.caught.iter().map(|c| c.miner.index()).collect();
        caught.sort_unstable();
        let cheats: Vec<usize> = (FIRST_CHEAT..2 * FIRST_CHEAT).collect();
        assert_eq!(caught, cheats, "{behaviour}: {audits:?}");
        assert_eq!((audits.skipped, audits.inconclusive), (0, 0));
        assert!(audits.reruns > 500, "{audits:?}");
    }
    assert_eq!(run("honest = {}", RULES, 0).audits.caught, []);
}

/// A miner that cheats always is caught at the first audited request: geometric with mean 1 / share = 10, and a mixture
/// that cheats in half of them with mean 20. Over n = 300 miners the mean's standard error is
/// sqrt(1 - p) / p / sqrt(n) = 0.55 and 1.13; four of them are missed by chance once in 16,000.
#[test]
fn a_cheat_is_caught_at_the_expected_delay() {
    const MINERS: f64 = 300.0;
    for (behaviour, p) in [(CHEATS[1], 0.1), (CHEATS[6], 0.05)] {
        let runs = (0..30).map(|replication| run(behaviour, RULES, replication).audits);
        let finished: Vec<f64> =
            runs.flat_map(|a| a.caught).map(|c| crate::base::math::float(c.finished)).collect();
        assert_eq!(finished.len(), 300, "{behaviour}: all are caught in time");
        let mean = finished.iter().sum::<f64>() / MINERS;
        let error = (1.0_f64 - p).sqrt() / p / MINERS.sqrt();
        assert!((mean - 1.0 / p).abs() < 4.0 * error, "{behaviour}: {mean} after {p}");
    }
}

#[test]
fn who_is_caught_is_asked_and_paid_no_more() {
    let with = run(CHEATS[1], RULES, 0);
    let without = run(CHEATS[1], "share = 0.0", 0);
    let facts = |r: &Replication| {
        let cheats = &r.facts.miners[FIRST_CHEAT..];
        (cheats.iter().map(|m| m.requests).sum::<u64>(), r.standing[FIRST_CHEAT].score)
    };
    assert!(facts(&with).0 * 5 < facts(&without).0, "{:?}", (facts(&with), facts(&without)));
    assert!(facts(&with).1.abs() < 1e-12 && facts(&without).1 > 0.5);
    assert_eq!(without.audits, Audits::default());
    let cost = Rao(with.audits.reruns * 250_000_000);
    assert_eq!(with.audits.cost_rao, u128::from(cost.0));
}

#[test]
fn production_has_no_eye_for_a_missing_image_and_a_full_queue_is_counted() {
    let blind = "share = 0.1\nrerun_ms = 500.0\nspacing_s = 0.0";
    assert_eq!(run("no_image = {}", blind, 0).audits.caught, []);
    let slow = "share = 1.0\nspacing_s = 600.0\nwaiting_max = 2";
    let audits = run("honest = {}", slow, 0).audits;
    // 20 epochs of 4,320 s or so, one repetition in 600 s: at most about 144 of some 17,000.
    assert!(audits.reruns < 150 && audits.reruns > 130 && audits.skipped > 15_000, "{audits:?}");
}

#[test]
fn audits_that_begin_later_leave_what_was_before_alone() {
    let audits = run(CHEATS[1], &format!("{RULES}\nfirst_min = 600.0"), 0).audits;
    assert_eq!(audits.caught.len(), FIRST_CHEAT);
    assert!(audits.caught.iter().all(|caught| caught.at.seconds() >= 36_000.0));
}
