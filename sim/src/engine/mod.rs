//! The engine: time only. One replication in, records out.
//!
//! `world` holds the parts and the loop, `flow` the life of a job. `event` lists what can happen, in its order at an
//! instant; the event queue holds what miners wait for, all else has a clock of its own.

mod backing;
mod demand;
mod event;
mod flow;
mod jobs;
mod queue;
mod server;
mod servers;
mod world;

pub(crate) use backing::drawn;

use crate::engine::world::World;
use crate::metrics::RunSummary;
use crate::miner::Backend;
use crate::observe::Observer;
use crate::observe::Observers;
use crate::observe::TimeSeries;
use crate::property::Broken;
use crate::property::Invariant;
use crate::scenario::Load;
use crate::scenario::Scenario;
use crate::scenario::WAITING_MOST;
use crate::subnet::orchestrator::Audits;
use crate::work::digest::Digest;
use std::sync::atomic::AtomicBool;

/// How a replication is looked at.
pub(crate) struct Eyes<'o> {
    /// Whether the invariants watch.
    pub(crate) watches: bool,
    /// An observer of the caller's.
    pub(crate) other: &'o mut dyn Observer,
}

impl<'o> Eyes<'o> {
    /// The eyes of `other`, without the invariants'.
    pub(crate) fn of(other: &'o mut dyn Observer) -> Self {
        Self { watches: false, other }
    }

    /// The eyes of `other`, beside those of all invariants.
    pub(crate) fn with_invariants(other: &'o mut dyn Observer) -> Self {
        Self { watches: true, other }
    }
}

/// Why a replication did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Cut {
    /// It was told to stop.
    #[error("stopped before the end")]
    Stopped,
    /// More jobs wait than may.
    #[error(
        "run.waiting_max is {waiting_max}, and more jobs wait at the miners: {load}; ask for less, serve more, or \
         allow up to {WAITING_MOST}"
    )]
    Crowded {
        /// Most jobs that may wait.
        waiting_max: u32,
        /// What is asked for and what can be served.
        load: Load,
    },
}

/// Runs replication `number` of `scenario`.
///
/// # Errors
/// When `stop` was set before it ended, or more jobs wait than the scenario allows.
pub(crate) fn run(
    scenario: &Scenario,
    number: u64,
    backends: Option<Backends>,
    eyes: Eyes<'_>,
    stop: &AtomicBool,
) -> Result<Replication, Cut> {
    let Eyes { watches, other } = eyes;
    let observers = Observers::new(scenario, watches, other);
    let mut world = World::new(scenario, number, backends, observers);
    world.turn(stop)?;
    Ok(world.finish(number))
}

/// What one replication left behind.
#[derive(Clone, Debug)]
pub(crate) struct Replication {
    /// Its number, from 0.
    pub(crate) number: u64,
    /// Fingerprint of the replication's jobs and pay.
    pub(crate) digest: Digest,
    /// The facts that metrics read.
    pub(crate) facts: RunSummary,
    /// A thinned row of epochs.
    pub(crate) series: TimeSeries,
    /// Where each miner stands at the end.
    pub(crate) standing: Vec<Standing>,
    /// Jobs whose stored status was overwritten by a later callback.
    pub(crate) overwritten: u64,
    /// Miners that lost their validity while they had a score.
    pub(crate) invalidated: u64,
    /// Rows of weights the chain refused for another reason than coming too soon.
    pub(crate) rows_refused: u64,
    /// Jobs created in the whole run.
    pub(crate) jobs: u64,
    /// What audits did in the replication.
    pub(crate) audits: Audits,
    /// Of every invariant that watched, what was broken first.
    pub(crate) invariants: Vec<(Invariant, Option<Broken>)>,
}

/// Where a miner stands when the run ends.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Standing {
    /// Published score at the last validator step, `0.0..=1.0`.
    pub(crate) score: f64,
    /// Neurons it beats there.
    pub(crate) wins: u32,
    /// Its win rate there, `0.0..=1.0`; none when it has no score.
    pub(crate) win_rate: Option<f64>,
    /// Weight that was sent for it last.
    pub(crate) weight: f64,
    /// The weight sent to the chain; 65535 is the largest of the row.
    pub(crate) weight_u16: u16,
    /// Its incentive in the last epoch; 65535 is all of it.
    pub(crate) incentive: u16,
}

/// The backends of one replication.
#[derive(Debug)]
pub(crate) struct Backends {
    /// One a miner, in the scenario's order.
    pub(crate) miners: Vec<Box<dyn Backend>>,
    /// The trusted miner's, which repeats audited requests.
    pub(crate) trusted: Box<dyn Backend>,
}
