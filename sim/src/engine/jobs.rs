//! Jobs in flight: a slab of reused places, so that a job is written once and never copied.

use crate::base::ids::MinerId;
use crate::base::units::SimTime;
use crate::work::AnswerPlan;
use crate::work::Image;
use crate::work::JobRecord;
use crate::work::ObservedJob;
use crate::work::Plan;
use crate::work::Status;
use crate::work::TrueJob;

/// Place of a job in flight.
pub(super) type Slot = u32;

/// A job in flight.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenJob {
    /// What is asked, stored and true.
    pub(super) record: JobRecord,
    /// What the operator decided.
    pub(super) plan: Plan,
    /// The image that its work gave, once it has given one.
    pub(super) image: Option<Image>,
    /// When the orchestrator recorded the miner's answer.
    pub(super) dispatched: Option<SimTime>,
    /// Whether the orchestrator has stopped waiting for the miner's answer.
    pub(super) answered: bool,
    /// Whether the miner has called back.
    pub(super) called_back: bool,
    /// Whether the place is taken.
    is_live: bool,
    /// Events still to come that name this job; waiting in a queue counts as one.
    pub(super) awaited: u8,
}

/// All jobs in flight.
#[derive(Clone, Debug, Default)]
pub(super) struct Jobs {
    slots: Vec<OpenJob>,
    free: Vec<Slot>,
}

impl Jobs {
    /// A place for a job that is being made.
    #[inline]
    pub(super) fn reserve(&mut self) -> Slot {
        self.free.pop().unwrap_or_else(|| self.grow())
    }

    /// Gives a reserved place back: its request found no miner.
    pub(super) fn give_back(&mut self, slot: Slot) {
        self.free.push(slot);
    }

    /// Opens the job whose request stands at `slot` and has been sent to `miner`.
    #[inline]
    pub(super) fn open(&mut self, slot: Slot, miner: MinerId, plan: Plan) {
        let job = &mut self.slots[index(slot)];
        job.record.miner = miner;
        job.record.stored = ObservedJob::default();
        job.record.truth = TrueJob::default();
        job.record.overwritten = 0;
        job.plan = plan;
        job.image = None;
        job.dispatched = None;
        job.answered = false;
        job.called_back = false;
        job.is_live = true;
        job.awaited = 0;
    }

    /// Makes one place more for jobs.
    #[cold]
    fn grow(&mut self) -> Slot {
        let record = JobRecord::default();
        self.slots.push(OpenJob {
            plan: Plan::honest(&record.job),
            record,
            image: None,
            dispatched: None,
            answered: false,
            called_back: false,
            is_live: false,
            awaited: 0,
        });
        Slot::try_from(self.slots.len() - 1).expect("fewer than 2^32 jobs in flight")
    }

    /// The job at `slot`.
    #[inline]
    pub(super) fn get(&mut self, slot: Slot) -> &mut OpenJob {
        &mut self.slots[index(slot)]
    }

    /// Forgets the job when nothing about it is still to come; a job never called back is kept to the end.
    #[inline]
    pub(super) fn close_when_done(&mut self, slot: Slot) {
        let job = &mut self.slots[index(slot)];
        if job.awaited == 0 && (job.called_back || job.record.stored.status != Status::Pending) {
            job.is_live = false;
            self.free.push(slot);
        }
    }

    /// Jobs still pending, in order of number, and whether nothing will ever come of them.
    pub(super) fn still_open(&self) -> Vec<(&JobRecord, bool)> {
        let live = self.slots.iter().filter(|job| job.is_live);
        let is_lost = |job: &OpenJob| job.awaited == 0 || job.plan.answer == AnswerPlan::Silent;
        let records = live.map(|job| (&job.record, is_lost(job)));
        // A job that waits only for its late answer has been told when it was called back.
        let mut open: Vec<_> =
            records.filter(|(record, _)| record.stored.status == Status::Pending).collect();
        open.sort_by_key(|(record, _)| record.job.number);
        open
    }
}

fn index(slot: Slot) -> usize {
    usize::try_from(slot).expect("a usize has 32 bits or more")
}
