//! Cross-sectional slope of log pay on log stake: the power with which pay grows with stake from miner to miner.
//!
//! `b = sum_i (ln x_i - l)(ln pay_i - q) / sum_i (ln x_i - l)^2`, `x_i` the stake, `l` and `q` the means; ordinary least
//! squares over miners with pay and stake above 0. It compares miners with each other and is no effect of changing one:
//! that is measured by `compare`. A line through logarithms leaves out miners without pay, which hides it when stake decides
//! who is paid at all; `says = "left_out"` counts them. `fit = "poisson"` keeps them: `E[pay] = exp(a + b ln x)`, the
//! equations `sum_i (pay_i - mu_i)(1, ln x_i) = 0`, and leaves out only miners without stake.

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::base::math;
use crate::metrics::Declared;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use crate::metrics::slope;
use crate::metrics::slope::Says;
use crate::metrics::slope::SlopeFit;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Slope of log pay on log stake from miner to miner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Spec {
    /// How the power is fitted. Source: ours, a line through logarithms, as ever.
    #[schemars(extend("x-since" = "0.2.0"))]
    pub(crate) fit: SlopeFit,
    /// What is told of the fit. Source: ours, the power, as ever.
    #[schemars(extend("x-since" = "0.2.0"))]
    pub(crate) says: Says,
}

impl Doc for Spec {
    const NAME: &'static str = "pay_stake_slope";
    const ABOUT: &'static str = "Slope of log pay on log stake from miner to miner.";
    const SOURCE: &'static str =
        "ours: ordinary least squares of logarithms; Poisson: Santos Silva, Tenreyro 2006";
    const EXAMPLE: &'static str = "[pay_stake_slope]\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        slope::declared(Self::NAME, self.fit, self.says)
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let miners = facts.active(chosen);
        let points = miners
            .iter()
            .map(|miner| (Some(math::float(miner.stake.0)), math::float(miner.pay.0)))
            .collect::<Vec<_>>();
        slope::measured(&points, self.fit, self.says)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    fn facts(miners: &[(u64, u64)]) -> RunSummary {
        let mut facts =
            sample::of_pay(&miners.iter().map(|(pay, _)| (0, *pay)).collect::<Vec<_>>());
        for (miner, (_, x)) in facts.miners.iter_mut().zip(miners) {
            miner.stake = crate::base::units::Rao(*x);
        }
        facts
    }

    fn of(miners: &[(u64, u64)]) -> Measured {
        let facts = facts(miners);
        Spec::default().measure(&facts, &facts.all())
    }

    #[test]
    fn a_power_law_gives_its_power() {
        // pay = 3 x^2.
        let Measured::Value(slope) = of(&[(3, 1), (12, 2), (48, 4), (192, 8)]) else {
            panic!("there is a value")
        };
        assert!((slope - 2.0).abs() < 1e-14, "{slope}");
    }

    #[test]
    fn three_miners_worked_by_hand() {
        // ln x = 0, 1, 2 times ln 2, ln pay = 0, 0, 3 times ln 2: (-1 * -1 + 0 + 1 * 2) / 2.
        let Measured::Value(slope) = of(&[(1, 1), (1, 2), (8, 4)]) else {
            panic!("there is a value")
        };
        assert!((slope - 1.5).abs() < 1e-14, "{slope}");
    }

    #[test]
    fn equal_pay_is_slope_0() {
        assert_eq!(of(&[(5, 1), (5, 2), (5, 3)]), Measured::Value(0.0));
    }

    #[test]
    fn there_is_no_value_without_two_points_that_differ() {
        let few = Measured::Undefined("fewer than two with pay and a value above 0");
        assert_eq!(of(&[]), few);
        assert_eq!(of(&[(5, 1), (0, 2), (0, 3)]), few);
        assert_eq!(of(&[(5, 0), (1, 2)]), few);
        assert_eq!(of(&[(5, 2), (6, 2)]), Measured::Undefined("all equal"));
    }
}
