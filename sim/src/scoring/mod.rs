//! Scoring rules: what the orchestrator makes of a miner's finished jobs.
//!
//! A score run rebuilds a miner's record from its jobs. Rules are pure: `absorb` takes in one event in order of event
//! time, `publish` gives the record as it would be published at an instant, decayed, without changing what is kept, so a
//! run every hour and one run at the end agree to the bit.

use std::fmt::Debug;

/// One finished job as a scoring rule reads it, from what the orchestrator stored.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Event {
    /// Event time: response, else last update [ms].
    pub(crate) at_ms: u64,
    /// Whether the stored status is success.
    pub(crate) success: bool,
    /// Creation to callback [ms]; what the sample is made from.
    pub(crate) total_runtime_ms: Option<u64>,
    /// Recorded answer to callback [ms].
    pub(crate) latency_ms: Option<u64>,
    /// Whether the callback carried an image; none when no callback was stored.
    pub(crate) has_image: Option<bool>,
    /// Size of that image [bytes].
    pub(crate) image_bytes: Option<u64>,
    /// Score weight of the job's kind, `0.0..=1.0`.
    pub(crate) kind_weight: f64,
    /// Whether the kind has the image edit's time rules.
    pub(crate) is_kontext: bool,
}

/// What is kept about a miner between score runs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Record {
    /// Published score, `0.0..=1.0`.
    pub(crate) scores: f64,
    /// Moving average of samples, `0.0..=1.0`.
    pub(crate) ema: f64,
    /// Successes counted.
    pub(crate) success_count: u64,
    /// Failures counted.
    pub(crate) failure_count: u64,
    /// Samples taken into the average.
    pub(crate) sample_count: u64,
    /// Time of the last update [s].
    pub(crate) last_update: Option<f64>,
    /// Time of the last success [s].
    pub(crate) last_success: Option<f64>,
}
