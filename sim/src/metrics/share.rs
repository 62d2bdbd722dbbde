//! Part of an amount of all miners that the chosen miners have.
//!
//! `sum_{i chosen} x_i / sum_{all} x_i`. Of pay it is the pay share.

use crate::base::family::Doc;
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

/// Part of an amount of all miners that the chosen miners have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Spec {
    /// The amount of which the share is taken.
    of: Amount,
}

impl Doc for Spec {
    const NAME: &'static str = "share";
    const ABOUT: &'static str = "Part of an amount of all miners that the chosen miners have.";
    const SOURCE: &'static str = "ours: requests, work or stake as pay share is of pay";
    const EXAMPLE: &'static str = "[share]\nof = \"requests\"\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: format!("share_of_{}", self.of.name()),
            unit: "1",
            range: Some((0.0, 1.0)),
            printed_for: &[Grouping::Class, Grouping::Operator],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let whole = amount::total(self.of, facts, &facts.all());
        let part = amount::ratio(amount::total(self.of, facts, chosen), whole);
        part.map_or(Measured::Undefined(self.of.none()), |part| Measured::within((0.0, 1.0), part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    #[test]
    fn a_class_has_its_part_of_all_requests() {
        let mut facts = sample::of_pay(&[(0, 1), (1, 2), (1, 5)]);
        for (miner, requests) in facts.miners.iter_mut().zip([3, 4, 5]) {
            miner.requests = requests;
        }
        let share = Spec { of: Amount::Requests };
        assert_eq!(share.measure(&facts, &[MinerId(0)]), Measured::Value(0.25));
        assert_eq!(share.measure(&facts, &facts.all()), Measured::Value(1.0));
        let pay = Spec { of: Amount::Pay };
        assert_eq!(pay.measure(&facts, &[MinerId(0)]), Measured::Value(0.125));
    }

    #[test]
    fn there_is_no_share_of_nothing() {
        let facts = sample::of_pay(&[(0, 0), (1, 0)]);
        let share = Spec { of: Amount::Requests };
        assert_eq!(share.measure(&facts, &facts.all()), Measured::Undefined("no requests"));
    }
}
