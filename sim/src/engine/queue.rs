//! The event queue: a winner tree over miners, each leaf the miner's earliest event.
//!
//! A key is 64 bits: time since the base, class, entity; so the smallest key is the earliest event, ties decided by class,
//! then by the miner's place. A miner keeps its own later events in order, which settles the rest. The base moves with
//! every epoch, so that 54 bits of nanoseconds (208 days) are enough however long the run.

use crate::base::units::SimTime;
use crate::engine::event::Class;

/// Bits of the entity: at most 256 miners.
const ENTITY_BITS: u32 = 8;
/// Bits of the class: at most 4.
const CLASS_BITS: u32 = 2;
const TIME_SHIFT: u32 = ENTITY_BITS + CLASS_BITS;
/// Latest time a key can tell; what is later waits behind it until the base has moved.
const TIME_MAX: u64 = (u64::MAX >> TIME_SHIFT) - 1;
/// The key of a miner that waits for nothing.
const IDLE: u64 = u64::MAX;

/// The earliest event of every miner, and the earliest of all.
#[derive(Clone, Debug)]
pub(super) struct EventQueue {
    base: SimTime,
    leaves: usize,
    /// A binary tree in level order from index 1; leaves stand at `leaves..2 * leaves`.
    keys: Vec<u64>,
}

impl EventQueue {
    /// A queue for `miners` miners, all idle.
    pub(super) fn new(miners: usize) -> Self {
        let leaves = miners.next_power_of_two().max(2);
        assert!(leaves <= 1 << ENTITY_BITS, "a scenario has at most 256 miners");
        Self { base: SimTime(0), leaves, keys: vec![IDLE; 2 * leaves] }
    }

    /// The miner with the earliest event, and its time.
    #[inline]
    pub(super) fn first(&self) -> Option<(SimTime, usize)> {
        let key = self.keys[1];
        (key != IDLE)
            .then(|| (self.base + crate::base::units::SimSpan(key >> TIME_SHIFT), entity(key)))
    }

    /// Says that the earliest event of `miner` is at `at`, of this class; `None` when it has none.
    #[inline]
    pub(super) fn set(&mut self, miner: usize, event: Option<(SimTime, Class)>) {
        let key = event.map_or(IDLE, |(at, class)| {
            let since = (at.0 - self.base.0).min(TIME_MAX);
            let entity = u64::try_from(miner).expect("few miners");
            (since << TIME_SHIFT) | (class.number() << ENTITY_BITS) | entity
        });
        let mut index = self.leaves + miner;
        let mut winner = key;
        // What stands above an unchanged winner is unchanged.
        while self.keys[index] != winner {
            self.keys[index] = winner;
            if index == 1 {
                return;
            }
            winner = winner.min(self.keys[index ^ 1]);
            index >>= 1;
        }
    }

    /// Moves the base to `now`; every miner's event has then to be set again.
    pub(super) fn rebase(&mut self, now: SimTime) {
        self.base = now;
        self.keys.fill(IDLE);
    }
}

fn entity(key: u64) -> usize {
    usize::try_from(key & ((1 << ENTITY_BITS) - 1)).expect("8 bits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_comes_first_and_ties_go_by_class_then_place() {
        let mut list = EventQueue::new(5);
        assert_eq!(list.first(), None);
        list.set(4, Some((SimTime(10), Class::Answer)));
        list.set(2, Some((SimTime(10), Class::Arrival)));
        list.set(3, Some((SimTime(9), Class::Callback)));
        assert_eq!(list.first(), Some((SimTime(9), 3)));
        list.set(3, None);
        assert_eq!(list.first(), Some((SimTime(10), 4)));
        list.set(1, Some((SimTime(10), Class::Answer)));
        assert_eq!(list.first(), Some((SimTime(10), 1)));
    }

    #[test]
    fn an_event_beyond_the_key_is_found_again_after_the_base_has_moved() {
        let mut list = EventQueue::new(2);
        let far = SimTime(u64::MAX / 2);
        list.set(0, Some((far, Class::Answer)));
        list.set(1, Some((SimTime(5), Class::Answer)));
        assert_eq!(list.first(), Some((SimTime(5), 1)));
        list.rebase(SimTime(far.0 - 3));
        list.set(0, Some((far, Class::Answer)));
        assert_eq!(list.first(), Some((far, 0)));
    }
}
