//! Spearman's rank correlation of one amount against another: Pearson's correlation of their ranks, ties at their mean rank.
//!
//! `rho = sum_i (r_i - r)(q_i - q) / sqrt(sum_i (r_i - r)^2 sum_i (q_i - q)^2)`, `r_i` and `q_i` the ranks.

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::base::math;
use crate::metrics::Amount;
use crate::metrics::Declared;
use crate::metrics::Fair;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use crate::metrics::correlation;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Spearman's rank correlation of one amount against another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The amount whose ranks are compared.
    #[serde(default)]
    pub(crate) of: Amount,
    /// The amount against which its ranks are compared.
    #[serde(default = "useful_work")]
    pub(crate) against: Amount,
}

impl Doc for Spec {
    const NAME: &'static str = "spearman";
    const ABOUT: &'static str = "Spearman's rank correlation of one amount against another.";
    const SOURCE: &'static str = "Spearman 1904, American Journal of Psychology 15(1)";
    const EXAMPLE: &'static str = "[spearman]\nof = \"pay\"\nagainst = \"useful_work\"\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: format!("spearman_{}_against_{}", self.of.name(), self.against.name()),
            unit: "1",
            range: Some((-1.0, 1.0)),
            printed_for: &[Grouping::Whole, Grouping::Class],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let miners = facts.active(chosen);
        let ranks_of = |amount: Amount| -> Vec<f64> {
            ranks(&miners.iter().map(|miner| amount.of(miner)).collect::<Vec<_>>())
        };
        correlation::measured(correlation::pearson(&ranks_of(self.of), &ranks_of(self.against)))
    }

    fn fair(&self) -> Option<Fair> {
        Amount::are_pay_and_work(self.of, self.against).then_some(Fair::High)
    }
}

impl Default for Spec {
    fn default() -> Self {
        Self { of: Amount::default(), against: useful_work() }
    }
}

fn useful_work() -> Amount {
    Amount::UsefulWork
}

/// The rank of each amount from 1, smallest first; equal amounts share the mean of their places.
fn ranks(amounts: &[u64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..amounts.len()).collect();
    order.sort_unstable_by_key(|i| (amounts[*i], *i));
    let mut ranks = vec![0.0; amounts.len()];
    let mut before = 0;
    for equal in order.chunk_by(|a, b| amounts[*a] == amounts[*b]) {
        let rank = math::float_len(2 * before + equal.len() + 1) / 2.0;
        for place in equal {
            ranks[*place] = rank;
        }
        before += equal.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;
    use proptest::prelude::*;

    fn of(miners: &[(u64, u64)]) -> Measured {
        let facts = sample::of_pay_and_work(miners);
        Spec::default().measure(&facts, &facts.all())
    }

    #[test]
    fn five_miners_worked_by_hand() {
        // Rank differences 1, 1, 0, 1, 1: rho = 1 - 6 * 4 / (5 * 24) = 0.8.
        let Measured::Value(rho) = of(&[(1, 2), (2, 1), (3, 3), (40, 5), (50, 4)]) else {
            panic!("there is a value")
        };
        assert!((rho - 0.8).abs() < 1e-15);
    }

    #[test]
    fn the_same_order_is_exactly_1_and_the_opposite_minus_1() {
        assert_eq!(of(&[(5, 10), (20, 20), (30, 300)]), Measured::Value(1.0));
        assert_eq!(of(&[(7, 9), (8, 1)]), Measured::Value(-1.0));
    }

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(ranks(&[5, 1, 5, 9]), [2.5, 1.0, 2.5, 4.0]);
        assert_eq!(ranks(&[]), [0.0; 0]);
    }

    #[test]
    fn there_is_no_value_without_company_or_when_all_are_equal() {
        assert_eq!(of(&[(1, 1)]), Measured::Undefined("fewer than two to compare"));
        assert_eq!(of(&[(3, 1), (3, 2)]), Measured::Undefined("all equal"));
    }

    #[test]
    fn an_unknown_amount_is_refused() {
        assert!(toml::from_str::<Spec>("against = \"luck\"").is_err());
    }

    proptest! {
        #![proptest_config(sample::written_seed())]

        #[test]
        fn a_growing_function_of_pay_changes_nothing(
            miners in prop::collection::vec((0_u64..50, 0_u64..50), 2..30)
        ) {
            let squared: Vec<_> = miners.iter().map(|(pay, work)| (pay * pay, *work)).collect();
            prop_assert_eq!(of(&miners), of(&squared));
        }

        #[test]
        fn without_ties_it_is_the_formula_of_rank_differences(
            order in Just((0_u64..9).collect::<Vec<_>>()).prop_shuffle()
        ) {
            let miners: Vec<_> = order.iter().copied().zip(0..).collect();
            let squares: u64 = miners.iter().map(|(a, b)| a.abs_diff(*b).pow(2)).sum();
            let oracle = 1.0 - 6.0 * math::float(squares) / (9.0 * 80.0);
            prop_assert!((of(&miners).value().unwrap() - oracle).abs() < 1e-14);
        }
    }
}
