//! Mean total runtime (creation to callback) of the chosen miners' successes [ms]; exact, and for any miners.
//!
//! `sum_{i chosen} runtime_i / sum_{i chosen} successes_i`

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::metrics::Declared;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use crate::metrics::amount;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Its label. Where the law of latencies has no finite variance, no interval of it can be believed.
pub(crate) const MEAN_OF_LATENCY: &str = "latency_ms_mean";

/// Mean total runtime of successes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "latency_mean";
    const ABOUT: &'static str = "Mean total runtime of successes.";
    const SOURCE: &'static str =
        "ours: the quantity of queueing theory, for tests against closed forms";
    const EXAMPLE: &'static str = "[latency_mean]\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: MEAN_OF_LATENCY.to_string(),
            unit: "ms",
            range: None,
            printed_for: &[Grouping::Whole, Grouping::Class, Grouping::Operator],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let miners = || chosen.iter().map(|miner| &facts.miners[miner.index()]);
        let whole = amount::sum(miners().map(|miner| miner.runtime_ms));
        let mean = amount::ratio(whole, amount::sum(miners().map(|miner| miner.successes)));
        mean.map_or(Measured::Undefined("no success"), Measured::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    #[test]
    fn every_success_counts_alike() {
        let mut facts = sample::of_pay(&[(0, 0), (0, 0)]);
        (facts.miners[0].runtime_ms, facts.miners[0].successes) = (300, 3);
        (facts.miners[1].runtime_ms, facts.miners[1].successes) = (500, 1);
        assert_eq!(Spec {}.measure(&facts, &facts.all()), Measured::Value(200.0));
        assert_eq!(Spec {}.measure(&facts, &[MinerId(1)]), Measured::Value(500.0));
    }

    #[test]
    fn without_a_success_there_is_no_value() {
        let facts = sample::of_pay(&[(0, 1)]);
        let found = Spec {}.measure(&facts, &facts.all());
        assert_eq!(found, Measured::Undefined("no success"));
    }
}
