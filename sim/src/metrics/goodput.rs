//! Useful jobs the chosen miners delivered per second of the window.
//!
//! `sum_{i chosen} useful jobs_i / T` [1/s]

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::base::math;
use crate::metrics::Declared;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use crate::metrics::amount;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Useful jobs delivered per second.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "goodput";
    const ABOUT: &'static str = "Useful jobs delivered per second.";
    const SOURCE: &'static str = "ours: the rate of what a client can use";
    const EXAMPLE: &'static str = "[goodput]\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: "goodput_per_s".to_string(),
            unit: "1/s",
            range: None,
            printed_for: &[Grouping::Whole, Grouping::Class, Grouping::Operator],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let seconds = facts.totals.span.seconds();
        if seconds <= 0.0 {
            return Measured::Undefined("the window has no length");
        }
        let jobs = amount::sum(chosen.iter().map(|miner| facts.miners[miner.index()].useful_jobs));
        Measured::of(math::float(jobs) / seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    #[test]
    fn useful_jobs_are_divided_by_the_window() {
        let mut facts = sample::of_pay(&[(0, 0), (1, 0)]);
        facts.miners[0].useful_jobs = 900;
        facts.miners[1].useful_jobs = 900;
        assert_eq!(Spec {}.measure(&facts, &facts.all()), Measured::Value(0.5));
        assert_eq!(Spec {}.measure(&facts, &[MinerId(1)]), Measured::Value(0.25));
        assert_eq!(Spec {}.measure(&facts, &[]), Measured::Value(0.0));
    }

    #[test]
    fn a_window_without_length_has_no_rate() {
        let found = Spec {}.measure(&RunSummary::default(), &[]);
        assert_eq!(found, Measured::Undefined("the window has no length"));
    }
}
