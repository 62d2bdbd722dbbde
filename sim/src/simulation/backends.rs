//! Backends of the caller's own: who is to be served by them, and the seam they stand behind.

use crate::engine;
use crate::engine::Backends;
use crate::miner::Alarm;
use crate::miner::Backend;
use crate::scenario::Scenario;
use crate::subnet::orchestrator::audit;

/// Who is to be served by a backend.
#[derive(Clone, Debug)]
pub struct BackendRequest {
    /// The miner; none: the trusted miner that repeats audited requests.
    pub miner: Option<String>,
    /// Images made together for each request, of which one is sent.
    pub batch: u32,
    /// Whom the backend tells when it cannot go on.
    pub alarm: Alarm,
}

/// The backends of one replication: of the miners of a `measured` cohort, and of the trusted miner that repeats audited
/// requests where any is, the ones that `make` gives; the simulator's own for the others.
pub(super) fn backends(
    scenario: &Scenario,
    measured: &[bool],
    make: &mut dyn FnMut(&BackendRequest) -> Box<dyn Backend>,
    alarm: &Alarm,
) -> Backends {
    let miners = scenario.miners.iter().map(|miner| {
        if measured[miner.cohort] {
            let (miner, batch) = (Some(miner.name.clone()), miner.batch);
            make(&BackendRequest { miner, batch, alarm: alarm.clone() })
        } else {
            Box::new(engine::drawn(miner))
        }
    });
    let miners = miners.collect();
    let trusted = if scenario.orchestrator.audit.is_some() && measured.contains(&true) {
        make(&BackendRequest { miner: None, batch: 1, alarm: alarm.clone() })
    } else {
        audit::drawn(&scenario.orchestrator)
    };
    Backends { miners, trusted }
}
