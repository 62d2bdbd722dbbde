//! Which weight cells an epoch leaves out (chain.md 4.5 b to d).

use super::State;

/// The masks of one epoch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Masks<'a> {
    state: &'a State<'a>,
    /// Latest registration of any uid.
    pub(super) newest: u64,
}

impl<'a> Masks<'a> {
    /// The masks of this state.
    pub(super) fn new(state: &'a State<'a>) -> Self {
        Self { state, newest: state.registered.iter().copied().max().unwrap_or(0) }
    }

    /// Whether the validator's vote for itself counts: only the owner's does (b).
    pub(super) fn counts_own_vote(&self, validator: usize) -> bool {
        self.state.owner.is_some_and(|owner| usize::from(owner) == validator)
    }

    /// Whether some miner registered after the validator voted (c) or committed (d).
    pub(super) fn has_newcomers(&self, validator: usize) -> bool {
        self.is_newcomer(validator, self.newest)
    }

    /// Whether the validator's cell for the miner is left out.
    #[inline]
    pub(super) fn drops(&self, validator: usize, miner: usize) -> bool {
        (miner == validator && !self.counts_own_vote(validator))
            || self.is_newcomer(validator, self.state.registered[miner])
    }

    /// Whether a miner registered in this block is too new for the validator's row.
    #[inline]
    fn is_newcomer(&self, validator: usize, registered: u64) -> bool {
        self.state.last_update[validator] <= registered
            || (self.state.hyper.commit_reveal
                && self.state.commits[validator].is_some_and(|block| block < registered))
    }
}
