//! A job, whole: what was asked, what the mechanism sees of it, and what really happened.

use crate::base::ids::MinerId;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::work::Request;

/// One job, whole: what was asked, what is stored, what is true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobRecord {
    /// The request that the job began with.
    pub job: Request,
    /// Miner that the job was routed to.
    pub miner: MinerId,
    /// The job as the orchestrator stored it.
    pub stored: ObservedJob,
    /// What the mechanism does not see.
    pub truth: TrueJob,
    /// How often a stored status was overwritten by a later callback.
    pub overwritten: u32,
}

/// What the orchestrator has stored about a job, in whole milliseconds since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ObservedJob {
    /// Where the job stands.
    pub status: Status,
    /// Why the job failed; none of a success.
    pub failure: Option<FailureReason>,
    /// When the miner's answer to the request was recorded \[ms\].
    pub dispatched_ms: Option<u64>,
    /// When the last callback arrived \[ms\].
    pub callback_ms: Option<u64>,
    /// When the response was stored \[ms\].
    pub response_ms: Option<u64>,
    /// When the job was last written \[ms\].
    pub last_updated_ms: u64,
    /// Creation to callback, rounded down \[ms\]: what scoring reads.
    pub total_runtime_ms: Option<u64>,
    /// Recorded answer to callback, rounded down \[ms\].
    pub latency_ms: Option<u64>,
    /// Whether the last stored callback carried an image.
    pub has_image: Option<bool>,
    /// Size of that image \[bytes\].
    pub image_bytes: Option<u64>,
}

/// What really happened, which the mechanism does not see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrueJob {
    /// Steps fully computed for this request and answered with its own image inside the time limit.
    pub useful_steps: u32,
    /// Steps computed at all.
    pub computed_steps: u32,
    /// When the work began, if it did.
    pub began: Option<SimTime>,
    /// Service time, queueing excluded.
    pub service: SimSpan,
    /// Content of what was sent, when it was an image.
    pub image_id: Option<u128>,
}

/// Where a job stands in the orchestrator's books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Dispatched and not answered.
    #[default]
    Pending,
    /// The last callback was accepted.
    Success,
    /// The dispatch or the last callback failed.
    Failed,
}

/// Why a job failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailureReason {
    /// The miner did not answer the request in time.
    DispatchTimeout,
    /// The miner answered the request with this HTTP status.
    DispatchStatus(u16),
    /// The callback carried an image of no bytes.
    EmptyImage,
    /// The callback said "failed".
    CallbackStatus,
    /// Answered faster than an image edit can be.
    MinRuntime,
    /// Answered later than an image edit may be.
    MaxLatency,
}

/// What counted of a job before its status changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// Status in which the job stood before.
    pub status: Status,
    /// Creation to callback \[ms\]; 0 where it is not known.
    pub runtime_ms: u64,
    /// Whether it was stored without an image.
    pub without_image: bool,
    /// Whether its dispatch had failed.
    pub dispatch_failed: bool,
    /// How often its status had been overwritten.
    pub overwritten: u32,
    /// Whether it was useful work.
    pub is_useful: bool,
}

impl Before {
    /// What counts of a job as it is stored.
    #[inline]
    #[must_use]
    pub fn of(record: &JobRecord) -> Self {
        let stored = &record.stored;
        let dispatch = matches!(
            stored.failure,
            Some(FailureReason::DispatchTimeout | FailureReason::DispatchStatus(_))
        );
        Self {
            status: stored.status,
            runtime_ms: stored.total_runtime_ms.unwrap_or(0),
            without_image: stored.has_image == Some(false),
            dispatch_failed: dispatch,
            overwritten: record.overwritten,
            is_useful: record.truth.useful_steps > 0,
        }
    }

    /// The total runtime \[ms\] of a job that has just become a success; none when it was one before or is none now.
    #[inline]
    #[must_use]
    pub fn answered_by(self, record: &JobRecord) -> Option<u64> {
        let is_new = record.stored.status == Status::Success && self.status != Status::Success;
        is_new.then(|| record.stored.total_runtime_ms.unwrap_or(0))
    }
}

/// What the orchestrator holds of a miner besides its score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Whether it passed its last health check and no audit has failed it.
    pub valid: bool,
    /// Failed audits on its record.
    pub failed_audits: u32,
}
