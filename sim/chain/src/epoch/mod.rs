//! One epoch of Yuma Consensus, exact to the last bit (chain.md 4). The files follow the sections of the specification.
//!
//! ```text
//! stake      4.1 to 4.4  activity, stake, permits, active stake
//! layout                 which rows are equal, which columns anyone names (ours: what is equal is computed once)
//! weights    4.5         load, mask, normalise
//! consensus  4.6         the majority's weight for each miner
//! incentive  4.7         clip, trust, rank
//! bonds      4.8         classic and Yuma3; liquid has the per-cell rate
//! emission   4.9         shares and rao
//! ```
//!
//! The chain keeps sparse rows. Here a matrix is a rectangle: the distinct rows against the columns that anyone names.
//! A cell that a row lacks is 0 in it; the one place where a missing cell differs from a zero (liquid alpha) keeps the
//! rows' order beside it. All buffers belong to [`Epoch`] and are reused: the steady state does not allocate.

mod bonds;
mod consensus;
mod emission;
mod incentive;
mod layout;
mod liquid;
mod masks;
mod stake;
mod weights;

use crate::fixed::I32F32;
use crate::hyper::Hyper;
use bonds::Bonds;
use consensus::Consensus;
use emission::Emission;
use layout::Layout;
use stake::Stakes;
use weights::Weights;

/// A stored row of weights or bonds: (uid, value) in the order of submission, no uid twice.
pub type Row = Vec<(u16, u16)>;

/// What an epoch reads. Every slice has one entry a uid.
#[derive(Clone, Copy, Debug)]
pub struct State<'a> {
    /// Block of the epoch.
    pub block: u64,
    /// Blocks between epochs.
    pub tempo: u64,
    /// `LastMechanismStepBlock`, 0 before the first step.
    pub last_step_block: u64,
    /// Uid of the subnet's owner.
    pub owner: Option<u16>,
    /// Pending of miners, validators and root \[rao\].
    pub rao: u64,
    /// The subnet's parameters.
    pub hyper: &'a Hyper,
    /// Total stake \[2^-`stake_fraction` rao\].
    pub stake: &'a [u128],
    /// Fractional bits of the stake.
    pub stake_fraction: u32,
    /// Block of the last accepted row, commit or registration.
    pub last_update: &'a [u64],
    /// Block of registration.
    pub registered: &'a [u64],
    /// Stored validator permits.
    pub permits: &'a [bool],
    /// Block of the earliest pending commit.
    pub commits: &'a [Option<u64>],
    /// Stored weight rows.
    pub weights: &'a [Row],
    /// Stored bond rows.
    pub bonds: &'a [Row],
}

/// Runs epochs and holds what the last one computed, one entry a uid.
#[derive(Debug, Default)]
pub struct Epoch {
    stakes: Stakes,
    layout: Layout,
    weights: Weights,
    consensus: Consensus,
    bonds: Bonds,
    emission: Emission,
    consensus_by_uid: Vec<I32F32>,
    clipped: Vec<I32F32>,
    validator_trust: Vec<I32F32>,
    rank: Vec<I32F32>,
    incentive: Vec<I32F32>,
    dividend: Vec<I32F32>,
}

impl Epoch {
    /// Computes the epoch.
    ///
    /// # Panics
    /// If the slices of the state differ in length.
    pub fn run(&mut self, state: &State<'_>) {
        let n = state.stake.len();
        let lengths = [state.last_update.len(), state.registered.len(), state.permits.len()];
        assert!(
            lengths.iter().all(|&length| length == n),
            "every uid has its stake, blocks and permit"
        );
        let lengths = [state.commits.len(), state.weights.len(), state.bonds.len()];
        assert!(
            lengths.iter().all(|&length| length == n),
            "every uid has its commit, weights and bonds"
        );

        self.stakes.compute(state);
        self.layout.arrange(state, &self.stakes);
        self.weights.load(state, &self.layout);
        self.consensus.compute(state, &self.layout, &self.stakes, &self.weights);
        self.clip_and_rank();
        self.weights.for_bonds(state, &self.consensus.majority);
        self.compute_bonds(state);
        let (incentive, dividend) = (&self.incentive, &self.dividend);
        self.emission.compute(state.rao, incentive, dividend, &self.stakes);
    }

    /// 4.1: whether the validator's last update is recent enough.
    #[must_use]
    pub fn active(&self) -> &[bool] {
        &self.stakes.active
    }

    /// 4.2: share of the stake, masked by nothing.
    #[must_use]
    pub fn stake(&self) -> &[I32F32] {
        &self.stakes.stake
    }

    /// 4.3: permits from the next epoch on.
    #[must_use]
    pub fn new_permits(&self) -> &[bool] {
        &self.stakes.new_permits
    }

    /// 4.4: share of the stake that has a say.
    #[must_use]
    pub fn active_stake(&self) -> &[I32F32] {
        &self.stakes.active_stake
    }

    /// 4.6: weight that the majority of stake gives at least.
    #[must_use]
    pub fn consensus(&self) -> &[I32F32] {
        &self.consensus_by_uid
    }

    /// 4.7: sum of the validator's clipped weights.
    #[must_use]
    pub fn validator_trust(&self) -> &[I32F32] {
        &self.validator_trust
    }

    /// 4.7: normalised rank.
    #[must_use]
    pub fn incentive(&self) -> &[I32F32] {
        &self.incentive
    }

    /// 4.8: normalised dividends.
    #[must_use]
    pub fn dividend(&self) -> &[I32F32] {
        &self.dividend
    }

    /// 4.9: a miner's pay \[rao\].
    #[must_use]
    pub fn server_emission(&self) -> &[u64] {
        &self.emission.server
    }

    /// 4.9: a validator's emission \[rao\].
    #[must_use]
    pub fn validator_emission(&self) -> &[u64] {
        &self.emission.validator
    }

    /// 4.9: both together, the pruning key \[rao\].
    #[must_use]
    pub fn combined_emission(&self) -> &[u64] {
        &self.emission.combined
    }

    /// 4.8: the uid's bonds as (column, value), before quantisation and before the filter by permit.
    pub fn bond_row(&self, uid: usize) -> impl Iterator<Item = (u16, I32F32)> {
        self.bonds.row(&self.layout, uid)
    }

    /// 4.10: writes the quantised bonds: a row for each uid with a new permit, else an empty one.
    pub fn store_bonds(&mut self, rows: &mut [Row]) {
        self.bonds.store(&self.layout, &self.stakes.new_permits, rows);
    }
}
