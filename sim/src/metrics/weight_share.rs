//! Mean over epochs of the chosen miners' weight share of the miner pot, before u16 rounding and the chain.
//!
//! `sum_{i chosen} weight_share_i`

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::metrics::Declared;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Weight share of the chosen miners before u16 and chain, mean over epochs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "weight_share";
    const ABOUT: &'static str =
        "Weight share of the chosen miners before u16 and chain, mean over epochs.";
    const SOURCE: &'static str = "ours: what validators vote, before u16 and chain";
    const EXAMPLE: &'static str = "[weight_share]\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: "weight_share".to_string(),
            unit: "1",
            range: Some((0.0, 1.0)),
            printed_for: &[Grouping::Class, Grouping::Operator],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let whole: f64 = facts.miners.iter().map(|miner| miner.weight_share).sum();
        if whole <= 0.0 {
            return Measured::Undefined("no weight on miners");
        }
        let shares = chosen.iter().map(|miner| facts.miners[miner.index()].weight_share);
        Measured::within((0.0, 1.0), shares.sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    fn facts(shares: &[f64]) -> RunSummary {
        let mut facts = sample::of_pay(&vec![(0, 0); shares.len()]);
        for (miner, share) in facts.miners.iter_mut().zip(shares) {
            miner.weight_share = *share;
        }
        facts
    }

    #[test]
    fn the_shares_of_the_chosen_are_added() {
        let facts = facts(&[0.5, 0.25, 0.25]);
        let found = Spec {}.measure(&facts, &[MinerId(0), MinerId(2)]);
        assert_eq!(found, Measured::Value(0.75));
        assert_eq!(Spec {}.measure(&facts, &[]), Measured::Value(0.0));
    }

    #[test]
    fn without_weights_there_is_no_value() {
        let facts = facts(&[0.0, 0.0]);
        let found = Spec {}.measure(&facts, &facts.all());
        assert_eq!(found, Measured::Undefined("no weight on miners"));
    }

    #[test]
    #[should_panic(expected = "contradict")]
    fn shares_above_the_whole_are_a_bug() {
        let facts = facts(&[0.9, 0.9]);
        Spec {}.measure(&facts, &facts.all());
    }
}
