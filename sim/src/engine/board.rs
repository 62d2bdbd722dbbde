//! What the router may see of all miners: vectors by miner, filled by the orchestrator.

use crate::base::ids::MinerId;
use crate::base::units::Alpha;
use crate::model::router::Payload;
use crate::model::router::View;
use crate::scenario::Scenario;
use xxhash_rust::xxh3::xxh3_64;

/// The vectors behind a [`View`].
#[derive(Clone, Debug)]
pub(super) struct Board {
    /// Whether the miner passed its last health check.
    pub(super) valid: Vec<bool>,
    /// Whether the orchestrator has seen the miner in the metagraph.
    pub(super) known: Vec<bool>,
    /// Published score payload.
    pub(super) payload: Vec<Option<Payload>>,
    /// Jobs dispatched and not called back.
    pub(super) in_flight: Vec<u32>,
    /// Mean service time shown so far [ns].
    pub(super) service_ns: Vec<f64>,
    /// Failed audits on the miner's record.
    pub(super) failed_audits: Vec<u32>,
    stake: Vec<Alpha>,
    capacity: Vec<u32>,
    kinds: Vec<u64>,
    name_hash: Vec<u64>,
    served: Vec<u64>,
}

impl Board {
    /// Nobody valid, nobody scored.
    pub(super) fn new(scenario: &Scenario) -> Self {
        let miners = &scenario.miners;
        Self {
            valid: vec![false; miners.len()],
            known: vec![false; miners.len()],
            payload: vec![None; miners.len()],
            in_flight: vec![0; miners.len()],
            service_ns: vec![0.0; miners.len()],
            stake: miners.iter().map(|m| m.stake.whole()).collect(),
            failed_audits: vec![0; miners.len()],
            capacity: miners.iter().map(|m| m.concurrency).collect(),
            kinds: miners.iter().map(|m| m.offers).collect(),
            name_hash: miners.iter().map(|m| xxh3_64(m.stream.as_bytes())).collect(),
            served: vec![0; miners.len()],
        }
    }

    /// Another stretch of the scenario begins: stake, capacity and offers become its own.
    pub(super) fn change(&mut self, scenario: &Scenario) {
        let miners = &scenario.miners;
        self.stake = miners.iter().map(|m| m.stake.whole()).collect();
        self.capacity = miners.iter().map(|m| m.concurrency).collect();
        self.kinds = miners.iter().map(|m| m.offers).collect();
    }

    /// What a router sees.
    #[inline]
    pub(super) fn view(&self) -> View<'_> {
        View {
            valid: &self.valid,
            stake: &self.stake,
            payload: &self.payload,
            failed_audits: &self.failed_audits,
            in_flight: &self.in_flight,
            capacity: &self.capacity,
            service_ns: &self.service_ns,
            kinds: &self.kinds,
            name_hash: &self.name_hash,
        }
    }

    /// Takes a finished job's service time into the miner's mean.
    #[inline]
    pub(super) fn served(&mut self, miner: MinerId, service_ns: u64) {
        let index = miner.index();
        self.served[index] += 1;
        let weight = 1.0 / crate::base::math::float(self.served[index]);
        let mean = &mut self.service_ns[index];
        *mean += (crate::base::math::float(service_ns) - *mean) * weight;
    }
}
