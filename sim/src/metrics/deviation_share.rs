//! Part of the chosen miners whose pay share is further than epsilon from their share of useful work (or another target).
//!
//! `(1/n') #{ i : |s_i / w_i - 1| > epsilon }`, shares taken inside the chosen miners, over the `n'` of them that have some of
//! the target; those with none of it have no fair share to be far from.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
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

/// Part of the miners whose pay share is further than epsilon from the target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// What a fair share is a share of.
    #[serde(default = "amount::useful_work")]
    pub(crate) target: Amount,
    /// Largest relative distance that counts as fair, at least 0.
    #[serde(default = "epsilon")]
    #[schemars(range(min = 0.0))]
    pub(crate) epsilon: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "deviation_share";
    const ABOUT: &'static str =
        "Part of the miners whose pay share is further than epsilon from the target.";
    const SOURCE: &'static str = "Huang, Tang, Cheng, Lim, Karame 2021, Do the Rich Get Richer?, SIGMOD, robust fairness; over miners: ours";
    const EXAMPLE: &'static str = "[deviation_share]\ntarget = \"useful_work\"\nepsilon = 0.1\n";

    fn check(&self) -> Vec<MemberProblem> {
        if self.epsilon >= 0.0 && self.epsilon.is_finite() {
            return Vec::new();
        }
        vec![MemberProblem::new("epsilon", self.epsilon, "a number of at least 0")]
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
            label: format!("deviation_above_{}_from_{}_share", self.epsilon, self.target.name()),
            unit: "1",
            range: Some((0.0, 1.0)),
            printed_for: &[Grouping::Whole, Grouping::Class],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let miners = facts.active(chosen);
        let paid = amount::sum(miners.iter().map(|miner| miner.pay.0));
        if paid == 0 {
            return Measured::Undefined(Amount::Pay.none());
        }
        let whole = amount::sum(miners.iter().map(|miner| self.target.of(miner)));
        let (mut far, mut count) = (0.0, 0.0);
        for miner in miners {
            let share = amount::ratio(miner.pay.0, paid).unwrap_or_default();
            let just = amount::ratio(self.target.of(miner), whole).unwrap_or_default();
            if just > 0.0 {
                count += 1.0;
                far += f64::from((share / just - 1.0).abs() > self.epsilon);
            }
        }
        if count > 0.0 {
            Measured::within((0.0, 1.0), far / count)
        } else {
            Measured::Undefined(self.target.none())
        }
    }

    fn fair(&self) -> Option<Fair> {
        Some(Fair::Low)
    }
}

/// Source: ours, because a tenth is what the examples of the source use.
const EPSILON: f64 = 0.1;

impl Default for Spec {
    fn default() -> Self {
        Self { target: amount::useful_work(), epsilon: EPSILON }
    }
}

fn epsilon() -> f64 {
    EPSILON
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    fn of(miners: &[(u64, u64)]) -> Measured {
        let facts = sample::of_pay_and_work(miners);
        Spec::default().measure(&facts, &facts.all())
    }

    #[test]
    fn four_miners_worked_by_hand() {
        // Fair shares 1/4 each; pay shares .25, .26, .24, .25 within a tenth; then .3, .2, .25, .25: two are not.
        assert_eq!(of(&[(25, 5), (26, 5), (24, 5), (25, 5)]), Measured::Value(0.0));
        assert_eq!(of(&[(30, 5), (20, 5), (25, 5), (25, 5)]), Measured::Value(0.5));
    }

    #[test]
    fn who_has_none_of_the_target_is_not_counted() {
        // The idle miner takes a third; each worker gets 1/3 for 1/2.
        assert_eq!(of(&[(1, 0), (1, 5), (1, 5)]), Measured::Value(1.0));
    }

    #[test]
    fn there_is_no_value_without_pay_or_target() {
        assert_eq!(of(&[(0, 1), (0, 1)]), Measured::Undefined("no pay"));
        assert_eq!(of(&[(1, 0), (1, 0)]), Measured::Undefined("no useful work"));
        assert_eq!(of(&[]), Measured::Undefined("no pay"));
    }

    #[test]
    fn a_negative_or_endless_epsilon_is_refused() {
        for epsilon in [-0.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Spec { epsilon, ..Spec::default() }.check().len(), 1);
        }
    }
}
