//! What the chain stores about the neurons of a subnet, one entry a uid.

use crate::epoch::Epoch;
use crate::epoch::Row;
use crate::epoch::State;
use crate::hyper::Hyper;
use crate::runtime::Runtime;

/// What is stored of the neurons between epochs, one entry a uid. The fields may be set to take over a subnet that exists;
/// all have the same length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neurons {
    /// Block of the last accepted row, commit or registration.
    pub last_update: Vec<u64>,
    /// Block in which each neuron was registered.
    pub registered: Vec<u64>,
    /// Whether it has a validator permit.
    pub permits: Vec<bool>,
    /// Whether it was active in the last epoch.
    pub active: Vec<bool>,
    /// What it earned as miner and validator in the last epoch, by which pruning chooses \[rao\].
    pub emission: Vec<u64>,
    /// What pruning chose by before runtime 365, written by each epoch there \[1/65535\].
    pub pruning_scores: Vec<u16>,
    /// Consensus that the last epoch stored, 0 since a registration \[1/65535\].
    pub consensus: Vec<u16>,
    /// Block of its earliest pending commit.
    pub commits: Vec<Option<u64>>,
    /// Its row of weights.
    pub weights: Vec<Row>,
    /// Its row of bonds.
    pub bonds: Vec<Row>,
}

/// What an epoch reads beside the neurons.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
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
    /// Total stake of each uid, root TAO by its weight included \[2^-`stake_fraction` rao\].
    pub stake: &'a [u128],
    /// Fractional bits of the stake: 0 where it is whole rao.
    pub stake_fraction: u32,
}

impl Neurons {
    /// Number of neurons on the subnet.
    #[must_use]
    pub fn count(&self) -> usize {
        self.registered.len()
    }

    /// Adds a new neuron with the next uid (chain.md 7.5, append).
    pub fn append(&mut self, block: u64) {
        self.last_update.push(block);
        self.registered.push(block);
        self.permits.push(false);
        self.active.push(true);
        self.emission.push(0);
        self.pruning_scores.push(0);
        self.consensus.push(0);
        self.commits.push(None);
        self.weights.push(Row::new());
        self.bonds.push(Row::new());
    }

    /// Puts a new neuron in the place of another (chain.md 7.5, replacement): what others voted for the uid becomes an
    /// explicit 0, their bonds to it stay until an epoch masks them. On older runtimes the newcomer keeps some of what the
    /// leaver had (chain.md 11.4), and is not pruned again in the same tempo (11.3).
    ///
    /// # Panics
    /// If there is no such uid.
    pub fn replace(&mut self, uid: u16, block: u64, runtime: &Runtime) {
        let at = usize::from(uid);
        if !runtime.inheritance.last_update {
            self.last_update[at] = block;
        }
        if !runtime.inheritance.permit {
            self.permits[at] = false;
        }
        self.registered[at] = block;
        self.active[at] = true;
        self.emission[at] = 0;
        self.pruning_scores[at] = u16::MAX;
        self.consensus[at] = 0;
        self.commits[at] = None;
        self.weights[at].clear();
        self.bonds[at].clear();
        for (_, weight) in self.weights.iter_mut().flatten().filter(|(voted, _)| *voted == uid) {
            *weight = 0;
        }
    }

    /// Runs an epoch and stores its bonds, permits, flags, consensus and emission (chain.md 4.10); `epoch` holds the rest of what
    /// came out.
    ///
    /// # Panics
    /// If the stakes are not one a neuron, or the owner is none of the uids.
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
            consensus: &self.consensus,
        });
        epoch.store_bonds(&mut self.bonds);
        self.permits.copy_from_slice(epoch.new_permits());
        self.active.copy_from_slice(epoch.active());
        self.emission.copy_from_slice(epoch.combined_emission());
        let stored = self.consensus.iter_mut().zip(epoch.consensus());
        stored.for_each(|(stored, consensus)| *stored = consensus.to_u16());
        // Runtimes that do not prune by scores leave them as they are.
        if let scores @ [_, ..] = epoch.pruning_scores() {
            self.pruning_scores.copy_from_slice(scores);
        }
    }
}
