//! A kind of job, and what the orchestrator's rules make of it.

use crate::base::units::SimSpan;
use crate::model::scoring;

/// A kind of job.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kind {
    /// Its name.
    pub(crate) name: String,
    /// Type the orchestrator knows it by.
    pub(crate) type_name: String,
    /// Denoising steps that a miner is asked for, after the orchestrator's cap.
    pub(crate) steps: u32,
    /// Answered later than this after creation, the work was not useful.
    pub(crate) time_limit: SimSpan,
    /// Longest wait for a miner's answer to the request.
    pub(crate) ack_timeout: SimSpan,
    /// How the score service knows it.
    pub(crate) scored: scoring::Kind,
}
