//! A simulated run, written to files and replayed under the same rules, gives the engine's own scores and wins: the jobs
//! and the history beside them hold all that scoring reads.

use crate::common::assay;
use assay_testing::TableRow;
use assay_testing::TextTable;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What is compared: score, wins and win rate of a miner; -1 for a win rate it does not have.
type ScoreAndWins = (f64, u64, f64);

/// By miner, from the columns of a table; of replication 0 where there are several.
fn standings(path: &Path) -> BTreeMap<String, ScoreAndWins> {
    let table = TextTable::read(path);
    let has_replications = table.headings().iter().any(|heading| heading == "replication");
    let rows = table.rows().filter(|row| !has_replications || row.text("replication") == "0");
    let standing = |row: TableRow<'_>| {
        let win_rate = row.text("win_rate").parse().ok().filter(|rate: &f64| rate.is_finite());
        (row.number("score"), row.text("wins").parse().unwrap(), win_rate.unwrap_or(-1.0))
    };
    rows.map(|row| (row.text("miner").to_string(), standing(row))).collect()
}

fn assert_replays(scenario: &str) {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("world.toml");
    fs::write(&file, scenario).unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_string();
    let (file, run, jobs, replay) =
        (path("world.toml"), path("run"), path("jobs.csv"), path("replay"));
    let ended = assay(&["run", &file, "--out", &run, "--jobs", &jobs]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let ended = assay(&["replay", &jobs, "--scenario", &file, "--out", &replay]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let simulated = standings(&place.path().join("run/miners.csv"));
    let replayed = standings(&place.path().join("replay/replay.csv"));
    assert!(simulated.len() > 3 && replayed.len() == simulated.len());
    assert!(simulated.values().any(|(score, wins, _)| *score > 0.0 && *wins > 0));
    for (miner, (score, wins, win_rate)) in &simulated {
        let (other_score, other_wins, other_rate) = &replayed[miner];
        // The table keeps 12 significant digits.
        assert!((score - other_score).abs() < 1e-11, "{miner}: {score} against {other_score}");
        assert!((win_rate - other_rate).abs() < 1e-11, "{miner}: {win_rate} against {other_rate}");
        assert_eq!(wins, other_wins, "{miner}");
    }
}

const CLIENT: &str = r#"
[run]
epochs = 9
replications = 2
[[client]]
name = "crowd"
arrivals.poisson = { rate_per_h = 500.0 }
[[validator]]
name = "validator"
count = 3
stake_alpha = 1000.0
"#;

#[test]
fn honest_queues_replay_exactly() {
    let miners = r#"
[[cohort]]
name = "fast"
count = 3
stake_alpha = 400.0
service.gamma = { mean_ms = 9000.0, shape = 2.0 }
ack.lognormal = { median_ms = 400.0, sigma = 0.5 }
[[cohort]]
name = "slow"
count = 3
stake_alpha = 900.0
concurrency = 2
service.lognormal = { median_ms = 30000.0, sigma = 0.7 }
"#;
    assert_replays(&format!("{CLIENT}{miners}"));
}

#[test]
fn cheats_refusals_and_silence_replay_exactly() {
    let miners = r#"
[[cohort]]
name = "cheat"
count = 3
stake_alpha = 400.0
poll_ms = 0.0
service.exponential = { mean_ms = 700.0 }
behaviour.no_image = { ack_after_callback_ms = 300.0 }
[[cohort]]
name = "flaky"
count = 4
stake_alpha = 900.0
service.lognormal = { median_ms = 3000.0, sigma = 0.7 }
behaviour.failing = { refused_share = 0.2, empty_image_share = 0.2, silent_share = 0.1, callback_failed_share = 0.2, inner.honest = {} }
"#;
    assert_replays(&format!("{CLIENT}{miners}"));
}

/// The world of a case that once scored 0.5350 in the run and 0.7133 in its replay: one kind, whose weight the version
/// sets, and a score rule that another version had.
#[test]
fn a_kind_weighed_by_the_version_replays_exactly() {
    let world = r#"
[[kind]]
name = "img-h100_pcie"
[orchestrator]
version = "33ee295"
[orchestrator.scoring.head]
[router.head]
[[cohort]]
name = "fast"
count = 3
stake_alpha = 300.0
service.lognormal = { median_ms = 6000.0, sigma = 0.3 }
[[cohort]]
name = "slow"
count = 3
stake_alpha = 300.0
service.lognormal = { median_ms = 20000.0, sigma = 0.3 }
"#;
    assert_replays(&format!("{CLIENT}{world}"));
}

/// A kind that production does not weigh at all, with a weight of the scenario's own.
#[test]
fn a_kind_weighed_by_the_scenario_replays_exactly() {
    let world = r#"
[[kind]]
name = "generate"
score_weight = 0.5
[orchestrator]
version = "head"
[router.head]
[[cohort]]
name = "fast"
count = 3
stake_alpha = 300.0
service.lognormal = { median_ms = 6000.0, sigma = 0.3 }
[[cohort]]
name = "slow"
count = 3
stake_alpha = 300.0
service.lognormal = { median_ms = 20000.0, sigma = 0.3 }
"#;
    assert_replays(&format!("{CLIENT}{world}"));
}

/// Miners that come and go lose their validity with a score, and late acknowledgements overwrite statuses: the history
/// tells both.
#[test]
fn lost_validity_and_overwritten_statuses_replay_exactly() {
    let world = r#"
[orchestrator]
version = "head"
scoring.v001 = {}
[router.uniform]
[[cohort]]
name = "leaver"
count = 2
until_h = 7.3
service.constant = { value_ms = 2000.0 }
[[cohort]]
name = "late"
count = 3
service.constant = { value_ms = 4000.0 }
behaviour.slow_ack = { delay_ms = 30000.0, inner.honest = {} }
[[cohort]]
name = "steady"
count = 3
service.constant = { value_ms = 9000.0 }
"#;
    assert_replays(&format!("{CLIENT}{world}"));
}
