//! What a subnet is asked for, and what its keeper sets.

use super::Subnet;
use crate::epoch::Epoch;
use crate::hyper::Hyper;
use crate::neurons::Neurons;
use crate::payout::Payouts;
use crate::registration::Price;
use crate::registration::Settled;
use crate::trigger::Trigger;

impl Subnet {
    /// Number of the current block.
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

    /// The subnet's parameters in force.
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

    /// Gives the owner another hotkey, or none: the seats of the owner's hotkeys are looked at anew.
    pub fn set_owner_hotkey(&mut self, hotkey: Option<u64>) {
        self.owner_hotkey = hotkey;
        self.look_for_owned();
    }

    /// Says which other hotkeys belong to the owner's coldkey, with or without a seat: their miner pay is withheld, and the
    /// earliest of them are never pruned.
    pub fn set_owned(&mut self, hotkeys: Vec<u64>) {
        self.owned = hotkeys;
        self.look_for_owned();
    }

    fn look_for_owned(&mut self) {
        let is_of_owner =
            |&hotkey: &u64| self.owner_hotkey == Some(hotkey) || self.owned.contains(&hotkey);
        self.of_owner = self.hotkeys.all().iter().map(is_of_owner).collect();
    }

    /// Says whether a uid's hotkey holds a uid on root, which every one does at first; runtimes from 442 on ask.
    ///
    /// # Panics
    /// If there is no such uid.
    pub fn set_on_root(&mut self, uid: u16, on_root: bool) {
        self.on_root[usize::from(uid)] = on_root;
    }

    /// Root TAO stake of each uid \[rao\].
    #[must_use]
    pub fn root_stake(&self) -> &[u64] {
        &self.root_tao
    }

    /// What the chain stores about the neurons, to take over a subnet that exists; every list keeps its length.
    pub fn neurons_mut(&mut self) -> &mut Neurons {
        &mut self.neurons
    }

    /// The registration price with what it depends on.
    #[must_use]
    pub fn pricing(&self) -> &Price {
        &self.price
    }

    /// The registration price with what it depends on, to take over a subnet that exists.
    pub fn pricing_mut(&mut self) -> &mut Price {
        &mut self.price
    }

    /// What the last payout did to the collateral of each uid's hotkey.
    #[must_use]
    pub fn settled(&self) -> &[Settled] {
        &self.settled
    }

    /// Block of the last epoch (`LastMechanismStepBlock`), 0 before the first.
    #[must_use]
    pub fn last_step_block(&self) -> u64 {
        self.last_step_block
    }

    /// Sets the block of the last epoch, to take over a subnet that exists.
    pub fn set_last_step_block(&mut self, block: u64) {
        self.last_step_block = block;
    }
}
