//! Herfindahl-Hirschman index of an amount: the sum of squared shares, 1 when one has all, `1/n` when all have the same.
//!
//! `HHI = sum_i s_i^2`. One miner alone has all: 1, which is a value and not a gap.

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
use crate::metrics::amount;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Herfindahl-Hirschman index: sum of squared shares; 1/HHI is an effective number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The amount whose concentration is measured.
    #[serde(default)]
    pub(crate) of: Amount,
    /// Whether miners or whole operators are counted as one.
    #[serde(default)]
    pub(crate) by: By,
}

impl Doc for Spec {
    const NAME: &'static str = "hhi";
    const ABOUT: &'static str =
        "Herfindahl-Hirschman index: sum of squared shares; 1/HHI is an effective number.";
    const SOURCE: &'static str = "Hirschman 1964, American Economic Review 54(5)";
    const EXAMPLE: &'static str = "[hhi]\nof = \"pay\"\nby = \"operator\"\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: format!("hhi_{}_by_{}", self.of.name(), self.by.name()),
            unit: "1",
            range: Some((0.0, 1.0)),
            printed_for: &[Grouping::Whole, Grouping::Class],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let amounts = self.by.amounts(self.of, facts, chosen);
        let whole = math::float(amount::sum(amounts.iter().copied()));
        if whole <= 0.0 {
            return Measured::Undefined(self.of.none());
        }
        let squares = amounts.iter().map(|amount| math::float(*amount) / whole).map(|s| s * s);
        Measured::within((0.0, 1.0), squares.sum())
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
        // Shares 1/2, 1/4, 1/4: 1/4 + 1/16 + 1/16 = 3/8.
        assert_eq!(of(&[2, 1, 1]), Measured::Value(0.375));
    }

    #[test]
    fn one_alone_has_all_and_equals_have_1_over_n() {
        assert_eq!(of(&[5]), Measured::Value(1.0));
        assert_eq!(of(&[5, 5, 5, 5]), Measured::Value(0.25));
    }

    #[test]
    fn there_is_no_value_without_pay() {
        assert_eq!(of(&[]), Measured::Undefined("no pay"));
        assert_eq!(of(&[0, 0]), Measured::Undefined("no pay"));
    }

    #[test]
    fn one_operator_of_all_miners_has_all() {
        let mut facts = sample::of_pay(&[(0, 1), (1, 2)]);
        facts.miners[1].operator = facts.miners[0].operator;
        let spec = Spec { by: By::Operator, ..Spec::default() };
        assert_eq!(spec.measure(&facts, &facts.all()), Measured::Value(1.0));
    }

    #[test]
    fn splitting_a_miner_in_equal_parts_divides_its_square() {
        // Shares 1/2, 1/2 against 1/2, 1/4, 1/4.
        assert_eq!(of(&[2, 2]), Measured::Value(0.5));
        assert_eq!(of(&[2, 1, 1]), Measured::Value(0.5 - 0.125));
    }

    #[test]
    fn an_unknown_key_is_refused() {
        assert!(toml::from_str::<Spec>("over = \"pay\"").is_err());
    }
}
