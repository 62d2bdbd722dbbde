//! What of a run was measured on a device, where real backends served it.

use crate::base::math;
use crate::base::units::NANOS_PER_MS;
use crate::miner::RecordingContent;
use crate::scenario::Scenario;
use serde::Deserialize;
use serde::Serialize;
use std::sync::Arc;

/// What of a run was measured on a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MeasuredClaim {
    /// The device, its driver and limits, in the harness's words.
    pub(crate) device: String,
    /// Every cohort of the scenario.
    pub(crate) cohorts: Vec<CohortClaim>,
}

/// What of a cohort's service was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CohortClaim {
    /// Name of the cohort whose work was measured.
    pub(crate) cohort: String,
    /// Pieces of work that were measured.
    pub(crate) works: u64,
    /// Mean time of a piece of work [ms]; none without any.
    pub(crate) service_ms_mean: Option<f64>,
    /// Measured part of the time for which a worker slot was held, polling grid included, `0.0..=1.0`; 0 where the time
    /// was drawn.
    pub(crate) measured_share: f64,
}

impl MeasuredClaim {
    /// Which part of each cohort's service was measured, in all the recorded replications together.
    pub(crate) fn of(scenario: &Scenario, recordings: &[Arc<RecordingContent>]) -> Self {
        let one = |(number, cohort): (usize, &String)| {
            let (mut works, mut took, mut held, mut seen) = (0, 0, 0, 0);
            for kept in recordings {
                let is_measured = kept.header.measured.contains(cohort);
                for (place, _, produced) in kept.works() {
                    let place = usize::try_from(place).expect("few miners");
                    if scenario.miners.get(place).map(|miner| miner.cohort) != Some(number) {
                        continue;
                    }
                    works += 1;
                    took += produced.took.0;
                    held += produced.took.up_to_multiple_of(scenario.miners[place].poll).0;
                    seen += if is_measured { produced.took.0 } else { 0 };
                }
            }
            let mean = math::float(took) / math::float(works) / math::float(NANOS_PER_MS);
            CohortClaim {
                cohort: cohort.clone(),
                works,
                service_ms_mean: (works > 0).then_some(mean),
                measured_share: if held > 0 { math::float(seen) / math::float(held) } else { 0.0 },
            }
        };
        Self {
            device: recordings.first().map(|kept| kept.header.device.clone()).unwrap_or_default(),
            cohorts: scenario.cohorts.iter().enumerate().map(one).collect(),
        }
    }
}
