//! Neurons come and go (chain.md 7.1 and 7.5), and what they lock (12.2).

use super::Subnet;
use crate::registration::Charge;
use crate::registration::Collateral;
use crate::registration::Limit;
use crate::registration::Pruning;
use crate::registration::RegistrationRefusal;
use crate::registration::immortal_uids;
use crate::runtime::PruningRule;

/// Who wants a uid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applicant {
    /// Hotkey that asks to be registered.
    pub hotkey: u64,
    /// What it can pay, TAO \[rao\].
    pub purse: u64,
    /// Highest price it accepts \[rao\], none for any.
    pub limit_price: Option<u64>,
    /// Alpha it has staked on the subnet without a seat, locked alpha included \[rao\].
    pub stake: u64,
}

/// A hotkey that lost its uid. It keeps its stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaver {
    /// Hotkey that leaves its uid.
    pub hotkey: u64,
    /// Its alpha stake, locked alpha included \[rao\].
    pub stake: u64,
    /// Its root TAO stake \[rao\].
    pub root_stake: u64,
}

/// A registration that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registered {
    /// Uid that the newcomer was given.
    pub uid: u16,
    /// Price that it was taken at \[rao\].
    pub price: u64,
    /// Price of the next registration in this block \[rao\].
    pub next_price: u64,
    /// What was paid; TAO, not alpha \[rao\]: all of the price, less what locked alpha covered of it.
    pub paid: u64,
    /// What of it was paid for collateral, TAO \[rao\]; the rest is burned.
    pub topup: u64,
    /// Alpha that was locked, and is stake of the newcomer \[rao\].
    pub locked: u64,
    /// Alpha that was bought for what was burned, and is nobody's \[rao\].
    pub burned_alpha: u64,
    /// Who had to leave, if the subnet was full.
    pub leaver: Option<Leaver>,
}

impl Subnet {
    /// Registers a hotkey in the current block at any price up to what `purse` holds \[rao\]; it has no stake yet.
    ///
    /// # Errors
    /// Why it is refused; nothing changes.
    pub fn register(&mut self, hotkey: u64, purse: u64) -> Result<Registered, RegistrationRefusal> {
        self.register_as(&Applicant { hotkey, purse, limit_price: None, stake: 0 })
    }

    /// Registers a hotkey in the current block.
    ///
    /// # Errors
    /// The first check that fails, in the chain's order; nothing changes.
    pub fn register_as(&mut self, who: &Applicant) -> Result<Registered, RegistrationRefusal> {
        let price = self.price.rao;
        self.admit_newcomer(who, price)?;
        let charge = self.charge_of(who.hotkey);
        if charge.paid() > who.purse {
            let (price, purse) = (charge.paid(), who.purse);
            return Err(RegistrationRefusal::NotAffordable { price, purse });
        }
        let (uid, leaver) = match u16::try_from(self.neurons.count()) {
            Ok(count) if count < self.hyper.max_allowed_uids => {
                self.append(who.hotkey);
                (count, None)
            }
            _ => {
                let uid = self.neuron_to_prune().ok_or(RegistrationRefusal::NobodyToPrune)?;
                (uid, Some(self.replace(uid, who.hotkey)))
            }
        };
        let bought = charge.bought(&self.hyper);
        let locked = charge.locked(bought);
        if self.hyper.runtime.has_collateral {
            self.collateral.registered(who.hotkey, locked, &self.hyper);
        }
        self.alpha[usize::from(uid)] = who.stake.saturating_add(locked);
        self.price = self.price.raised(&self.hyper);
        Ok(Registered {
            uid,
            price,
            next_price: self.price.rao,
            paid: charge.paid(),
            topup: charge.topup,
            locked,
            burned_alpha: bought - locked,
            leaver,
        })
    }

    /// The checks of 7.1 and 11.2 before the payment.
    fn admit_newcomer(&self, who: &Applicant, price: u64) -> Result<(), RegistrationRefusal> {
        match self.price.reached(&self.hyper) {
            Some(Limit::Block(most)) => return Err(RegistrationRefusal::BlockFull { most }),
            Some(Limit::Interval(most)) => return Err(RegistrationRefusal::IntervalFull { most }),
            None => {}
        }
        if let Some(limit) = who.limit_price.filter(|&limit| price > limit) {
            return Err(RegistrationRefusal::AboveLimit { price, limit });
        }
        if !self.hyper.registration_open {
            return Err(RegistrationRefusal::Closed);
        }
        match self.uid_of(who.hotkey) {
            Some(uid) => Err(RegistrationRefusal::Present { uid }),
            None => Ok(()),
        }
    }

    /// What a registration of this hotkey would cost now.
    #[must_use]
    pub fn charge_of(&self, hotkey: u64) -> Charge {
        let price = self.price.rao;
        if !self.hyper.runtime.has_collateral {
            return Charge { requirement: 0, burned: price, topup: 0 };
        }
        let locked = self.collateral.of(hotkey).map_or(0, |row| row.locked);
        Charge::of(price, locked, &self.hyper)
    }

    /// A hotkey's collateral, if it has any.
    #[must_use]
    pub fn collateral_of(&self, hotkey: u64) -> Option<&Collateral> {
        self.collateral.of(hotkey)
    }

    /// Sets a hotkey's collateral, to take over a subnet that exists; none of it takes the row away.
    pub fn set_collateral(&mut self, hotkey: u64, row: Collateral) {
        self.collateral.set(hotkey, row);
    }

    /// Sets the floor up to which a hotkey locks its income \[rao\]; 0 clears it.
    pub fn set_min_collateral(&mut self, hotkey: u64, min_locked: u64) {
        let drain_ratio = self.hyper.collateral_drain_ratio;
        let fresh = Collateral { drain_ratio, ..Collateral::default() };
        let row = self.collateral.of(hotkey).copied().unwrap_or(fresh);
        self.collateral.set(hotkey, Collateral { min_locked, ..row });
    }

    /// Adds a neuron without price or pruning, to set up a subnet that exists already; gives its uid.
    ///
    /// # Panics
    /// If the subnet is full or the hotkey is registered.
    pub fn seat(&mut self, hotkey: u64) -> u16 {
        assert!(self.uid_of(hotkey).is_none(), "hotkey {hotkey} is registered");
        let uid = u16::try_from(self.neurons.count()).expect("a subnet has at most 256 uids");
        assert!(uid < self.hyper.max_allowed_uids, "the subnet is full");
        self.append(hotkey);
        uid
    }

    /// The uid that the next registration would replace if the subnet were full, none if it would be refused.
    pub fn neuron_to_prune(&mut self) -> Option<u16> {
        let mut list = std::mem::take(&mut self.immortal);
        let limit = self.hyper.immune_owner_uids_limit;
        immortal_uids(self.owner_uid(), &self.of_owner, &self.neurons.registered, limit, &mut list);
        let rule = self.hyper.runtime.pruning;
        let mut scores = std::mem::take(&mut self.scores);
        let emission = match rule {
            PruningRule::Emission => &self.neurons.emission,
            PruningRule::Score => {
                scores.clear();
                scores.extend(self.neurons.pruning_scores.iter().copied().map(u64::from));
                &scores
            }
        };
        let pruning = Pruning {
            rule,
            emission,
            registered: &self.neurons.registered,
            block: self.block,
            immunity_period: self.hyper.immunity_period,
            min_non_immune: self.hyper.min_non_immune,
            immortal: &list,
        };
        let victim = pruning.victim();
        self.immortal = list;
        self.scores = scores;
        victim
    }

    fn append(&mut self, hotkey: u64) {
        self.neurons.append(self.block);
        self.hotkeys.push(hotkey);
        self.of_owner.push(self.is_of_owner(hotkey));
        self.on_root.push(true);
        self.alpha.push(0);
        self.root_tao.push(0);
        self.take.push(self.hyper.delegate_take);
    }

    fn replace(&mut self, uid: u16, hotkey: u64) -> Leaver {
        let at = usize::from(uid);
        let leaver = Leaver {
            hotkey: self.hotkeys.replace(uid, hotkey),
            stake: std::mem::take(&mut self.alpha[at]),
            root_stake: std::mem::take(&mut self.root_tao[at]),
        };
        self.neurons.replace(uid, self.block, &self.hyper.runtime);
        self.of_owner[at] = self.is_of_owner(hotkey);
        self.on_root[at] = true;
        self.take[at] = self.hyper.delegate_take;
        leaver
    }

    fn is_of_owner(&self, hotkey: u64) -> bool {
        self.owner_hotkey == Some(hotkey) || self.owned.contains(&hotkey)
    }
}
