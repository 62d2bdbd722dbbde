//! Part of all miner pay that the chosen miners get, after u16 rounding and the chain.
//!
//! `p = sum_{i chosen} pay_i / sum_{all} pay_i`

use crate::base::family::Doc;
use crate::base::ids::MinerId;
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

/// Part of all miner pay that the chosen miners get.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "pay_share";
    const ABOUT: &'static str = "Part of all miner pay that the chosen miners get.";
    const SOURCE: &'static str = "ours: what is paid, after u16 rounding and the chain";
    const EXAMPLE: &'static str = "[pay_share]\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: "pay_share".to_string(),
            unit: "1",
            range: Some((0.0, 1.0)),
            printed_for: &[Grouping::Class, Grouping::Operator],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let whole = amount::total(Amount::Pay, facts, &facts.all());
        let part = amount::ratio(amount::total(Amount::Pay, facts, chosen), whole);
        part.map_or(Measured::Undefined("no pay"), |part| Measured::within((0.0, 1.0), part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::units::SimSpan;
    use crate::metrics::facts::sample;

    #[test]
    fn a_class_gets_its_part_of_all_pay() {
        let facts = sample::of_pay(&[(0, 1), (1, 2), (1, 5)]);
        assert_eq!(Spec {}.measure(&facts, &[MinerId(0)]), Measured::Value(0.125));
        assert_eq!(Spec {}.measure(&facts, &[MinerId(1), MinerId(2)]), Measured::Value(0.875));
        assert_eq!(Spec {}.measure(&facts, &[]), Measured::Value(0.0));
    }

    #[test]
    fn shares_of_the_classes_add_up_to_1() {
        let facts = sample::of_pay(&[(0, 3), (1, 7), (2, 11), (1, 13)]);
        let shares = Grouping::Class
            .groups(&facts)
            .into_iter()
            .map(|(_, miners)| Spec {}.measure(&facts, &miners).value().unwrap());
        assert!((shares.sum::<f64>() - 1.0).abs() < 1e-15);
    }

    #[test]
    fn pay_that_arrives_after_a_miner_left_still_counts() {
        let mut facts = sample::of_pay(&[(0, 1), (1, 3)]);
        facts.miners[1].active = SimSpan::ZERO;
        assert_eq!(Spec {}.measure(&facts, &[MinerId(0)]), Measured::Value(0.25));
    }

    #[test]
    fn there_is_no_share_of_nothing() {
        let facts = sample::of_pay(&[(0, 0), (1, 0)]);
        assert_eq!(Spec {}.measure(&facts, &facts.all()), Measured::Undefined("no pay"));
    }

    #[test]
    #[should_panic(expected = "index out of bounds")]
    fn a_miner_that_does_not_exist_is_a_bug() {
        Spec {}.measure(&sample::of_pay(&[(0, 1)]), &[MinerId(1)]);
    }
}
