//! A scenario in words: who takes part, what is asked of them, which rules hold and since when, how long it runs, what is judged.
//!
//! Every number that the scenario knows is told; the words of a family's member stand with the member.

mod claims;
mod demand;
mod miners;
mod rules;

pub(crate) use rules::place_in_words;

use crate::base::wording;
use crate::config::Loaded;
use crate::scenario::Scenario;
use serde::Serialize;

/// Sentences under a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Paragraph {
    /// What they are about.
    pub about: &'static str,
    /// The sentences, one a line.
    pub sentences: Vec<String>,
}

/// The scenario in words; `scenario` is `loaded`, resolved.
pub(crate) fn in_words(loaded: &Loaded, scenario: &Scenario) -> Vec<Paragraph> {
    let all = [
        ("Who takes part", miners::sentences(&loaded.scenario, scenario)),
        ("What is asked", demand::sentences(scenario)),
        ("Which rules hold", rules::sentences(&loaded.scenario, scenario)),
        ("How it is run", course(scenario).into_iter().collect()),
        ("What is judged", claims::sentences(&loaded.scenario)),
    ];
    let each = all.into_iter().map(|(about, sentences)| Paragraph { about, sentences });
    each.filter(|paragraph| !paragraph.sentences.is_empty()).collect()
}

/// The sentence on length, replications and seed; nothing where a recorded trace is scored.
fn course(scenario: &Scenario) -> Option<String> {
    let run = &scenario.run;
    if scenario.replay.is_some() {
        return None;
    }
    let warm_up = match run.warm_up_epochs {
        0 => String::new(),
        epochs => {
            format!(
                "; the first {} are warm-up and in no figure",
                wording::count_of(epochs.into(), "epoch")
            )
        }
    };
    let last = run.epochs.saturating_sub(1);
    Some(format!(
        "{} of {} ({} in all){warm_up}; {}, seed {}.",
        wording::count_of(run.epochs.into(), "epoch"),
        wording::count_of(scenario.chain.period(), "block"),
        wording::span(scenario.chain.epoch_time(last).seconds() * MS),
        wording::count_of(run.replications.into(), "replication"),
        run.seed
    ))
}

/// Milliseconds of a second, and of an hour.
const MS: f64 = 1e3;
const HOUR_MS: f64 = 3_600_000.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;

    pub(super) fn told(text: &str) -> Vec<String> {
        let loaded = config::load_kept("test", text).unwrap();
        let scenario = config::resolve("test", "", &loaded);
        in_words(&loaded, &scenario).into_iter().flat_map(|p| p.sentences).collect()
    }

    pub(super) const WORLD: &str = r#"
[run]
epochs = 20
replications = 3
warm_up_epochs = 2
[router.v001]
cap_alpha = 1250.0
[validators.weighting.win_rate]
temperature = 0.2
[[client]]
name = "c"
arrivals.poisson.rate_per_h = 120.0
[[cohort]]
name = "fast"
count = 5
class = "quick"
stake_alpha = 500.0
service.lognormal = { median_ms = 3000.0, sigma = 0.1 }
[[cohort]]
name = "slow"
class = "late"
service.constant.value_ms = 9000.0
speed.factor = 2.0
shared_coldkey = true
until_h = 12.0
behaviour.no_image = {}
miner = [{ stake_alpha = 10.0 }, { stake_alpha = 30.0, speed_factor = 1.0 }]
"#;

    fn assert_told(all: &[String], part: &str) {
        assert!(all.iter().any(|sentence| sentence.contains(part)), "{part}: {all:#?}");
    }

    #[test]
    fn stakes_medians_classes_and_the_cap_of_the_scenario_are_told() {
        let all = told(WORLD);
        for part in [
            "7 miners in 2 classes, run by 2 operators, with 2540 alpha of stake in all",
            "fast (class quick): 5 miners with 500 alpha each; half of the jobs take at most 3 s (lognormal)",
            "slow (class late): 2 miners with 10 to 30 alpha each, 40 in all; half of the jobs take at most 4.5 s to 9 s \
             (constant); they share a coldkey; they leave at hour 12; behaviour: no_image",
            "1 validator with 100,000 alpha",
            "Client c: 120 requests an hour",
            "by stake up to 1250 alpha times the score",
            "at temperature 0.2; 75 % is burned through the owner's uid; as no published validator did.",
            "One place more among the 256 uids is worth 2 % of the weight",
            "20 epochs of 360 blocks (1 day in all); the first 2 epochs are warm-up and in no figure; 3 replications, seed 11.",
        ] {
            assert_told(&all, part);
        }
        assert!(!all.iter().any(|sentence| sentence.contains("500 times")), "{all:#?}");
    }

    #[test]
    fn rules_come_with_their_dates() {
        let dated = |version: &str| {
            let rules = format!("[orchestrator]\nversion = {version:?}\n[chain]\nruntime = 343\n");
            told(&format!("{rules}{}", WORLD.replace("[run]", "[run]\nseed = 4")))
        };
        assert_told(&dated("v001"), "version v001 (27 October 2025)");
        assert_told(&dated("head"), "version head (15 December 2025)");
        assert_told(&dated("v001"), "runtime 343 (7 November 2025)");
        let own = WORLD.replace("temperature = 0.2", "duplicate_coldkeys = true\nban_list = true");
        assert_told(&told(&own), "as validators did from commit ed1e3a1 (14 December 2025) on");
    }

    #[test]
    fn what_is_judged_changes_and_is_swept_is_told() {
        let more = "[[schedule]]\nat_hour = 6.0\nset = [\"router.v001.cap_alpha=10\"]\n\
            [[property]]\nid = \"p\"\nclaim = \"The fast are paid more.\"\nkind = \"mean\"\nquantity.pay_share = {}\n\
            over.classes = [\"quick\"]\nrelation = \"at_least\"\nthreshold = 0.5\nmargin = 0.05\n\
            [[sweep.grid]]\nkey = \"run.epochs\"\nvalues = [3, 4]\n";
        let all = told(&format!("{WORLD}{more}"));
        assert_told(&all, "From hour 6 on: router.v001.cap_alpha=10.");
        assert_told(&all, "p: The fast are paid more. (pay_share >= 0.5, margin 0.05)");
        assert_told(&all, "`assay sweep` runs 2 cells: run.epochs at 3 and 4.");
        assert!(!told(WORLD).iter().any(|sentence| sentence.contains("From hour")));
    }
}
