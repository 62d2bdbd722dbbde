//! Behaviours: what a miner's operator decides, job by job. The work itself is a backend's.

mod cached;
mod canned_image;
mod failing;
mod fewer_steps;
mod honest;
mod mixture;
mod no_image;
mod regimes;
mod slow_ack;
mod timing;
mod tiny_image;
#[cfg(test)]
mod trial;
mod wrong_seed;

use crate::base::family::family;
use crate::base::random::Word;
use crate::base::units::Rao;
use crate::base::units::SimTime;
use crate::work::Plan;
use crate::work::Request;
use std::fmt::Debug;

/// What an operator sees of its own miner when a job arrives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// The present instant of the run.
    pub now: SimTime,
    /// Jobs waiting at the miner.
    pub queued: u32,
    /// Jobs in service at the miner.
    pub in_service: u32,
    /// Epochs ended so far.
    pub epoch: u32,
}

/// What an operator learns of its own pay when an epoch ends.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Statement {
    /// Number of the epoch that ended.
    pub epoch: u32,
    /// Requests received in it.
    pub requests: u32,
    /// Score that the orchestrator published last, `0.0..=1.0`.
    pub score: f64,
    /// Weight share of the miner pot before u16 and chain, `0.0..=1.0`.
    pub weight_share: f64,
    /// Pay of the epoch.
    pub pay: Rao,
    /// Place by score among the scored miners, from 1; 0 without a score.
    pub rank: u32,
}

/// What an operator can do when it has learned what an epoch paid: nothing yet. Changing a behaviour, moving stake,
/// registering and leaving come with the policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {}

/// An operator's decisions, job by job and epoch by epoch.
pub trait Operator: Debug + Send {
    /// Decides about a job that has just arrived; `word` is the job's `outcome` word.
    fn plan(&mut self, job: &Request, sight: &Sight, word: Word) -> Plan;

    /// Learns what an epoch paid, and does what follows from it. None of today's members does anything: operators that
    /// react come with the policies.
    fn settle(&mut self, _statement: &Statement) -> Vec<Action> {
        Vec::new()
    }
}

family! {
    /// Which behaviour a scenario asks for.
    OperatorSpec => dyn Operator {
        Honest = honest,
        NoImage = no_image,
        TinyImage = tiny_image,
        CannedImage = canned_image,
        Failing = failing,
        FewerSteps = fewer_steps,
        WrongSeed = wrong_seed,
        Cached = cached,
        SlowAck = slow_ack,
        Mixture = mixture,
        Regimes = regimes,
    }
}

impl Default for OperatorSpec {
    fn default() -> Self {
        Self::Honest(honest::Spec::default())
    }
}
