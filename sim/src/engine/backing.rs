//! Who does the miners' work: the simulator's own backends, called directly, or those of the caller.

use crate::base::ids::MinerId;
use crate::base::units::SimTime;
use crate::miner::Backend;
use crate::miner::Drawn;
use crate::scenario::Miner;
use crate::work::Accepted;
use crate::work::Completion;
use crate::work::ImageWork;
use crate::work::Work;

/// Who does the work of all miners.
#[derive(Debug)]
pub(super) enum Backing {
    /// The simulator's own backends, which take every piece of work and follow the schedule.
    Drawn(Vec<Drawn>),
    /// Backends of the caller's, and what one of them has just done: kept so that no piece of work costs memory.
    Given(Vec<Box<dyn Backend>>, Vec<Completion>),
}

impl Backing {
    /// The backends of these miners, or those given for them.
    pub(super) fn new(miners: &[Miner], given: Option<Vec<Box<dyn Backend>>>) -> Self {
        match given {
            None => Self::Drawn(miners.iter().map(drawn).collect()),
            Some(given) => Self::Given(given, Vec::with_capacity(1)),
        }
    }

    /// Another stretch of the schedule begins; backends of the caller's keep their state.
    pub(super) fn change(&mut self, miners: &[Miner]) {
        if let Self::Drawn(backends) = self {
            *backends = miners.iter().map(drawn).collect();
        }
    }

    /// Whether they are the simulator's own.
    #[inline]
    pub(super) fn draws(&self) -> bool {
        matches!(self, Self::Drawn(_))
    }

    /// Asks a miner's backend whether it takes a piece of work.
    pub(super) fn accept(&mut self, miner: MinerId, work: ImageWork, at: SimTime) -> Accepted {
        match self {
            Self::Drawn(_) => Accepted::Taken,
            Self::Given(backends, _) => backends[miner.index()].accept(&Work::Image(work), at),
        }
    }

    /// Has a miner's backend do a piece of work.
    #[inline]
    pub(super) fn compute(&mut self, miner: MinerId, work: ImageWork) -> Completion {
        match self {
            Self::Drawn(backends) => backends[miner.index()].image(&work),
            Self::Given(backends, completed) => {
                completed.clear();
                backends[miner.index()].compute(&[Work::Image(work)], completed);
                completed.pop().expect("a backend answers every piece of work")
            }
        }
    }
}

/// The simulator's own backend of a miner.
pub(crate) fn drawn(miner: &Miner) -> Drawn {
    Drawn::new(miner.service.clone(), miner.speed, miner.image).by_kind(&miner.by_kind)
}
