//! Quantile of the time from creation to callback over all requests of the chosen miners, unfinished ones too [ms].
//!
//! Over successes alone latency is too short where requests are still open: the slow ones are missing. Here an open request
//! counts with its age at the run's end, and one that failed or will never be answered as one that never ends:
//!
//! - `estimate = "kaplan_meier"`: Kaplan and Meier's estimate, right where load is stationary; under overload it is too low;
//! - `"lower"`: every open request ends now; `"upper"`: none ever does. They hold whatever the load.
//!
//! No value where the quantile is never reached: more than a part `1 - p` fails, stays open or is lost. Runtimes are counted
//! in bins, at most 0.8 % too high, by class, so the chosen miners must be whole classes.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::ids::MinerId;
use crate::base::math;
use crate::metrics::Declared;
use crate::metrics::Grouping;
use crate::metrics::Latencies;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use crate::statistics::Survival;
use crate::statistics::Unfinished;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// How the requests count that are still open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UnfinishedEstimate {
    /// As watched until their age and no longer.
    KaplanMeier,
    /// As ending now: a lower bound.
    Lower,
    /// As never ending: an upper bound.
    Upper,
}

/// Quantile of the time to the callback, requests that are still open counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-since" = "0.2.0"))]
pub(crate) struct Spec {
    /// Which quantile, above 0 and at most 1; 0.5 is the median.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) p: f64,
    /// How open requests count.
    pub(crate) estimate: UnfinishedEstimate,
}

impl Doc for Spec {
    const NAME: &'static str = "latency_unfinished";
    const ABOUT: &'static str =
        "Quantile of the time to the callback, requests that are still open counted.";
    const SOURCE: &'static str =
        "Kaplan, Meier 1958, JASA 53(282); bounds: theory.md 3.2; bins of HdrHistogram";
    const EXAMPLE: &'static str = "[latency_unfinished]\np = 0.5\nestimate = \"kaplan_meier\"\n";

    fn check(&self) -> Vec<MemberProblem> {
        if self.p > 0.0 && self.p <= 1.0 {
            return Vec::new();
        }
        vec![MemberProblem::new("p", self.p, "above 0 and at most 1")]
    }
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        let percent = format!("{:.6}", self.p * 100.0);
        let percent = percent.trim_end_matches('0').trim_end_matches('.');
        let estimate = match self.estimate {
            UnfinishedEstimate::KaplanMeier => "kaplan_meier",
            UnfinishedEstimate::Lower => "lower",
            UnfinishedEstimate::Upper => "upper",
        };
        Declared {
            label: format!("latency_ms_p{percent}_{estimate}"),
            unit: "ms",
            range: None,
            printed_for: &[Grouping::Whole, Grouping::Class],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        match survival(facts, chosen) {
            Err(reason) => Measured::Undefined(reason),
            Ok(survival) if survival.count() == 0 => Measured::Undefined("no request"),
            Ok(survival) => {
                let how = match self.estimate {
                    UnfinishedEstimate::KaplanMeier => Unfinished::Censored,
                    UnfinishedEstimate::Lower => Unfinished::EndNow,
                    UnfinishedEstimate::Upper => Unfinished::NeverEnd,
                };
                survival.quantile(self.p, how).map_or(
                    Measured::Undefined("beyond the longest time seen: too many fail or stay open"),
                    |ms| Measured::of(math::float(ms)),
                )
            }
        }
    }
}

/// What became of the chosen miners' requests, and when.
fn survival(facts: &RunSummary, chosen: &[MinerId]) -> Result<Survival, &'static str> {
    let mut is_chosen = vec![false; facts.miners.len()];
    let mut is_wanted = vec![false; facts.latencies.len()];
    for miner in chosen {
        is_chosen[miner.index()] = true;
        is_wanted[facts.miners[miner.index()].class.index()] = true;
    }
    let mut each = facts.miners.iter().zip(&is_chosen);
    if each.any(|(miner, chosen)| is_wanted[miner.class.index()] && !chosen) {
        return Err("latencies are counted by class: choose whole classes");
    }
    let miners = || chosen.iter().map(|miner| &facts.miners[miner.index()]);
    let open: u64 = miners().map(|miner| miner.open).sum();
    let none = Vec::new();
    let ages = match &facts.open_ages {
        Some(ages) => ages,
        None if open == 0 => &none,
        None => {
            return Err(
                "the window closed before the run's end: how long open requests take is not known",
            );
        }
    };
    let of = |all: &[Latencies]| -> Vec<(u64, u64)> {
        let wanted = all.iter().zip(&is_wanted).filter(|(_, wanted)| **wanted);
        wanted.flat_map(|(latencies, _)| latencies.counts().collect::<Vec<_>>()).collect()
    };
    let (finished, unfinished) = (of(&facts.latencies), of(ages));
    let watched: u64 = unfinished.iter().map(|(_, count)| count).sum();
    let failed: u64 = miners().map(|miner| miner.failures).sum();
    Ok(Survival::of(finished, unfinished, failed + open.saturating_sub(watched)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    const ESTIMATES: [UnfinishedEstimate; 3] =
        [UnfinishedEstimate::KaplanMeier, UnfinishedEstimate::Lower, UnfinishedEstimate::Upper];

    /// One miner: answers after 10, 30 and 40 ms, and open requests of 20 and 40 ms.
    fn facts() -> RunSummary {
        let mut facts = sample::of_pay(&[(0, 0), (1, 0)]);
        for runtime_ms in [10, 30, 40] {
            facts.latencies[0].record(runtime_ms);
        }
        let mut ages = Latencies::default();
        ages.record(20);
        ages.record(40);
        facts.open_ages = Some(vec![ages]);
        (facts.miners[0].successes, facts.miners[0].open) = (3, 2);
        facts
    }

    fn of(facts: &RunSummary, p: f64) -> [Measured; 3] {
        ESTIMATES.map(|estimate| Spec { p, estimate }.measure(facts, &[MinerId(0)]))
    }

    #[test]
    fn five_requests_worked_by_hand() {
        // Kaplan-Meier: 4/5 after 10, 8/15 after 30, 4/15 after 40. Ending now: 10, 20, 30; never: 10, 30, 40.
        let [km, lower, upper] = of(&facts(), 0.5);
        assert_eq!(km, Measured::Value(40.0));
        assert_eq!(lower, Measured::Value(30.0));
        assert_eq!(upper, Measured::Value(40.0));
        assert!(matches!(of(&facts(), 0.9)[2], Measured::Undefined(_)), "never seen");
        assert_eq!(of(&facts(), 0.9)[1], Measured::Value(40.0));
    }

    #[test]
    fn what_fails_or_is_lost_never_ends() {
        let mut facts = facts();
        // Two failures and an open request without an age: eight requests.
        (facts.miners[0].failures, facts.miners[0].open) = (2, 3);
        for (estimate, found) in ESTIMATES.iter().zip(of(&facts, 0.7)) {
            assert!(matches!(found, Measured::Undefined(_)), "{estimate:?}: {found:?}");
        }
        assert_eq!(of(&facts, 0.5)[1], Measured::Value(40.0));
    }

    #[test]
    fn without_ages_only_what_has_no_open_request_has_a_value() {
        let mut facts = facts();
        facts.open_ages = None;
        assert!(matches!(of(&facts, 0.5)[0], Measured::Undefined(why) if why.contains("closed")));
        facts.miners[0].open = 0;
        assert_eq!(of(&facts, 0.5), [Measured::Value(30.0); 3]);
    }

    #[test]
    fn a_part_of_a_class_or_no_request_has_no_value() {
        let mut facts = facts();
        assert_eq!(
            Spec { p: 0.5, estimate: UnfinishedEstimate::Lower }.measure(&facts, &[]),
            Measured::Undefined("no request")
        );
        facts.miners[1].class = facts.miners[0].class;
        assert!(matches!(of(&facts, 0.5)[0], Measured::Undefined(why) if why.contains("classes")));
    }

    #[test]
    fn a_quantile_outside_its_range_is_refused() {
        for p in [0.0, 1.1, f64::NAN] {
            assert_eq!(Spec { p, estimate: UnfinishedEstimate::Lower }.check().len(), 1, "{p}");
        }
        assert!(toml::from_str::<Spec>("p = 0.5").is_err(), "an estimate has to be named");
    }
}
