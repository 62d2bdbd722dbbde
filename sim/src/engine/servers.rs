//! The miners: each an operator that decides, a backend that works, and a server with slots and a queue.

use crate::base::ids::MinerId;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::engine::event::Class;
use crate::engine::jobs::Slot;
use crate::engine::queue::EventQueue;
use crate::engine::server::Event;
use crate::engine::server::Server;
use crate::miner::Backend;
use crate::miner::Drawn;
use crate::model::operator::Operator;
use crate::model::operator::Sight;
use crate::model::operator::Statement;
use crate::scenario::Miner;
use crate::scenario::Scenario;
use crate::work::Accepted;
use crate::work::AckPlan;
use crate::work::Completion;
use crate::work::Output;
use crate::work::Plan;
use crate::work::Reply;
use crate::work::Request;
use crate::work::Work;

/// Number of the use of a job's service word that makes the callback's way; the first use makes the service time.
const TRANSFER_USE: u64 = 1;
/// HTTP status of a miner whose server is down. Source: spec/offchain.md section 8, 502 from its proxy.
const GONE: u16 = 502;

/// All miners at work.
#[derive(Debug)]
pub(super) struct Servers<'r> {
    settings: &'r [Miner],
    each: Vec<Server>,
    operators: Vec<Box<dyn Operator>>,
    backends: Vec<Box<dyn Backend>>,
    /// Whether the backends are the simulator's own and follow the schedule.
    draws: bool,
    queue: EventQueue,
    /// Requests of each miner since the last epoch.
    requests: Vec<u32>,
    /// What a backend has just done; kept so that no piece of work costs memory.
    completed: Vec<Completion>,
}

/// A piece of work that a slot has taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begun {
    /// What the backend did; failed where the worker gives up before.
    pub(super) completion: Completion,
    /// How long the slot is taken.
    pub(super) held: SimSpan,
    /// The way from there to the next thing that happens.
    pub(super) way: SimSpan,
}

/// The simulator's own backend of a miner.
pub(crate) fn drawn(miner: &Miner) -> Box<dyn Backend> {
    let drawn = Drawn::new(miner.service.clone(), miner.speed, miner.image);
    Box::new(drawn.by_kind(&miner.by_kind))
}

impl<'r> Servers<'r> {
    /// The miners of a scenario, idle, on `backends` or, without any, on drawn ones.
    pub(super) fn new(scenario: &'r Scenario, backends: Option<Vec<Box<dyn Backend>>>) -> Self {
        let miners = scenario.miners.as_slice();
        Self {
            settings: miners,
            each: miners.iter().map(|m| Server::new(m.concurrency)).collect(),
            operators: miners.iter().map(|m| m.behaviour.build()).collect(),
            draws: backends.is_none(),
            backends: backends.unwrap_or_else(|| miners.iter().map(drawn).collect()),
            queue: EventQueue::new(miners.len()),
            requests: vec![0; miners.len()],
            completed: Vec::with_capacity(1),
        }
    }

    /// Another stretch of the schedule begins. What has been drawn stays drawn; state that a backend of its own has stays
    /// with it; a miner whose behaviour changes starts the new one afresh.
    pub(super) fn change(&mut self, before: &Scenario, next: &'r Scenario) {
        self.settings = &next.miners;
        for (place, (old, new)) in before.miners.iter().zip(&next.miners).enumerate() {
            if old.behaviour != new.behaviour {
                self.operators[place] = new.behaviour.build();
            }
            if self.draws {
                self.backends[place] = drawn(new);
            }
            self.each[place].concurrency = new.concurrency;
        }
    }

    /// Whether the backends are the simulator's own.
    pub(super) fn draws(&self) -> bool {
        self.draws
    }

    /// The miner with the earliest event, and its time.
    #[inline]
    pub(super) fn first(&self) -> Option<(SimTime, usize)> {
        self.queue.first()
    }

    /// Takes the earliest event of a miner.
    #[inline]
    pub(super) fn next(&mut self, miner: usize) -> Event {
        self.each[miner].next().expect("the queue knows what a miner waits for")
    }

    /// Adds an event to come.
    #[inline]
    pub(super) fn expect(&mut self, miner: MinerId, event: Event) {
        self.each[miner.index()].expect(event);
    }

    /// The event queue learns what `miner` waits for next.
    #[inline]
    pub(super) fn settle(&mut self, miner: MinerId) {
        let earliest = self.each[miner.index()].earliest();
        self.queue.set(miner.index(), earliest);
    }

    /// The event queue counts from `now` on.
    pub(super) fn rebase(&mut self, now: SimTime) {
        self.queue.rebase(now);
        for miner in 0..self.each.len() {
            self.settle(MinerId::of(miner));
        }
    }

    /// A request reaches `miner`: what its operator decides, and how long the request's way takes.
    #[inline]
    pub(super) fn plan(
        &mut self,
        miner: MinerId,
        request: &Request,
        (now, epoch): (SimTime, u32),
    ) -> (Plan, SimSpan) {
        let index = miner.index();
        self.requests[index] += 1;
        let (server, settings) = (&self.each[index], &self.settings[index]);
        let is_up = now >= settings.from && now < settings.until;
        let plan = if is_up {
            let sight = Sight {
                now,
                queued: u32::try_from(server.waiting.len()).unwrap_or(u32::MAX),
                in_service: server.in_service,
                epoch,
            };
            self.operators[index].plan(request, &sight, request.words.outcome)
        } else {
            Plan { ack: AckPlan::Refuse(GONE), ..Plan::idle(request, Reply::Error) }
        };
        let way =
            settings.ack.as_ref().map_or(SimSpan::ZERO, |law| law.draw(now, request.words.ack));
        (plan, way)
    }

    /// Whether the backend of `miner` takes a piece of work whose request reaches it `at` this instant.
    #[inline]
    pub(super) fn accept(&mut self, miner: MinerId, work: &Work, at: SimTime) -> Accepted {
        self.backends[miner.index()].accept(work, at)
    }

    /// A request joins the queue of `miner`: whether a slot takes it at once.
    #[inline]
    pub(super) fn arrive(&mut self, miner: MinerId, slot: Slot) -> bool {
        let server = &mut self.each[miner.index()];
        if server.in_service < server.concurrency {
            server.in_service += 1;
            true
        } else {
            server.waiting.push_back(slot);
            false
        }
    }

    /// A slot is free: the waiting job that takes it, if there is one.
    #[inline]
    pub(super) fn freed(&mut self, miner: MinerId) -> Option<Slot> {
        let server = &mut self.each[miner.index()];
        let may_go_on = server.in_service <= server.concurrency;
        let next = server.waiting.pop_front_if(|_| may_go_on);
        if next.is_none() {
            server.in_service -= 1;
        }
        next
    }

    /// A waiting job for which there is a slot, as after a change that gives the miner more of them.
    pub(super) fn takes_waiting(&mut self, miner: MinerId) -> Option<Slot> {
        let server = &mut self.each[miner.index()];
        if server.in_service >= server.concurrency {
            return None;
        }
        let waiting = server.waiting.pop_front()?;
        server.in_service += 1;
        Some(waiting)
    }

    /// A slot takes a piece of work, and the backend does it.
    #[inline]
    pub(super) fn begin(&mut self, miner: MinerId, work: Work) -> Begun {
        self.completed.clear();
        self.backends[miner.index()].compute(&[work], &mut self.completed);
        let completion = self.completed.pop().expect("a backend answers every piece of work");
        let Work::Image(work) = work;
        let settings = &self.settings[miner.index()];
        let seen = completion.took.up_to_multiple_of(settings.poll);
        let gave_up = settings.give_up.filter(|limit| seen > *limit);
        let transfer = settings.transfer.as_ref();
        let way = transfer
            .map_or(SimSpan::ZERO, |law| law.draw(work.begins, work.service.derive(TRANSFER_USE)));
        let completion = match gave_up {
            None => completion,
            Some(_) => Completion { outcome: Output::Failed, ..completion },
        };
        Begun { completion, held: gave_up.unwrap_or(seen), way }
    }

    /// Every operator is told what an epoch paid; `statement` makes it from a miner's place and its requests.
    pub(super) fn settle_epoch(&mut self, statement: impl Fn(usize, u32) -> Statement) {
        for (place, operator) in self.operators.iter_mut().enumerate() {
            let requests = std::mem::take(&mut self.requests[place]);
            let actions = operator.settle(&statement(place, requests));
            assert!(actions.is_empty(), "there is nothing yet that an operator can do");
        }
    }
}

/// An event of a miner at `at`.
#[inline]
pub(super) fn event(at: SimTime, what: Class, slot: Slot) -> Event {
    Event { at, what, slot }
}
