//! Pearson's correlation of one amount against another, with a third held fixed where one is given (partial correlation).
//!
//! `r = sum_i (x_i - x)(y_i - y) / sqrt(sum_i (x_i - x)^2 sum_i (y_i - y)^2)`; with a third, `x` and `y` are replaced by what
//! is left of them after a least-squares line on it. Pay against requests given useful work asks whether requests alone
//! raise pay.

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
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Correlation of one amount against another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The amount whose correlation is taken.
    #[serde(default)]
    pub(crate) of: Amount,
    /// The amount with which it is correlated.
    #[serde(default = "requests")]
    pub(crate) against: Amount,
    /// A third amount that is held fixed; none by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) given: Option<Amount>,
}

impl Doc for Spec {
    const NAME: &'static str = "correlation";
    const ABOUT: &'static str =
        "Correlation of one amount against another, a third held fixed where given.";
    const SOURCE: &'static str =
        "Pearson 1896; partial: Yule 1907, Proceedings of the Royal Society A 79";
    const EXAMPLE: &'static str = "[correlation]\nof = \"pay\"\nagainst = \"requests\"\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        let given = self.given.map_or(String::new(), |given| format!("_given_{}", given.name()));
        Declared {
            label: format!("correlation_{}_against_{}{given}", self.of.name(), self.against.name()),
            unit: "1",
            range: Some((-1.0, 1.0)),
            printed_for: &[Grouping::Whole, Grouping::Class],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let miners = facts.active(chosen);
        let amounts = |amount: Amount| -> Vec<f64> {
            miners.iter().map(|miner| math::float(amount.of(miner))).collect()
        };
        let (x, y) = (amounts(self.of), amounts(self.against));
        measured(match self.given {
            None => pearson(&x, &y),
            Some(given) => partial(&x, &y, &amounts(given)),
        })
    }

    fn fair(&self) -> Option<Fair> {
        Amount::are_pay_and_work(self.of, self.against).then_some(Fair::High)
    }
}

impl Default for Spec {
    fn default() -> Self {
        Self { of: Amount::default(), against: requests(), given: None }
    }
}

fn requests() -> Amount {
    Amount::Requests
}

/// What is left of a sum of squares after a perfect fit, by rounding alone, is below this part of it.
const FIT: f64 = 1e-20;

/// A correlation or the reason for having none, as a value.
pub(super) fn measured(correlation: Result<f64, &'static str>) -> Measured {
    match correlation {
        Ok(r) => Measured::within((-1.0, 1.0), r),
        Err(reason) => Measured::Undefined(reason),
    }
}

/// The correlation of two lists of equal length, or the reason for having none.
///
/// # Errors
/// When there are fewer than two pairs, or all numbers of a list are equal.
pub(super) fn pearson(x: &[f64], y: &[f64]) -> Result<f64, &'static str> {
    if x.len() < 2 {
        return Err("fewer than two to compare");
    }
    if all_equal(x) || all_equal(y) {
        return Err("all equal");
    }
    Ok(cosine(&centred(x), &centred(y)))
}

/// The correlation of what `z` leaves of `x` and `y`.
fn partial(x: &[f64], y: &[f64], z: &[f64]) -> Result<f64, &'static str> {
    pearson(x, y)?;
    let z = centred(z);
    let (whole_x, whole_y) = (centred(x), centred(y));
    let (rest_x, rest_y) = (without(&whole_x, &z), without(&whole_y, &z));
    let explained =
        |rest: &[f64], whole: &[f64]| product(rest, rest) <= FIT * product(whole, whole);
    if explained(&rest_x, &whole_x) || explained(&rest_y, &whole_y) {
        return Err("what is held fixed explains all");
    }
    Ok(cosine(&rest_x, &rest_y))
}

/// Whether no two elements differ; also true of an empty list.
pub(super) fn all_equal(list: &[f64]) -> bool {
    list.windows(2).all(|pair| pair[0].total_cmp(&pair[1]).is_eq())
}

/// Each element less the mean.
pub(super) fn centred(list: &[f64]) -> Vec<f64> {
    let mean = list.iter().sum::<f64>() / math::float_len(list.len());
    list.iter().map(|element| element - mean).collect()
}

/// Sum of the products of two rows, term by term.
pub(super) fn product(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(a, b)| a * b).sum()
}

/// What a least-squares line on `z` leaves of `x`, both centred; all of it when `z` is constant.
fn without(x: &[f64], z: &[f64]) -> Vec<f64> {
    let spread = product(z, z);
    let slope = if spread > 0.0 { product(x, z) / spread } else { 0.0 };
    x.iter().zip(z).map(|(a, b)| a - slope * b).collect()
}

fn cosine(u: &[f64], v: &[f64]) -> f64 {
    // One root of the product: exact where both sums are equal, as for equal or opposite ranks.
    product(u, v) / (product(u, u) * product(v, v)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;
    use proptest::prelude::*;

    /// Miners with (pay, requests, useful steps).
    fn facts(miners: &[(u64, u64, u64)]) -> RunSummary {
        let with_work: Vec<_> = miners.iter().map(|(pay, _, steps)| (*pay, *steps)).collect();
        let mut facts = sample::of_pay_and_work(&with_work);
        for (miner, (_, requests, _)) in facts.miners.iter_mut().zip(miners) {
            miner.requests = *requests;
        }
        facts
    }

    fn of(given: Option<Amount>, miners: &[(u64, u64, u64)]) -> Measured {
        let facts = facts(miners);
        Spec { given, ..Spec::default() }.measure(&facts, &facts.all())
    }

    #[test]
    fn three_miners_worked_by_hand() {
        // Pay 1, 2, 6 (mean 3), requests 1, 2, 3: (2 + 3) / sqrt(14 * 2).
        let Measured::Value(r) = of(None, &[(1, 1, 0), (2, 2, 0), (6, 3, 0)]) else {
            panic!("there is a value")
        };
        assert!((r - 5.0 / 28.0_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn pay_that_follows_work_alone_does_not_follow_requests() {
        // Pay is 10 times the work plus or minus 1, arranged so that the rest is orthogonal to work and requests.
        let miners = [(11, 10, 1), (9, 10, 1), (31, 32, 3), (29, 32, 3), (51, 49, 5), (49, 49, 5)];
        let Measured::Value(plain) = of(None, &miners) else { panic!("there is a value") };
        let Measured::Value(rest) = of(Some(Amount::UsefulWork), &miners) else {
            panic!("there is a value")
        };
        assert!(plain > 0.99 && rest.abs() < 1e-12, "{plain} {rest}");
    }

    #[test]
    fn there_is_no_value_without_company_spread_or_remainder() {
        assert_eq!(of(None, &[(1, 1, 1)]), Measured::Undefined("fewer than two to compare"));
        assert_eq!(of(None, &[(1, 1, 1), (1, 2, 1)]), Measured::Undefined("all equal"));
        let explained = of(Some(Amount::UsefulWork), &[(1, 3, 1), (2, 5, 2), (3, 1, 3)]);
        assert_eq!(explained, Measured::Undefined("what is held fixed explains all"));
    }

    #[test]
    fn a_constant_held_fixed_changes_nothing() {
        let miners = [(1, 4, 7), (2, 2, 7), (6, 3, 7)];
        assert_eq!(of(Some(Amount::UsefulWork), &miners), of(None, &miners));
    }

    #[test]
    fn an_unknown_amount_is_refused() {
        assert!(toml::from_str::<Spec>("given = \"luck\"").is_err());
    }

    proptest! {
        #![proptest_config(sample::written_seed())]

        #[test]
        fn it_is_symmetric_and_within_its_range(
            miners in prop::collection::vec((0_u64..100, 0_u64..100, 0_u64..100), 3..20)
        ) {
            let facts = facts(&miners);
            for given in [None, Some(Amount::UsefulWork)] {
                let one = Spec { given, ..Spec::default() };
                let other = Spec { of: one.against, against: one.of, given };
                let found = one.measure(&facts, &facts.all());
                prop_assert_eq!(found, other.measure(&facts, &facts.all()));
            }
        }
    }
}
