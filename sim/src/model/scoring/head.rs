//! The score of head: as v001, but a failure multiplies the average, kinds are weighted, and seven days count.
//!
//! Defaults are those in force: the configuration's alpha 1.0 and penalty 0.2 override the 0.3 and 0.7 that stand in
//! the code. Left out: production takes a missing latency of an image edit from the time stamps when it looks for
//! slow answers; that can only be negative, hence none, for the callbacks before the answer that lack it.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::math;
use crate::base::wording;
use crate::model::scoring::FinishedJob;
use crate::model::scoring::Record;
use crate::model::scoring::Sample;
use crate::model::scoring::ScoredKind;
use crate::model::scoring::Scoring;
use crate::model::scoring::Start;
use crate::model::scoring::Terms;
use crate::model::scoring::average;
use crate::model::scoring::average::AverageSettings;
use crate::model::scoring::image::ImageCheck;
use crate::model::scoring::sample::MAX_LATENCY_MS;
use crate::model::scoring::sample::latency_ms;
use crate::model::scoring::sample::sample_score;
use crate::model::scoring::sample::weighted_score;
use crate::model::scoring::v001;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Latency above which a success of an image edit is a failure [ms]. Source: orchestrator 4dbc66b, `job_scoring.py`.
const KONTEXT_MAX_LATENCY_MS: f64 = 15_000.0;

/// The score of head (orchestrator 44a4866): kinds are weighted, a failure multiplies the average, seven days count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Spec {
    /// Weight of a new sample, `0..=1`; 0 is read as 1. Source: orchestrator 44a4866, `config.py` (0.3 in the code).
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) ema_alpha: f64,
    /// Time in which a score halves [s], above 0. Source: orchestrator 44a4866, `config.py`.
    #[schemars(range(min = 0.0))]
    pub(crate) half_life_s: f64,
    /// Share of the average that a failure takes, at least 0; above 1 counts as 1. Source: orchestrator 44a4866,
    /// `config.py` (0.7 in the code).
    #[schemars(range(min = 0.0))]
    pub(crate) failure_penalty_weight: f64,
    /// Days that a score run looks back; 0 is without limit. Source: orchestrator 1f6be52.
    #[schemars(range(min = 0.0))]
    pub(crate) lookback_days: f64,
    /// Whether a success without an image is a failure. No published version checks it.
    pub(crate) require_image: bool,
    /// A success with a smaller image, or none, is a failure when above 0 [bytes]. No published version checks it.
    pub(crate) image_bytes_min: u64,
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            ema_alpha: average::ALPHA,
            half_life_s: average::HALF_LIFE_S,
            failure_penalty_weight: average::PENALTY,
            lookback_days: average::LOOKBACK_DAYS,
            require_image: false,
            image_bytes_min: 0,
        }
    }
}

impl Doc for Spec {
    const NAME: &'static str = "head";
    const ABOUT: &'static str = "Weighted kinds, failures multiply the average, seven days count.";
    const SOURCE: &'static str = "dippy-studio-bittensor-orchestrator 44a4866";
    const EXAMPLE: &'static str = "[head]\nema_alpha = 0.3\nfailure_penalty_weight = 0.7\n";

    fn check(&self) -> Vec<MemberProblem> {
        v001::check_average(
            self.ema_alpha,
            self.half_life_s,
            self.failure_penalty_weight,
            self.lookback_days,
        )
    }

    fn told(&self) -> Option<String> {
        let (half, penalty) = (average::half_life(self.half_life_s), self.failure_penalty_weight);
        let average = match self.ema_alpha {
            alpha if alpha <= 0.0 || alpha >= 1.0 => "the last speed".to_string(),
            alpha => {
                format!("a moving average of speeds, {} of it the last", wording::percent(alpha))
            }
        };
        let back = match self.lookback_days {
            days if days > 0.0 => format!("the last {} days count", wording::figure(days)),
            _ => "all days count".to_string(),
        };
        Some(format!(
            "{average}, times the weight of the kind, halved every {half}; a failure takes {} of it; {back}{}",
            wording::percent(penalty.min(1.0)),
            ImageCheck::of(self.require_image, self.image_bytes_min).told()
        ))
    }
}

impl Spec {
    pub(super) fn build(&self) -> Head {
        Head {
            terms: Terms {
                start: Start::Nothing,
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
        }
    }
}

/// What head makes of a finished job, from the latency of its sample and that of its callback [ms]; none when it
/// leaves the kind out.
pub(crate) fn sample(
    kind: ScoredKind,
    success: bool,
    latency_ms: Option<f64>,
    callback_ms: Option<f64>,
) -> Option<Sample> {
    let scored = kind.weight > 0.0;
    if !scored {
        return None;
    }
    let slow = kind.is_kontext && callback_ms.is_some_and(|ms| ms > KONTEXT_MAX_LATENCY_MS);
    if !success || slow || latency_ms.is_none() {
        return Some(Sample::Failure);
    }
    let score = sample_score(latency_ms, MAX_LATENCY_MS);
    Some(Sample::Success(weighted_score(kind.weight, score)))
}

/// The rule made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    terms: Terms,
    images: ImageCheck,
}

impl Scoring for Head {
    fn terms(&self) -> Terms {
        self.terms
    }

    fn judge(&self, event: &FinishedJob) -> Option<Sample> {
        let kind = ScoredKind { weight: event.kind_weight, is_kontext: event.is_kontext };
        let success = self.images.is_success(event);
        sample(kind, success, latency_ms(event), event.latency_ms.map(math::float))
    }

    fn advance(&self, record: &mut Record, at: f64, sample: Option<Sample>) {
        let settings = record.settings.or(self.terms.settings).expect("this rule averages");
        average::decay_before(record, settings, at, sample);
        match sample {
            None => {}
            Some(Sample::Success(value)) => {
                let value = super::clamp01(value);
                let first = record.sample_count == 0 && record.ema <= 0.0;
                let ema = if first { value } else { settings.blend(record.ema, value) };
                average::count_success(record, ema, at);
            }
            Some(Sample::Failure) => {
                record.failure_count += 1;
                record.last_update = Some(at);
                let kept = 1.0 - settings.penalty.clamp(0.0, 1.0);
                record.ema = super::clamp01(record.ema * kept);
                if record.scores <= 0.0 || record.ema < record.scores {
                    record.scores = record.ema;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: FinishedJob = FinishedJob {
        at_ms: 0,
        success: true,
        total_runtime_ms: Some(6000),
        latency_ms: None,
        has_image: None,
        image_bytes: None,
        kind_weight: 0.2,
        is_kontext: false,
    };

    fn judge(event: FinishedJob) -> Option<Sample> {
        Spec::default().build().judge(&event)
    }

    /// 0.2 x (1 - 6000/60000) = 0.18; a failure in the same second leaves 0.18 x 0.8 = 0.144.
    #[test]
    fn a_failure_takes_a_fifth_of_the_average() {
        let rule = Spec::default().build();
        let mut record = Record::default();
        rule.advance(&mut record, 0.0, rule.judge(&BASE));
        assert!((record.scores - 0.18).abs() < 1e-12);
        rule.advance(&mut record, 0.0, Some(Sample::Failure));
        assert!((record.ema - 0.144).abs() < 1e-12 && (record.scores - 0.144).abs() < 1e-12);
    }

    #[test]
    fn a_kind_without_weight_is_left_out() {
        assert_eq!(judge(FinishedJob { kind_weight: 0.0, ..BASE }), None);
        assert_eq!(judge(FinishedJob { kind_weight: f64::NAN, success: false, ..BASE }), None);
    }

    #[test]
    fn a_missing_latency_is_a_failure() {
        assert_eq!(judge(FinishedJob { total_runtime_ms: None, ..BASE }), Some(Sample::Failure));
    }

    #[test]
    fn an_image_edit_has_fifteen_seconds_and_not_one_more() {
        let edit =
            FinishedJob { is_kontext: true, kind_weight: 0.8, latency_ms: Some(15_001), ..BASE };
        assert_eq!(judge(edit), Some(Sample::Failure));
        assert_ne!(judge(FinishedJob { latency_ms: Some(15_000), ..edit }), Some(Sample::Failure));
        assert_ne!(judge(FinishedJob { is_kontext: false, ..edit }), Some(Sample::Failure));
    }

    /// The first sample counts in full, the second by alpha: 0.3 x 0.18 + 0.7 x 0 = 0.054.
    #[test]
    fn a_first_sample_of_nothing_still_counts_as_the_first() {
        let rule = Spec { ema_alpha: 0.3, ..Spec::default() }.build();
        let mut record = Record::default();
        rule.advance(&mut record, 0.0, Some(Sample::Success(0.0)));
        rule.advance(&mut record, 0.0, rule.judge(&BASE));
        assert!((record.ema - 0.054).abs() < 1e-12);
    }
}
