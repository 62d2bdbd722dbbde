//! When an epoch fires (chain.md 3.4).

/// Blocks without a run after which one fires whatever the tempo. Source: chain.md 8, safety maximum.
const BLOCKS_WITHOUT_RUN_MAX: u64 = 50_400;

/// The rule by which epochs fire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TriggerRule {
    /// From runtime 423: the period is the tempo, counted from the last epoch.
    #[default]
    Current,
    /// Before runtime 423: the period is the tempo and one block, counted from block 0.
    Legacy,
}

/// What decides when the next epoch fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Rule in force.
    pub rule: TriggerRule,
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
    /// Number of epochs run so far (`SubnetEpochIndex`).
    pub epoch_index: u64,
}

impl Trigger {
    /// The state of a subnet created at `block`: subnets are staggered by their number.
    #[must_use]
    pub fn at_creation(netuid: u16, tempo: u64, block: u64) -> Self {
        Self {
            rule: TriggerRule::Current,
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
        if self.tempo == 0 {
            return false;
        }
        match self.rule {
            TriggerRule::Legacy => {
                self.legacy_rest(block) == self.tempo && block > self.last_epoch_block
            }
            TriggerRule::Current => {
                (self.pending_epoch_at > 0 && block >= self.pending_epoch_at)
                    || block.saturating_sub(self.last_step_reset) > BLOCKS_WITHOUT_RUN_MAX
                    || block.saturating_sub(self.last_epoch_block) >= self.tempo
            }
        }
    }

    /// First block after `block` in which an epoch fires if nothing changes, none at tempo 0.
    #[must_use]
    pub fn next_due(&self, block: u64) -> Option<u64> {
        if self.tempo == 0 {
            return None;
        }
        let next = block + 1;
        Some(match self.rule {
            TriggerRule::Legacy => next + (self.tempo - self.legacy_rest(next)),
            TriggerRule::Current => {
                let asked =
                    if self.pending_epoch_at > 0 { self.pending_epoch_at } else { u64::MAX };
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

    /// Sets a tempo \[blocks\] in a block, which restarts the cycle.
    pub fn set_tempo(&mut self, tempo: u64, block: u64) {
        self.tempo = tempo;
        self.last_epoch_block = block;
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
