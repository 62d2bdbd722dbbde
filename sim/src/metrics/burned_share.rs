//! Part of the miner pot that was withheld because the uid is the owner's.
//!
//! `burned / (burned + paid to miners)`; it belongs to the subnet, whatever miners are chosen.

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

/// Part of the miner pot that was burned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "burned_share";
    const ABOUT: &'static str = "Part of the miner pot that was burned.";
    const SOURCE: &'static str = "spec/chain.md section 5, payout and burn";
    const EXAMPLE: &'static str = "[burned_share]\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: "burned_share".to_string(),
            unit: "1",
            range: Some((0.0, 1.0)),
            printed_for: &[Grouping::Whole],
        }
    }

    fn measure(&self, facts: &RunSummary, _chosen: &[MinerId]) -> Measured {
        let totals = &facts.totals;
        let pot = totals.burned + totals.recycled + totals.miners;
        amount::ratio(totals.burned.0, pot.0)
            .map_or(Measured::Undefined("no miner pot"), |part| Measured::within((0.0, 1.0), part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::units::Rao;
    use crate::metrics::facts::sample;

    fn of(burned: u64, paid: u64) -> Measured {
        let mut facts = sample::of_pay(&[(0, paid)]);
        facts.totals.burned = Rao(burned);
        Spec {}.measure(&facts, &facts.all())
    }

    #[test]
    fn three_quarters_burned() {
        assert_eq!(of(3, 1), Measured::Value(0.75));
    }

    #[test]
    fn all_and_nothing_are_values_and_no_pot_is_not() {
        assert_eq!(of(3, 0), Measured::Value(1.0));
        assert_eq!(of(0, 3), Measured::Value(0.0));
        assert_eq!(of(0, 0), Measured::Undefined("no miner pot"));
    }
}
