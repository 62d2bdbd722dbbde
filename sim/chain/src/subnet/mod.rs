//! One subnet as an engine drives it: blocks pass, weights arrive, epochs fire and pay, neurons come and go.
//!
//! ```text
//! advance_to(block)      price decays, every block mints and splits, matured commits are revealed
//! run_epoch()            drain, epoch, distribute: a Settlement that adds up to what was minted
//! set_weights, commit    the extrinsics of the block, admitted by the chain's checks
//! register               append or replace
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
mod settle;

use crate::admission::Desk;
use crate::admission::Prepared;
use crate::admission::Submission;
use crate::admission::WeightRefusal;
use crate::emission::SplitRule;
use crate::epoch::Epoch;
use crate::hotkeys::Hotkeys;
use crate::hyper::Hyper;
use crate::hyper::tao_weight_of;
use crate::neurons::Neurons;
use crate::payout::Payouts;
use crate::registration::Price;
use crate::trigger::Trigger;
use crate::trigger::TriggerRule;
use crate::wide::U96F32;
use blocks::Counters;
use commits::Commits;
pub use entry::Leaver;
pub use entry::Registered;
pub use settle::Settlement;

/// How a subnet begins.
#[derive(Clone, Debug)]
pub struct Genesis {
    /// Number of the subnet.
    pub netuid: u16,
    /// Tempo \[blocks\].
    pub tempo: u64,
    /// Rule that fires epochs.
    pub rule: TriggerRule,
    /// Block of creation.
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
    /// Time from an epoch to the reveal of the commits that mature with it \[blocks\]; 0 reveals them before it.
    pub reveal_lag: u64,
    /// Parameters.
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
            rule: TriggerRule::Current,
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
    neurons: Neurons,
    hotkeys: Hotkeys,
    of_owner: Vec<bool>,
    alpha: Vec<u64>,
    root_tao: Vec<u64>,
    take: Vec<u16>,
    commits: Commits,
    epoch: Epoch,
    payouts: Payouts,
    totals: Vec<u128>,
    prepared: Prepared,
    immortal: Vec<u16>,
}

impl Subnet {
    /// A subnet that begins like this, without neurons.
    #[must_use]
    pub fn new(genesis: Genesis) -> Self {
        let Genesis { netuid, tempo, rule, block, issuance, price, hyper, .. } = genesis;
        Self {
            block,
            last_step_block: 0,
            trigger: Trigger { rule, ..Trigger::at_creation(netuid, tempo, block) },
            price: Price::new(price, &hyper),
            counters: Counters::new(issuance),
            hyper,
            root_prop: genesis.root_prop,
            root_sell: genesis.root_sell,
            owner_hotkey: genesis.owner_hotkey,
            neurons: Neurons::default(),
            hotkeys: Hotkeys::default(),
            of_owner: Vec::new(),
            alpha: Vec::new(),
            root_tao: Vec::new(),
            take: Vec::new(),
            commits: Commits::new(genesis.reveal_lag),
            epoch: Epoch::default(),
            payouts: Payouts::default(),
            totals: Vec::new(),
            prepared: Prepared::default(),
            immortal: Vec::new(),
        }
    }

    /// Current block.
    #[must_use]
    pub fn block(&self) -> u64 {
        self.block
    }

    /// Trigger of the epochs.
    #[must_use]
    pub fn trigger(&self) -> &Trigger {
        &self.trigger
    }

    /// Trigger of the epochs, to set a tempo or to ask for an epoch.
    pub fn trigger_mut(&mut self) -> &mut Trigger {
        &mut self.trigger
    }

    /// Parameters in force.
    #[must_use]
    pub fn hyper(&self) -> &Hyper {
        &self.hyper
    }

    /// Parameters in force, to change them.
    pub fn hyper_mut(&mut self) -> &mut Hyper {
        &mut self.hyper
    }

    /// What the chain stores about the neurons.
    #[must_use]
    pub fn neurons(&self) -> &Neurons {
        &self.neurons
    }

    /// What the last epoch computed.
    #[must_use]
    pub fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// What the last epoch paid each uid; the uids are those of that epoch.
    #[must_use]
    pub fn payouts(&self) -> &Payouts {
        &self.payouts
    }

    /// Alpha ever issued, less what was recycled \[rao\].
    #[must_use]
    pub fn issuance(&self) -> u64 {
        self.counters.issuance
    }

    /// Price of a registration now \[rao\].
    #[must_use]
    pub fn price(&self) -> u64 {
        self.price.rao
    }

    /// Hotkey of each uid.
    #[must_use]
    pub fn hotkeys(&self) -> &[u64] {
        self.hotkeys.all()
    }

    /// Uid of a hotkey.
    #[must_use]
    pub fn uid_of(&self, hotkey: u64) -> Option<u16> {
        self.hotkeys.uid(hotkey)
    }

    /// Alpha stake of each uid \[rao\].
    #[must_use]
    pub fn stake(&self) -> &[u64] {
        &self.alpha
    }

    /// Sets a uid's alpha stake \[rao\].
    ///
    /// # Panics
    /// If there is no such uid.
    pub fn set_stake(&mut self, uid: u16, rao: u64) {
        self.alpha[usize::from(uid)] = rao;
    }

    /// Adds to a uid's alpha stake \[rao\].
    ///
    /// # Panics
    /// If there is no such uid, or the stake would pass 2^64 rao.
    pub fn add_stake(&mut self, uid: u16, rao: u64) {
        let stake = &mut self.alpha[usize::from(uid)];
        *stake = stake.checked_add(rao).expect("no stake is above the supply");
    }

    /// Sets a uid's root TAO stake \[rao\].
    ///
    /// # Panics
    /// If there is no such uid.
    pub fn set_root_stake(&mut self, uid: u16, rao: u64) {
        self.root_tao[usize::from(uid)] = rao;
    }

    /// Sets what a validator keeps from its nominators \[1/65535\].
    ///
    /// # Panics
    /// If there is no such uid.
    pub fn set_take(&mut self, uid: u16, take: u16) {
        self.take[usize::from(uid)] = take;
    }

    /// Says whether a uid's hotkey belongs to the owner's coldkey: its miner pay is withheld.
    ///
    /// # Panics
    /// If there is no such uid.
    pub fn set_of_owner(&mut self, uid: u16, of_owner: bool) {
        self.of_owner[usize::from(uid)] = of_owner;
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
