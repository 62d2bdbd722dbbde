//! Blocks pass: minting, splitting, and the decay of the price (chain.md 3).

use super::Subnet;
use crate::emission::SplitRule;
use crate::emission::block_emission;
use crate::emission::emit_block;
use crate::emission::next_change;

/// What accumulates between epochs \[rao\].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counters {
    /// Alpha ever issued, less what was recycled.
    pub(super) issuance: u64,
    /// Issuance at which a block mints another amount.
    next_change: Option<u64>,
    /// Minted since the last epoch.
    pub(super) minted: u64,
    /// Recycled of root's part since the last epoch.
    pub(super) recycled: u64,
    /// Pending of the owner.
    pub(super) owner: u64,
    /// Pending of the miners.
    pub(super) server: u64,
    /// Pending of the validators.
    pub(super) validator: u64,
    /// Pending of root.
    pub(super) root: u64,
}

impl Counters {
    /// Nothing pending.
    pub(super) fn new(issuance: u64) -> Self {
        Self { issuance, next_change: next_change(issuance), ..Self::default() }
    }

    /// Mints and splits `blocks` blocks: equal ones at once, up to the next change of the emission.
    fn mint(&mut self, mut blocks: u64, rule: &SplitRule) {
        while blocks > 0 {
            let minted = block_emission(self.issuance);
            let split = emit_block(minted, rule);
            let growth = minted - split.root_recycled;
            let until_change = match self.next_change {
                Some(change) if growth > 0 => (change - self.issuance).div_ceil(growth),
                _ => u64::MAX,
            };
            let equal = blocks.min(until_change);
            self.issuance += growth * equal;
            self.minted += minted * equal;
            self.recycled += split.root_recycled * equal;
            self.owner += split.owner * equal;
            self.server += split.server * equal;
            self.validator += split.validator * equal;
            self.root += split.root * equal;
            if self.next_change.is_some_and(|change| self.issuance >= change) {
                self.next_change = next_change(self.issuance);
            }
            blocks -= equal;
        }
    }

    /// Takes recycled alpha out of issuance.
    pub(super) fn recycle(&mut self, rao: u64) {
        self.issuance -= rao;
        self.next_change = next_change(self.issuance);
    }

    /// Starts the next tempo; the issuance stays.
    pub(super) fn drain(&mut self) -> Self {
        let drained = self.clone();
        *self = Self { issuance: self.issuance, next_change: self.next_change, ..Self::default() };
        drained
    }
}

impl Subnet {
    /// First block after the current one in which an epoch fires, if nothing changes.
    #[must_use]
    pub fn next_due(&self) -> Option<u64> {
        self.trigger.next_due(self.block)
    }

    /// Whether an epoch fires in the current block and has not run.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.trigger.due(self.block)
    }

    /// Lets blocks pass up to and including `block`: all of its step but the epoch.
    ///
    /// # Panics
    /// If the block lies before the current one, or an epoch is due between the two.
    pub fn advance_to(&mut self, block: u64) {
        let blocks = block.checked_sub(self.block).expect("blocks only go forward");
        if blocks == 0 {
            return;
        }
        assert!(!self.is_due(), "the epoch of block {} has not run", self.block);
        let due = self.trigger.next_due(self.block);
        assert!(due.is_none_or(|due| due >= block), "an epoch is due before block {block}");
        self.reveal_late(block);
        self.block = block;
        self.price = self.price.decayed(blocks, &self.hyper);
        let rule = self.split_rule();
        self.counters.mint(blocks, &rule);
    }
}
