//! The life of a job: asked, routed, answered, queued, worked on, called back.

use crate::base::ids::MinerId;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::engine::event::Class;
use crate::engine::jobs::Slot;
use crate::engine::servers::Begun;
use crate::engine::servers::event;
use crate::engine::world::World;
use crate::observe::Observer;
use crate::subnet::orchestrator::Carried;
use crate::subnet::orchestrator::Orchestrator;
use crate::subnet::orchestrator::Store;
use crate::work::Accepted;
use crate::work::AckPlan;
use crate::work::AnswerPlan;
use crate::work::Before;
use crate::work::FailureReason;
use crate::work::Image;
use crate::work::ImageWork;
use crate::work::JobRecord;
use crate::work::Output;
use crate::work::Plan;
use crate::work::Reply;
use crate::work::Request;
use crate::work::Source;
use crate::work::Work;
use crate::work::WorkPlan;

impl World<'_, '_> {
    /// A client asks: a miner is chosen and the request sent.
    #[inline]
    pub(super) fn ask(&mut self, now: SimTime) {
        let request = self.demand.ask();
        let miner = self.orchestrator.route(&request);
        self.observers.requested(&request, miner);
        match miner {
            Some(miner) => self.send(now, request, miner),
            None => self.demand.refused(&request),
        }
    }

    /// The request reaches `miner`, whose operator decides what becomes of it.
    #[inline]
    fn send(&mut self, now: SimTime, request: Request, miner: MinerId) {
        let (plan, way) = self.servers.plan(miner, &request, (now, self.epoch));
        let mut record = JobRecord { job: request, miner, ..JobRecord::default() };
        let limit = self.orchestrator.sent(&mut record);
        let arrival = now + way;
        let plan = self.accepted(miner, &request, plan, arrival);
        let slot = self.jobs.open(&record, plan);
        let answer = match plan.ack {
            AckPlan::Now | AckPlan::Refuse(_) => Some(arrival),
            AckPlan::After(held) => Some(arrival + held),
            AckPlan::AfterCallback(_) | AckPlan::Never => None,
        };
        match answer {
            Some(at) if at == now => self.answer(slot, now, limit),
            Some(at) => self.expect(miner, at.min(limit), Class::Answer, slot),
            None => self.expect(miner, limit, Class::Answer, slot),
        }
        if !matches!(plan.ack, AckPlan::Refuse(_)) {
            if way == SimSpan::ZERO {
                self.arrive(slot, now);
            } else {
                self.expect(miner, arrival, Class::Arrival, slot);
            }
        }
        self.settle(miner, slot);
    }

    /// What a plan becomes when the backend has its say.
    #[inline]
    fn accepted(
        &mut self,
        miner: MinerId,
        request: &Request,
        plan: Plan,
        arrival: SimTime,
    ) -> Plan {
        if matches!(plan.ack, AckPlan::Refuse(_)) {
            return plan;
        }
        match self.servers.accept(miner, &work(request, plan.work, arrival), arrival) {
            Accepted::Taken => plan,
            Accepted::TakenAfter(held) => Plan { ack: AckPlan::After(held), ..plan },
            Accepted::Refused(status) => {
                Plan { ack: AckPlan::Refuse(status), ..Plan::idle(request, Reply::Error) }
            }
        }
    }

    /// The earliest event of `miner` happens.
    #[inline]
    pub(super) fn miner_event(&mut self, miner: usize) {
        let event = self.servers.next(miner);
        let (slot, now) = (event.slot, event.at);
        self.jobs.get(slot).awaited -= 1;
        match event.what {
            Class::Answer => {
                let limit = self.orchestrator.answer_limit(&self.jobs.get(slot).record.job);
                self.answer(slot, now, limit);
            }
            Class::Arrival => self.arrive(slot, now),
            Class::Done => self.done(slot, now),
            Class::Callback => self.call_back(slot, now),
            class => unreachable!("no miner waits for {class:?}"),
        }
        self.settle(MinerId::of(miner), slot);
    }

    /// The event queue learns what `miner` waits for next, and a job that is over makes room.
    #[inline]
    fn settle(&mut self, miner: MinerId, slot: Slot) {
        self.servers.settle(miner);
        self.jobs.close_when_done(slot);
    }

    #[inline]
    fn expect(&mut self, miner: MinerId, at: SimTime, what: Class, slot: Slot) {
        self.jobs.get(slot).awaited += 1;
        self.servers.expect(miner, event(at, what, slot));
    }

    /// The miner's answer to the request is recorded, or the orchestrator stops waiting for it at `limit`.
    fn answer(&mut self, slot: Slot, now: SimTime, limit: SimTime) {
        let open = self.jobs.get(slot);
        if open.answered {
            return;
        }
        open.answered = true;
        let client = open.record.job.client;
        let failure = match open.plan.ack {
            _ if now >= limit => Some(FailureReason::DispatchTimeout),
            AckPlan::Refuse(status) => Some(FailureReason::DispatchStatus(status)),
            AckPlan::Now | AckPlan::After(_) | AckPlan::AfterCallback(_) | AckPlan::Never => None,
        };
        match failure {
            None => {
                open.dispatched = Some(now);
                Store::dispatched(&mut open.record, now);
                if open.called_back {
                    self.observers.answered_late(&open.record);
                }
            }
            // A failed dispatch after a callback: the last write wins.
            Some(reason) if open.called_back => {
                self.change(slot, |_, record| Store::dispatch_failed(record, now, reason));
            }
            Some(reason) => {
                self.change(slot, |own, record| own.dispatch_failed(record, now, reason));
            }
        }
        self.demand.answered(client, now);
    }

    /// The request joins the miner's queue.
    #[inline]
    fn arrive(&mut self, slot: Slot, now: SimTime) {
        let miner = self.jobs.get(slot).record.miner;
        if self.servers.arrive(miner, slot) {
            self.begin(slot, now);
        } else {
            self.jobs.get(slot).awaited += 1;
        }
    }

    /// Slots that are free at a change of the schedule take what waits.
    pub(super) fn take_waiting(&mut self, miner: MinerId, now: SimTime) {
        while let Some(waiting) = self.servers.takes_waiting(miner) {
            self.jobs.get(waiting).awaited -= 1;
            self.begin(waiting, now);
        }
        self.servers.settle(miner);
    }

    /// A worker slot takes the job.
    #[inline]
    fn begin(&mut self, slot: Slot, now: SimTime) {
        let open = self.jobs.get(slot);
        let (miner, plan) = (open.record.miner, open.plan.work);
        let work = work(&open.record.job, plan, now);
        let Begun { completion, held, way } = self.servers.begin(miner, work);
        open.record.truth.began = Some(now);
        open.record.truth.service = completion.took;
        open.record.truth.computed_steps = computed(&plan);
        open.produced = Some(completion);
        self.observers.worked(miner, now, completion.took.min(held));
        self.expect(miner, now + held + way, Class::Done, slot);
    }

    /// The work is done and its slot free; the result is sent, held back, or kept.
    #[inline]
    fn done(&mut self, slot: Slot, now: SimTime) {
        let open = self.jobs.get(slot);
        let (miner, plan) = (open.record.miner, open.plan);
        self.orchestrator.served(miner, open.record.truth.service);
        if let Some(next) = self.servers.freed(miner) {
            self.jobs.get(next).awaited -= 1;
            self.begin(next, now);
        }
        match plan.answer {
            AnswerPlan::Silent => {}
            AnswerPlan::Reply { after: SimSpan::ZERO, .. } => self.call_back(slot, now),
            AnswerPlan::Reply { after, .. } => {
                self.expect(miner, now + after, Class::Callback, slot);
            }
        }
        if let AckPlan::AfterCallback(late) = plan.ack {
            self.expect(miner, now + late, Class::Answer, slot);
        }
    }

    /// The miner calls back.
    #[inline]
    fn call_back(&mut self, slot: Slot, now: SimTime) {
        let open = self.jobs.get(slot);
        let AnswerPlan::Reply { what, .. } = open.plan.answer else { return };
        let image = match open.produced.map(|p| p.outcome) {
            Some(Output::Done(image)) => Some(image),
            Some(Output::Nothing | Output::Failed) | None => None,
        };
        open.called_back = true;
        tell_truth(&mut open.record, open.plan.work, (what, image), now);
        let carried = Carried::of(what, image.map(|i| i.size_bytes));
        let dispatched = open.dispatched;
        let was_failed = open.answered && dispatched.is_none();
        self.change(slot, |own, record| {
            own.called_back(record, (now, dispatched), carried, was_failed);
        });
        let record = &self.jobs.get(slot).record;
        if record.truth.useful_steps > 0 {
            self.observers.useful(record);
        }
        if self.orchestrator.audits() {
            let banned = self.orchestrator.consider_audit(record, now);
            self.clocks_changed = true;
            self.banned(banned, now);
        }
    }

    /// Changes what is stored about a job, and tells all who count.
    #[inline]
    fn change(&mut self, slot: Slot, write: impl FnOnce(&mut Orchestrator, &mut JobRecord)) {
        let record = &mut self.jobs.get(slot).record;
        let before = Before::of(record);
        write(&mut self.orchestrator, record);
        self.orchestrator.status_changed(record);
        self.observers.status_changed(record, before);
    }
}

/// The piece of work that a plan makes of a request.
#[inline]
fn work(request: &Request, plan: WorkPlan, begins: SimTime) -> Work {
    Work::Image(ImageWork {
        job: request.number,
        kind: request.kind,
        adapter: request.adapter,
        prompt: request.prompt,
        class: request.class,
        seed: plan.seed,
        steps: plan.steps,
        source: plan.source,
        begins,
        service: request.words.service,
        size: request.words.size,
    })
}

/// Steps that a plan really computes.
fn computed(plan: &WorkPlan) -> u32 {
    match plan.source {
        Source::Computed => plan.steps,
        Source::Cached(_) | Source::Nothing => 0,
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
