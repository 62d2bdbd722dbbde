//! What the chain stores about the neurons of a subnet, one entry a uid.

use crate::epoch::Epoch;
use crate::epoch::Row;
use crate::epoch::State;
use crate::hyper::Hyper;

/// The stored vectors and rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neurons {
    /// Block of the last accepted row, commit or registration.
    pub last_update: Vec<u64>,
    /// Block of registration.
    pub registered: Vec<u64>,
    /// Validator permits.
    pub permits: Vec<bool>,
    /// Whether the validator was active in the last epoch.
    pub active: Vec<bool>,
    /// Combined emission of the last epoch, the pruning key \[rao\].
    pub emission: Vec<u64>,
    /// Block of the earliest pending commit.
    pub commits: Vec<Option<u64>>,
    /// Weight rows.
    pub weights: Vec<Row>,
    /// Bond rows.
    pub bonds: Vec<Row>,
}

/// What an epoch reads beside the neurons.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
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
    /// Total stake of each uid \[2^-`stake_fraction` rao\].
    pub stake: &'a [u128],
    /// Fractional bits of the stake.
    pub stake_fraction: u32,
}

impl Neurons {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.registered.len()
    }

    /// A new neuron with the next uid (chain.md 7, append).
    pub fn append(&mut self, block: u64) {
        self.last_update.push(block);
        self.registered.push(block);
        self.permits.push(false);
        self.active.push(true);
        self.emission.push(0);
        self.commits.push(None);
        self.weights.push(Row::new());
        self.bonds.push(Row::new());
    }

    /// A new neuron in the place of another (chain.md 7, replacement): what others voted for the uid becomes an explicit
    /// 0, their bonds to it stay until an epoch masks them.
    ///
    /// # Panics
    /// If there is no such uid.
    pub fn replace(&mut self, uid: u16, block: u64) {
        let at = usize::from(uid);
        self.last_update[at] = block;
        self.registered[at] = block;
        self.permits[at] = false;
        self.active[at] = true;
        self.emission[at] = 0;
        self.commits[at] = None;
        self.weights[at].clear();
        self.bonds[at].clear();
        for (_, weight) in self.weights.iter_mut().flatten().filter(|(voted, _)| *voted == uid) {
            *weight = 0;
        }
    }

    /// Runs an epoch and stores its bonds, permits, flags and emission.
    ///
    /// # Panics
    /// If the stakes are not one a neuron.
    pub fn run_epoch(&mut self, moment: &Moment<'_>, epoch: &mut Epoch) {
        epoch.run(&State {
            block: moment.block,
            tempo: moment.tempo,
            last_step_block: moment.last_step_block,
            owner: moment.owner,
            rao: moment.rao,
            hyper: moment.hyper,
            stake: moment.stake,
            stake_fraction: moment.stake_fraction,
            last_update: &self.last_update,
            registered: &self.registered,
            permits: &self.permits,
            commits: &self.commits,
            weights: &self.weights,
            bonds: &self.bonds,
        });
        epoch.store_bonds(&mut self.bonds);
        self.permits.copy_from_slice(epoch.new_permits());
        self.active.copy_from_slice(epoch.active());
        self.emission.copy_from_slice(epoch.combined_emission());
    }
}
