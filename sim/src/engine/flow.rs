//! The life of a job: asked, routed, answered, queued, worked on, called back.

use crate::base::ids::MinerId;
use crate::base::units::SimTime;
use crate::engine::event::Class;
use crate::engine::jobs::Slot;
use crate::engine::servers::Working;
use crate::engine::world::World;
use crate::observe::Observer;
use crate::subnet::orchestrator::Carried;
use crate::work::AckPlan;
use crate::work::AnswerPlan;
use crate::work::Before;
use crate::work::Image;
use crate::work::JobRecord;
use crate::work::Reply;
use crate::work::Source;
use crate::work::WorkPlan;

impl World<'_, '_> {
    /// A client asks: a miner is chosen and the request sent.
    #[inline]
    pub(super) fn ask(&mut self) {
        let slot = self.servers.reserve();
        let request = &mut self.servers.job(slot).record.job;
        self.demand.ask(request);
        let now = request.created;
        let sent = self.orchestrator.dispatch(request);
        self.observers.requested(request, sent.map(|(miner, _)| miner));
        if let Some(sent) = sent {
            self.send(slot, now, sent);
        } else {
            self.demand.refused(request);
            self.servers.give_back(slot);
        }
    }

    /// A request is on its way to its miner, whose answer is waited for until `limit`.
    #[inline]
    fn send(&mut self, slot: Slot, now: SimTime, (miner, limit): (MinerId, SimTime)) {
        let received = self.servers.receive(slot, (miner, limit), self.epoch);
        if received.is_answered {
            self.answer(slot, now);
        }
        if received.arrives {
            self.arrive(slot, now);
        }
    }

    /// The earliest event of `miner` happens.
    #[inline]
    pub(super) fn miner_event(&mut self, miner: usize) {
        let event = self.servers.next(miner);
        let (slot, now) = (event.slot, event.at);
        match event.what {
            Class::Answer => self.answer(slot, now),
            Class::Arrival => self.arrive(slot, now),
            Class::Done => self.done(slot, now),
            Class::Callback => self.call_back(slot, now),
            class => unreachable!("no miner waits for {class:?}"),
        }
    }

    /// The miner's answer to the request is recorded, or the orchestrator stops waiting for it.
    fn answer(&mut self, slot: Slot, now: SimTime) {
        let open = self.servers.job(slot);
        if open.answered {
            return;
        }
        open.answered = true;
        let client = open.record.job.client;
        let refusal = match open.plan.ack {
            AckPlan::Refuse(status) => Some(status),
            AckPlan::Now | AckPlan::After(_) | AckPlan::AfterCallback(_) | AckPlan::Never => None,
        };
        let before = Before::of(&open.record);
        let late = open.called_back;
        let has_failed = self.orchestrator.answered(&mut open.record, now, refusal, late);
        open.dispatched = (!has_failed).then_some(now);
        if open.awaited == 0 {
            self.orchestrator.closed(&open.record, now);
        }
        if has_failed {
            self.observers.status_changed(&open.record, before);
        } else if late {
            self.observers.answered_late(&open.record);
        }
        self.demand.answered(client, now);
    }

    /// The request joins the miner's queue.
    #[inline]
    fn arrive(&mut self, slot: Slot, now: SimTime) {
        let working = self.servers.arrive(slot, now);
        self.works(working, now);
    }

    /// Slots that are free at a change of the schedule take what waits.
    pub(super) fn take_waiting(&mut self, miner: MinerId, now: SimTime) {
        while let Some(working) = self.servers.begin_waiting(miner, now) {
            self.works(Some(working), now);
        }
    }

    /// The work is done and its slot free.
    #[inline]
    fn done(&mut self, slot: Slot, now: SimTime) {
        let finished = self.servers.finish(slot, now);
        self.works(finished.next, now);
        self.orchestrator.served(finished.miner, finished.service);
        if finished.calls_back {
            self.call_back(slot, now);
        }
    }

    /// A slot has taken a piece of work, if it has.
    #[inline]
    fn works(&mut self, working: Option<Working>, now: SimTime) {
        if let Some((miner, took)) = working {
            self.observers.worked(miner, now, took);
        }
    }

    /// The miner calls back.
    #[inline]
    fn call_back(&mut self, slot: Slot, now: SimTime) {
        let open = self.servers.job(slot);
        let AnswerPlan::Reply { what, .. } = open.plan.answer else { return };
        let image = open.image;
        let before = Before::of(&open.record);
        open.called_back = true;
        tell_truth(&mut open.record, open.plan.work, (what, image), now);
        let carried = Carried::of(what, image.map(|i| i.size_bytes));
        let was_failed = open.answered && open.dispatched.is_none();
        let at = (now, open.dispatched);
        self.orchestrator.called_back(&mut open.record, at, carried, was_failed);
        if open.awaited == 0 {
            self.orchestrator.closed(&open.record, now);
        }
        self.observers.status_changed(&open.record, before);
        if self.orchestrator.audits() {
            let banned = self.orchestrator.consider_audit(&open.record, now);
            self.clocks_changed = true;
            self.banned(banned, now);
        }
    }
}

/// What the mechanism does not see of a callback: whether the work was useful, and what was sent.
#[inline]
fn tell_truth(
    record: &mut JobRecord,
    plan: WorkPlan,
    (what, image): (Reply, Option<Image>),
    now: SimTime,
) {
    let request = &record.job;
    let is_own = matches!(what, Reply::Image)
        && plan.source == Source::Computed
        && plan.seed == request.seed
        && plan.steps >= request.steps
        && image.is_some();
    let is_in_time = now.since(request.created) <= request.time_limit;
    record.truth.useful_steps = if is_own && is_in_time { request.steps } else { 0 };
    record.truth.image_id = match what {
        Reply::Image => image.map(|i| i.id),
        Reply::NoImage | Reply::Bytes(_) | Reply::Truncated | Reply::Error => None,
    };
}
