//! The orchestrator's books: what is stored about a job, in whole milliseconds, at each thing that happens to it.
//!
//! Scores read only what is stored here, so a simulated run written to a file and replayed gives the same scores.

use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::model::rules::CallbackRules;
use crate::model::scoring::FinishedJob;
use crate::model::scoring::ScoredKind;
use crate::scenario::ScenarioOrchestrator;
use crate::work::FailureReason;
use crate::work::JobRecord;
use crate::work::ObservedJob;
use crate::work::Reply;
use crate::work::Status;

/// What a miner's callback carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carried {
    /// An image of this size; 0 is an empty file [bytes].
    Image(u64),
    /// "Completed", and no image.
    Nothing,
    /// An error text instead of an image.
    Error,
}

impl Carried {
    /// What a reply carries when the work's image has `size_bytes`; without an image there is an error to report.
    pub(crate) fn of(reply: Reply, size_bytes: Option<u64>) -> Self {
        match (reply, size_bytes) {
            (Reply::Image, Some(size)) | (Reply::Bytes(size), _) => Self::Image(size),
            (Reply::Truncated, Some(size)) => Self::Image(size.div_ceil(2)),
            (Reply::NoImage, _) => Self::Nothing,
            (Reply::Error, _) | (Reply::Image | Reply::Truncated, None) => Self::Error,
        }
    }
}

/// A callback, as it arrives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Callback {
    /// When the callback arrives at the orchestrator.
    pub(crate) at: SimTime,
    /// What the callback carries: an image, nothing or an error.
    pub(crate) carried: Carried,
    /// Whether the job's kind has the image edit's time rules.
    pub(crate) is_kontext: bool,
    /// When the miner's answer to the request was recorded, if it has been.
    pub(crate) dispatched: Option<SimTime>,
}

/// Rules and delays the books are kept by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Store {
    rules: CallbackRules,
    upload_with_image: SimSpan,
    upload_without_image: SimSpan,
}

impl Store {
    /// Store kept by the rules of `orchestrator`.
    pub(crate) fn new(orchestrator: &ScenarioOrchestrator) -> Self {
        Self {
            rules: orchestrator.rules.callback,
            upload_with_image: orchestrator.upload_with_image,
            upload_without_image: orchestrator.upload_without_image,
        }
    }

    /// The request is on its way.
    pub(crate) fn opened(record: &mut JobRecord) {
        record.stored.last_updated_ms = record.job.created.whole_ms();
    }

    /// The miner answered the request.
    ///
    /// Production counts an answer that comes after the callback as the last write; here the response stays the last
    /// one, because a score run reads the job from then on and a replay knows it only by this stamp.
    pub(crate) fn dispatched(record: &mut JobRecord, now: SimTime) {
        record.stored.dispatched_ms = Some(now.whole_ms());
        if record.stored.status == Status::Pending {
            record.stored.last_updated_ms = now.whole_ms();
        }
    }

    /// The dispatch failed: the miner refused the request or did not answer in time.
    pub(crate) fn dispatch_failed(record: &mut JobRecord, now: SimTime, reason: FailureReason) {
        if record.stored.status != Status::Pending {
            record.overwritten += 1;
        }
        record.stored.status = Status::Failed;
        record.stored.failure = Some(reason);
        record.stored.last_updated_ms = now.whole_ms();
    }

    /// The miner called back.
    pub(crate) fn called_back(&self, record: &mut JobRecord, callback: &Callback) {
        let Callback { at: now, carried, is_kontext, dispatched } = *callback;
        let stored = &mut record.stored;
        if stored.status != Status::Pending {
            record.overwritten += 1;
        }
        let arrived_ms = now.whole_ms();
        if carried == Carried::Image(0) {
            stored.status = Status::Failed;
            stored.failure = Some(FailureReason::EmptyImage);
            stored.last_updated_ms = arrived_ms;
            return;
        }
        let total_runtime_ms = now.since(record.job.created).whole_ms();
        let latency_ms = dispatched.map(|at| now.since(at).whole_ms());
        let verdict = self.rules.violation(is_kontext, total_runtime_ms, latency_ms);
        if verdict == Some(FailureReason::MinRuntime) {
            stored.status = Status::Failed;
            stored.failure = verdict;
            stored.last_updated_ms = arrived_ms;
            return;
        }
        let image = if let Carried::Image(size) = carried { Some(size) } else { None };
        let upload =
            if image.is_some() { self.upload_with_image } else { self.upload_without_image };
        let response_ms = (now + upload).whole_ms();
        stored.callback_ms = Some(arrived_ms);
        stored.total_runtime_ms = Some(total_runtime_ms);
        stored.latency_ms = latency_ms;
        stored.response_ms = Some(response_ms);
        stored.last_updated_ms = response_ms;
        stored.has_image = Some(image.is_some());
        stored.image_bytes = image;
        stored.failure = match carried {
            Carried::Error => Some(FailureReason::CallbackStatus),
            Carried::Image(_) | Carried::Nothing => verdict,
        };
        stored.status = if stored.failure.is_some() { Status::Failed } else { Status::Success };
    }
}

/// The stored job as a scoring rule reads it; none while it is pending.
#[inline]
pub(crate) fn event(stored: &ObservedJob, kind: ScoredKind) -> Option<FinishedJob> {
    (stored.status != Status::Pending).then(|| FinishedJob {
        at_ms: stored.response_ms.unwrap_or(stored.last_updated_ms),
        success: stored.status == Status::Success,
        total_runtime_ms: stored.total_runtime_ms,
        latency_ms: stored.latency_ms,
        has_image: stored.has_image,
        image_bytes: stored.image_bytes,
        kind_weight: kind.weight,
        is_kontext: kind.is_kontext,
    })
}
