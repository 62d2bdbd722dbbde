//! What the router may see of all miners: vectors by miner, filled by the orchestrator.

use crate::base::ids::MinerId;
use crate::base::math;
use crate::base::units::Alpha;
use crate::model::router::Payload;
use crate::model::router::View;
use crate::scenario::Scenario;
use crate::subnet::roster::StakeSnapshot;
use xxhash_rust::xxh3::xxh3_64;

/// The vectors behind a [`View`], but for the published scores.
#[derive(Clone, Debug)]
pub(super) struct MinerTable {
    /// Whether the miner passed its last health check.
    pub(super) valid: Vec<bool>,
    /// Whether the orchestrator has seen the miner in the metagraph.
    pub(super) known: Vec<bool>,
    /// Jobs dispatched and not called back.
    pub(super) in_flight: Vec<u32>,
    /// Failed audits on the miner's record.
    pub(super) failed_audits: Vec<u32>,
    /// Mean service time shown so far [ns].
    service_ns: Vec<f64>,
    stake: Vec<Alpha>,
    capacity: Vec<u32>,
    kinds: Vec<u64>,
    name_hash: Vec<u64>,
    served: Vec<u64>,
}

impl MinerTable {
    /// Nobody valid, nobody scored.
    pub(super) fn new(scenario: &Scenario, stakes: &StakeSnapshot) -> Self {
        let miners = &scenario.miners;
        let mut table = Self {
            valid: vec![false; miners.len()],
            known: vec![false; miners.len()],
            in_flight: vec![0; miners.len()],
            service_ns: vec![0.0; miners.len()],
            stake: Vec::new(),
            failed_audits: vec![0; miners.len()],
            capacity: Vec::new(),
            kinds: Vec::new(),
            name_hash: miners.iter().map(|m| xxh3_64(m.stream.as_bytes())).collect(),
            served: vec![0; miners.len()],
        };
        table.refresh(scenario, stakes);
        table
    }

    /// The metagraph is read again: stake, capacity and offers are those of now.
    pub(super) fn refresh(&mut self, scenario: &Scenario, stakes: &StakeSnapshot) {
        self.stake = stakes.miners.iter().map(|(_, stake)| stake.whole()).collect();
        self.capacity = scenario.miners.iter().map(|m| m.concurrency).collect();
        self.kinds = scenario.miners.iter().map(|m| m.offers).collect();
    }

    /// What a router sees, with the published scores.
    #[inline]
    pub(super) fn view<'v>(&'v self, payload: &'v [Option<Payload>]) -> View<'v> {
        View {
            valid: &self.valid,
            stake: &self.stake,
            payload,
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
        let weight = 1.0 / math::float(self.served[index]);
        let mean = &mut self.service_ns[index];
        *mean += (math::float(service_ns) - *mean) * weight;
    }
}
