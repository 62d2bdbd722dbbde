//! One subnet as an engine drives it: blocks pass, weights arrive, epochs fire and pay, neurons come and go.
//!
//! ```text
//! advance_to(block)      price decays, every block mints and splits, matured commits are revealed
//! run_epoch()            drain, epoch, distribute: a Settlement that adds up to what was minted
//! set_weights, commit    the extrinsics of the block, admitted by the chain's checks
//! register               append or replace
//! upgrade                the chain takes other rules
//! ```
//!
//! A block's step runs before its extrinsics: call [`Subnet::advance_to`], then [`Subnet::run_epoch`] where the block is
//! due, then what arrives in the block. Weights of this block are first seen by an epoch of a later one.
//!
//! Left out: the pool and the price of alpha, nominators' share pools, child keys, several mechanisms (chain.md 0). What
//! a neuron is paid is credited to its stake only if the caller does so with [`Subnet::add_stake`].

mod blocks;
mod commits;
mod entry;
mod facts;
mod settle;

use crate::admission::Desk;
use crate::admission::Prepared;
use crate::admission::Submission;
use crate::admission::WeightRefusal;
use crate::emission::SplitRule;
use crate::epoch::Epoch;
use crate::epoch::Row;
use crate::hotkeys::Hotkeys;
use crate::hyper::Hyper;
use crate::hyper::tao_weight_of;
use crate::neurons::Neurons;
use crate::payout::Payouts;
use crate::registration::CollateralBook;
use crate::registration::Price;
use crate::registration::Settled;
use crate::runtime::Runtime;
use crate::trigger::Trigger;
use crate::wide::U96F32;
use blocks::Counters;
use commits::Commits;
pub use entry::Applicant;
pub use entry::Leaver;
pub use entry::Registered;
pub use settle::Settlement;

/// How a subnet begins.
#[derive(Clone, Debug)]
pub struct Genesis {
    /// Number of the subnet.
    pub netuid: u16,
    /// Blocks between two epochs \[blocks\].
    pub tempo: u64,
    /// Block in which the subnet is created.
    pub block: u64,
    /// Alpha issued before \[rao\].
    pub issuance: u64,
    /// Registration price at the start \[rao\].
    pub price: u64,
    /// Owner hotkey, if it ever registers.
    pub owner_hotkey: Option<u64>,
    /// Part of the validators' half that goes to root, `0.0..=1.0`; the same in every block.
    pub root_prop: U96F32,
    /// Whether root's part is handed out, else it is recycled.
    pub root_sell: bool,
    /// Time from an epoch to the reveal of the commits that mature with it \[blocks\]. From runtime 423 on 0 reveals them
    /// before it; before, they cannot be read until the block after it.
    pub reveal_lag: u64,
    /// Parameters, and the runtime in them.
    pub hyper: Hyper,
}

/// Tempo of a new subnet \[blocks\]. Source: chain.md 8, tempo.
const TEMPO: u64 = 360;
/// Number of the subnet. Source: spec/offchain.md section 0, Dippy Studio is SN11.
const NETUID: u16 = 11;
/// Registration price at creation \[rao\]. Source: chain.md 8, burn: start.
const PRICE: u64 = 1_000_000_000;

impl Default for Genesis {
    fn default() -> Self {
        Self {
            netuid: NETUID,
            tempo: TEMPO,
            block: 0,
            issuance: 0,
            price: PRICE,
            owner_hotkey: None,
            root_prop: U96F32::ZERO,
            root_sell: false,
            reveal_lag: 0,
            hyper: Hyper::default(),
        }
    }
}

/// One subnet, as blocks pass: who is in it, what it voted and staked, what is pending, and what the last epoch paid. The
/// crate's first page has an example.
#[derive(Debug)]
pub struct Subnet {
    block: u64,
    last_step_block: u64,
    trigger: Trigger,
    hyper: Hyper,
    price: Price,
    counters: Counters,
    root_prop: U96F32,
    root_sell: bool,
    owner_hotkey: Option<u64>,
    /// Other hotkeys of the owner's coldkey.
    owned: Vec<u64>,
    neurons: Neurons,
    hotkeys: Hotkeys,
    of_owner: Vec<bool>,
    /// Whether each uid's hotkey holds a uid on root.
    on_root: Vec<bool>,
    alpha: Vec<u64>,
    root_tao: Vec<u64>,
    take: Vec<u16>,
    commits: Commits,
    collateral: CollateralBook,
    /// What the last payout did to each uid's collateral.
    settled: Vec<Settled>,
    epoch: Epoch,
    payouts: Payouts,
    totals: Vec<u128>,
    prepared: Prepared,
    immortal: Vec<u16>,
    scores: Vec<u64>,
}

impl Subnet {
    /// A subnet that begins like this, without neurons.
    #[must_use]
    pub fn new(genesis: Genesis) -> Self {
        let Genesis { netuid, tempo, block, issuance, price, hyper, .. } = genesis;
        let rule = hyper.runtime.trigger;
        Self {
            block,
            last_step_block: 0,
            trigger: Trigger { rule, ..Trigger::at_creation(netuid, tempo, block) },
            price: Price::new(price.min(hyper.burn_max).max(hyper.burn_min), block),
            counters: Counters::new(issuance),
            hyper,
            root_prop: genesis.root_prop,
            root_sell: genesis.root_sell,
            owner_hotkey: genesis.owner_hotkey,
            owned: Vec::new(),
            neurons: Neurons::default(),
            hotkeys: Hotkeys::default(),
            of_owner: Vec::new(),
            on_root: Vec::new(),
            alpha: Vec::new(),
            root_tao: Vec::new(),
            take: Vec::new(),
            commits: Commits::new(genesis.reveal_lag),
            collateral: CollateralBook::default(),
            settled: Vec::new(),
            epoch: Epoch::default(),
            payouts: Payouts::default(),
            totals: Vec::new(),
            prepared: Prepared::default(),
            immortal: Vec::new(),
            scores: Vec::new(),
        }
    }

    /// Sets weights in the current block (chain.md 6.1).
    ///
    /// # Errors
    /// The first check that fails; nothing is stored.
    pub fn set_weights(&mut self, row: &Submission<'_>) -> Result<(), WeightRefusal> {
        let mut stored = std::mem::take(&mut self.prepared);
        let admitted = self.desk().admit(row, &mut stored);
        if let Ok(uid) = admitted {
            self.neurons.weights[usize::from(uid)].clone_from(&stored.row);
            self.neurons.last_update[usize::from(uid)] = self.block;
        }
        self.prepared = stored;
        admitted.map(|_| ())
    }

    /// Stores a row that the chain is known to take in the current block, as it is stored.
    ///
    /// # Errors
    /// If the hotkey holds no uid, or the row names a uid that nobody holds.
    pub fn place_weights(&mut self, hotkey: u64, row: &Row) -> Result<(), WeightRefusal> {
        let uid = self.uid_of(hotkey).ok_or(WeightRefusal::NotRegistered)?;
        let n = self.neurons.count();
        if let Some(&(unknown, _)) = row.iter().find(|cell| usize::from(cell.0) >= n) {
            return Err(WeightRefusal::UnknownUid(unknown));
        }
        self.neurons.weights[usize::from(uid)].clone_from(row);
        self.neurons.last_update[usize::from(uid)] = self.block;
        Ok(())
    }

    /// The chain goes on with other rules from here. What is stored is read by them; a manual trigger's counter and the
    /// parameters stay. What is pending moves to the new counters, and the cutoff and the next epoch to the new rule's form.
    pub fn upgrade(&mut self, runtime: Runtime) {
        let before = std::mem::replace(&mut self.hyper.runtime, runtime);
        if before.pending != runtime.pending {
            self.counters.since.convert(runtime.pending);
        }
        if before.cutoff != runtime.cutoff && !self.trigger.is_manual {
            self.hyper.activity_cutoff = self.hyper.activity_cutoff.converted(self.trigger.tempo);
        }
        self.trigger.change_rule(runtime.trigger, self.block);
    }

    /// Uid of the owner's hotkey.
    #[must_use]
    pub fn owner_uid(&self) -> Option<u16> {
        self.owner_hotkey.and_then(|hotkey| self.uid_of(hotkey))
    }

    /// How blocks are split now.
    fn split_rule(&self) -> SplitRule {
        SplitRule {
            owner_cut: self.hyper.owner_cut,
            root_prop: self.root_prop,
            root_sell: self.root_sell,
        }
    }

    /// Total stakes of 4.2; gives their fractional bits, 0 where no root TAO counts.
    fn refresh_totals(&mut self) -> u32 {
        let weight = tao_weight_of(self.hyper.tao_weight);
        let fraction = if self.root_tao.iter().any(|&tao| tao > 0) { U96F32::FRACTION } else { 0 };
        let stakes = self.alpha.iter().zip(&self.root_tao);
        self.totals.clear();
        self.totals.extend(stakes.map(|(&alpha, &tao)| {
            (u128::from(alpha) << fraction) + u128::from(tao) * weight.bits()
        }));
        fraction
    }

    /// What the checks of weights read.
    fn desk(&self) -> Desk<'_> {
        Desk {
            block: self.block,
            hyper: &self.hyper,
            neurons: &self.neurons,
            hotkeys: &self.hotkeys,
            alpha: &self.alpha,
            root_tao: &self.root_tao,
            owner: self.owner_uid(),
        }
    }
}
