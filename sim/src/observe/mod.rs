//! Eyes on a run: what happens is told once, to every observer, through one trait.
//!
//! The simulator's own observers are one concrete type, [`Observers`]: digest, window, course, invariants. One more can
//! be added from outside.

mod accumulator;
mod series;
mod windows;

pub(crate) use series::SeriesRow;
pub(crate) use series::TimeSeries;

use crate::base::ids::MinerId;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::metrics::RunSummary;
use crate::observe::windows::Windows;
use crate::property::InvariantObserver;
use crate::property::Mechanism;
use crate::scenario::Scenario;
use crate::work::Before;
use crate::work::EpochRecord;
use crate::work::Flags;
use crate::work::JobRecord;
use crate::work::Request;
use crate::work::digest::Digest;
use crate::work::digest::Digester;

/// Sees a run as it happens; what it does not care for it leaves out. A run on real hardware is seen by the same eyes.
pub trait Observer {
    /// A client has asked; no miner means that nobody could be found.
    fn requested(&mut self, _request: &Request, _miner: Option<MinerId>) {}

    /// A miner works from `from` on for `took`.
    fn worked(&mut self, _miner: MinerId, _from: SimTime, _took: SimSpan) {}

    /// What is stored about a job has just changed.
    fn status_changed(&mut self, record: &JobRecord, _before: Before) {
        self.job(record);
    }

    /// A job has turned out to be useful work: computed in full and answered with its own image in time.
    fn useful(&mut self, _record: &JobRecord) {}

    /// A job that was called back before its miner answered the request: the answer has just been recorded, and nothing
    /// else of it has changed. It enters no digest and no judgement, but an export carries it.
    fn answered_late(&mut self, _record: &JobRecord) {}

    /// The run has ended and this job is still pending.
    fn still_open(&mut self, record: &JobRecord) {
        self.job(record);
    }

    /// A job as it stands, after a change of what is stored about it or at the end of the run.
    fn job(&mut self, _record: &JobRecord) {}

    /// What the orchestrator holds of a miner besides its score has changed.
    fn flags_changed(&mut self, _at: SimTime, _miner: MinerId, _flags: Flags) {}

    /// Another stretch of the scenario's schedule has begun.
    fn stretch_began(&mut self, _at: SimTime) {}

    /// An epoch has ended; by miner, its share of the weight that was in force.
    fn epoch_ended(&mut self, _record: &EpochRecord, _weight_shares: &[f64]) {}

    /// Whether requests, work and jobs are of use; telling every one of them costs time.
    fn wants_jobs(&self) -> bool {
        true
    }

    /// Whether [`Observer::epoch_settled`] is of use; making its numbers costs time.
    fn wants_epochs(&self) -> bool {
        false
    }

    /// What metrics read of one epoch after warm-up, in the order of epochs: its requests, with all that became of them
    /// by the end of the next epoch, and its pay.
    fn epoch_settled(&mut self, _epoch: &RunSummary) {}
}

/// An observer that sees nothing: what a run leaves behind is enough.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Nobody;

impl Observer for Nobody {
    fn wants_jobs(&self) -> bool {
        false
    }
}

/// All that watch one replication.
pub(crate) struct Observers<'o> {
    digester: Digester,
    windows: Windows,
    series: TimeSeries,
    watch: Option<InvariantObserver>,
    other: &'o mut dyn Observer,
    /// Whether the other is told of jobs.
    other_sees_jobs: bool,
    /// Jobs whose stored status was overwritten by a later callback.
    overwritten: u64,
}

/// What they have seen.
pub(crate) struct Observed {
    /// Fingerprint of the replication's jobs and pay.
    pub(crate) digest: Digest,
    /// The facts that metrics read.
    pub(crate) facts: RunSummary,
    /// A thinned row of epochs.
    pub(crate) series: TimeSeries,
    /// Jobs whose stored status was overwritten by a later callback.
    pub(crate) overwritten: u64,
    /// The eyes of the invariants, to be asked when all is known.
    pub(crate) watch: Option<InvariantObserver>,
}

impl<'o> Observers<'o> {
    /// Those that watch a run of `scenario`, `other` among them; the invariants where `watches`.
    pub(crate) fn new(scenario: &Scenario, watches: bool, other: &'o mut dyn Observer) -> Self {
        Self {
            digester: Digester::default(),
            windows: Windows::new(scenario, other.wants_epochs()),
            series: TimeSeries::new(scenario, scenario.run.epochs),
            watch: watches.then(InvariantObserver::default),
            other_sees_jobs: other.wants_jobs(),
            other,
            overwritten: 0,
        }
    }

    /// Another stretch of the schedule begins.
    pub(crate) fn change(&mut self, next: &Scenario, now: SimTime) {
        self.windows.change(next, now);
        self.other.stretch_began(now);
    }

    /// What decided the weights and the pay of an epoch that has just ended.
    pub(crate) fn mechanism(&mut self, seen: &Mechanism<'_>) {
        if let Some(watch) = &mut self.watch {
            watch.mechanism(seen);
        }
    }

    /// Whether anybody judges what decided an epoch.
    pub(crate) fn judges_mechanism(&self) -> bool {
        self.watch.is_some()
    }

    /// An epoch has ended and all its watchers have seen it: those that sum it up are told.
    pub(crate) fn settle_epoch(
        &mut self,
        record: &EpochRecord,
        weight_shares: &[f64],
        scenario: &Scenario,
    ) {
        if let Some(settled) = self.windows.epoch(record, weight_shares, scenario) {
            self.other.epoch_settled(&settled);
        }
        self.series.push(record);
    }

    /// The run has ended and this job is still pending; nothing will ever come of it where it `is_lost`.
    pub(crate) fn open_at_end(&mut self, record: &JobRecord, is_lost: bool) {
        self.windows.still_open(record, is_lost);
        self.still_open(record);
    }

    /// The run has ended.
    pub(crate) fn finish(self) -> Observed {
        let (facts, open) = self.windows.finish();
        for facts in &open {
            self.other.epoch_settled(facts);
        }
        Observed {
            digest: self.digester.finish(),
            facts,
            series: self.series,
            overwritten: self.overwritten,
            watch: self.watch,
        }
    }
}

impl Observer for Observers<'_> {
    #[inline]
    fn requested(&mut self, request: &Request, miner: Option<MinerId>) {
        self.windows.requested(request, miner);
        self.series.requested(request, miner);
        if self.other_sees_jobs {
            self.other.requested(request, miner);
        }
    }

    #[inline]
    fn worked(&mut self, miner: MinerId, from: SimTime, took: SimSpan) {
        self.windows.worked(miner, from, took);
        if self.other_sees_jobs {
            self.other.worked(miner, from, took);
        }
    }

    #[inline]
    fn status_changed(&mut self, record: &JobRecord, before: Before) {
        self.overwritten += u64::from(record.overwritten > before.overwritten);
        self.windows.status_changed(record, before);
        self.series.status_changed(record, before);
        self.digester.job(record);
        if let Some(watch) = &mut self.watch {
            watch.job(record);
        }
        if self.other_sees_jobs {
            self.other.status_changed(record, before);
        }
        if record.truth.useful_steps > 0 && !before.is_useful {
            self.useful(record);
        }
    }

    #[inline]
    fn useful(&mut self, record: &JobRecord) {
        self.windows.useful(record);
        self.series.useful(record);
        if self.other_sees_jobs {
            self.other.useful(record);
        }
    }

    fn answered_late(&mut self, record: &JobRecord) {
        if self.other_sees_jobs {
            self.other.answered_late(record);
        }
    }

    fn still_open(&mut self, record: &JobRecord) {
        self.digester.job(record);
        if let Some(watch) = &mut self.watch {
            watch.job(record);
        }
        if self.other_sees_jobs {
            self.other.still_open(record);
        }
    }

    fn flags_changed(&mut self, at: SimTime, miner: MinerId, flags: Flags) {
        self.other.flags_changed(at, miner, flags);
    }

    fn epoch_ended(&mut self, record: &EpochRecord, weight_shares: &[f64]) {
        self.digester.epoch(record);
        if let Some(watch) = &mut self.watch {
            watch.epoch(record);
        }
        self.other.epoch_ended(record, weight_shares);
    }
}
