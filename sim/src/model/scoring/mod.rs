//! Scoring rules: what the orchestrator makes of a miner's finished jobs.
//!
//! A rule is pure. `judge` turns one stored job into a sample, `advance` moves a miner's record to an instant and takes
//! the sample in, [`publish`] reads the record off at an instant without changing what is kept.
//!
//! What a run begins with is one of the rule's [`Terms`]: since orchestrator 1f6be52 it is nothing, so that a run every
//! hour and one run at the end agree to the bit; before, it was the stored record, and how often scores were run decided
//! how much a failure weighed.

mod average;
mod document_sum;
mod head;
mod image;
mod kind;
mod sample;
mod v001;

pub(crate) use average::AverageSettings;
pub(crate) use head::sample as head_sample;
pub(crate) use kind::KindWeights;
pub(crate) use kind::ScoredKind;
pub(crate) use sample::MAX_LATENCY_MS;
pub(crate) use sample::parse_number;
pub(crate) use sample::sample_score;
pub(crate) use sample::weighted_score;

use crate::base::family::family;
use crate::base::math;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use std::fmt::Debug;

/// Milliseconds in a second. Source: unit.
const MS_PER_SECOND: f64 = 1000.0;

/// One finished job as a scoring rule reads it, from what the orchestrator stored.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct FinishedJob {
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

/// What a rule makes of one finished job.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Sample {
    /// A success worth this much, at least 0.
    Success(f64),
    /// The job failed: it counts as a failure.
    Failure,
}

/// What is kept about a miner between score runs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Record {
    /// Published score; `0.0..=1.0` where the rule averages.
    pub(crate) scores: f64,
    /// Moving average of samples, `0.0..=1.0`.
    pub(crate) ema: f64,
    /// Successes that the record counts [jobs].
    pub(crate) success_count: u64,
    /// Failures that the record counts [jobs].
    pub(crate) failure_count: u64,
    /// Samples taken into the average.
    pub(crate) sample_count: u64,
    /// Time of the last update [s].
    pub(crate) last_update: Option<f64>,
    /// Time of the last success [s].
    pub(crate) last_success: Option<f64>,
    /// Settings stored with the record: they override the rule's, so a changed configuration never reaches a miner
    /// that is already known.
    pub(crate) settings: Option<AverageSettings>,
}

/// What a score run begins with. Source: spec/offchain.md section 3.5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Start {
    /// Nothing: the record is made from the jobs anew, as since orchestrator 1f6be52.
    #[default]
    Nothing,
    /// The stored record, onto which every job that the relay holds is taken in again, as in orchestrator b164b3e.
    Stored,
    /// The stored record, onto which only later jobs are taken in, as in orchestrator 2bd4f1b.
    StoredLater,
}

/// How a rule is to be run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Terms {
    /// The record that a score run begins with.
    pub(crate) start: Start,
    /// Jobs older than this do not count [ms]; none: all jobs count.
    pub(crate) lookback_ms: Option<u64>,
    /// Settings of the moving average; none where the rule has no average.
    pub(crate) settings: Option<AverageSettings>,
}

/// A record as it is published at an instant.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Published {
    /// The score; `0.0..=1.0` where the rule averages.
    pub score: f64,
    /// The moving average; none where the rule has none.
    pub ema: Option<f64>,
    /// Successes that the published score counts \[jobs\].
    pub success_count: u64,
    /// Failures counted; none where the rule counts none.
    pub failure_count: Option<u64>,
}

impl ScoringSpec {
    /// The rule of head.
    pub(crate) fn head() -> Self {
        Self::Head(head::Spec::default())
    }

    /// The rule of v001 with these settings of its average; another rule as it is.
    pub(crate) fn with_settings(&self, settings: AverageSettings) -> Self {
        let Self::V001(spec) = self else { return self.clone() };
        Self::V001(v001::Spec {
            ema_alpha: settings.alpha,
            half_life_s: settings.half_life_s,
            failure_penalty_weight: settings.penalty,
            ..spec.clone()
        })
    }

    /// The rule of v001 whose runs take in only later jobs. Source: orchestrator 2bd4f1b.
    pub(crate) fn v001_with_later_jobs() -> Self {
        Self::V001(v001::Spec { starts_from: Some(Start::StoredLater), ..v001::Spec::default() })
    }

    /// The rule of v001 over the last seven days. Source: orchestrator 1f6be52.
    pub(crate) fn v001_with_lookback() -> Self {
        let lookback_days = average::LOOKBACK_DAYS;
        Self::V001(v001::Spec { lookback_days, ..v001::Spec::default() })
    }
}

impl Default for ScoringSpec {
    fn default() -> Self {
        Self::V001(v001::Spec::default())
    }
}

/// A scoring rule: what finished jobs make of a miner's score.
pub(crate) trait Scoring: Debug + Send + Sync {
    /// How far back the rule looks, and with which settings.
    fn terms(&self) -> Terms;

    /// What the rule makes of a finished job; none when it leaves the job out.
    fn judge(&self, event: &FinishedJob) -> Option<Sample>;

    /// Moves the record to the instant `at` [s] and takes in the sample, if there is one.
    fn advance(&self, record: &mut Record, at: f64, sample: Option<Sample>);
}

/// The record as `rule` publishes it at `now_ms`; the record itself stays as it is.
pub(crate) fn publish(rule: &dyn Scoring, record: &Record, now_ms: u64) -> Published {
    let mut moved = *record;
    rule.advance(&mut moved, seconds(now_ms), None);
    published(rule, &moved)
}

/// The record as `rule` publishes it at the instant to which it has been moved.
pub(crate) fn published(rule: &dyn Scoring, record: &Record) -> Published {
    let averaged = rule.terms().settings.is_some();
    Published {
        score: record.scores,
        ema: averaged.then_some(record.ema),
        success_count: record.success_count,
        failure_count: averaged.then_some(record.failure_count),
    }
}

/// Milliseconds as fractional seconds, as the records hold them.
pub(crate) fn seconds(ms: u64) -> f64 {
    math::float(ms) / MS_PER_SECOND
}

/// Into `0.0..=1.0`; what is not finite is 0.
fn clamp01(x: f64) -> f64 {
    if x.is_finite() { x.clamp(0.0, 1.0) } else { 0.0 }
}

family! {
    /// Which scoring rule a scenario asks for.
    ScoringSpec => dyn Scoring {
        V001 = v001,
        Head = head,
        DocumentSum = document_sum,
    }
}
