//! A miner as it is simulated: who runs it, its stake, its laws of time and its behaviour.

use crate::base::family::Used;
use crate::base::ids::ClassId;
use crate::base::ids::OperatorId;
use crate::base::ids::Uid;
use crate::base::units::Rao;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::miner::ImageSize;
use crate::miner::Speed;
use crate::model::latency::Distribution;
use crate::model::operator::Operator;
use crate::model::operator::OperatorSpec;
use std::sync::Arc;

/// A miner by itself.
#[derive(Clone, Debug)]
pub(crate) struct Miner {
    /// Its name, shown to people.
    pub(crate) name: String,
    /// Name of its random streams: (cohort, place in it).
    pub(crate) stream: String,
    /// Place of its cohort.
    pub(crate) cohort: usize,
    /// Class of the miner, for the groups of metrics.
    pub(crate) class: ClassId,
    /// Operator who runs the miner.
    pub(crate) operator: OperatorId,
    /// Number of its coldkey: equal numbers are one key.
    pub(crate) coldkey: u32,
    /// Uid of the miner's neuron.
    pub(crate) uid: Uid,
    /// Stake of the miner's hotkey at the start [rao].
    pub(crate) stake: Rao,
    /// When it comes up.
    pub(crate) from: SimTime,
    /// When the miner leaves the subnet.
    pub(crate) until: SimTime,
    /// Jobs that a real backend does in one go.
    pub(crate) batch: u32,
    /// Jobs served at once.
    pub(crate) concurrency: u32,
    /// Law of the service time, queueing excluded [ns].
    pub(crate) service: Arc<dyn Distribution>,
    /// How it follows from the law.
    pub(crate) speed: Speed,
    /// Kinds of job it offers, a bit by kind.
    pub(crate) offers: u64,
    /// Law and speed of each kind; empty where all kinds are served alike.
    pub(crate) by_kind: Vec<(Arc<dyn Distribution>, Speed)>,
    /// What an hour of taking part costs it.
    pub(crate) cost_per_h: Rao,
    /// What its identity costs once.
    pub(crate) cost_once: Rao,
    /// Law of the time from the request to the acknowledgement [ns].
    pub(crate) ack: Option<Arc<dyn Distribution>>,
    /// Law of the time that the callback is under way [ns].
    pub(crate) transfer: Option<Arc<dyn Distribution>>,
    /// Grid on which the miner looks for finished work [ns].
    pub(crate) poll: SimSpan,
    /// When the worker gives up.
    pub(crate) give_up: Option<SimSpan>,
    /// Sizes of its images.
    pub(crate) image: ImageSize,
    /// What its operator does.
    pub(crate) behaviour: Used<OperatorSpec, dyn Operator>,
}
