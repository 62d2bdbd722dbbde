//! Whether some class is paid more than epsilon away from its useful work (or another target): 1 if so, else 0.
//!
//! `1 if max_k |p_k / w_k - 1| > epsilon else 0`, over the classes `k` with a chosen miner, shares taken inside the chosen. A class
//! paid for nothing (`w_k = 0`, `p_k > 0`) deviates; one with neither does not. Its mean over replications is `delta` of robust
//! fairness: a mechanism is (epsilon, delta)-fair when every class gets its share within epsilon with probability at least
//! 1 - delta. Huang et al. hold each miner against a fixed share of resources; here it is classes against the work they did.
//! It stands on every page, and in `compare.csv` and `sweep.csv`.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::ids::ClassId;
use crate::base::ids::MinerId;
use crate::metrics::Amount;
use crate::metrics::Declared;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use crate::metrics::amount;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// Whether some class is paid further than epsilon from the target: 1 or 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-since" = "0.2.0"))]
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
    const NAME: &'static str = "some_class_deviates";
    const ABOUT: &'static str = "Whether some class is paid further than epsilon from the target: 1 or 0; its mean is delta of robust fairness.";
    const SOURCE: &'static str = "Huang, Tang, Cheng, Lim, Karame 2021, Do the Rich Get Richer?, SIGMOD, robust fairness; over classes: ours";
    const EXAMPLE: &'static str =
        "[some_class_deviates]\ntarget = \"useful_work\"\nepsilon = 0.1\n";

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
        let (target, epsilon) = (self.target.name(), self.epsilon);
        Declared {
            label: format!("some_class_deviates_above_{epsilon}_from_{target}"),
            unit: "1",
            range: Some((0.0, 1.0)),
            printed_for: &[Grouping::Whole],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let paid = amount::total(Amount::Pay, facts, chosen);
        let fair = amount::total(self.target, facts, chosen);
        if paid == 0 {
            return Measured::Undefined(Amount::Pay.none());
        }
        if fair == 0 {
            return Measured::Undefined(self.target.none());
        }
        let mut classes: BTreeMap<ClassId, Vec<MinerId>> = BTreeMap::new();
        for miner in chosen {
            classes.entry(facts.miners[miner.index()].class).or_default().push(*miner);
        }
        let deviates = |members: &Vec<MinerId>| {
            let pay = amount::ratio(amount::total(Amount::Pay, facts, members), paid);
            let just = amount::ratio(amount::total(self.target, facts, members), fair);
            match (pay.unwrap_or_default(), just.unwrap_or_default()) {
                (pay, just) if just > 0.0 => (pay / just - 1.0).abs() > self.epsilon,
                (pay, _) => pay > 0.0,
            }
        };
        Measured::of(f64::from(classes.values().any(deviates)))
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

    /// Of miners with (class, pay, work).
    fn of(miners: &[(u16, u64, u64)]) -> Measured {
        let mut facts = sample::of_pay(&miners.iter().map(|m| (m.0, m.1)).collect::<Vec<_>>());
        for (facts, own) in facts.miners.iter_mut().zip(miners) {
            facts.useful_steps = own.2;
        }
        Spec::default().measure(&facts, &facts.all())
    }

    #[test]
    fn one_class_far_off_is_enough() {
        // Half of the work each; .54 and .46 of the pay are within a tenth of it, .56 and .44 are not.
        assert_eq!(of(&[(0, 54, 1), (1, 46, 1)]), Measured::Value(0.0));
        assert_eq!(of(&[(0, 56, 1), (1, 44, 1)]), Measured::Value(1.0));
    }

    #[test]
    fn miners_of_a_class_share_as_they_like() {
        assert_eq!(of(&[(0, 9, 1), (0, 1, 9), (1, 10, 10)]), Measured::Value(0.0));
    }

    #[test]
    fn a_class_paid_for_nothing_deviates_and_one_with_neither_does_not() {
        assert_eq!(of(&[(0, 1, 0), (1, 99, 9)]), Measured::Value(1.0));
        assert_eq!(of(&[(0, 0, 0), (1, 99, 9)]), Measured::Value(0.0));
    }

    #[test]
    fn there_is_no_value_without_pay_or_target() {
        assert_eq!(of(&[(0, 0, 1)]), Measured::Undefined("no pay"));
        assert_eq!(of(&[(0, 1, 0)]), Measured::Undefined("no useful work"));
        assert_eq!(of(&[]), Measured::Undefined("no pay"));
    }

    #[test]
    fn a_negative_or_endless_epsilon_is_refused() {
        for epsilon in [-0.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Spec { epsilon, ..Spec::default() }.check().len(), 1);
        }
    }
}
