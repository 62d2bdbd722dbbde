//! The accumulator of the whole window and, where a property asks epoch by epoch, one for each epoch that is not settled yet.
//!
//! An epoch's facts are settled when the next epoch has ended: its requests with all that became of them by then. A tally
//! is opened an epoch ahead, because a request at the very instant of an epoch's end belongs to the next. So at most three
//! are open at a time, however long the run.

use crate::base::ids::MinerId;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::metrics::RunSummary;
use crate::observe::Observer;
use crate::observe::accumulator::Accumulator;
use crate::scenario::Scenario;
use crate::work::Before;
use crate::work::EpochRecord;
use crate::work::JobRecord;
use crate::work::Request;
use std::collections::VecDeque;

/// Epochs whose facts may be open at once: the one that runs, the one before it and the one after.
const OPEN_MAX: usize = 3;

/// All windows of one replication.
#[derive(Debug)]
pub(super) struct Windows {
    whole: Accumulator,
    /// The epochs not yet settled, the earliest first; none where nobody asks.
    epochs: Option<VecDeque<Accumulator>>,
    /// The first epoch whose tally has not been opened.
    next: u32,
}

impl Windows {
    /// Counts from the end of warm-up to the end of the run; epochs too when `by_epoch`.
    pub(super) fn new(scenario: &Scenario, by_epoch: bool) -> Self {
        let (chain, run) = (&scenario.chain, &scenario.run);
        let closes = chain.epoch_time(run.epochs - 1);
        let opens = match run.warm_up_epochs {
            0 => SimTime(0),
            warm_up => chain.epoch_time(warm_up - 1),
        };
        let mut tallies = Self {
            whole: Accumulator::new(scenario, (opens, closes), SimTime(0)),
            epochs: by_epoch.then(VecDeque::new),
            next: run.warm_up_epochs,
        };
        tallies.open(scenario, 0);
        tallies
    }

    /// Opens every tally that is due while epoch `running` runs.
    fn open(&mut self, scenario: &Scenario, running: u32) {
        let Some(epochs) = &mut self.epochs else { return };
        let (chain, run) = (&scenario.chain, &scenario.run);
        while self.next <= running + 1 && self.next < run.epochs {
            let before = self.next.checked_sub(1);
            let opens = before.map_or(SimTime(0), |before| chain.epoch_time(before));
            let window = (opens, chain.epoch_time(self.next));
            epochs.push_back(Accumulator::new(scenario, window, opens));
            self.next += 1;
        }
    }

    #[inline]
    fn each(&mut self, mut count: impl FnMut(&mut Accumulator)) {
        count(&mut self.whole);
        if let Some(epochs) = &mut self.epochs {
            epochs.iter_mut().for_each(count);
        }
    }

    /// Another stretch of the scenario begins.
    pub(super) fn change(&mut self, next: &Scenario, now: SimTime) {
        self.each(|tally| tally.change(next, now));
    }

    /// An epoch ended; `weight_share` is the last weight share of every miner. Gives the facts of the epoch before it,
    /// which is settled now.
    pub(super) fn epoch(
        &mut self,
        record: &EpochRecord,
        weight_share: &[f64],
        scenario: &Scenario,
    ) -> Option<RunSummary> {
        self.each(|tally| tally.epoch(record, weight_share));
        self.open(scenario, record.number + 1);
        let epochs = self.epochs.as_mut()?;
        (epochs.len() > OPEN_MAX).then(|| epochs.pop_front().expect("there are some").finish())
    }

    /// The run has ended and this job is still open; it will never be answered where it `is_lost`. The ages of open jobs are
    /// those of the whole window: an epoch closed before.
    pub(super) fn still_open(&mut self, record: &JobRecord, is_lost: bool) {
        self.whole.still_open(record, is_lost);
    }

    /// The facts of the whole window, and of the epochs still open, when the run has ended.
    pub(super) fn finish(self) -> (RunSummary, Vec<RunSummary>) {
        let epochs = self.epochs.unwrap_or_default();
        let mut whole = self.whole.finish();
        whole.open_ages.get_or_insert_default();
        (whole, epochs.into_iter().map(Accumulator::finish).collect())
    }
}

impl Observer for Windows {
    #[inline]
    fn requested(&mut self, request: &Request, miner: Option<MinerId>) {
        self.each(|window| window.requested(request, miner));
    }

    #[inline]
    fn worked(&mut self, miner: MinerId, from: SimTime, took: SimSpan) {
        self.each(|window| window.busy(miner, from, took));
    }

    #[inline]
    fn status_changed(&mut self, record: &JobRecord, before: Before) {
        self.each(|window| window.changed(record, before));
    }

    #[inline]
    fn useful(&mut self, record: &JobRecord) {
        self.each(|window| window.useful(record));
    }
}
