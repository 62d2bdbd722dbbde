//! The miners: each an operator that decides, a backend that works, and a server with slots and a queue.

use crate::base::ids::MinerId;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::engine::backing::Backing;
use crate::engine::event::Class;
use crate::engine::jobs::Jobs;
use crate::engine::jobs::OpenJob;
use crate::engine::jobs::Slot;
use crate::engine::queue::EventQueue;
use crate::engine::server::Event;
use crate::engine::server::JobConduct;
use crate::engine::server::Server;
use crate::miner::Backend;
use crate::model::operator::Operator;
use crate::model::operator::Sight;
use crate::model::operator::Statement;
use crate::scenario::Scenario;
use crate::subnet::orchestrator::Store;
use crate::work::Accepted;
use crate::work::AckPlan;
use crate::work::AnswerPlan;
use crate::work::ImageWork;
use crate::work::JobRecord;
use crate::work::Output;
use crate::work::Plan;
use crate::work::Reply;
use crate::work::Request;
use crate::work::Source;
use crate::work::WorkPlan;

/// Number of the use of a job's service word that makes the callback's way; the first use makes the service time.
const TRANSFER_USE: u64 = 1;
/// HTTP status of a miner whose server is down. Source: spec/offchain.md section 8, 502 from its proxy.
const GONE: u16 = 502;

/// All miners at work.
#[derive(Debug)]
pub(super) struct Servers {
    each: Vec<Server>,
    operators: Vec<Box<dyn Operator>>,
    backends: Backing,
    queue: EventQueue,
    /// Jobs that are under way.
    jobs: Jobs,
    /// The miner and the job to which something has just happened: what they wait for now is looked up before the next
    /// event.
    touched: Option<(MinerId, Slot)>,
    /// Jobs that wait for a worker slot.
    waiting: usize,
}

/// A request that has reached its miner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Received {
    /// Whether the miner answers it at this instant.
    pub(super) is_answered: bool,
    /// Whether it joins the miner's queue at this instant.
    pub(super) arrives: bool,
}

/// Work that a slot has just taken: whose, and how long the miner works on it.
pub(super) type Working = (MinerId, SimSpan);

/// Work that has just been done.
#[derive(Clone, Copy, Debug)]
pub(super) struct DoneWork {
    /// Miner whose work was done.
    pub(super) miner: MinerId,
    /// How long it took.
    pub(super) service: SimSpan,
    /// What the slot takes next.
    pub(super) next: Option<Working>,
    /// Whether the miner calls back at this instant.
    pub(super) calls_back: bool,
}

impl Servers {
    /// The miners of a scenario, idle, on `backends` or, without any, on drawn ones.
    pub(super) fn new(scenario: &Scenario, backends: Option<Vec<Box<dyn Backend>>>) -> Self {
        let miners = scenario.miners.as_slice();
        Self {
            each: miners.iter().map(|m| Server::new(m.concurrency, JobConduct::of(m))).collect(),
            operators: miners.iter().map(|m| m.behaviour.build()).collect(),
            backends: Backing::new(miners, backends),
            queue: EventQueue::new(miners.len()),
            jobs: Jobs::default(),
            touched: None,
            waiting: 0,
        }
    }

    /// Another stretch of the schedule begins. What has been drawn stays drawn; state that a backend of its own has stays
    /// with it; a miner whose behaviour changes starts the new one afresh.
    pub(super) fn change(&mut self, before: &Scenario, next: &Scenario) {
        self.backends.change(&next.miners);
        for (place, (old, new)) in before.miners.iter().zip(&next.miners).enumerate() {
            if old.behaviour != new.behaviour {
                self.operators[place] = new.behaviour.build();
            }
            self.each[place].change(new);
        }
    }

    /// Whether the backends are the simulator's own.
    pub(super) fn draws(&self) -> bool {
        self.backends.draws()
    }

    /// The miner with the earliest event, and its time.
    #[inline]
    pub(super) fn first(&mut self) -> Option<(SimTime, usize)> {
        if let Some((miner, slot)) = self.touched.take() {
            self.wait(miner);
            self.jobs.close_when_done(slot);
        }
        self.queue.first()
    }

    /// Takes the earliest event of a miner.
    #[inline]
    pub(super) fn next(&mut self, miner: usize) -> Event {
        let event = self.each[miner].next().expect("the queue knows what a miner waits for");
        self.jobs.get(event.slot).awaited -= 1;
        self.touched = Some((MinerId::of(miner), event.slot));
        event
    }

    /// A place for a job that is being made.
    #[inline]
    pub(super) fn reserve(&mut self) -> Slot {
        self.jobs.reserve()
    }

    /// Gives a reserved place back: its request found no miner.
    pub(super) fn give_back(&mut self, slot: Slot) {
        self.jobs.give_back(slot);
    }

    /// The job at `slot`.
    #[inline]
    pub(super) fn job(&mut self, slot: Slot) -> &mut OpenJob {
        self.jobs.get(slot)
    }

    /// Jobs that wait for a worker slot.
    #[inline]
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    /// Jobs still pending, in order of number, and whether nothing will ever come of them.
    pub(super) fn still_open(&self) -> Vec<(&JobRecord, bool)> {
        self.jobs.still_open()
    }

    /// Adds an event to come.
    #[inline]
    fn expect(&mut self, miner: MinerId, at: SimTime, what: Class, slot: Slot) {
        self.jobs.get(slot).awaited += 1;
        self.each[miner.index()].expect(Event { at, what, slot });
    }

    /// The event queue learns what `miner` waits for next.
    #[inline]
    fn wait(&mut self, miner: MinerId) {
        let earliest = self.each[miner.index()].earliest();
        self.queue.set(miner.index(), earliest);
    }

    /// The event queue counts from `now` on.
    pub(super) fn rebase(&mut self, now: SimTime) {
        self.queue.rebase(now);
        for miner in 0..self.each.len() {
            self.wait(MinerId::of(miner));
        }
    }

    /// A request has been sent to its miner, whose answer is waited for until `limit`: the operator decides what becomes
    /// of it, and the backend has its say.
    #[inline]
    pub(super) fn receive(
        &mut self,
        slot: Slot,
        (miner, limit): (MinerId, SimTime),
        epoch: u32,
    ) -> Received {
        let request = &self.jobs.get(slot).record.job;
        let now = request.created;
        let (server, operator) =
            (&mut self.each[miner.index()], &mut self.operators[miner.index()]);
        let (plan, way) = planned(server, operator.as_mut(), request, epoch);
        let arrival = now + way;
        let plan = accepted(&mut self.backends, miner, request, plan, arrival);
        self.jobs.open(slot, miner, plan);
        Store::opened(&mut self.jobs.get(slot).record);
        let answer = match plan.ack {
            AckPlan::Now | AckPlan::Refuse(_) => Some(arrival),
            AckPlan::After(held) => Some(arrival + held),
            AckPlan::AfterCallback(_) | AckPlan::Never => None,
        };
        let is_answered = answer == Some(now);
        if !is_answered {
            self.expect(miner, answer.map_or(limit, |at| at.min(limit)), Class::Answer, slot);
        }
        let is_taken = !matches!(plan.ack, AckPlan::Refuse(_));
        let arrives = is_taken && way == SimSpan::ZERO;
        if is_taken && !arrives {
            self.expect(miner, arrival, Class::Arrival, slot);
        }
        self.touched = Some((miner, slot));
        Received { is_answered, arrives }
    }

    /// A request joins the queue of its miner: the work, where a slot takes it at once.
    #[inline]
    pub(super) fn arrive(&mut self, slot: Slot, now: SimTime) -> Option<Working> {
        let open = self.jobs.get(slot);
        let server = &mut self.each[open.record.miner.index()];
        if server.in_service < server.concurrency {
            server.in_service += 1;
            Some(self.begin(slot, now))
        } else {
            open.awaited += 1;
            self.waiting += 1;
            server.waiting.push_back(slot);
            None
        }
    }

    /// A waiting job begins for which there is a slot, as after a change that gives the miner more of them.
    pub(super) fn begin_waiting(&mut self, miner: MinerId, now: SimTime) -> Option<Working> {
        let server = &mut self.each[miner.index()];
        if server.in_service >= server.concurrency {
            return None;
        }
        let waiting = server.waiting.pop_front()?;
        self.waiting -= 1;
        server.in_service += 1;
        self.jobs.get(waiting).awaited -= 1;
        let working = self.begin(waiting, now);
        self.wait(miner);
        Some(working)
    }

    /// A slot takes a job, and the backend does its work.
    #[inline]
    fn begin(&mut self, slot: Slot, now: SimTime) -> Working {
        let open = self.jobs.get(slot);
        let (miner, plan) = (open.record.miner, open.plan.work);
        let work = work(&open.record.job, plan, now);
        let completion = self.backends.compute(miner, work);
        let conduct = &self.each[miner.index()].conduct;
        let seen = completion.took.up_to_multiple_of(conduct.poll);
        let gave_up = conduct.give_up.filter(|limit| seen > *limit);
        let transfer = conduct.transfer.as_ref();
        let way = transfer
            .map_or(SimSpan::ZERO, |law| law.draw(work.begins, work.service.derive(TRANSFER_USE)));
        open.record.truth.began = Some(now);
        open.record.truth.service = completion.took;
        open.record.truth.computed_steps = computed(&plan);
        open.image = match completion.outcome {
            Output::Done(image) if gave_up.is_none() => Some(image),
            Output::Done(_) | Output::Nothing | Output::Failed => None,
        };
        let held = gave_up.unwrap_or(seen);
        self.expect(miner, now + held + way, Class::Done, slot);
        (miner, completion.took.min(held))
    }

    /// A job's work is done and its slot free: the next waiting job takes it, and the result is sent, held back, or kept.
    #[inline]
    pub(super) fn finish(&mut self, slot: Slot, now: SimTime) -> DoneWork {
        let open = self.jobs.get(slot);
        let (miner, plan, service) = (open.record.miner, open.plan, open.record.truth.service);
        let server = &mut self.each[miner.index()];
        let may_go_on = server.in_service <= server.concurrency;
        let next = server.waiting.pop_front_if(|_| may_go_on);
        if next.is_none() {
            server.in_service -= 1;
        }
        let next = next.map(|next| {
            self.waiting -= 1;
            self.jobs.get(next).awaited -= 1;
            self.begin(next, now)
        });
        let mut calls_back = false;
        match plan.answer {
            AnswerPlan::Silent => {}
            AnswerPlan::Reply { after: SimSpan::ZERO, .. } => calls_back = true,
            AnswerPlan::Reply { after, .. } => {
                self.expect(miner, now + after, Class::Callback, slot);
            }
        }
        if let AckPlan::AfterCallback(late) = plan.ack {
            self.expect(miner, now + late, Class::Answer, slot);
        }
        DoneWork { miner, service, next, calls_back }
    }

    /// Every operator is told what an epoch paid; `statement` makes it from a miner's place and its requests.
    pub(super) fn settle_epoch(&mut self, statement: impl Fn(usize, u32) -> Statement) {
        for (place, operator) in self.operators.iter_mut().enumerate() {
            let requests = std::mem::take(&mut self.each[place].requests);
            let actions = operator.settle(&statement(place, requests));
            assert!(actions.is_empty(), "there is nothing yet that an operator can do");
        }
    }
}

/// What a miner's operator decides, and how long the request's way takes.
#[inline]
fn planned(
    server: &mut Server,
    operator: &mut dyn Operator,
    request: &Request,
    epoch: u32,
) -> (Plan, SimSpan) {
    let now = request.created;
    server.requests += 1;
    let conduct = &server.conduct;
    let is_up = now >= conduct.from && now < conduct.until;
    let plan = if is_up && conduct.is_honest {
        Plan::honest(request)
    } else if is_up {
        let sight = Sight {
            now,
            queued: u32::try_from(server.waiting.len()).unwrap_or(u32::MAX),
            in_service: server.in_service,
            epoch,
        };
        operator.plan(request, &sight, request.words.outcome)
    } else {
        Plan { ack: AckPlan::Refuse(GONE), ..Plan::idle(request, Reply::Error) }
    };
    let way = conduct.ack.as_ref().map_or(SimSpan::ZERO, |law| law.draw(now, request.words.ack));
    (plan, way)
}

/// What a plan becomes when the backend has its say.
#[inline]
fn accepted(
    backends: &mut Backing,
    miner: MinerId,
    request: &Request,
    plan: Plan,
    arrival: SimTime,
) -> Plan {
    if backends.draws() || matches!(plan.ack, AckPlan::Refuse(_)) {
        return plan;
    }
    match backends.accept(miner, work(request, plan.work, arrival), arrival) {
        Accepted::Taken => plan,
        Accepted::TakenAfter(held) => Plan { ack: AckPlan::After(held), ..plan },
        Accepted::Refused(status) => {
            Plan { ack: AckPlan::Refuse(status), ..Plan::idle(request, Reply::Error) }
        }
    }
}

/// The piece of work that a plan makes of a request.
#[inline]
fn work(request: &Request, plan: WorkPlan, begins: SimTime) -> ImageWork {
    ImageWork {
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
    }
}

/// Steps that a plan really computes.
fn computed(plan: &WorkPlan) -> u32 {
    match plan.source {
        Source::Computed => plan.steps,
        Source::Cached(_) | Source::Nothing => 0,
    }
}
