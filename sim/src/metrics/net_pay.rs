//! Pay of the chosen miners less what taking part cost them.
//!
//! `sum_{i chosen} (pay_i - cost_i)` [alpha]

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::base::units::Rao;
use crate::metrics::Amount;
use crate::metrics::Declared;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use crate::metrics::amount;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Pay less cost of the chosen miners.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "net_pay";
    const ABOUT: &'static str = "Pay less cost of the chosen miners.";
    const SOURCE: &'static str = "ours: the question of whether a change of behaviour pays";
    const EXAMPLE: &'static str = "[net_pay]\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: "net_pay_alpha".to_string(),
            unit: "alpha",
            range: None,
            printed_for: &[Grouping::Whole, Grouping::Class, Grouping::Operator],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let cost = amount::sum(chosen.iter().map(|miner| facts.miners[miner.index()].cost.0));
        let pay = amount::total(Amount::Pay, facts, chosen);
        // The exact difference is taken first: two large sums may differ by little.
        let size = Rao(pay.abs_diff(cost)).tokens();
        Measured::of(if pay < cost { -size } else { size })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    fn of(pay: u64, cost: u64) -> Measured {
        let mut facts = sample::of_pay(&[(0, pay)]);
        facts.miners[0].cost = Rao(cost);
        Spec {}.measure(&facts, &facts.all())
    }

    #[test]
    fn a_miner_can_lose_money() {
        assert_eq!(of(3_000_000_000, 500_000_000), Measured::Value(2.5));
        assert_eq!(of(500_000_000, 3_000_000_000), Measured::Value(-2.5));
        assert_eq!(of(0, 0), Measured::Value(0.0));
    }

    #[test]
    fn one_rao_between_large_sums_is_seen() {
        assert_eq!(of(u64::MAX, u64::MAX - 1), Measured::Value(1e-9));
    }
}
