//! A replay of a run's jobs and history under the same rules gives the run's scores, wins and win rates to the bit.

use super::*;
use crate::config;
use crate::engine::Replication;
use crate::observe::Nobody;
use crate::trace;
use crate::trace::ReplayPlan;
use crate::trace::ReplayResult;
use crate::trace::RunHistory;
use std::fs;

/// Versions of the orchestrator, all that there are.
const VERSIONS: [&str; 15] = [
    "early", "v001", "2bd4f1b", "1f6be52", "4e3342b", "503d738", "c6bbb9d", "e4254fe", "33ee295",
    "32242b3", "eb99307", "8f72513", "4dbc66b", "1b6ccf1", "head",
];
/// Random worlds of each version.
const WORLDS: u64 = 6;

fn resolved(text: &str) -> Scenario {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.toml");
    fs::write(&file, text).unwrap();
    let loaded = config::load(&file, &[]).unwrap_or_else(|e| panic!("{text}\n{e:?}"));
    config::resolve("world", "", &loaded)
}

fn run_and_replay(text: &str) -> (Replication, JobTables, ReplayResult) {
    let scenario = resolved(text);
    let stop = AtomicBool::new(false);
    let mut nobody = Nobody;
    let ran = engine::run(&scenario, 0, None, Eyes::of(&mut nobody), &stop).unwrap();
    let files = jobs(&scenario, 0, &stop).unwrap();
    let history = RunHistory::read(files.history.csv().as_slice()).unwrap();
    let csv = files.jobs.csv();
    let open = || Ok(csv.as_slice());
    let plan = ReplayPlan::of(&scenario);
    let replayed = trace::replay(&open, &plan, Some(&history), false)
        .unwrap_or_else(|e| panic!("{text}\n{e}"));
    (ran, files, replayed)
}

/// What is compared: score, wins and win rate, the floats by their bits.
fn assert_same(text: &str, ran: &Replication, replayed: &ReplayResult) {
    for replayed in &replayed.miners {
        let names = &ran.facts.names.miners;
        let place = names.iter().position(|name| *name == replayed.name).unwrap();
        let own = &ran.standing[place];
        let rate = Some(replayed.win_rate).filter(|rate| rate.is_finite());
        let told = |score: f64, wins: u32, rate: Option<f64>| (score.to_bits(), wins, rate);
        assert_eq!(
            told(replayed.published.score, replayed.wins, rate),
            told(own.score, own.wins, own.win_rate),
            "{}: replayed {} against {} in\n{text}",
            replayed.name,
            replayed.published.score,
            own.score
        );
    }
}

/// A small generator: the worlds are the same in every run of the test.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = crate::base::random::mix(self.0.wrapping_add(0x9e37_79b9_7f4a_7c15));
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }

    fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.roll(texts.len())]
    }
}

fn world(version: &str, seed: u64) -> String {
    let mut dice = Dice(seed);
    let scoring = dice.pick(&[
        "",
        "",
        "scoring.head = {}\n",
        "scoring.head = { ema_alpha = 0.3, failure_penalty_weight = 0.7 }\n",
        "scoring.v001 = { ema_alpha = 0.5 }\n",
        "scoring.v001 = { lookback_days = 0.1 }\n",
        "scoring.document_sum = {}\n",
    ]);
    let audit = dice.pick(&[
        "",
        "[orchestrator.audit]\nshare = 0.05\nspacing_s = 0.0\nrerun_ms = 500.0\nrequire_image = true\n",
    ]);
    let kinds = dice.pick(&[
        "",
        "[[kind]]\nname = \"generate\"\nscore_weight = 0.5\n",
        "[[kind]]\nname = \"edit\"\njob_type = \"img-h100_pcie\"\n",
        "[[kind]]\nname = \"img-h100_pcie\"\nweight = 1.0\n[[kind]]\nname = \"base\"\njob_type = \"base-h100_pcie\"\nweight = 2.0\n",
        "[[kind]]\nname = \"a\"\njob_type = \"base-h100_pcie\"\nscore_weight = 0.9\n[[kind]]\nname = \"b\"\njob_type = \"base-h100_pcie\"\nscore_weight = 0.1\n",
    ]);
    let weighting = dice.pick(&[
        "",
        "[validators.weighting.proportional]\n",
        "[validators.weighting.win_rate]\nduplicate_coldkeys = true\n",
    ]);
    let router = dice.pick(&["[router.uniform]\n", "[router.head]\n", "[router.v001]\n"]);
    let behaviour = dice.pick(&[
        "behaviour.no_image = { ack_after_callback_ms = 20000.0 }\n",
        "behaviour.failing = { refused_share = 0.2, empty_image_share = 0.2, silent_share = 0.1, callback_failed_share = 0.2, inner.honest = {} }\n",
        "behaviour.wrong_seed = {}\n",
        "behaviour.slow_ack = { inner.honest = {}, delay_ms = 30000.0 }\n",
    ]);
    let window =
        dice.pick(&["", "from_h = 2.5\n", "until_h = 5.2\n", "from_h = 1.2\nuntil_h = 6.9\n"]);
    let schedule = dice.pick(&[
        "",
        "",
        "[[schedule]]\nat_hour = 4.3\nset = [\"orchestrator.version = head\", \"orchestrator.score_run_period_min = 25\"]\n",
        "[[schedule]]\nat_epoch = 3\nset = [\"orchestrator.scoring.head = {}\", \"validators.weighting.proportional = {}\"]\n[[schedule]]\nat_hour = 6.0\nset = [\"validators.window_min = 30\"]\n",
    ]);
    let shared = dice.pick(&["", "shared_coldkey = true\n"]);
    format!(
        "[run]\nseed = {seed}\nreplications = 1\nepochs = 7\n\
         {kinds}\
         [[client]]\nname = \"c\"\narrivals.poisson = {{ rate_per_h = 150.0 }}\n\
         [orchestrator]\nversion = \"{version}\"\n{scoring}{audit}{weighting}{router}\
         [[validator]]\nname = \"v\"\ncount = 2\nstake_alpha = 1000.0\n\
         [[validator]]\nname = \"late\"\nstake_alpha = 700.0\noffset_s = 130.0\n\
         [[cohort]]\nname = \"fast\"\ncount = 3\nstake_alpha = 300.0\n\
         service.gamma = {{ mean_ms = 9000.0, shape = 2.0 }}\n\
         ack.lognormal = {{ median_ms = 400.0, sigma = 0.5 }}\n\
         [[cohort]]\nname = \"other\"\ncount = 3\nstake_alpha = 500.0\n{shared}{window}{behaviour}\
         service.lognormal = {{ median_ms = 16000.0, sigma = 0.7 }}\n\
         {schedule}"
    )
}

#[test]
fn a_replay_gives_the_scores_of_the_run_in_random_worlds_of_every_version() {
    let (mut scored, mut with_status, mut with_flags) = (0, 0, 0);
    for version in VERSIONS {
        for seed in 0..WORLDS {
            let text = world(version, seed * 100 + 7);
            let (ran, files, replayed) = run_and_replay(&text);
            assert_same(&text, &ran, &replayed);
            scored += usize::from(ran.standing.iter().any(|one| one.score > 0.0));
            let history = String::from_utf8(files.history.csv()).unwrap();
            with_status += usize::from(history.contains("\nstatus,"));
            let is_lost = |line: &str| line.starts_with("flags,") && line.contains(",0,");
            with_flags += usize::from(history.lines().any(is_lost));
        }
    }
    // The worlds are of use: most have scores, some overwrite a status, some lose a miner.
    assert!(
        scored > 60 && with_status > 5 && with_flags > 5,
        "{scored} {with_status} {with_flags}"
    );
}

/// Without the history the replay does not know that a miner was invalid: the worlds above can tell.
#[test]
fn without_its_history_a_replay_differs_somewhere() {
    let mut differs = 0;
    for seed in 0..WORLDS {
        let text = world("head", seed * 100 + 7);
        let (ran, files, _) = run_and_replay(&text);
        let plan = ReplayPlan::of(&resolved(&text));
        let csv = files.jobs.csv();
        let replayed = trace::replay(&|| Ok(csv.as_slice()), &plan, None, false).unwrap();
        let score = |name: &str| {
            let place = ran.facts.names.miners.iter().position(|own| own == name).unwrap();
            ran.standing[place].score
        };
        let scores = replayed.miners.iter().map(|one| (one.published.score, score(&one.name)));
        let mut pairs = scores.map(|(own, other)| own.to_bits() != other.to_bits());
        differs += usize::from(pairs.any(|is_other| is_other));
    }
    assert!(differs > 0);
}
