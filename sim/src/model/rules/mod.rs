//! What a version of the subnet's code decides, as pure functions: no clock, no draw, no store.

mod callback;
mod dispatch;
mod health;
mod orchestrator;
mod validator;
mod version;

pub(crate) use callback::Answer;
pub(crate) use callback::CallbackImage;
pub(crate) use callback::CallbackOutcome;
pub(crate) use callback::CallbackRules;
pub(crate) use health::Capacity;
pub(crate) use health::Checked;
pub(crate) use health::HealthRules;
pub(crate) use health::Probe;
pub(crate) use orchestrator::OrchestratorRules;
pub(crate) use validator::SdkRateLimit;
pub(crate) use validator::ValidatorLoop;
pub(crate) use validator::ValidatorRules;
pub(crate) use validator::ValidatorVersion;
pub(crate) use validator::published;
pub(crate) use version::Version;

use crate::model::scoring::ScoredKind;

/// Whether the image edit's time rules hold for a type of job, by its production name.
pub(crate) fn is_kontext(job_type: &str) -> bool {
    ScoredKind::named(job_type).is_kontext
}
