//! Lorenz curve of an amount: the part held by the poorest part of the miners; its value is the part held by the top.
//!
//! `L(j/n) = (1/X) sum of the j smallest x_i`, straight between; the value is `1 - L(1 - top)`.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
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

/// Lorenz curve: the part of an amount held by the richest part of the miners.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The amount whose curve is drawn.
    #[serde(default)]
    pub(crate) of: Amount,
    /// Whether miners or whole operators are counted as one.
    #[serde(default)]
    pub(crate) by: By,
    /// The richest part of the miners, `0.0..=1.0`.
    #[serde(default = "top")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) top: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "lorenz";
    const ABOUT: &'static str =
        "Lorenz curve: the part of an amount held by the richest part of the miners.";
    const SOURCE: &'static str =
        "Lorenz 1905, Publications of the American Statistical Association 9(70)";
    const EXAMPLE: &'static str = "[lorenz]\nof = \"pay\"\ntop = 0.1\n";

    fn check(&self) -> Vec<MemberProblem> {
        if (0.0..=1.0).contains(&self.top) {
            return Vec::new();
        }
        vec![MemberProblem::new("top", self.top, "0.0..=1.0")]
    }
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: format!("top_{}_{}_by_{}", self.top, self.of.name(), self.by.name()),
            unit: "1",
            range: Some((0.0, 1.0)),
            printed_for: &[Grouping::Whole, Grouping::Class],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let curve = self.curve(facts, chosen);
        let (Some(last), true) = (curve.len().checked_sub(1), curve.len() > 2) else {
            return Measured::Undefined(match curve.len() {
                0 => self.of.none(),
                _ => "fewer than two to compare",
            });
        };
        let place = (1.0 - self.top) * math::float_len(last);
        let below = usize::try_from(math::trunc_to_u64(place)).expect("a place on the curve");
        let (low, high) = (curve[below].1, curve[last.min(below + 1)].1);
        let held = low + (high - low) * (place - math::float_len(below));
        Measured::within((0.0, 1.0), 1.0 - held)
    }
}

impl Spec {
    /// The points `(j/n, L(j/n))` from (0, 0) to (1, 1); empty when there is nothing to hold.
    pub(crate) fn curve(&self, facts: &RunSummary, chosen: &[MinerId]) -> Vec<(f64, f64)> {
        let mut amounts = self.by.amounts(self.of, facts, chosen);
        amounts.sort_unstable();
        let whole = amount::sum(amounts.iter().copied());
        if whole == 0 {
            return Vec::new();
        }
        let count = math::float_len(amounts.len());
        let mut points = vec![(0.0, 0.0)];
        let mut held = 0;
        for (place, amount) in amounts.iter().enumerate() {
            held += amount;
            points
                .push((math::float_len(place + 1) / count, math::float(held) / math::float(whole)));
        }
        points
    }
}

/// Source: ours, because the top tenth is the figure most often asked for.
const TOP: f64 = 0.1;

fn top() -> f64 {
    TOP
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;
    use proptest::prelude::*;

    fn spec(top: f64) -> Spec {
        Spec { of: Amount::Pay, by: By::Miner, top }
    }

    fn of(top: f64, pays: &[u64]) -> Measured {
        let facts = sample::of_pay(&pays.iter().map(|pay| (0, *pay)).collect::<Vec<_>>());
        spec(top).measure(&facts, &facts.all())
    }

    #[test]
    fn four_miners_worked_by_hand() {
        let facts = sample::of_pay(&[(0, 5), (0, 1), (0, 2), (0, 0)]);
        let curve = spec(0.1).curve(&facts, &facts.all());
        assert_eq!(curve, [(0.0, 0.0), (0.25, 0.0), (0.5, 0.125), (0.75, 0.375), (1.0, 1.0)]);
        // The top quarter is one miner with 5 of 8; half of it holds half of that.
        assert_eq!(of(0.25, &[5, 1, 2, 0]), Measured::Value(0.625));
        assert_eq!(of(0.125, &[5, 1, 2, 0]), Measured::Value(0.3125));
    }

    #[test]
    fn nobody_holds_nothing_and_all_hold_all() {
        assert_eq!(of(0.0, &[3, 1]), Measured::Value(0.0));
        assert_eq!(of(1.0, &[3, 1]), Measured::Value(1.0));
    }

    #[test]
    fn there_is_no_value_without_pay_or_company() {
        assert_eq!(of(0.1, &[0, 0]), Measured::Undefined("no pay"));
        assert_eq!(of(0.1, &[]), Measured::Undefined("no pay"));
        assert_eq!(of(0.1, &[4]), Measured::Undefined("fewer than two to compare"));
    }

    #[test]
    fn a_top_outside_its_range_is_refused() {
        for top in [-0.1, 1.1, f64::NAN] {
            assert_eq!(spec(top).check().len(), 1);
        }
    }

    proptest! {
        #![proptest_config(sample::written_seed())]

        #[test]
        fn the_curve_bends_upwards_and_its_area_is_the_gini(
            pays in prop::collection::vec(1_u64..1000, 2..30)
        ) {
            let facts = sample::of_pay(&pays.iter().map(|pay| (0, *pay)).collect::<Vec<_>>());
            let curve = spec(0.1).curve(&facts, &facts.all());
            prop_assert!(curve.iter().all(|(x, y)| y <= &(x + 1e-12)));
            let area: f64 = curve.windows(2).map(|pair| {
                (pair[1].0 - pair[0].0) * (pair[0].1 + pair[1].1) / 2.0
            }).sum();
            let n = math::float_len(pays.len());
            let oracle = (1.0 - 2.0 * area) * n / (n - 1.0);
            let gini = crate::metrics::gini::Spec::default().measure(&facts, &facts.all());
            prop_assert!((gini.value().unwrap() - oracle).abs() < 1e-12);
        }
    }
}
