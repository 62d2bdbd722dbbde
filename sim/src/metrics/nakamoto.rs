//! Nakamoto coefficient: the smallest number of operators (or miners) that together hold more than half of an amount.
//!
//! `N = min { |S| : sum_{i in S} x_i > X / 2 }`; the largest first is a smallest such set.

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

/// Nakamoto coefficient: the fewest operators that hold more than half.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The amount of which more than half must be held.
    #[serde(default)]
    pub(crate) of: Amount,
    /// Whether miners or whole operators are counted as one.
    #[serde(default = "operators")]
    pub(crate) by: By,
}

impl Doc for Spec {
    const NAME: &'static str = "nakamoto";
    const ABOUT: &'static str =
        "Nakamoto coefficient: the fewest operators that hold more than half.";
    const SOURCE: &'static str = "Srinivasan, Lee 2017, Quantifying Decentralization";
    const EXAMPLE: &'static str = "[nakamoto]\nof = \"pay\"\nby = \"operator\"\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: format!("nakamoto_{}_by_{}", self.of.name(), self.by.name()),
            unit: "count",
            range: None,
            printed_for: &[Grouping::Whole],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let mut amounts = self.by.amounts(self.of, facts, chosen);
        let whole = amount::sum(amounts.iter().copied());
        amounts.sort_unstable_by(|a, b| b.cmp(a));
        let mut held = 0;
        for (place, amount) in amounts.iter().enumerate() {
            held += amount;
            if held > whole - held {
                return Measured::of(math::float_len(place + 1));
            }
        }
        Measured::Undefined(self.of.none())
    }
}

impl Default for Spec {
    fn default() -> Self {
        Self { of: Amount::default(), by: operators() }
    }
}

fn operators() -> By {
    By::Operator
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
    fn half_is_not_more_than_half() {
        // 5 of 10 is half: the second operator is needed.
        assert_eq!(of(&[5, 3, 2]), Measured::Value(2.0));
        assert_eq!(of(&[6, 3, 2]), Measured::Value(1.0));
        assert_eq!(of(&[1, 1, 1, 1, 1]), Measured::Value(3.0));
    }

    #[test]
    fn one_alone_is_1_and_nobody_paid_has_no_value() {
        assert_eq!(of(&[5]), Measured::Value(1.0));
        assert_eq!(of(&[0, 0]), Measured::Undefined("no pay"));
        assert_eq!(of(&[]), Measured::Undefined("no pay"));
    }

    #[test]
    fn the_miners_of_an_operator_count_together() {
        let mut facts = sample::of_pay(&[(0, 3), (0, 3), (0, 4)]);
        assert_eq!(Spec::default().measure(&facts, &facts.all()), Measured::Value(2.0));
        facts.miners[1].operator = facts.miners[0].operator;
        assert_eq!(Spec::default().measure(&facts, &facts.all()), Measured::Value(1.0));
    }

    #[test]
    fn no_smaller_set_holds_more_than_half() {
        // Oracle: every subset of eight operators.
        let pays = [13_u64, 8, 21, 1, 1, 2, 3, 5];
        let whole: u64 = pays.iter().sum();
        let fewest = (0_u32..256)
            .filter(|set| {
                let held: u64 = pays
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| set >> i & 1 == 1)
                    .map(|(_, p)| p)
                    .sum();
                2 * held > whole
            })
            .map(u32::count_ones)
            .min();
        assert_eq!(of(&pays), Measured::Value(f64::from(fewest.unwrap())));
    }

    #[test]
    fn an_unknown_amount_is_refused() {
        assert!(toml::from_str::<Spec>("of = \"votes\"").is_err());
    }
}
