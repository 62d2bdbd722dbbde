//! Gini coefficient of an amount, with the small-sample factor `n/(n-1)`: 0 when all have the same, 1 when one has all.
//!
//! `G = sum_i (2 r_i - n - 1) x_i / ((n - 1) X)`, `r_i` the rank of `x_i` from 1, smallest first.

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
use crate::statistics::gini;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Gini coefficient of an amount.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The amount whose inequality is measured.
    #[serde(default)]
    pub(crate) of: Amount,
    /// Whether miners or whole operators are counted as one.
    #[serde(default)]
    pub(crate) by: By,
}

impl Doc for Spec {
    const NAME: &'static str = "gini";
    const ABOUT: &'static str = "Gini coefficient: 0 when all have the same, 1 when one has all.";
    const SOURCE: &'static str =
        "Gini 1912; n/(n-1): Deltas 2003, Review of Economics and Statistics 85(1)";
    const EXAMPLE: &'static str = "[gini]\nof = \"pay\"\nby = \"miner\"\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: format!("gini_{}_by_{}", self.of.name(), self.by.name()),
            unit: "1",
            range: Some((0.0, 1.0)),
            printed_for: &[Grouping::Whole, Grouping::Class],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let mut amounts = self.by.amounts(self.of, facts, chosen);
        if amounts.len() < 2 {
            return Measured::Undefined("fewer than two to compare");
        }
        amounts.sort_unstable();
        gini(amounts.into_iter().map(math::float))
            .map_or(Measured::Undefined(self.of.none()), |g| Measured::within((0.0, 1.0), g))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;
    use proptest::prelude::*;

    fn of(pays: &[u64]) -> Measured {
        let facts = sample::of_pay(&pays.iter().map(|pay| (0, *pay)).collect::<Vec<_>>());
        Spec::default().measure(&facts, &facts.all())
    }

    #[test]
    fn three_miners_worked_by_hand() {
        // x = 1, 2, 6: sum (2r - 4) x = -2 + 0 + 12 = 10; (n - 1) X = 2 * 9.
        assert_eq!(of(&[6, 1, 2]), Measured::Value(10.0 / 18.0));
    }

    #[test]
    fn equal_pay_is_0_and_all_for_one_is_1() {
        assert_eq!(of(&[7, 7, 7]), Measured::Value(0.0));
        assert_eq!(of(&[0, 0, 0, 7]), Measured::Value(1.0));
    }

    #[test]
    fn there_is_no_value_without_pay_or_company() {
        assert_eq!(of(&[]), Measured::Undefined("fewer than two to compare"));
        assert_eq!(of(&[5]), Measured::Undefined("fewer than two to compare"));
        assert_eq!(of(&[0, 0]), Measured::Undefined("no pay"));
    }

    #[test]
    fn operators_are_compared_by_their_sums() {
        let mut facts = sample::of_pay(&[(0, 1), (0, 3), (0, 4)]);
        facts.miners[1].operator = facts.miners[0].operator;
        let spec = Spec { by: By::Operator, ..Spec::default() };
        assert_eq!(spec.measure(&facts, &facts.all()), Measured::Value(0.0));
        assert_eq!(spec.declared().label, "gini_pay_by_operator");
    }

    #[test]
    fn an_unknown_amount_is_refused() {
        assert!(toml::from_str::<Spec>("of = \"luck\"").is_err());
    }

    proptest! {
        #![proptest_config(sample::written_seed())]

        #[test]
        fn it_is_the_mean_difference_of_pairs(pays in prop::collection::vec(0_u64..1000, 2..20)) {
            // Oracle: mean |x_i - x_j| over i != j, over twice the mean.
            let n = math::float_len(pays.len());
            let mut differences = 0;
            for a in &pays {
                for b in &pays {
                    differences += a.abs_diff(*b);
                }
            }
            let whole: u64 = pays.iter().sum();
            match of(&pays) {
                Measured::Value(g) => {
                    let mean_difference = math::float(differences) / (n * (n - 1.0));
                    let oracle = mean_difference / (2.0 * math::float(whole) / n);
                    prop_assert!((g - oracle).abs() < 1e-12, "{g} {oracle}");
                }
                Measured::Undefined(_) => prop_assert_eq!(whole, 0),
            }
        }

        #[test]
        fn neither_order_nor_unit_of_pay_matters(pays in prop::collection::vec(1_u64..1000, 2..20)) {
            let mut turned = pays.clone();
            turned.reverse();
            prop_assert_eq!(of(&pays), of(&turned));
            let eightfold: Vec<u64> = pays.iter().map(|pay| 8 * pay).collect();
            prop_assert_eq!(of(&pays), of(&eightfold));
        }
    }
}
