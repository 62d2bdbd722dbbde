//! From epochs to one number per replication: epochs are dependent, so they are never counted as trials.

use crate::base::math;
use crate::metrics::Measured;
use crate::property::NumberEvent;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// How a replication becomes one number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reduce {
    /// The quantity is taken once, over the whole window after warm-up.
    #[default]
    Whole,
    /// Mean of the epochs after warm-up.
    Mean,
    /// Least of the epochs.
    Min,
    /// Greatest of the epochs.
    Max,
    /// The number of the last epoch.
    Last,
    /// Share of the epochs in which `epoch_event` happened.
    ShareOfEpochs,
}

impl Reduce {
    /// Whether the quantity is taken epoch by epoch.
    pub(crate) fn is_by_epoch(self) -> bool {
        self != Self::Whole
    }

    /// Range of the reduced number, from that of the quantity.
    pub(crate) fn range(self, of_metric: Option<(f64, f64)>) -> Option<(f64, f64)> {
        if self == Self::ShareOfEpochs { Some((0.0, 1.0)) } else { of_metric }
    }
}

/// Takes the quantity's value in each epoch after warm-up (or once, for the whole) and gives the replication's number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reducer {
    reduce: Reduce,
    event: Option<NumberEvent>,
    count: u64,
    value: f64,
    undefined: Option<&'static str>,
}

impl Reducer {
    /// Nothing seen yet. A share of epochs is that of `event`.
    pub(crate) fn new(reduce: Reduce, event: Option<NumberEvent>) -> Self {
        Self { reduce, event, count: 0, value: 0.0, undefined: None }
    }

    /// Takes in the value of the next epoch. One epoch without a value leaves the replication without a number: to skip it
    /// would be to choose the evidence.
    pub(crate) fn push(&mut self, measured: Measured) {
        let value = match measured {
            Measured::Value(value) => value,
            Measured::Undefined(reason) => {
                self.undefined = self.undefined.or(Some(reason));
                return;
            }
        };
        let is_first = self.count == 0;
        self.count += 1;
        self.value = match self.reduce {
            Reduce::Mean => self.value + value,
            Reduce::ShareOfEpochs => {
                self.value + f64::from(self.event.is_some_and(|event| event.happened(value)))
            }
            Reduce::Min if !is_first => self.value.min(value),
            Reduce::Max if !is_first => self.value.max(value),
            Reduce::Min | Reduce::Max | Reduce::Whole | Reduce::Last => value,
        };
    }

    /// The number that the replication gives to the claim.
    pub(crate) fn number(&self) -> Measured {
        if let Some(reason) = self.undefined {
            return Measured::Undefined(reason);
        }
        if self.count == 0 {
            return Measured::Undefined("no epoch after warm-up");
        }
        Measured::of(match self.reduce {
            Reduce::Mean | Reduce::ShareOfEpochs => self.value / math::float(self.count),
            Reduce::Min | Reduce::Max | Reduce::Whole | Reduce::Last => self.value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(reduce: Reduce, values: &[f64]) -> Measured {
        let mut reducer = Reducer::new(reduce, Some(NumberEvent::AtLeast(2.0)));
        for value in values {
            reducer.push(Measured::Value(*value));
        }
        reducer.number()
    }

    #[test]
    fn four_epochs_worked_by_hand() {
        let epochs = [3.0, -1.0, 4.0, 2.0];
        assert_eq!(of(Reduce::Mean, &epochs), Measured::Value(2.0));
        assert_eq!(of(Reduce::Min, &epochs), Measured::Value(-1.0));
        assert_eq!(of(Reduce::Max, &epochs), Measured::Value(4.0));
        assert_eq!(of(Reduce::Last, &epochs), Measured::Value(2.0));
        assert_eq!(of(Reduce::ShareOfEpochs, &epochs), Measured::Value(0.75));
        assert_eq!(of(Reduce::Max, &[-5.0]), Measured::Value(-5.0));
    }

    #[test]
    fn no_epoch_and_an_epoch_without_a_value_have_no_number() {
        assert_eq!(of(Reduce::Mean, &[]), Measured::Undefined("no epoch after warm-up"));
        let mut reducer = Reducer::new(Reduce::Mean, None);
        reducer.push(Measured::Value(1.0));
        reducer.push(Measured::Undefined("no pay"));
        reducer.push(Measured::Value(1.0));
        assert_eq!(reducer.number(), Measured::Undefined("no pay"));
    }

    #[test]
    fn a_share_of_epochs_has_a_range_whatever_the_metric() {
        assert_eq!(Reduce::ShareOfEpochs.range(None), Some((0.0, 1.0)));
        assert_eq!(Reduce::Mean.range(None), None);
        assert!(Reduce::Last.is_by_epoch() && !Reduce::Whole.is_by_epoch());
    }
}
