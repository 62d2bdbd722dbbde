//! The tally of the whole window and, where a property asks epoch by epoch, one for each epoch that is not settled yet.
//!
//! An epoch's facts are settled when the next epoch has ended: its requests with all that became of them by then. So at
//! most two are open at a time, however long the run.

use crate::engine::tally::Before;
use crate::engine::tally::Tally;
use crate::ids::MinerId;
use crate::metrics::Facts;
use crate::record::EpochRecord;
use crate::record::Job;
use crate::record::JobRecord;
use crate::scenario::Resolved;
use crate::units::Nanos;
use crate::units::Span;
use std::collections::VecDeque;

/// Epochs whose facts may be open at once: the one that runs, and the one before it.
const OPEN_MAX: usize = 2;

/// All tallies of one replication.
#[derive(Debug)]
pub(super) struct Tallies {
    whole: Tally,
    /// The epochs not yet settled, the earliest first; none where nobody asks.
    epochs: Option<VecDeque<Tally>>,
    opens: Nanos,
}

impl Tallies {
    /// Counts from the end of warm-up to the end of the run; epochs too when `by_epoch`.
    pub(super) fn new(scenario: &Resolved, by_epoch: bool) -> Self {
        let (chain, run) = (&scenario.file.chain, &scenario.file.run);
        let closes = chain.epoch_time(run.epochs - 1);
        let opens = match run.warm_up_epochs {
            0 => Nanos(0),
            warm_up => chain.epoch_time(warm_up - 1),
        };
        let mut tallies =
            Self { whole: Tally::new(scenario, (opens, closes), Nanos(0)), epochs: None, opens };
        if by_epoch {
            tallies.epochs = Some(VecDeque::new());
            if run.warm_up_epochs == 0 {
                tallies.open(scenario, 0);
            }
        }
        tallies
    }

    /// Opens the tally of epoch `number`.
    fn open(&mut self, scenario: &Resolved, number: u32) {
        let Some(epochs) = &mut self.epochs else { return };
        let chain = &scenario.file.chain;
        let opens = number.checked_sub(1).map_or(Nanos(0), |before| chain.epoch_time(before));
        epochs.push_back(Tally::new(scenario, (opens, chain.epoch_time(number)), opens));
    }

    #[inline]
    fn each(&mut self, mut count: impl FnMut(&mut Tally)) {
        count(&mut self.whole);
        if let Some(epochs) = &mut self.epochs {
            epochs.iter_mut().for_each(count);
        }
    }

    /// Another stretch of the scenario begins.
    pub(super) fn change(&mut self, next: &Resolved, now: Nanos) {
        self.each(|tally| tally.change(next, now));
    }

    /// A client found no miner.
    pub(super) fn unrouted(&mut self, job: &Job) {
        self.each(|tally| tally.unrouted(job));
    }

    /// A job was sent to a miner.
    #[inline]
    pub(super) fn requested(&mut self, miner: MinerId, job: &Job) {
        self.each(|tally| tally.requested(miner, job));
    }

    /// A job's stored status changed from `before`.
    #[inline]
    pub(super) fn changed(&mut self, record: &JobRecord, before: Before) {
        self.each(|tally| tally.changed(record, before));
    }

    /// A job turned out to be useful work.
    #[inline]
    pub(super) fn useful(&mut self, record: &JobRecord) {
        self.each(|tally| tally.useful(record));
    }

    /// A miner worked from `from` for `took`.
    #[inline]
    pub(super) fn busy(&mut self, miner: MinerId, from: Nanos, took: Span) {
        self.each(|tally| tally.busy(miner, from, took));
    }

    /// An epoch ended; `weight_share` is the last weight share of every miner. Gives the facts of the epoch before it,
    /// which is settled now.
    pub(super) fn epoch(
        &mut self,
        record: &EpochRecord,
        weight_share: &[f64],
        scenario: &Resolved,
    ) -> Option<Facts> {
        self.each(|tally| tally.epoch(record, weight_share));
        let next = record.number + 1;
        if record.at >= self.opens && next < scenario.file.run.epochs {
            self.open(scenario, next);
        }
        let epochs = self.epochs.as_mut()?;
        (epochs.len() > OPEN_MAX).then(|| epochs.pop_front().expect("there are some").finish())
    }

    /// The facts of the whole window, and of the epochs still open, when the run has ended.
    pub(super) fn finish(self) -> (Facts, Vec<Facts>) {
        let epochs = self.epochs.unwrap_or_default();
        (self.whole.finish(), epochs.into_iter().map(Tally::finish).collect())
    }
}
