//! Part of the chosen miners' slots that were at work.
//!
//! `sum_{i chosen} busy_i / sum_{i chosen} slots_i active_i`

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::metrics::Declared;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Part of the slots that were at work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "utilisation";
    const ABOUT: &'static str = "Part of the slots that were at work.";
    const SOURCE: &'static str = "ours: the load of queueing theory, measured";
    const EXAMPLE: &'static str = "[utilisation]\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: "utilisation".to_string(),
            unit: "1",
            range: Some((0.0, 1.0)),
            printed_for: &[Grouping::Whole, Grouping::Class, Grouping::Operator],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let (mut busy, mut slots) = (0.0, 0.0);
        for miner in facts.active(chosen) {
            busy += miner.busy.seconds();
            slots += miner.active.seconds() * f64::from(miner.slots);
        }
        if slots > 0.0 {
            Measured::within((0.0, 1.0), busy / slots)
        } else {
            Measured::Undefined("no miner took part")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::units::SimSpan;
    use crate::metrics::facts::sample;

    fn facts() -> RunSummary {
        let mut facts = sample::of_pay(&[(0, 0), (0, 0)]);
        facts.miners[0].busy = SimSpan::from_seconds(1800.0);
        facts.miners[1].slots = 3;
        facts
    }

    #[test]
    fn slots_count_each() {
        let facts = facts();
        assert_eq!(Spec {}.measure(&facts, &[MinerId(0)]), Measured::Value(0.5));
        assert_eq!(Spec {}.measure(&facts, &facts.all()), Measured::Value(0.125));
    }

    #[test]
    fn without_miners_there_is_no_value() {
        let found = Spec {}.measure(&facts(), &[]);
        assert_eq!(found, Measured::Undefined("no miner took part"));
    }

    #[test]
    #[should_panic(expected = "contradict")]
    fn more_work_than_slots_is_a_bug() {
        let mut facts = facts();
        facts.miners[0].busy = SimSpan::from_seconds(3700.0);
        Spec {}.measure(&facts, &[MinerId(0)]);
    }
}
