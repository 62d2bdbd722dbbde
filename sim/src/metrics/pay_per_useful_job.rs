//! Pay of the chosen miners for each useful job they delivered: what the subnet pays for an image.
//!
//! `sum_{i chosen} pay_i / sum_{i chosen} useful jobs_i` [alpha per job]. Pay of those who delivered nothing is in it.

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::base::math;
use crate::base::units::Rao;
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

/// Pay of the chosen miners for each useful job they delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "pay_per_useful_job";
    const ABOUT: &'static str = "Pay of the chosen miners for each useful job they delivered.";
    const SOURCE: &'static str = "ours: the price of an image";
    const EXAMPLE: &'static str = "[pay_per_useful_job]\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: "pay_per_useful_job".to_string(),
            unit: "alpha/job",
            range: None,
            printed_for: &[Grouping::Whole, Grouping::Class, Grouping::Operator],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let jobs = amount::sum(chosen.iter().map(|miner| facts.miners[miner.index()].useful_jobs));
        if jobs == 0 {
            return Measured::Undefined("no useful job");
        }
        let pay = Rao(amount::total(Amount::Pay, facts, chosen));
        Measured::of(pay.tokens() / math::float(jobs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    #[test]
    fn all_pay_is_divided_by_all_useful_jobs() {
        let mut facts = sample::of_pay(&[(0, 3_000_000_000), (0, 5_000_000_000)]);
        facts.miners[0].useful_jobs = 16;
        assert_eq!(Spec {}.measure(&facts, &facts.all()), Measured::Value(0.5));
    }

    #[test]
    fn work_without_pay_costs_nothing_and_pay_without_work_has_no_price() {
        let mut facts = sample::of_pay(&[(0, 0), (0, 5)]);
        facts.miners[0].useful_jobs = 1;
        assert_eq!(Spec {}.measure(&facts, &[MinerId(0)]), Measured::Value(0.0));
        let found = Spec {}.measure(&facts, &[MinerId(1)]);
        assert_eq!(found, Measured::Undefined("no useful job"));
        assert_eq!(Spec {}.measure(&facts, &[]), Measured::Undefined("no useful job"));
    }
}
