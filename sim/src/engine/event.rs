//! What can happen, in the order in which it happens at one instant.

/// A class of events; of two at the same instant the smaller comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// The orchestrator gets a miner's answer to a request, or stops waiting for it.
    Answer,
    /// A request joins its miner's queue.
    Arrival,
    /// A miner's work is done: a worker slot is free again.
    Done,
    /// A result that was held back is sent.
    Callback,
    /// A client asks for a job.
    Request,
    /// The trusted miner has repeated an audited request.
    AuditVerdict,
    /// All miners' health is checked.
    HealthCheck,
    /// Scores are run: at the last nanosecond of a millisecond, since a run reads all that is stored in it.
    ScoreRun,
    /// A validator acts: it may send weights.
    ValidatorStep,
    /// The chain runs an epoch and pays.
    Epoch,
    /// Another stretch of the schedule begins.
    Change,
}

impl Class {
    /// Its number in the event queue's keys.
    ///
    /// # Panics
    /// When no miner waits for it.
    #[inline]
    pub(super) fn number(self) -> u64 {
        match self {
            Self::Answer => 0,
            Self::Arrival => 1,
            Self::Done => 2,
            Self::Callback => 3,
            _ => unreachable!("no miner waits for {self:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_at_an_instant_is_that_of_the_list() {
        let order = [
            Class::Answer,
            Class::Arrival,
            Class::Done,
            Class::Callback,
            Class::Request,
            Class::AuditVerdict,
            Class::HealthCheck,
            Class::ScoreRun,
            Class::ValidatorStep,
            Class::Epoch,
            Class::Change,
        ];
        assert!(order.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn keys_sort_the_classes_of_miners_as_the_list_does() {
        let of_miners = [Class::Answer, Class::Arrival, Class::Done, Class::Callback];
        assert!(of_miners.is_sorted());
        assert_eq!(of_miners.map(Class::number), [0, 1, 2, 3]);
    }
}
