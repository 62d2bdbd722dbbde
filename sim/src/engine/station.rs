//! A miner as the engine sees it: what it waits for, its queue and its worker slots.

use crate::base::units::SimTime;
use crate::engine::jobs::Slot;
use std::collections::VecDeque;

/// What a miner can wait for; at equal times the smaller comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Awaited {
    /// The orchestrator gets the miner's answer, or stops waiting for it.
    Answer,
    /// The request joins the miner's queue.
    Arrival,
    /// The work is done: a worker slot is free again.
    Done,
    /// A result that was held back is sent.
    Callback,
}

/// One event a miner waits for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    /// When.
    pub(super) at: SimTime,
    /// What.
    pub(super) what: Awaited,
    /// Which job.
    pub(super) slot: Slot,
}

/// One miner's queue, worker slots and events to come.
#[derive(Clone, Debug)]
pub(super) struct Station {
    /// Events to come, the earliest last; equal ones keep the order in which they were made.
    events: Vec<Event>,
    /// Jobs waiting for a worker slot, in order of arrival.
    pub(super) waiting: VecDeque<Slot>,
    /// Worker slots in use.
    pub(super) in_service: u32,
    /// Worker slots.
    pub(super) concurrency: u32,
}

impl Station {
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

    /// The earliest event, as the event list wants it.
    #[inline]
    pub(super) fn earliest(&self) -> Option<(SimTime, u8)> {
        self.events.last().map(|event| (event.at, class(event.what)))
    }

    /// Takes the earliest event.
    #[inline]
    pub(super) fn next(&mut self) -> Option<Event> {
        self.events.pop()
    }
}

/// The class of an event in the event list's keys.
fn class(what: Awaited) -> u8 {
    match what {
        Awaited::Answer => 0,
        Awaited::Arrival => 1,
        Awaited::Done => 2,
        Awaited::Callback => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(at: u64, what: Awaited, slot: Slot) -> Event {
        Event { at: SimTime(at), what, slot }
    }

    #[test]
    fn events_come_by_time_then_kind_then_order_of_making() {
        let mut station = Station::new(1);
        for e in [
            event(5, Awaited::Done, 0),
            event(3, Awaited::Callback, 1),
            event(5, Awaited::Answer, 2),
            event(5, Awaited::Done, 3),
            event(1, Awaited::Arrival, 4),
        ] {
            station.expect(e);
        }
        let order: Vec<Slot> = std::iter::from_fn(|| station.next()).map(|e| e.slot).collect();
        assert_eq!(order, [4, 1, 2, 0, 3]);
    }
}
