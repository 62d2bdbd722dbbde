//! What becomes of a job when its miner calls back. Source: spec/offchain.md section 2.
//!
//! A success without an image is a success in every version. Left out: webhooks and waiting clients, which touch no
//! score.

use crate::work::FailureReason;

/// The time rules of an image edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallbackRules {
    /// Shortest time from creation to callback [ms]; none: any will do.
    pub(crate) edit_runtime_ms_min: Option<u64>,
    /// Longest time from recorded answer to callback [ms]; none: any will do.
    pub(crate) edit_latency_ms_max: Option<u64>,
    /// Whether audit jobs have no time rules.
    pub(crate) spares_audits: bool,
}

/// The image of a callback.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum CallbackImage {
    /// The callback carried no image.
    #[default]
    Absent,
    /// A file of no bytes.
    Empty,
    /// A file that could not be uploaded.
    NotUploaded,
    /// A file that was uploaded.
    Stored,
}

/// A callback as it arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Whether the job's secret came with it.
    pub(crate) secret_matches: bool,
    /// The image that the callback carried, if any.
    pub(crate) image: CallbackImage,
    /// Whether the kind has the image edit's time rules.
    pub(crate) is_kontext: bool,
    /// Whether the job is an audit's.
    pub(crate) is_audit: bool,
    /// Creation to callback [ms].
    pub(crate) total_runtime_ms: Option<u64>,
    /// Recorded answer to callback [ms].
    pub(crate) latency_ms: Option<u64>,
    /// What the miner says of the job.
    pub(crate) status: String,
    /// The miner's error text; empty is none.
    pub(crate) error: String,
}

/// What the orchestrator makes of a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallbackOutcome {
    /// The job is a success.
    Success,
    /// The response is stored and the job has failed.
    Failed(String),
    /// The miner gets an HTTP error, no response is stored, and the job has failed.
    Refused(String),
}

impl CallbackRules {
    /// Why the time rules of an image edit fail a callback; none for other kinds.
    ///
    /// Too fast, and the response is not even stored; too slow, and it is stored first.
    pub(crate) fn violation(
        self,
        is_kontext: bool,
        total_runtime_ms: u64,
        latency_ms: Option<u64>,
    ) -> Option<FailureReason> {
        if !is_kontext {
            return None;
        }
        if self.edit_runtime_ms_min.is_some_and(|least| total_runtime_ms < least) {
            return Some(FailureReason::MinRuntime);
        }
        let slow = self.edit_latency_ms_max.zip(latency_ms).is_some_and(|(most, ms)| ms > most);
        slow.then_some(FailureReason::MaxLatency)
    }

    /// Judges a callback of a known job, in production's order.
    pub(crate) fn judge(self, answer: &Answer) -> CallbackOutcome {
        let refused = |reason: &str| CallbackOutcome::Refused(reason.to_string());
        if !answer.secret_matches {
            return refused("callback_secret_mismatch");
        }
        match answer.image {
            CallbackImage::Empty => return refused("empty_image_payload"),
            CallbackImage::NotUploaded => return refused("callback_upload_failed"),
            CallbackImage::Absent | CallbackImage::Stored => {}
        }
        let timed = answer.is_kontext && !(answer.is_audit && self.spares_audits);
        let runtime_ms = answer.total_runtime_ms.unwrap_or(u64::MAX);
        let violation = self.violation(timed, runtime_ms, answer.latency_ms);
        if violation == Some(FailureReason::MinRuntime) {
            return refused("flux_kontext_min_runtime_violation");
        }
        if violation.is_some() {
            return CallbackOutcome::Failed("flux_kontext_max_latency_violation".to_string());
        }
        let status = answer.status.trim().to_lowercase();
        if matches!(status.as_str(), "failed" | "error") || !answer.error.trim().is_empty() {
            return CallbackOutcome::Failed(format!("callback_status:{}", answer.status));
        }
        CallbackOutcome::Success
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rules::OrchestratorRules;
    use crate::model::rules::Version;

    fn rules(version: Version) -> CallbackRules {
        OrchestratorRules::of(version).callback
    }

    fn edit() -> Answer {
        Answer {
            secret_matches: true,
            image: CallbackImage::Stored,
            is_kontext: true,
            is_audit: false,
            total_runtime_ms: Some(20_000),
            latency_ms: Some(15_000),
            status: "completed".to_string(),
            error: String::new(),
        }
    }

    fn refused(reason: &str) -> CallbackOutcome {
        CallbackOutcome::Refused(reason.to_string())
    }

    #[test]
    fn an_image_edit_has_from_eight_to_fifteen_seconds() {
        let verdict = |runtime, latency| rules(Version::Head).violation(true, runtime, latency);
        assert_eq!(verdict(7_999, Some(7_000)), Some(FailureReason::MinRuntime));
        assert_eq!(verdict(8_000, Some(7_000)), None);
        assert_eq!(verdict(20_000, Some(15_000)), None);
        assert_eq!(verdict(20_000, Some(15_001)), Some(FailureReason::MaxLatency));
        assert_eq!(verdict(20_000, None), None);
        assert_eq!(rules(Version::Head).violation(false, 1, Some(90_000)), None);
    }

    #[test]
    fn the_time_rules_came_in_two_steps() {
        assert_eq!(rules(Version::V001).violation(true, 1, Some(90_000)), None);
        let first = |runtime| rules(Version::Guarded).violation(true, runtime, Some(90_000));
        assert_eq!(first(9_999), Some(FailureReason::MinRuntime));
        assert_eq!(first(10_000), None);
    }

    #[test]
    fn a_success_needs_no_image() {
        let bare = Answer { image: CallbackImage::Absent, ..edit() };
        assert_eq!(rules(Version::Head).judge(&bare), CallbackOutcome::Success);
    }

    #[test]
    fn what_comes_first_decides() {
        let fast = Answer { total_runtime_ms: Some(1), ..edit() };
        let reason = refused("flux_kontext_min_runtime_violation");
        assert_eq!(rules(Version::Head).judge(&fast), reason);
        let empty = Answer { image: CallbackImage::Empty, ..fast.clone() };
        assert_eq!(rules(Version::Head).judge(&empty), refused("empty_image_payload"));
        let lost = Answer { image: CallbackImage::NotUploaded, ..fast.clone() };
        assert_eq!(rules(Version::Head).judge(&lost), refused("callback_upload_failed"));
        let forged = Answer { secret_matches: false, ..empty };
        assert_eq!(rules(Version::Head).judge(&forged), refused("callback_secret_mismatch"));
        let audit = Answer { is_audit: true, ..fast };
        assert_eq!(rules(Version::Head).judge(&audit), CallbackOutcome::Success);
        assert_eq!(rules(Version::Reweighted).judge(&audit), reason);
    }

    #[test]
    fn the_status_is_quoted_as_it_was_sent() {
        let failed = Answer { status: " FAILED ".to_string(), ..edit() };
        let reason = CallbackOutcome::Failed("callback_status: FAILED ".to_string());
        assert_eq!(rules(Version::Head).judge(&failed), reason);
        let error = Answer { error: "out of memory".to_string(), ..edit() };
        let reason = CallbackOutcome::Failed("callback_status:completed".to_string());
        assert_eq!(rules(Version::Head).judge(&error), reason);
        assert_eq!(
            rules(Version::Head).judge(&Answer { error: " ".to_string(), ..edit() }),
            CallbackOutcome::Success
        );
    }
}
