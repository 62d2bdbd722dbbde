//! The orchestrator of a scenario: the rules of its version, what the scenario replaces of them, clocks and delays.

use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::model::rules::OrchestratorRules;
use crate::scenario::audit::AuditSettings;

/// Rules, clocks and delays of the orchestrator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ScenarioOrchestrator {
    /// What its version decides, with the parts that the scenario names in their place.
    pub(crate) rules: OrchestratorRules,
    /// When scores are run.
    pub(crate) score_runs: Period,
    /// When all miners' health is checked.
    pub(crate) health_checks: Period,
    /// Callback to stored response when there is an image to upload.
    pub(crate) upload_with_image: SimSpan,
    /// Callback to stored response without an image.
    pub(crate) upload_without_image: SimSpan,
    /// Audits; none where nothing is audited.
    pub(crate) audit: Option<AuditSettings>,
}

/// Something that happens again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    /// The first time, from the start of the run.
    pub(crate) first: SimTime,
    /// Time between two of them [ns].
    pub(crate) every: SimSpan,
}
