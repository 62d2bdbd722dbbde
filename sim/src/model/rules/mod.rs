//! What the orchestrator decides, as pure functions: no clock, no draw, no store.

mod callback;
mod dispatch;
mod health;
mod version;

pub(crate) use callback::Answer;
pub(crate) use callback::CallbackImage;
pub(crate) use callback::Outcome;
pub(crate) use callback::callback;
pub(crate) use callback::judge;
pub(crate) use dispatch::Dispatch;
pub(crate) use dispatch::dispatch;
pub(crate) use health::Probe;
pub(crate) use health::is_valid;
pub(crate) use version::Version;

use crate::model::scoring::Kind;

/// Whether the image edit's time rules hold for a type of job, by its production name.
pub(crate) fn is_kontext(job_type: &str) -> bool {
    Kind::named(job_type).is_kontext
}
