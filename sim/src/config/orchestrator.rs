//! What a scenario may say about the orchestrator.

use crate::base::units::SimSpan;
use crate::config::AuditSettings;
use crate::model::rules;
use crate::model::rules::Dispatch;
use crate::model::rules::Version;
use crate::model::scoring::ScoringSpec;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// The orchestrator: job life cycle, score runs, health checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct OrchestratorSettings {
    /// Version whose callback, dispatch and health rules are in force. Source: offchain.md section 0; v001 ran in October 2025.
    pub(crate) version: Version,
    /// Wait for a miner's answer to a request [ms]; 0 is the version's own. Source: offchain.md section 2, 15 s in v001.
    #[schemars(range(min = 0, max = 86_400_000))]
    pub(crate) ack_timeout_ms: u64,
    /// Time between score runs [min]. Source: offchain.md section 3.5, hourly.
    #[schemars(range(min = 0.001, max = 100_000.0))]
    pub(crate) score_run_period_min: f64,
    /// First score run after the start [min]. Source: ours, a whole period.
    #[schemars(range(min = 0.0, max = 100_000.0))]
    pub(crate) score_run_first_min: f64,
    /// Time between health checks of all miners [min]. Source: offchain.md section 4, every 10 minutes.
    #[schemars(range(min = 0.001, max = 100_000.0))]
    pub(crate) health_period_min: f64,
    /// Callback to stored response when there is an image to upload [ms]. Source: offchain.md section 2 step 4, median 167 ms.
    #[schemars(range(min = 0, max = 600_000))]
    pub(crate) upload_with_image_ms: u64,
    /// Callback to stored response without an image [ms]. Source: offchain.md section 2 step 4, median 9 ms.
    #[schemars(range(min = 0, max = 600_000))]
    pub(crate) upload_without_image_ms: u64,
    /// How finished jobs become a score; without it the version's own. Source: offchain.md section 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scoring: Option<ScoringSpec>,
    /// Audits: finished requests repeated on a trusted miner; without it none, as in the trace of October 2025.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) audit: Option<AuditSettings>,
}

impl Default for OrchestratorSettings {
    fn default() -> Self {
        Self {
            version: Version::V001,
            ack_timeout_ms: 0,
            score_run_period_min: 60.0,
            score_run_first_min: 60.0,
            health_period_min: 10.0,
            upload_with_image_ms: 167,
            upload_without_image_ms: 9,
            scoring: None,
            audit: None,
        }
    }
}

impl OrchestratorSettings {
    /// How finished jobs become a score: as the scenario says, else as the version did.
    pub(crate) fn scoring(&self) -> ScoringSpec {
        let own = if self.version >= Version::Multiplied {
            ScoringSpec::head()
        } else if self.version >= Version::Lookback {
            ScoringSpec::v001_with_lookback()
        } else {
            ScoringSpec::default()
        };
        self.scoring.clone().unwrap_or(own)
    }

    /// How a request for a job of this type is sent, with the scenario's own time-out where it sets one.
    pub(crate) fn dispatch(&self, job_type: &str) -> Dispatch {
        let own = rules::dispatch(self.version, job_type);
        let set = (self.ack_timeout_ms > 0).then(|| SimSpan::from_ms(self.ack_timeout_ms));
        Dispatch { timeout: set.unwrap_or(own.timeout), ..own }
    }
}
