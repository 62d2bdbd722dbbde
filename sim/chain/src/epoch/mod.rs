//! One epoch of Yuma Consensus, exact to the last bit (chain.md 4). The files follow the sections of the specification.
//!
//! ```text
//! stake      4.1 to 4.4  activity, stake, permits, active stake
//! layout                 which rows are equal, which columns anyone names (ours: what is equal is computed once)
//! weights    4.5         load, mask, normalise
//! consensus  4.6         the majority's weight for each miner; search finds it, vectors speeds that up
//! incentive  4.7         clip, trust, rank
//! bonds      4.8         classic and Yuma3; liquid has the per-cell rate, exponential computes it
//! emission   4.9         shares and rao
//! ```
//!
//! The chain keeps sparse rows. Here a matrix is a rectangle: the distinct rows against the columns that anyone names.
//! A cell that a row lacks is 0 in it; the one place where a missing cell differs from a zero (liquid alpha) keeps the
//! rows' order beside it. All buffers belong to [`Epoch`] and are reused: the steady state does not allocate.

mod bonds;
mod consensus;
mod emission;
mod exponential;
mod incentive;
mod layout;
mod liquid;
mod masks;
mod search;
mod stake;
#[cfg(feature = "simd")]
mod vectors;
mod weights;

use crate::fixed::I32F32;
use crate::hyper::Hyper;
use crate::runtime::PruningRule;
use bonds::Bonds;
use consensus::Consensus;
use emission::Emission;
use layout::Layout;
use stake::Stakes;
use weights::Weights;

/// A stored row of weights or bonds: (uid, value) in the order of submission, no uid twice.
pub type Row = Vec<(u16, u16)>;

/// What an epoch reads: what the chain has stored when it fires. Every slice has one entry a uid.
#[derive(Clone, Copy, Debug)]
pub struct State<'a> {
    /// Block of the epoch.
    pub block: u64,
    /// Blocks between two epochs \[blocks\].
    pub tempo: u64,
    /// Block of the epoch before (`LastMechanismStepBlock`), 0 before the first.
    pub last_step_block: u64,
    /// Uid of the subnet's owner, if it holds one.
    pub owner: Option<u16>,
    /// Pending of miners, validators and root together, the owner's cut excluded \[rao\].
    pub rao: u64,
    /// The subnet's parameters in force.
    pub hyper: &'a Hyper,
    /// Total stake, root TAO by its weight included \[2^-`stake_fraction` rao\].
    pub stake: &'a [u128],
    /// Fractional bits of the stake: 0 where it is whole rao.
    pub stake_fraction: u32,
    /// Block of the last accepted row, commit or registration.
    pub last_update: &'a [u64],
    /// Block in which each neuron was registered.
    pub registered: &'a [u64],
    /// Whether it has a validator permit.
    pub permits: &'a [bool],
    /// Block of its earliest pending commit.
    pub commits: &'a [Option<u64>],
    /// Its weights, as they are stored: 65535 is the largest of a row, and 0 may stand in one.
    pub weights: &'a [Row],
    /// Its bonds, as they are stored.
    pub bonds: &'a [Row],
    /// The consensus that the epoch before stored \[1/65535\]; 0 since a registration. Liquid alpha may read it from runtime
    /// 446 on.
    pub consensus: &'a [u16],
}

/// Runs epochs and holds what the last one computed, one entry a uid.
///
/// ```
/// use assay_chain::Epoch;
/// use assay_chain::Hyper;
/// use assay_chain::State;
///
/// // Uids 0 and 1 validate with 3 and 1 parts of the stake, and both vote for the miner 2.
/// let mut epoch = Epoch::default();
/// epoch.run(&State {
///     block: 720,
///     tempo: 360,
///     last_step_block: 360,
///     owner: None,
///     rao: 1_000,
///     hyper: &Hyper::default(),
///     stake: &[3_000, 1_000, 0],
///     stake_fraction: 0,
///     last_update: &[700, 710, 1],
///     registered: &[1, 1, 1],
///     permits: &[true, true, false],
///     commits: &[None; 3],
///     weights: &[vec![(2, 65_535)], vec![(2, 65_535)], vec![]],
///     bonds: &[vec![], vec![], vec![]],
///     consensus: &[0; 3],
/// });
/// assert_eq!(epoch.server_emission(), [0, 0, 500]);
/// assert_eq!(epoch.validator_emission(), [375, 125, 0]);
/// ```
#[derive(Debug, Default)]
pub struct Epoch {
    stakes: Stakes,
    layout: Layout,
    weights: Weights,
    consensus: Consensus,
    bonds: Bonds,
    emission: Emission,
    consensus_by_uid: Vec<I32F32>,
    /// Consensus of the epoch before, by column, where liquid alpha compares with it.
    previous: Vec<I32F32>,
    clipped: Vec<I32F32>,
    validator_trust: Vec<I32F32>,
    rank: Vec<I32F32>,
    incentive: Vec<I32F32>,
    dividend: Vec<I32F32>,
}

impl Epoch {
    /// Computes the epoch of a state, which stays as it is: [`Neurons::run_epoch`](crate::Neurons::run_epoch) stores what
    /// comes out.
    ///
    /// # Panics
    /// If the slices of the state differ in length, or the owner is none of the uids.
    pub fn run(&mut self, state: &State<'_>) {
        let n = state.stake.len();
        let lengths = [state.last_update.len(), state.registered.len(), state.permits.len()];
        assert!(
            lengths.iter().all(|&length| length == n),
            "every uid has its stake, blocks and permit"
        );
        let lengths =
            [state.commits.len(), state.weights.len(), state.bonds.len(), state.consensus.len()];
        assert!(
            lengths.iter().all(|&length| length == n),
            "every uid has its commit, weights, bonds and consensus"
        );

        self.stakes.compute(state);
        self.layout.arrange(state, &self.stakes);
        self.weights.load(state, &self.layout);
        self.consensus.compute(state, &self.layout, &self.stakes, &self.weights);
        self.clip_and_rank();
        self.weights.for_bonds(state, &self.consensus.majority);
        self.compute_bonds(state);
        let earned = (&self.incentive[..], &self.dividend[..]);
        let is_scored = state.hyper.runtime.pruning == PruningRule::Score;
        self.emission.compute(state.rao, earned, &self.stakes, is_scored);
    }

    /// 4.1: whether the validator's last update is recent enough.
    #[must_use]
    pub fn active(&self) -> &[bool] {
        &self.stakes.active
    }

    /// 4.2: share of the stake, `0.0..=1.0`, masked by nothing.
    #[must_use]
    pub fn stake(&self) -> &[I32F32] {
        &self.stakes.stake
    }

    /// 4.3: whether it has a validator permit from the next epoch on.
    #[must_use]
    pub fn new_permits(&self) -> &[bool] {
        &self.stakes.new_permits
    }

    /// 4.4: share of the stake that has a say, `0.0..=1.0`.
    #[must_use]
    pub fn active_stake(&self) -> &[I32F32] {
        &self.stakes.active_stake
    }

    /// 4.6: weight that the majority of stake gives it at least, `0.0..=1.0`.
    #[must_use]
    pub fn consensus(&self) -> &[I32F32] {
        &self.consensus_by_uid
    }

    /// 4.7: sum of the validator's clipped weights, `0.0..=1.0`.
    #[must_use]
    pub fn validator_trust(&self) -> &[I32F32] {
        &self.validator_trust
    }

    /// 4.7: the miner's share of what miners earn, `0.0..=1.0`.
    #[must_use]
    pub fn incentive(&self) -> &[I32F32] {
        &self.incentive
    }

    /// 4.8: the validator's share of what validators earn, `0.0..=1.0`.
    #[must_use]
    pub fn dividend(&self) -> &[I32F32] {
        &self.dividend
    }

    /// 4.9: what it gets as a miner \[rao\].
    #[must_use]
    pub fn server_emission(&self) -> &[u64] {
        &self.emission.server
    }

    /// 4.9: what it gets as a validator, its nominators included; [`Payouts`](crate::Payouts) pays it as a share of what is
    /// pending for validators \[rao\].
    #[must_use]
    pub fn validator_emission(&self) -> &[u64] {
        &self.emission.validator
    }

    /// 4.9: both together, by which [`Pruning`](crate::Pruning) chooses \[rao\].
    #[must_use]
    pub fn combined_emission(&self) -> &[u64] {
        &self.emission.combined
    }

    /// 11.3: what pruning goes by before runtime 365 \[1/65535\]; empty from there on.
    #[must_use]
    pub fn pruning_scores(&self) -> &[u16] {
        &self.emission.scores
    }

    /// 4.8: the uid's bonds as (other uid, bond), as they are before they are stored; also of uids without a permit.
    ///
    /// # Panics
    /// If there is no such uid.
    pub fn bond_row(&self, uid: usize) -> impl Iterator<Item = (u16, I32F32)> {
        self.bonds.row(&self.layout, uid)
    }

    /// 4.10: writes the bonds as they are stored: a row for each uid with a new permit, else an empty one.
    ///
    /// # Panics
    /// If the rows are more than the uids.
    pub fn store_bonds(&mut self, rows: &mut [Row]) {
        self.bonds.store(&self.layout, &self.stakes.new_permits, rows);
    }
}
