//! A miner as the engine sees it: what it waits for, its queue and its worker slots.

use crate::base::units::SimTime;
use crate::engine::event::Class;
use crate::engine::jobs::Slot;
use std::collections::VecDeque;

/// One event a miner waits for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    /// When.
    pub(super) at: SimTime,
    /// What.
    pub(super) what: Class,
    /// Which job.
    pub(super) slot: Slot,
}

/// One miner's queue, worker slots and events to come.
#[derive(Clone, Debug)]
pub(super) struct Server {
    /// Events to come, the earliest last; equal ones keep the order in which they were made.
    events: Vec<Event>,
    /// Jobs waiting for a worker slot, in order of arrival.
    pub(super) waiting: VecDeque<Slot>,
    /// Worker slots in use.
    pub(super) in_service: u32,
    /// Worker slots.
    pub(super) concurrency: u32,
}

impl Server {
    /// A miner with nothing to do.
    pub(super) fn new(concurrency: u32) -> Self {
        Self { events: Vec::new(), waiting: VecDeque::new(), in_service: 0, concurrency }
    }

    /// Adds an event to come.
    #[inline]
    pub(super) fn expect(&mut self, event: Event) {
        let later = |e: &Event| (e.at, e.what) > (event.at, event.what);
        let place = self.events.iter().rposition(later).map_or(0, |index| index + 1);
        self.events.insert(place, event);
    }

    /// The earliest event, as the event queue wants it.
    #[inline]
    pub(super) fn earliest(&self) -> Option<(SimTime, Class)> {
        self.events.last().map(|event| (event.at, event.what))
    }

    /// Takes the earliest event.
    #[inline]
    pub(super) fn next(&mut self) -> Option<Event> {
        self.events.pop()
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
        let mut server = Server::new(1);
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
