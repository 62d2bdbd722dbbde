//! Routers: which miner gets the job.

mod choice;
mod fixed_weights;
mod head;
mod least;
mod least_outstanding;
mod lottery;
mod offer;
mod power_of_d;
mod shortest_expected_delay;
mod smooth_round_robin;
mod sn11;
mod stake_capped;
mod stake_proportional;
#[cfg(test)]
mod trial;
mod uniform;
mod v001;
mod v503d738;
mod weight;

pub(crate) use weight::RoutedStanding;
pub(crate) use weight::WeightRule;
pub(crate) use weight::is_uniform;

use crate::base::family::family;
use crate::base::ids::MinerId;
use crate::base::random::Word;
use crate::base::units::Alpha;
use crate::work::Request;
use std::fmt::Debug;

/// What the score service publishes about a miner, as the router reads it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Payload {
    /// Published score, `0.0..=1.0`; absent in some stored payloads.
    pub scores: Option<f64>,
    /// Moving average under it, `0.0..=1.0`; absent in some stored payloads.
    pub ema_score: Option<f64>,
    /// Whether an audit has slashed the miner.
    pub is_slashed: bool,
    /// Failures counted against it.
    pub failure_count: u64,
}

/// All a router may see: slices by miner, in the scenario's order, all of one length.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Whether the miner passed its last health check. Others are no candidates.
    pub valid: &'a [bool],
    /// Stake in whole alpha tokens.
    pub stake: &'a [Alpha],
    /// Published score payload; none before the first score run that saw the miner.
    pub payload: &'a [Option<Payload>],
    /// Failed audits on the miner's record.
    pub failed_audits: &'a [u32],
    /// Jobs dispatched and not called back.
    pub in_flight: &'a [u32],
    /// Jobs the miner can serve at once, at least 1.
    pub capacity: &'a [u32],
    /// Mean service time the miner has shown so far \[ns\]; 0 before its first callback.
    pub service_ns: &'a [f64],
    /// Kinds of job the miner offers, a bit by kind.
    pub kinds: &'a [u64],
    /// Hash of the miner's name: the same whoever else takes part.
    pub name_hash: &'a [u64],
}

/// A routing rule: which miner gets a request.
pub trait Router: Debug + Send {
    /// Learns that something in the view changed for the `changed` miners; all of them at the start.
    ///
    /// `in_flight` changes at every job and is not announced.
    fn update(&mut self, view: &View<'_>, changed: &[MinerId]);

    /// The miner for this job, none when there is no candidate. `word` is the job's `route` word.
    fn route(&mut self, view: &View<'_>, job: &Request, word: Word) -> Option<MinerId>;
}

family! {
    /// Which router a scenario asks for.
    RouterSpec => dyn Router {
        StakeCapped = stake_capped,
        V001 = v001,
        V503d738 = v503d738,
        Head = head,
        Uniform = uniform,
        StakeProportional = stake_proportional,
        FixedWeights = fixed_weights,
        SmoothRoundRobin = smooth_round_robin,
        LeastOutstanding = least_outstanding,
        PowerOfD = power_of_d,
        ShortestExpectedDelay = shortest_expected_delay,
    }
}

impl Default for RouterSpec {
    fn default() -> Self {
        Self::V001(v001::Spec::default())
    }
}
