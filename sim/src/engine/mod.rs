//! The engine: one replication in, records out.
//!
//! `world` holds the state and the loop, `flow` the life of a job, `mechanism` the clocks (health, scores, validators,
//! epochs), `ledger` the chain. The event list holds only what miners wait for; clocks are scalars beside it.

mod auditor;
mod board;
mod clients;
mod flow;
mod jobs;
mod kinds;
mod ledger;
mod list;
mod mechanism;
mod neurons;
mod phase;
mod series;
mod station;
mod tallies;
mod tally;
mod world;

use crate::metrics::Facts;
use crate::miner::Backend;
use crate::property::Mechanism;
use crate::work::EpochRecord;
use crate::work::JobRecord;
use crate::work::digest::Digest;
pub(crate) use auditor::Audits;
pub(crate) use auditor::Caught;
pub(crate) use auditor::drawn as drawn_trusted;
pub(crate) use ledger::hyper;
pub(crate) use series::Row;
pub(crate) use series::Series;
pub(crate) use world::drawn;
pub(crate) use world::run;

/// Sees finished records as they are made; a run on real hardware is judged by the same witnesses.
pub trait Witness {
    /// A job whose stored status has just changed, or that is still open at the end.
    fn job(&mut self, _record: &JobRecord) {}

    /// A job that was called back before its miner answered the request: the answer has just been recorded, and nothing
    /// else of it has changed. It enters no digest and no judgement, but an export carries it.
    fn answered_late(&mut self, _record: &JobRecord) {}

    /// An epoch that has just ended.
    fn epoch(&mut self, _record: &EpochRecord) {}

    /// What decided the weights and the pay of an epoch that has just ended.
    fn mechanism(&mut self, _seen: &Mechanism<'_>) {}

    /// Whether [`Witness::epoch_facts`] is of use; making them costs time.
    fn wants_epoch_facts(&self) -> bool {
        false
    }

    /// What metrics read of one epoch after warm-up, in the order of epochs: its requests, with all that became of them
    /// by the end of the next epoch, and its pay.
    fn epoch_facts(&mut self, _facts: &Facts) {}
}

/// What one replication left behind.
#[derive(Clone, Debug)]
pub(crate) struct Replication {
    /// Its number, from 0.
    pub(crate) number: u64,
    /// Its fingerprint.
    pub(crate) digest: Digest,
    /// What metrics read.
    pub(crate) facts: Facts,
    /// A thinned row of epochs.
    pub(crate) series: Series,
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
    /// What audits did.
    pub(crate) audits: Audits,
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
    /// Its weight there.
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
