//! What the router may see of all miners: vectors by miner, filled by the orchestrator.

use crate::ids::MinerId;
use crate::router::Payload;
use crate::router::View;
use crate::scenario::Resolved;
use crate::units::Alpha;
use xxhash_rust::xxh3::xxh3_64;

/// The vectors behind a [`View`].
#[derive(Clone, Debug)]
pub(super) struct Board {
    /// Whether the miner passed its last health check.
    pub(super) valid: Vec<bool>,
    /// Published score payload.
    pub(super) payload: Vec<Option<Payload>>,
    /// Jobs dispatched and not called back.
    pub(super) in_flight: Vec<u32>,
    /// Mean service time shown so far [ns].
    pub(super) service_ns: Vec<f64>,
    stake: Vec<Alpha>,
    failed_audits: Vec<u32>,
    capacity: Vec<u32>,
    kinds: Vec<u64>,
    name_hash: Vec<u64>,
    served: Vec<u64>,
}

impl Board {
    /// Nobody valid, nobody scored.
    pub(super) fn new(scenario: &Resolved) -> Self {
        let miners = &scenario.miners;
        Self {
            valid: vec![false; miners.len()],
            payload: vec![None; miners.len()],
            in_flight: vec![0; miners.len()],
            service_ns: vec![0.0; miners.len()],
            stake: miners.iter().map(|m| m.stake.whole()).collect(),
            failed_audits: vec![0; miners.len()],
            capacity: miners.iter().map(|m| m.concurrency).collect(),
            kinds: vec![u64::MAX; miners.len()],
            name_hash: miners.iter().map(|m| xxh3_64(m.stream.as_bytes())).collect(),
            served: vec![0; miners.len()],
        }
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
        let weight = 1.0 / crate::math::float(self.served[index]);
        let mean = &mut self.service_ns[index];
        *mean += (crate::math::float(service_ns) - *mean) * weight;
    }
}
