//! A miner as the engine sees it: what it waits for, its queue and its worker slots.

use crate::base::family::Used;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::engine::event::Class;
use crate::engine::jobs::Slot;
use crate::model::latency::Distribution;
use crate::model::operator::OperatorSpec;
use crate::scenario::Miner;
use std::collections::VecDeque;
use std::sync::Arc;

/// One event a miner waits for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    /// When the event takes place.
    pub(super) at: SimTime,
    /// Class of the event, which orders equal instants.
    pub(super) what: Class,
    /// Slot of the job that the event is about.
    pub(super) slot: Slot,
}

/// What a miner's settings say of every job.
#[derive(Clone, Debug)]
pub(super) struct JobConduct {
    /// When it comes up.
    pub(super) from: SimTime,
    /// When the miner leaves the subnet.
    pub(super) until: SimTime,
    /// Law of the time from the request to the acknowledgement.
    pub(super) ack: Option<Arc<dyn Distribution>>,
    /// Law of the time that the callback is under way.
    pub(super) transfer: Option<Arc<dyn Distribution>>,
    /// Grid on which the miner looks for finished work.
    pub(super) poll: SimSpan,
    /// When the worker gives up.
    pub(super) give_up: Option<SimSpan>,
    /// Whether its operator computes what is asked and sends it, which needs no asking.
    pub(super) is_honest: bool,
}

/// One miner's queue, worker slots and events to come, with what its settings say of every job.
#[derive(Clone, Debug)]
pub(super) struct Server {
    /// The earliest event to come.
    earliest: Option<Event>,
    /// The events after it, the earliest last; equal ones keep the order in which they were made.
    later: Vec<Event>,
    /// What holds for every job.
    pub(super) conduct: JobConduct,
    /// Requests since the last epoch.
    pub(super) requests: u32,
    /// Jobs waiting for a worker slot, in order of arrival.
    pub(super) waiting: VecDeque<Slot>,
    /// Worker slots in use.
    pub(super) in_service: u32,
    /// Jobs that it serves at the same time.
    pub(super) concurrency: u32,
}

impl Server {
    /// A miner with nothing to do.
    pub(super) fn new(concurrency: u32, conduct: JobConduct) -> Self {
        Self {
            earliest: None,
            later: Vec::new(),
            conduct,
            requests: 0,
            waiting: VecDeque::new(),
            in_service: 0,
            concurrency,
        }
    }

    /// Another stretch of the schedule begins: what is under way goes on.
    pub(super) fn change(&mut self, next: &Miner) {
        self.conduct = JobConduct::of(next);
        self.concurrency = next.concurrency;
    }

    /// Adds an event to come.
    #[inline]
    pub(super) fn expect(&mut self, event: Event) {
        let later = |e: &Event| (e.at, e.what) > (event.at, event.what);
        match self.earliest.replace(event) {
            None => {}
            Some(first) if later(&first) => self.later.push(first),
            first @ Some(_) => {
                self.earliest = first;
                let place = self.later.iter().rposition(later).map_or(0, |index| index + 1);
                self.later.insert(place, event);
            }
        }
    }

    /// The earliest event, as the event queue wants it.
    #[inline]
    pub(super) fn earliest(&self) -> Option<(SimTime, Class)> {
        self.earliest.map(|event| (event.at, event.what))
    }

    /// Takes the earliest event.
    #[inline]
    pub(super) fn next(&mut self) -> Option<Event> {
        std::mem::replace(&mut self.earliest, self.later.pop())
    }
}

impl JobConduct {
    /// What the settings of `miner` say.
    pub(super) fn of(miner: &Miner) -> Self {
        Self {
            from: miner.from,
            until: miner.until,
            ack: miner.ack.clone(),
            transfer: miner.transfer.clone(),
            poll: miner.poll,
            give_up: miner.give_up,
            is_honest: matches!(&miner.behaviour, Used::Named(OperatorSpec::Honest(_))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(at: u64, what: Class, slot: Slot) -> Event {
        Event { at: SimTime(at), what, slot }
    }

    #[test]
    fn events_come_by_time_then_kind_then_order_of_making() {
        let conduct = JobConduct {
            from: SimTime(0),
            until: SimTime::NEVER,
            ack: None,
            transfer: None,
            poll: SimSpan::ZERO,
            give_up: None,
            is_honest: true,
        };
        let mut server = Server::new(1, conduct);
        for e in [
            event(5, Class::Done, 0),
            event(3, Class::Callback, 1),
            event(5, Class::Answer, 2),
            event(5, Class::Done, 3),
            event(1, Class::Arrival, 4),
        ] {
            server.expect(e);
        }
        let order: Vec<Slot> = std::iter::from_fn(|| server.next()).map(|e| e.slot).collect();
        assert_eq!(order, [4, 1, 2, 0, 3]);
    }
}
