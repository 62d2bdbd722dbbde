//! The columns of trace.csv, named once: what the importer reads, `run --jobs` writes.
//!
//! A file may have further columns (a simulated run's has the truth beside what was stored); a reader finds the named
//! ones by their heading and leaves the others alone.

use crate::work::FailureReason;
use crate::work::ObservedJob;
use crate::work::Status;
use std::borrow::Cow;

/// Headings, in the order of the published file.
pub(crate) const HEADINGS: [&str; 14] = [
    "job",
    "created_at_ms",
    "dispatched_ms",
    "miner",
    "num_inference_steps",
    "status",
    "failure_reason",
    "latency_ms",
    "total_runtime_ms",
    "callback_received_ms",
    "response_ms",
    "last_updated_ms",
    "has_image",
    "image_size",
];

/// Heading of the one column beyond the published ones that changes a replay: the job's kind, where a scenario has
/// several.
pub(crate) const KIND: &str = "kind";

/// Heading of the column that says in which stretch of a schedule the job's status was stored, from 0.
pub(crate) const STRETCH: &str = "stretch";

/// Headings of a run's history: what happened, then the published columns, then kind and stretch.
pub(crate) const HISTORY: [&str; 20] = [
    "what",
    "at_ns",
    "valid",
    "failed_audits",
    "job",
    "created_at_ms",
    "dispatched_ms",
    "miner",
    "num_inference_steps",
    "status",
    "failure_reason",
    "latency_ms",
    "total_runtime_ms",
    "callback_received_ms",
    "response_ms",
    "last_updated_ms",
    "has_image",
    "image_size",
    KIND,
    STRETCH,
];

/// One row: a job as the orchestrator has stored it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TraceRow {
    /// Number of the job, in order of creation.
    pub(crate) job: u64,
    /// When the job was created [ms].
    pub(crate) created_at_ms: u64,
    /// Denoising steps asked for.
    pub(crate) num_inference_steps: u32,
    /// All that is stored about it.
    pub(crate) stored: ObservedJob,
}

impl TraceRow {
    /// The fields of the published columns, in their order; `miner` is the miner's name. Empty is "missing".
    pub(crate) fn fields<'r>(&self, miner: &'r str) -> [Cow<'r, str>; 14] {
        let stored = &self.stored;
        let number = |value: u64| Cow::from(value.to_string());
        let maybe = |value: Option<u64>| value.map_or(Cow::from(""), number);
        [
            number(self.job),
            number(self.created_at_ms),
            maybe(stored.dispatched_ms),
            miner.into(),
            number(u64::from(self.num_inference_steps)),
            status_text(stored.status).into(),
            stored.failure.map_or(Cow::from(""), reason_text),
            maybe(stored.latency_ms),
            maybe(stored.total_runtime_ms),
            maybe(stored.callback_ms),
            maybe(stored.response_ms),
            number(stored.last_updated_ms),
            stored.has_image.map_or("", |has| if has { "1" } else { "0" }).into(),
            maybe(stored.image_bytes),
        ]
    }
}

/// A status as it is written.
pub(crate) fn status_text(status: Status) -> &'static str {
    match status {
        Status::Pending => "pending",
        Status::Success => "success",
        Status::Failed => "failed",
    }
}

/// The status that a field means.
pub(crate) fn parse_status(text: &str) -> Option<Status> {
    [Status::Pending, Status::Success, Status::Failed]
        .into_iter()
        .find(|status| status_text(*status) == text)
}

/// HTTP statuses that the published file names.
const HTTP: [(u16, &str); 5] = [
    (401, "unauthorized"),
    (403, "forbidden"),
    (404, "not_found"),
    (500, "internal_server_error"),
    (502, "bad_gateway"),
];
/// What stands before the name of a status with which a dispatch failed.
const DISPATCH_ERROR: &str = "dispatch_error/";
/// What stands before the number of a status that has no name.
const DISPATCH_HTTP: &str = "dispatch_http_";

/// A reason as it is written.
pub(crate) fn reason_text(reason: FailureReason) -> Cow<'static, str> {
    match reason {
        FailureReason::DispatchTimeout => "dispatch_error/timeout".into(),
        FailureReason::DispatchStatus(http) => match HTTP.iter().find(|(code, _)| *code == http) {
            Some((_, name)) => format!("{DISPATCH_ERROR}{name}").into(),
            None => format!("{DISPATCH_HTTP}{http}").into(),
        },
        FailureReason::EmptyImage => "empty_image_payload".into(),
        FailureReason::CallbackStatus => "callback_status/failed".into(),
        FailureReason::MinRuntime => "flux_kontext_min_runtime_violation".into(),
        FailureReason::MaxLatency => "flux_kontext_max_latency_violation".into(),
    }
}

/// The reason that a field means; none for a text that names none of ours, which is no fault of the file: reasons are
/// free text, and no score reads them.
pub(crate) fn parse_reason(text: &str) -> Option<FailureReason> {
    let plain = [
        FailureReason::DispatchTimeout,
        FailureReason::EmptyImage,
        FailureReason::CallbackStatus,
        FailureReason::MinRuntime,
        FailureReason::MaxLatency,
    ];
    if let Some(reason) = plain.into_iter().find(|reason| reason_text(*reason) == text) {
        return Some(reason);
    }
    if let Some(code) = text.strip_prefix(DISPATCH_HTTP) {
        return code.parse().ok().map(FailureReason::DispatchStatus);
    }
    let name = text.strip_prefix(DISPATCH_ERROR)?;
    let (code, _) = HTTP.iter().find(|(_, known)| *known == name)?;
    Some(FailureReason::DispatchStatus(*code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_written_in_the_order_of_the_headings() {
        let row = TraceRow {
            job: 1,
            created_at_ms: 72_646_939,
            num_inference_steps: 60,
            stored: ObservedJob {
                status: Status::Success,
                dispatched_ms: Some(72_649_112),
                latency_ms: Some(3579),
                total_runtime_ms: Some(5751),
                callback_ms: Some(72_652_691),
                response_ms: Some(72_652_701),
                last_updated_ms: 72_652_701,
                has_image: Some(false),
                ..ObservedJob::default()
            },
        };
        let line = row.fields("m01").join(",");
        let published =
            "1,72646939,72649112,m01,60,success,,3579,5751,72652691,72652701,72652701,0,";
        assert_eq!(line, published);
    }

    #[test]
    fn statuses_and_reasons_read_back_as_written() {
        for status in [Status::Pending, Status::Success, Status::Failed] {
            assert_eq!(parse_status(status_text(status)), Some(status));
        }
        for reason in [
            FailureReason::DispatchTimeout,
            FailureReason::DispatchStatus(502),
            FailureReason::DispatchStatus(418),
            FailureReason::EmptyImage,
            FailureReason::CallbackStatus,
            FailureReason::MinRuntime,
            FailureReason::MaxLatency,
        ] {
            assert_eq!(parse_reason(&reason_text(reason)), Some(reason));
        }
        assert_eq!(parse_status("done"), None);
        assert_eq!(parse_reason("callback_upload_failed"), None);
    }
}
