//! Blocks pass: minting, splitting, reveals, and the price (chain.md 3).

use super::Subnet;
use crate::emission::SplitRule;
use crate::emission::block_emission;
use crate::emission::emit_block;
use crate::emission::emit_block_jointly;
use crate::emission::next_change;
use crate::payout::Pending;
use crate::runtime::PendingRule;
use crate::wide::at_price;

/// What accumulates between epochs \[rao\].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counters {
    /// Alpha ever issued, less what was recycled.
    pub(super) issuance: u64,
    /// Issuance at which a block mints another amount.
    next_change: Option<u64>,
    /// What passed since the last epoch.
    pub(super) since: Increments,
}

/// What blocks mint, and for whom \[rao\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Increments {
    /// All that a block mints \[rao\].
    pub(super) minted: u64,
    /// Of root's part, taken out of issuance.
    pub(super) recycled: u64,
    /// Pending of the owner.
    pub(super) owner: u64,
    /// Pending of the miners.
    server: u64,
    /// Pending of the validators.
    validator: u64,
    /// Pending of root; before runtime 343, sold for it.
    pub(super) root: u64,
    /// Pending of miners and validators together, before runtime 343.
    joint: u64,
}

impl Increments {
    /// What one block mints.
    fn of_block(minted: u64, split: &SplitRule, rule: PendingRule) -> Self {
        match rule {
            PendingRule::Three => {
                let split = emit_block(minted, split);
                Self {
                    minted,
                    recycled: split.root_recycled,
                    owner: split.owner,
                    server: split.server,
                    validator: split.validator,
                    root: split.root,
                    joint: 0,
                }
            }
            PendingRule::Two => {
                let split = emit_block_jointly(minted, split);
                let (root, joint) = (split.swapped, split.pending);
                Self { minted, owner: split.owner, root, joint, ..Self::default() }
            }
        }
    }

    /// Adds what as many blocks as `blocks` mint. No sum passes the supply.
    fn add(&mut self, block: &Self, blocks: u64) {
        self.minted += block.minted * blocks;
        self.recycled += block.recycled * blocks;
        self.owner += block.owner * blocks;
        self.server += block.server * blocks;
        self.validator += block.validator * blocks;
        self.root += block.root * blocks;
        self.joint += block.joint * blocks;
    }

    /// What an epoch hands out, `swap_price` being what alpha is sold for.
    pub(super) fn pending(&self, rule: PendingRule, swap_price: u128) -> Pending {
        match rule {
            PendingRule::Three => {
                Pending::Three { server: self.server, validator: self.validator, root: self.root }
            }
            PendingRule::Two => Pending::Two {
                pending: self.joint,
                swapped: self.root,
                root_tao: at_price(self.root, swap_price),
            },
        }
    }

    /// Moves what is pending to the counters of another rule: halves for miners and validators.
    pub(super) fn convert(&mut self, rule: PendingRule) {
        match rule {
            PendingRule::Three => {
                let joint = std::mem::take(&mut self.joint);
                self.server += joint / 2;
                self.validator += joint - joint / 2;
            }
            PendingRule::Two => {
                self.joint += std::mem::take(&mut self.server);
                self.joint += std::mem::take(&mut self.validator);
            }
        }
    }
}

impl Counters {
    /// Counters with nothing pending.
    pub(super) fn new(issuance: u64) -> Self {
        Self { issuance, next_change: next_change(issuance), ..Self::default() }
    }

    /// Mints and splits `blocks` blocks: equal ones at once, up to the next change of the emission.
    fn mint(&mut self, mut blocks: u64, split: &SplitRule, rule: PendingRule) {
        while blocks > 0 {
            let block = Increments::of_block(block_emission(self.issuance), split, rule);
            let growth = block.minted - block.recycled;
            if block.minted == 0 {
                return;
            }
            let until_change = match self.next_change {
                Some(change) if growth > 0 => (change - self.issuance).div_ceil(growth),
                _ => u64::MAX,
            };
            let equal = blocks.min(until_change);
            self.issuance += growth * equal;
            self.since.add(&block, equal);
            if self.next_change.is_some_and(|change| self.issuance >= change) {
                self.next_change = next_change(self.issuance);
            }
            blocks -= equal;
        }
    }

    /// Takes recycled alpha out of issuance.
    pub(super) fn recycle(&mut self, rao: u64) {
        self.issuance = self.issuance.saturating_sub(rao);
        self.next_change = next_change(self.issuance);
    }

    /// Starts the next tempo; the issuance stays.
    pub(super) fn drain(&mut self) -> Increments {
        std::mem::take(&mut self.since)
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
        self.reveal_until(block);
        self.block = block;
        self.price = self.price.after(block, &self.hyper);
        let split = self.split_rule();
        self.counters.mint(blocks, &split, self.hyper.runtime.pending);
    }
}
