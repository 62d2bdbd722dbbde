//! Quantile of the total runtime (creation to callback) of the chosen miners' successes [ms].
//!
//! The smallest runtime that at least a part `p` of them do not exceed, at most 0.8 % too high: runtimes are counted in
//! bins, by class, so the chosen miners must be whole classes.

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
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Quantile of the total runtime of successes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Which quantile, above 0 and at most 1; 0.5 is the median.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) p: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "latency_quantile";
    const ABOUT: &'static str = "Quantile of the total runtime of successes.";
    const SOURCE: &'static str = "Hyndman, Fan 1996, definition 1, on the bins of HdrHistogram";
    const EXAMPLE: &'static str = "[latency_quantile]\np = 0.5\n";

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
        // Rounded to a millionth of a percent: 0.07 * 100 is not 7.
        let percent = format!("{:.6}", self.p * 100.0);
        Declared {
            label: format!("latency_ms_p{}", percent.trim_end_matches('0').trim_end_matches('.')),
            unit: "ms",
            range: None,
            printed_for: &[Grouping::Whole, Grouping::Class],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let mut is_chosen = vec![false; facts.miners.len()];
        let mut is_wanted = vec![false; facts.latencies.len()];
        for miner in chosen {
            is_chosen[miner.index()] = true;
            is_wanted[facts.miners[miner.index()].class.index()] = true;
        }
        let mut each = facts.miners.iter().zip(&is_chosen);
        if each.any(|(miner, chosen)| is_wanted[miner.class.index()] && !chosen) {
            return Measured::Undefined("latencies are counted by class: choose whole classes");
        }
        let mut all = Latencies::default();
        for (latencies, _) in facts.latencies.iter().zip(&is_wanted).filter(|(_, wanted)| **wanted)
        {
            all.add(latencies);
        }
        all.quantile_ms(self.p)
            .map_or(Measured::Undefined("no success"), |ms| Measured::of(math::float(ms)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    fn facts() -> RunSummary {
        let mut facts = sample::of_pay(&[(0, 0), (1, 0), (1, 0)]);
        for runtime_ms in [10, 20, 30, 40] {
            facts.latencies[0].record(runtime_ms);
        }
        facts.latencies[1].record(100);
        facts
    }

    #[test]
    fn the_median_of_four_is_the_second() {
        let found = Spec { p: 0.5 }.measure(&facts(), &[MinerId(0)]);
        assert_eq!(found, Measured::Value(20.0));
    }

    #[test]
    fn classes_are_put_together() {
        let facts = facts();
        assert_eq!(Spec { p: 0.6 }.measure(&facts, &facts.all()), Measured::Value(30.0));
        assert_eq!(Spec { p: 1.0 }.measure(&facts, &facts.all()), Measured::Value(100.0));
    }

    #[test]
    fn a_part_of_a_class_or_no_success_has_no_value() {
        let found = Spec { p: 0.5 }.measure(&facts(), &[MinerId(1)]);
        let why = "latencies are counted by class: choose whole classes";
        assert_eq!(found, Measured::Undefined(why));
        let found = Spec { p: 0.5 }.measure(&facts(), &[]);
        assert_eq!(found, Measured::Undefined("no success"));
    }

    #[test]
    fn a_quantile_outside_its_range_is_refused() {
        for p in [0.0, -0.1, 1.1, f64::NAN] {
            assert_eq!(Spec { p }.check().len(), 1, "{p}");
        }
        assert!(toml::from_str::<Spec>("").is_err());
    }

    #[test]
    fn labels_say_the_percentage() {
        assert_eq!(Spec { p: 0.07 }.declared().label, "latency_ms_p7");
        assert_eq!(Spec { p: 0.999 }.declared().label, "latency_ms_p99.9");
        assert_eq!(Spec { p: 1.0 }.declared().label, "latency_ms_p100");
    }
}
