//! What a scenario may say about the orchestrator.

use crate::orchestrator::Version;
use crate::scoring::ScoringSpec;
use crate::units::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// The orchestrator: job life cycle, score runs, health checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
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
    /// How finished jobs become a score. Source: offchain.md section 3; v001 ran in October 2025.
    pub(crate) scoring: ScoringSpec,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: Version::V001,
            ack_timeout_ms: 0,
            score_run_period_min: 60.0,
            score_run_first_min: 60.0,
            health_period_min: 10.0,
            upload_with_image_ms: 167,
            upload_without_image_ms: 9,
            scoring: ScoringSpec::default(),
        }
    }
}

/// Wait for a miner's answer in v001 [ms]. Source: offchain.md section 2.
const ACK_TIMEOUT_MS: u64 = 15_000;
/// The same at head. Source: offchain.md section 2, since 4dbc66b.
const ACK_TIMEOUT_HEAD_MS: u64 = 20_000;
/// The same at head for image edits. Source: offchain.md section 2, since 4dbc66b.
const ACK_TIMEOUT_EDIT_MS: u64 = 60_000;

impl Settings {
    /// Wait for a miner's answer to a request for a job of this type.
    pub(crate) fn ack_timeout(&self, job_type: &str) -> Span {
        let own = match self.version {
            Version::V001 | Version::V503d738 => ACK_TIMEOUT_MS,
            Version::Head if job_type.contains("img-h100") => ACK_TIMEOUT_EDIT_MS,
            Version::Head => ACK_TIMEOUT_HEAD_MS,
        };
        Span::from_ms(if self.ack_timeout_ms > 0 { self.ack_timeout_ms } else { own })
    }
}
