//! Jain's fairness index of an amount: 1 when all have the same, `1/n` when one has all.
//!
//! `J = X^2 / (n sum_i x_i^2)`

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::base::math;
use crate::metrics::Amount;
use crate::metrics::By;
use crate::metrics::Declared;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Jain's fairness index: 1 when all have the same, 1/n when one has all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The amount whose equality is measured.
    #[serde(default)]
    pub(crate) of: Amount,
    /// Whether miners or whole operators are counted as one.
    #[serde(default)]
    pub(crate) by: By,
}

impl Doc for Spec {
    const NAME: &'static str = "jain";
    const ABOUT: &'static str =
        "Jain's fairness index: 1 when all have the same, 1/n when one has all.";
    const SOURCE: &'static str = "Jain, Chiu, Hawe 1984, DEC-TR-301, equation 1";
    const EXAMPLE: &'static str = "[jain]\nof = \"pay\"\nby = \"miner\"\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: format!("jain_{}_by_{}", self.of.name(), self.by.name()),
            unit: "1",
            range: Some((0.0, 1.0)),
            printed_for: &[Grouping::Whole, Grouping::Class],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let amounts = self.by.amounts(self.of, facts, chosen);
        if amounts.len() < 2 {
            return Measured::Undefined("fewer than two to compare");
        }
        let (mut whole, mut squares) = (0.0, 0.0);
        for amount in amounts.iter().map(|amount| math::float(*amount)) {
            whole += amount;
            squares += amount * amount;
        }
        if whole > 0.0 {
            let index = whole * whole / (math::float_len(amounts.len()) * squares);
            Measured::within((0.0, 1.0), index)
        } else {
            Measured::Undefined(self.of.none())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    fn of(pays: &[u64]) -> Measured {
        let facts = sample::of_pay(&pays.iter().map(|pay| (0, *pay)).collect::<Vec<_>>());
        Spec::default().measure(&facts, &facts.all())
    }

    #[test]
    fn three_miners_worked_by_hand() {
        // (1 + 2 + 3)^2 / (3 (1 + 4 + 9)) = 36 / 42.
        assert_eq!(of(&[1, 2, 3]), Measured::Value(36.0 / 42.0));
    }

    #[test]
    fn equal_pay_is_1_and_all_for_one_is_1_over_n() {
        assert_eq!(of(&[7, 7, 7]), Measured::Value(1.0));
        assert_eq!(of(&[0, 0, 0, 7]), Measured::Value(0.25));
    }

    #[test]
    fn there_is_no_value_without_pay_or_company() {
        assert_eq!(of(&[5]), Measured::Undefined("fewer than two to compare"));
        assert_eq!(of(&[0, 0]), Measured::Undefined("no pay"));
    }

    #[test]
    fn it_is_1_over_1_plus_the_squared_coefficient_of_variation() {
        // 2, 4, 6: mean 4, population variance 8/3; 1 / (1 + 8/48) = 6/7.
        let Measured::Value(index) = of(&[2, 4, 6]) else { panic!("there is a value") };
        assert!((index - 6.0 / 7.0).abs() < 1e-15);
    }

    #[test]
    fn an_unknown_way_to_count_is_refused() {
        assert!(toml::from_str::<Spec>("by = \"coldkeys\"").is_err());
    }
}
