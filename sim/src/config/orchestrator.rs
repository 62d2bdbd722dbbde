//! What a scenario may say about the orchestrator.

use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::model::rules::OrchestratorRules;
use crate::model::rules::Version;
use crate::model::scoring::ScoringSpec;
use crate::scenario::AuditSettings;
use crate::scenario::Period;
use crate::scenario::ScenarioOrchestrator;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Milliseconds in a minute.
const MINUTE_MS: f64 = 60_000.0;

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
    /// What the orchestrator goes by: its version's rules, and what the scenario names in their place.
    pub(crate) fn resolved(&self) -> ScenarioOrchestrator {
        let mut rules = OrchestratorRules::of(self.version);
        if let Some(scoring) = &self.scoring {
            rules.scoring = scoring.clone();
        }
        if self.ack_timeout_ms > 0 {
            let timeout = SimSpan::from_ms(self.ack_timeout_ms);
            rules.dispatch = rules.dispatch.with_timeout(timeout);
        }
        let minutes = |minutes: f64| SimSpan::from_ms_f64(minutes * MINUTE_MS);
        let first = SimTime(minutes(self.score_run_first_min).0);
        ScenarioOrchestrator {
            rules,
            score_runs: Period { first, every: minutes(self.score_run_period_min) },
            health_checks: Period { first: SimTime(0), every: minutes(self.health_period_min) },
            upload_with_image: SimSpan::from_ms(self.upload_with_image_ms),
            upload_without_image: SimSpan::from_ms(self.upload_without_image_ms),
            audit: self.audit.clone(),
        }
    }
}
