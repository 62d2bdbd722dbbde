//! When an epoch fires (chain.md 3.4).

/// Blocks without a run after which one fires whatever the tempo. Source: chain.md 8, safety maximum.
const BLOCKS_WITHOUT_RUN_MAX: u64 = 50_400;

/// The rule by which epochs fire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TriggerRule {
    /// From runtime 423: the period is the tempo, counted from the last epoch; the counter of epochs goes up in the block
    /// that fires.
    #[default]
    Current,
    /// Before runtime 423: the period is the tempo and one block, counted from block 0; the counter goes up one block after
    /// the one that fires.
    Legacy,
}

/// What decides when the next epoch fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Rule that says when an epoch is due.
    pub rule: TriggerRule,
    /// Whether epochs fire only in the block that `pending_epoch_at` names, whatever the rule says of blocks.
    pub is_manual: bool,
    /// Number of the subnet.
    pub netuid: u16,
    /// Tempo \[blocks\]; 0 stops the epochs.
    pub tempo: u64,
    /// Block from which the tempo counts: of the last epoch, or of the last change of the tempo (`LastEpochBlock`).
    pub last_epoch_block: u64,
    /// Block for which the owner asked for an epoch (`PendingEpochAt`), 0 for none.
    pub pending_epoch_at: u64,
    /// Block of the last run, or of the creation (where `BlocksSinceLastStep` was 0).
    pub last_step_reset: u64,
    /// Number of epochs run so far (`SubnetEpochIndex`); after an upgrade to runtime 423 it goes on from the counter that
    /// the old rule had.
    pub epoch_index: u64,
}

impl Trigger {
    /// The state of a subnet created at `block`: subnets are staggered by their number.
    #[must_use]
    pub fn at_creation(netuid: u16, tempo: u64, block: u64) -> Self {
        Self {
            rule: TriggerRule::Current,
            is_manual: false,
            netuid,
            tempo,
            last_epoch_block: block
                .saturating_sub(u64::from(netuid).checked_rem(tempo).unwrap_or(0)),
            pending_epoch_at: 0,
            last_step_reset: block,
            epoch_index: 0,
        }
    }

    /// Whether an epoch fires in this block.
    #[must_use]
    pub fn due(&self, block: u64) -> bool {
        let asked = self.pending_epoch_at > 0 && block >= self.pending_epoch_at;
        if self.is_manual {
            return asked;
        }
        if self.tempo == 0 {
            return false;
        }
        match self.rule {
            TriggerRule::Legacy => {
                self.legacy_rest(block) == self.tempo && block > self.last_step_reset
            }
            TriggerRule::Current => {
                asked
                    || block.saturating_sub(self.last_step_reset) > BLOCKS_WITHOUT_RUN_MAX
                    || block.saturating_sub(self.last_epoch_block) >= self.tempo
            }
        }
    }

    /// First block after `block` in which an epoch fires if nothing changes, none at tempo 0.
    #[must_use]
    pub fn next_due(&self, block: u64) -> Option<u64> {
        let next = block.saturating_add(1);
        let asked = if self.pending_epoch_at > 0 { self.pending_epoch_at } else { u64::MAX };
        if self.is_manual {
            return (self.pending_epoch_at > 0).then_some(asked.max(next));
        }
        if self.tempo == 0 {
            return None;
        }
        Some(match self.rule {
            TriggerRule::Legacy => next.saturating_add(self.tempo - self.legacy_rest(next)),
            TriggerRule::Current => {
                let overdue = self.last_step_reset.saturating_add(BLOCKS_WITHOUT_RUN_MAX + 1);
                let regular = self.last_epoch_block.saturating_add(self.tempo);
                regular.min(overdue).min(asked).max(next)
            }
        })
    }

    /// Books the run of this block.
    pub fn fired(&mut self, block: u64) {
        self.last_epoch_block = block;
        self.last_step_reset = block;
        self.pending_epoch_at = 0;
        self.epoch_index += 1;
    }

    /// Sets a tempo \[blocks\] in a block, which restarts the cycle; the old rule has no memory, and the next block that
    /// fires moves at once.
    pub fn set_tempo(&mut self, tempo: u64, block: u64) {
        self.tempo = tempo;
        self.last_epoch_block = block;
    }

    /// The chain takes another rule in a block (chain.md 3.4): the first epoch of the new one falls on the block that the old
    /// one would have taken, and the counter of epochs goes on.
    pub fn change_rule(&mut self, rule: TriggerRule, block: u64) {
        if self.rule == TriggerRule::Legacy && rule == TriggerRule::Current && !self.is_manual {
            self.epoch_index = self.counter(block);
            if let Some(next) = self.next_due(block) {
                self.last_epoch_block = next.saturating_sub(self.tempo);
            }
        }
        self.rule = rule;
    }

    /// The counter of epochs as what comes after the step of this block reads it: a commit belongs to that epoch.
    #[must_use]
    pub fn counter(&self, block: u64) -> u64 {
        match self.rule {
            TriggerRule::Current => self.epoch_index,
            TriggerRule::Legacy if self.is_manual => {
                self.epoch_index.saturating_sub(u64::from(self.last_step_reset == block))
            }
            TriggerRule::Legacy => {
                let counted = u128::from(block) + u128::from(self.netuid) + 1;
                u64::try_from(counted / (u128::from(self.tempo) + 1)).unwrap_or(u64::MAX)
            }
        }
    }

    /// The counter as the reveal step of this block reads it, before the block's epoch.
    #[must_use]
    pub(crate) fn counter_in_step(&self, block: u64) -> u64 {
        let fires = self.rule == TriggerRule::Current && self.due(block);
        self.counter(block).saturating_add(u64::from(fires))
    }

    /// `(block + netuid + 1) mod (tempo + 1)`, which is the tempo in a block that fires.
    fn legacy_rest(&self, block: u64) -> u64 {
        let rest = (u128::from(block) + u128::from(self.netuid) + 1) % (u128::from(self.tempo) + 1);
        u64::try_from(rest).expect("a remainder by tempo + 1 is at most the tempo")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of `1..=until` that fire, by asking every block.
    fn fires(mut trigger: Trigger, until: u64) -> Vec<u64> {
        let mut blocks = Vec::new();
        for block in 1..=until {
            if trigger.due(block) {
                trigger.fired(block);
                blocks.push(block);
            }
        }
        blocks
    }

    #[test]
    fn netuid_11_fires_349_blocks_after_creation_and_then_every_tempo() {
        // LastEpochBlock = 1000 - (11 mod 360) = 989, so the first epoch is at 989 + 360 = 1349.
        let trigger = Trigger::at_creation(11, 360, 1_000);
        assert_eq!(trigger.next_due(1_000), Some(1_349));
        assert_eq!(fires(trigger, 2_100)[..], [1_349, 1_709, 2_069]);
    }

    #[test]
    fn the_legacy_rule_has_a_period_of_tempo_and_one() {
        // (b + 11 + 1) mod 361 = 360 first at b = 348.
        let trigger = Trigger { rule: TriggerRule::Legacy, ..Trigger::at_creation(11, 360, 0) };
        assert_eq!(fires(trigger, 1_100)[..], [348, 709, 1_070]);
    }

    #[test]
    fn the_next_due_block_is_the_first_that_is_due() {
        for rule in [TriggerRule::Current, TriggerRule::Legacy] {
            for tempo in [1, 2, 7, 360] {
                let mut trigger = Trigger { rule, ..Trigger::at_creation(11, tempo, 0) };
                let (mut by_asking, mut block) = (Vec::new(), 0);
                while by_asking.len() < 20 {
                    block = trigger.next_due(block).unwrap();
                    by_asking.push(block);
                    trigger.fired(block);
                }
                let start = Trigger { rule, ..Trigger::at_creation(11, tempo, 0) };
                assert_eq!(fires(start, block), by_asking, "{rule:?} tempo {tempo}");
            }
        }
    }

    #[test]
    fn an_owner_can_ask_for_an_epoch_and_a_tempo_of_zero_stops_them() {
        let asked = Trigger { pending_epoch_at: 50, ..Trigger::at_creation(0, 360, 0) };
        assert_eq!(fires(asked, 450)[..], [50, 410]);
        let stopped = Trigger::at_creation(0, 0, 0);
        assert_eq!((stopped.next_due(7), stopped.due(99_999)), (None, false));
    }

    #[test]
    fn the_legacy_blocks_of_netuid_11_are_those_of_the_specification() {
        let trigger = Trigger { rule: TriggerRule::Legacy, ..Trigger::at_creation(11, 360, 0) };
        let first = trigger.next_due(6_600_000).unwrap();
        let second = trigger.next_due(first).unwrap();
        assert_eq!(
            (first, second, trigger.next_due(second)),
            (6_600_150, 6_600_511, Some(6_600_872))
        );
        // The counter goes up one block after the fire block.
        let counted = |block| trigger.counter(block) - trigger.counter(first - 1);
        assert_eq!((counted(first), counted(first + 1), counted(second + 1)), (0, 1, 2));
    }

    #[test]
    fn a_change_of_rule_keeps_the_next_block_and_the_counter() {
        let legacy = Trigger { rule: TriggerRule::Legacy, ..Trigger::at_creation(11, 360, 0) };
        for block in [348, 349, 500, 709, 6_600_150] {
            let legacy = Trigger { last_step_reset: block, ..legacy };
            let mut trigger = legacy;
            trigger.change_rule(TriggerRule::Current, block);
            assert_eq!(trigger.next_due(block), legacy.next_due(block), "at {block}");
            assert_eq!(trigger.counter(block), legacy.counter(block), "at {block}");
        }
    }

    #[test]
    fn a_manual_trigger_fires_when_it_is_told_to() {
        let mut trigger = Trigger { is_manual: true, ..Trigger::at_creation(11, 360, 100) };
        assert_eq!((trigger.next_due(9_999), trigger.due(9_999)), (None, false));
        trigger.pending_epoch_at = 461;
        assert_eq!(
            (trigger.next_due(100), trigger.due(460), trigger.due(461)),
            (Some(461), false, true)
        );
        assert_eq!((trigger.counter_in_step(460), trigger.counter_in_step(461)), (0, 1));
        trigger.rule = TriggerRule::Legacy;
        assert_eq!(trigger.counter_in_step(461), 0);
        trigger.fired(461);
        assert_eq!((trigger.counter(461), trigger.counter(462)), (0, 1));
    }

    #[test]
    fn no_block_and_no_tempo_overflows() {
        for rule in [TriggerRule::Current, TriggerRule::Legacy] {
            for tempo in [1, 360, 50_400, u64::MAX] {
                for block in [0, u64::MAX - 1, u64::MAX] {
                    let trigger = Trigger { rule, ..Trigger::at_creation(u16::MAX, tempo, block) };
                    assert!(trigger.next_due(block) >= Some(block));
                    assert!(trigger.counter_in_step(block) >= trigger.counter(block));
                }
            }
        }
    }

    #[test]
    fn setting_a_tempo_restarts_the_cycle() {
        let mut trigger = Trigger::at_creation(0, 360, 0);
        trigger.set_tempo(500, 300);
        assert_eq!(trigger.next_due(300), Some(800));
    }

    #[test]
    fn a_run_is_forced_after_50_400_blocks_without_one() {
        // A tempo set again and again restarts the cycle; BlocksSinceLastStep is 50_401 at block 50_401.
        let trigger = Trigger { last_epoch_block: 50_399, ..Trigger::at_creation(0, 360, 0) };
        assert_eq!(trigger.next_due(50_399), Some(50_401));
        assert!(!trigger.due(50_400) && trigger.due(50_401));
    }
}
