//! Relative distance of the chosen miners' pay share from their share of useful work (or of another target).
//!
//! `|p / w - 1|`, `p` and `w` over all miners. A mechanism is (epsilon, delta)-fair to them when this is at most epsilon with
//! probability at least 1 - delta: a claim of kind `probability`. Without an end above, so not claimed as a mean.

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

/// Relative distance of pay share from the share of useful work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// What a fair share is a share of.
    #[serde(default = "amount::useful_work")]
    pub(crate) target: Amount,
}

impl Doc for Spec {
    const NAME: &'static str = "deviation";
    const ABOUT: &'static str = "Relative distance of pay share from the share of useful work.";
    const SOURCE: &'static str =
        "Huang, Tang, Cheng, Lim, Karame 2021, Do the Rich Get Richer?, SIGMOD, robust fairness";
    const EXAMPLE: &'static str = "[deviation]\ntarget = \"useful_work\"\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: format!("deviation_from_{}", self.target.name()),
            unit: "1",
            range: None,
            printed_for: &[Grouping::Class, Grouping::Operator],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let share = |of: Amount| {
            amount::ratio(amount::total(of, facts, chosen), amount::total(of, facts, &facts.all()))
        };
        match (share(Amount::Pay), share(self.target)) {
            (None, _) => Measured::Undefined(Amount::Pay.none()),
            (_, Some(fair)) if fair > 0.0 => {
                Measured::of((share(Amount::Pay).unwrap_or_default() / fair - 1.0).abs())
            }
            _ => Measured::Undefined(self.target.none()),
        }
    }

    fn fair(&self) -> Option<Fair> {
        Some(Fair::Low)
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
    fn half_of_the_pay_for_a_quarter_of_the_work_is_1() {
        let miners = [(2, 50), (1, 100), (1, 50)];
        assert_eq!(of(&miners, &[MinerId(0)]), Measured::Value(1.0));
        // A quarter of the pay for half of the work.
        assert_eq!(of(&miners, &[MinerId(1)]), Measured::Value(0.5));
        assert_eq!(of(&miners, &[MinerId(0), MinerId(1), MinerId(2)]), Measured::Value(0.0));
    }

    #[test]
    fn there_is_no_value_without_pay_or_target() {
        assert_eq!(of(&[(0, 1), (0, 1)], &[MinerId(0)]), Measured::Undefined("no pay"));
        assert_eq!(of(&[(1, 0), (1, 1)], &[MinerId(0)]), Measured::Undefined("no useful work"));
        assert_eq!(of(&[(1, 0)], &[MinerId(0)]), Measured::Undefined("no useful work"));
    }

    #[test]
    fn an_unknown_target_is_refused() {
        assert!(toml::from_str::<Spec>("target = \"beauty\"").is_err());
    }
}
