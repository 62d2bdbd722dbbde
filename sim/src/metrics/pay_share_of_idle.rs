//! Part of the chosen miners' pay that goes to those of them who delivered nothing useful.
//!
//! `sum_{i chosen, useful steps_i = 0} pay_i / sum_{i chosen} pay_i`

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::metrics::Amount;
use crate::metrics::Declared;
use crate::metrics::Fair;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use crate::metrics::amount;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Part of the pay that goes to miners who delivered nothing useful.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "pay_share_of_idle";
    const ABOUT: &'static str = "Part of the pay that goes to miners who delivered nothing useful.";
    const SOURCE: &'static str = "ours: the question of the October 2025 report, on ground truth";
    const EXAMPLE: &'static str = "[pay_share_of_idle]\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: "pay_share_of_idle".to_string(),
            unit: "1",
            range: Some((0.0, 1.0)),
            printed_for: &[Grouping::Whole, Grouping::Class, Grouping::Operator],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let idle = chosen.iter().filter(|miner| facts.miners[miner.index()].useful_steps == 0);
        let idle: Vec<MinerId> = idle.copied().collect();
        let whole = amount::total(Amount::Pay, facts, chosen);
        let part = amount::ratio(amount::total(Amount::Pay, facts, &idle), whole);
        part.map_or(Measured::Undefined("no pay"), |part| Measured::within((0.0, 1.0), part))
    }

    fn fair(&self) -> Option<Fair> {
        Some(Fair::Low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    fn of(miners: &[(u64, u64)]) -> Measured {
        let facts = sample::of_pay_and_work(miners);
        Spec {}.measure(&facts, &facts.all())
    }

    #[test]
    fn only_the_pay_of_those_without_useful_steps_counts() {
        assert_eq!(of(&[(1, 0), (2, 50), (1, 0)]), Measured::Value(0.5));
        assert_eq!(of(&[(1, 1), (2, 50)]), Measured::Value(0.0));
        assert_eq!(of(&[(1, 0), (0, 0)]), Measured::Value(1.0));
    }

    #[test]
    fn there_is_no_value_without_pay() {
        assert_eq!(of(&[(0, 0), (0, 50)]), Measured::Undefined("no pay"));
        assert_eq!(of(&[]), Measured::Undefined("no pay"));
    }

    #[test]
    fn it_is_taken_inside_the_chosen_miners() {
        let facts = sample::of_pay_and_work(&[(1, 0), (100, 50), (1, 50)]);
        let found = Spec {}.measure(&facts, &[MinerId(0), MinerId(2)]);
        assert_eq!(found, Measured::Value(0.5));
    }
}
