//! The score of the trace's version: that of the last success, halved every seven days.
//!
//! A failure leaves the average as it is and limits the score to `successes - 0.2 * failures`, two counts, until the next
//! success. Each score run takes all jobs into the stored record again, so both counts grow; where successes are more than a
//! fifth of the failures, the limit soon exceeds 1 and no longer matters.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::wording;
use crate::model::scoring::FinishedJob;
use crate::model::scoring::Record;
use crate::model::scoring::Sample;
use crate::model::scoring::Scoring;
use crate::model::scoring::Start;
use crate::model::scoring::Terms;
use crate::model::scoring::average;
use crate::model::scoring::average::AverageSettings;
use crate::model::scoring::image::ImageCheck;
use crate::model::scoring::sample;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// The score of version v001 (orchestrator b164b3e): the last success, halved every seven days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Spec {
    /// Weight of a new sample, `0..=1`; 0 is read as 1, as production does. Source: orchestrator b164b3e, `config.py`.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) ema_alpha: f64,
    /// Time in which a score halves [s], above 0. Source: orchestrator b164b3e, `config.py`.
    #[schemars(range(min = 0.0))]
    pub(crate) half_life_s: f64,
    /// What a failure takes off the count of successes, at least 0. Source: orchestrator b164b3e, `config.py`.
    #[schemars(range(min = 0.0))]
    pub(crate) failure_penalty_weight: f64,
    /// Days that a score run looks back; 0 is without limit, as in v001; 7 since orchestrator 1f6be52.
    #[schemars(range(min = 0.0))]
    pub(crate) lookback_days: f64,
    /// What a score run begins with; without it the stored record, as in v001, or nothing where runs look back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-since" = "0.2.0"))]
    pub(crate) starts_from: Option<Start>,
    /// Whether a success without an image is a failure. No published version checks it.
    pub(crate) require_image: bool,
    /// A success with a smaller image, or none, is a failure when above 0 [bytes]. No published version checks it.
    pub(crate) image_bytes_min: u64,
    /// Latency at which a success is worth nothing [ms]; without it 60 s. Source: orchestrator b164b3e, `job_scoring.py`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.001, max = 31_536_000_000.0))]
    pub(crate) latency_max_ms: Option<f64>,
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            ema_alpha: average::ALPHA,
            half_life_s: average::HALF_LIFE_S,
            failure_penalty_weight: average::PENALTY,
            lookback_days: 0.0,
            starts_from: None,
            require_image: false,
            image_bytes_min: 0,
            latency_max_ms: None,
        }
    }
}

impl Doc for Spec {
    const NAME: &'static str = "v001";
    const ABOUT: &'static str = "The last success's speed, halved every seven days.";
    const SOURCE: &'static str = "dippy-studio-bittensor-orchestrator b164b3e";
    const EXAMPLE: &'static str = "[v001]\nrequire_image = true\n";

    fn check(&self) -> Vec<MemberProblem> {
        let days = self.lookback_days;
        let mut problems =
            check_average(self.ema_alpha, self.half_life_s, self.failure_penalty_weight, days);
        if days > 0.0 && self.starts_from.is_some_and(|start| start != Start::Nothing) {
            let allowed =
                "0 where starts_from is a stored record: the relay's seven days hold there";
            problems.push(MemberProblem::new("lookback_days", days, allowed));
        }
        problems
    }

    fn told(&self) -> Option<String> {
        let zero = wording::span(self.latency_max_ms.unwrap_or(sample::MAX_LATENCY_MS));
        let (half, penalty) = (average::half_life(self.half_life_s), self.failure_penalty_weight);
        let average = match self.ema_alpha {
            alpha if alpha <= 0.0 || alpha >= 1.0 => "the last success's speed".to_string(),
            alpha => {
                format!("a moving average of speeds, {} of it the last", wording::percent(alpha))
            }
        };
        Some(format!(
            "{average} (1 at once, 0 from {zero} on), halved every {half}; a failure takes {} off the successes{}",
            wording::figure(penalty),
            ImageCheck::of(self.require_image, self.image_bytes_min).told()
        ))
    }
}

impl Spec {
    fn start(&self) -> Start {
        let own = if self.lookback_days > 0.0 { Start::Nothing } else { Start::Stored };
        self.starts_from.unwrap_or(own)
    }

    pub(super) fn build(&self) -> V001 {
        V001 {
            terms: Terms {
                start: self.start(),
                lookback_ms: average::lookback_ms(self.lookback_days),
                settings: Some(AverageSettings::configured(
                    self.ema_alpha,
                    self.half_life_s,
                    self.failure_penalty_weight,
                )),
            },
            images: ImageCheck {
                require_image: self.require_image,
                image_bytes_min: self.image_bytes_min,
            },
            latency_max_ms: self.latency_max_ms.unwrap_or(sample::MAX_LATENCY_MS),
        }
    }
}

/// What is wrong with the settings of an average.
pub(super) fn check_average(
    alpha: f64,
    half_life_s: f64,
    penalty: f64,
    days: f64,
) -> Vec<MemberProblem> {
    let mut problems = Vec::new();
    let mut require = |ok: bool, key: &str, value: f64, allowed: &str| {
        if !ok {
            problems.push(MemberProblem::new(key, value, allowed));
        }
    };
    require((0.0..=1.0).contains(&alpha), "ema_alpha", alpha, "0 to 1");
    require(
        half_life_s.is_finite() && half_life_s > 0.0,
        "half_life_s",
        half_life_s,
        "a number above 0",
    );
    require(
        penalty.is_finite() && penalty >= 0.0,
        "failure_penalty_weight",
        penalty,
        "a number from 0",
    );
    require(days.is_finite() && days >= 0.0, "lookback_days", days, "a number from 0");
    problems
}

/// The rule made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct V001 {
    terms: Terms,
    images: ImageCheck,
    latency_max_ms: f64,
}

impl Scoring for V001 {
    fn terms(&self) -> Terms {
        self.terms
    }

    fn judge(&self, event: &FinishedJob) -> Option<Sample> {
        if !self.images.is_success(event) {
            return Some(Sample::Failure);
        }
        let score = sample::sample_score(sample::latency_ms(event), self.latency_max_ms);
        Some(Sample::Success(score))
    }

    fn advance(&self, record: &mut Record, at: f64, sample: Option<Sample>) {
        let settings = record.settings.or(self.terms.settings).expect("this rule averages");
        average::decay_before(record, settings, at, sample);
        match sample {
            None => {}
            Some(Sample::Success(value)) => {
                let ema = settings.blend(record.ema, super::clamp01(value));
                average::count_success(record, ema, at);
            }
            Some(Sample::Failure) => {
                record.failure_count += 1;
                record.last_update = Some(at);
                hold_under_the_count(record, settings.penalty);
            }
        }
    }
}

/// Holds the score under the average and under successes minus `penalty` per failure, never below 0.
fn hold_under_the_count(record: &mut Record, penalty: f64) {
    let successes = crate::base::math::float(record.success_count);
    let legacy = successes - penalty * crate::base::math::float(record.failure_count);
    let legacy = if legacy > 0.0 { legacy } else { 0.0 };
    let mut candidate = if legacy < record.ema { legacy } else { record.ema };
    if record.scores > 0.0 && record.scores < candidate {
        candidate = record.scores;
    }
    record.scores = candidate;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> V001 {
        Spec::default().build()
    }

    fn after(steps: &[(f64, Sample)]) -> Record {
        let mut record = Record::default();
        for (at, sample) in steps {
            rule().advance(&mut record, *at, Some(*sample));
        }
        record
    }

    #[test]
    fn the_last_success_wins() {
        let record = after(&[(0.0, Sample::Success(0.9)), (600.0, Sample::Success(0.75))]);
        assert!((record.scores - 0.75).abs() < 1e-12);
        assert_eq!((record.success_count, record.sample_count), (2, 2));
    }

    /// One success at 0.99, one failure in the same second: 1 - 0.2 = 0.8 holds the score, not the average.
    #[test]
    fn one_failure_bites_while_there_is_one_success() {
        let record = after(&[(0.0, Sample::Success(0.99)), (0.0, Sample::Failure)]);
        assert!((record.scores - 0.8).abs() < 1e-12);
        assert!((record.ema - 0.99).abs() < 1e-12);
    }

    /// Two successes: 2 - 0.2 = 1.8 holds nothing.
    #[test]
    fn a_failure_after_two_successes_changes_nothing() {
        let steps = [(0.0, Sample::Success(0.9)), (0.0, Sample::Success(0.9))];
        let record = after(&[steps[0], steps[1], (0.0, Sample::Failure)]);
        assert!((record.scores - 0.9).abs() < 1e-12);
        assert_eq!(record.failure_count, 1);
    }

    #[test]
    fn a_success_without_a_latency_is_a_success_worth_nothing() {
        let event = FinishedJob { success: true, ..FinishedJob::default() };
        assert_eq!(rule().judge(&event), Some(Sample::Success(0.0)));
    }

    #[test]
    fn settings_outside_their_range_are_named() {
        let spec = Spec { ema_alpha: 1.5, half_life_s: 0.0, ..Spec::default() };
        let keys: Vec<_> = spec.check().into_iter().map(|problem| problem.key).collect();
        assert_eq!(keys, ["ema_alpha", "half_life_s"]);
    }
}
