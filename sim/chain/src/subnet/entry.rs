//! Neurons come and go (chain.md 7.1 and 7.5).

use super::Subnet;
use crate::registration::Pruning;
use crate::registration::RegistrationRefusal;
use crate::registration::immortal;

/// A hotkey that lost its uid. It keeps its stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaver {
    /// The hotkey.
    pub hotkey: u64,
    /// Its alpha stake \[rao\].
    pub stake: u64,
    /// Its root TAO stake \[rao\].
    pub root_stake: u64,
}

/// A registration that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The new uid.
    pub uid: u16,
    /// Price paid and burned; TAO, not alpha \[rao\].
    pub paid: u64,
    /// Who had to leave, if the subnet was full.
    pub leaver: Option<Leaver>,
}

impl Subnet {
    /// Registers a hotkey in the current block, for at most what `purse` holds \[rao\].
    ///
    /// # Errors
    /// Why it is refused; nothing changes.
    pub fn register(&mut self, hotkey: u64, purse: u64) -> Result<Registered, RegistrationRefusal> {
        if !self.hyper.registration_open {
            return Err(RegistrationRefusal::Closed);
        }
        if let Some(uid) = self.uid_of(hotkey) {
            return Err(RegistrationRefusal::Present { uid });
        }
        let price = self.price.rao;
        if price > purse {
            return Err(RegistrationRefusal::NotAffordable { price, purse });
        }
        let (uid, leaver) = match u16::try_from(self.neurons.count()) {
            Ok(count) if count < self.hyper.max_allowed_uids => {
                self.append(hotkey);
                (count, None)
            }
            _ => {
                let uid = self.neuron_to_prune().ok_or(RegistrationRefusal::NobodyToPrune)?;
                (uid, Some(self.replace(uid, hotkey)))
            }
        };
        self.price = self.price.raised(&self.hyper);
        Ok(Registered { uid, paid: price, leaver })
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
        immortal(self.owner_uid(), &self.of_owner, &self.neurons.registered, limit, &mut list);
        let pruning = Pruning {
            emission: &self.neurons.emission,
            registered: &self.neurons.registered,
            block: self.block,
            immunity_period: self.hyper.immunity_period,
            min_non_immune: self.hyper.min_non_immune,
            immortal: &list,
        };
        let victim = pruning.victim();
        self.immortal = list;
        victim
    }

    fn append(&mut self, hotkey: u64) {
        self.neurons.append(self.block);
        self.hotkeys.push(hotkey);
        self.of_owner.push(self.owner_hotkey == Some(hotkey));
        self.alpha.push(0);
        self.root_tao.push(0);
        self.take.push(self.hyper.delegate_take);
    }

    fn replace(&mut self, uid: u16, hotkey: u64) -> Leaver {
        let at = usize::from(uid);
        let leaver = Leaver {
            hotkey: std::mem::replace(&mut self.hotkeys[at], hotkey),
            stake: std::mem::take(&mut self.alpha[at]),
            root_stake: std::mem::take(&mut self.root_tao[at]),
        };
        self.neurons.replace(uid, self.block);
        self.commits.forget(uid);
        self.of_owner[at] = self.owner_hotkey == Some(hotkey);
        self.take[at] = self.hyper.delegate_take;
        leaver
    }
}
