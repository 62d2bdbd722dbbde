//! What architecture.md says: speed summed over requests. Prose, never run; the exact formula is our reading.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::math;
use crate::model::scoring::FinishedJob;
use crate::model::scoring::Record;
use crate::model::scoring::Sample;
use crate::model::scoring::Scoring;
use crate::model::scoring::Start;
use crate::model::scoring::Terms;
use crate::model::scoring::image::ImageCheck;
use crate::model::scoring::sample;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Weight of an inference request. Source: dippy-studio-bittensor 708e455, architecture.md.
const INFERENCE_WEIGHT: f64 = 0.3;
/// Share of the longest time beyond which a request is worth nothing. Source: dippy-studio-bittensor 708e455.
const SHARE_OF_TIMEOUT: f64 = 0.9;

/// The score that the subnet's architecture text describes: speed, summed over requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Spec {
    /// Weight of a request: 0.3 for inference, 0.7 for training. Source: architecture.md.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) request_weight: f64,
    /// Longest time a request may take [ms], above 0. Source: ours, the score's zero in the code.
    #[schemars(range(min = 0.0))]
    pub(crate) timeout_ms: f64,
    /// Share of it beyond which a request is worth nothing, `0..=1`. Source: architecture.md.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) timeout_share: f64,
    /// Whether a success without an image is a failure. No published version checks it.
    pub(crate) require_image: bool,
    /// A success with a smaller image, or none, is a failure when above 0 [bytes]. No published version checks it.
    pub(crate) image_bytes_min: u64,
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            request_weight: INFERENCE_WEIGHT,
            timeout_ms: sample::MAX_LATENCY_MS,
            timeout_share: SHARE_OF_TIMEOUT,
            require_image: false,
            image_bytes_min: 0,
        }
    }
}

impl Doc for Spec {
    const NAME: &'static str = "document_sum";
    const ABOUT: &'static str = "Speed summed over requests, as the architecture text has it.";
    const SOURCE: &'static str = "dippy-studio-bittensor 708e455 architecture.md, in our reading";
    const EXAMPLE: &'static str = "[document_sum]\nrequest_weight = 0.3\n";

    fn check(&self) -> Vec<MemberProblem> {
        let mut problems = Vec::new();
        for (key, value) in
            [("request_weight", self.request_weight), ("timeout_share", self.timeout_share)]
        {
            if !(0.0..=1.0).contains(&value) {
                problems.push(MemberProblem::new(key, value, "0 to 1"));
            }
        }
        if !(self.timeout_ms.is_finite() && self.timeout_ms > 0.0) {
            problems.push(MemberProblem::new("timeout_ms", self.timeout_ms, "a number above 0"));
        }
        problems
    }
}

impl Spec {
    pub(super) fn build(&self) -> DocumentSum {
        DocumentSum {
            request_weight: self.request_weight,
            timeout_ms: self.timeout_ms,
            cutoff_ms: self.timeout_share * self.timeout_ms,
            images: ImageCheck {
                require_image: self.require_image,
                image_bytes_min: self.image_bytes_min,
            },
        }
    }
}

/// The rule made from a [`Spec`]. A score is a sum, so it has no upper bound; nothing decays, failures are ignored.
#[derive(Clone, Copy, Debug)]
pub(super) struct DocumentSum {
    request_weight: f64,
    timeout_ms: f64,
    cutoff_ms: f64,
    images: ImageCheck,
}

impl Scoring for DocumentSum {
    fn terms(&self) -> Terms {
        Terms { start: Start::Nothing, lookback_ms: None, settings: None }
    }

    fn judge(&self, event: &FinishedJob) -> Option<Sample> {
        if !self.images.is_success(event) {
            return Some(Sample::Failure);
        }
        let latency_ms = event.total_runtime_ms.map(math::float);
        let in_time = latency_ms.filter(|ms| *ms <= self.cutoff_ms);
        let speed = in_time.map_or(0.0, |ms| 1.0 - ms / self.timeout_ms);
        Some(Sample::Success(self.request_weight * if speed > 0.0 { speed } else { 0.0 }))
    }

    fn advance(&self, record: &mut Record, at: f64, sample: Option<Sample>) {
        if let Some(Sample::Success(value)) = sample {
            record.scores += value;
            record.success_count += 1;
            record.last_success = Some(at);
        }
        record.last_update = Some(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worth(total_runtime_ms: u64) -> f64 {
        let event = FinishedJob {
            success: true,
            total_runtime_ms: Some(total_runtime_ms),
            ..FinishedJob::default()
        };
        match Spec::default().build().judge(&event) {
            Some(Sample::Success(value)) => value,
            other => panic!("{other:?}"),
        }
    }

    /// 0.3 x (1 - 6000/60000) = 0.27; at 54 s, nine tenths of the minute, 0.3 x 0.1 = 0.03; beyond it nothing.
    #[test]
    fn a_request_is_worth_its_speed_until_nine_tenths_of_the_minute() {
        assert!((worth(6000) - 0.27).abs() < 1e-12);
        assert!((worth(54_000) - 0.03).abs() < 1e-12);
        assert!(worth(54_001).abs() < 1e-12);
    }

    /// Ten instant requests are worth 3, as the text says.
    #[test]
    fn requests_add_up_and_nothing_decays() {
        let rule = Spec::default().build();
        let mut record = Record::default();
        for _ in 0..10 {
            rule.advance(&mut record, 0.0, Some(Sample::Success(worth(0))));
        }
        rule.advance(&mut record, 1e9, Some(Sample::Failure));
        assert!((record.scores - 3.0).abs() < 1e-12);
    }
}
