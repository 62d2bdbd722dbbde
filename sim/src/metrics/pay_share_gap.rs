//! Pay share of the chosen miners less their share of useful work (or of another target).
//!
//! `p - w`, both over all miners. Expectational fairness is the claim that its mean is 0 within a margin.

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

/// Pay share less the share of useful work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// What a fair share is a share of.
    #[serde(default = "amount::useful_work")]
    pub(crate) target: Amount,
}

impl Doc for Spec {
    const NAME: &'static str = "pay_share_gap";
    const ABOUT: &'static str = "Pay share less the share of useful work.";
    const SOURCE: &'static str = "Huang, Tang, Cheng, Lim, Karame 2021, Do the Rich Get Richer?, SIGMOD, expectational fairness";
    const EXAMPLE: &'static str = "[pay_share_gap]\ntarget = \"useful_work\"\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: format!("pay_share_less_{}_share", self.target.name()),
            unit: "1",
            range: Some((-1.0, 1.0)),
            printed_for: &[Grouping::Class, Grouping::Operator],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let share = |of: Amount| {
            amount::ratio(amount::total(of, facts, chosen), amount::total(of, facts, &facts.all()))
        };
        match (share(Amount::Pay), share(self.target)) {
            (Some(paid), Some(fair)) => Measured::within((-1.0, 1.0), paid - fair),
            (None, _) => Measured::Undefined(Amount::Pay.none()),
            (_, None) => Measured::Undefined(self.target.none()),
        }
    }

    fn fair(&self) -> Option<Fair> {
        Some(Fair::Zero)
    }
}

impl Default for Spec {
    fn default() -> Self {
        Self { target: amount::useful_work() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    fn of(miners: &[(u64, u64)], chosen: &[MinerId]) -> Measured {
        Spec::default().measure(&sample::of_pay_and_work(miners), chosen)
    }

    #[test]
    fn half_of_the_pay_for_a_quarter_of_the_work_is_a_quarter() {
        let miners = [(2, 50), (1, 100), (1, 50)];
        assert_eq!(of(&miners, &[MinerId(0)]), Measured::Value(0.25));
        assert_eq!(of(&miners, &[MinerId(1)]), Measured::Value(-0.25));
    }

    #[test]
    fn pay_for_nothing_is_a_value() {
        assert_eq!(of(&[(1, 0), (0, 9)], &[MinerId(0)]), Measured::Value(1.0));
    }

    #[test]
    fn there_is_no_value_without_pay_or_target() {
        assert_eq!(of(&[(0, 1)], &[MinerId(0)]), Measured::Undefined("no pay"));
        assert_eq!(of(&[(1, 0)], &[MinerId(0)]), Measured::Undefined("no useful work"));
    }

    #[test]
    fn an_unknown_target_is_refused() {
        assert!(toml::from_str::<Spec>("target = \"beauty\"").is_err());
    }
}
