//! What passes between the floors: a job, the work in it, what a miner plans and produces, and the finished records.

use crate::ids::ClientId;
use crate::ids::KindId;
use crate::ids::MinerId;
use crate::rng::Word;
use crate::units::Nanos;
use crate::units::Rao;
use crate::units::Span;

/// The randomness of one job: one word a purpose, taken at its creation whether used or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobWords {
    /// Chooses the miner.
    pub route: Word,
    /// Makes the service time.
    pub service: Word,
    /// Makes the time to the miner's answer.
    pub ack: Word,
    /// Decides what the operator does.
    pub outcome: Word,
    /// Makes the image's size.
    pub size: Word,
    /// Chooses kind, prompt, class and seed.
    pub content: Word,
}

/// A request for an image, as the client made it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Job {
    /// Jobs are numbered from 0 in the order of their creation.
    pub number: u64,
    /// Who asked.
    pub client: ClientId,
    /// What kind of job.
    pub kind: KindId,
    /// When it was created.
    pub created: Nanos,
    /// Denoising steps asked for.
    pub steps: u32,
    /// Number of the prompt in the scenario's prompt table.
    pub prompt: u32,
    /// Class of image asked for, `0..10` for the digits model.
    pub class: u8,
    /// Number of the adapter (`LoRA`) asked for; 0 is none.
    pub adapter: u32,
    /// Seed of the image's noise.
    pub seed: u64,
    /// Answered later than this after creation, the work was not useful.
    pub time_limit: Span,
    /// The job's randomness.
    pub words: JobWords,
}

/// Where the result of a piece of work comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// It is computed.
    Computed,
    /// It is taken from an earlier result kept under this key.
    Cached(u64),
    /// There is none.
    Nothing,
}

/// What a miner decides to compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkPlan {
    /// Denoising steps really computed.
    pub steps: u32,
    /// Seed really used.
    pub seed: u64,
    /// Where the result comes from.
    pub source: Source,
}

/// When a miner answers the orchestrator's request (not with the result: that is the callback).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AckPlan {
    /// As soon as its servers can.
    Now,
    /// This much later than its servers could.
    After(Span),
    /// This long after its own callback.
    AfterCallback(Span),
    /// With an HTTP error status: the dispatch fails.
    Refuse(u16),
    /// Not at all: the dispatch times out.
    Never,
}

/// What a miner sends back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The image that its work gave.
    Image,
    /// "Completed", without an image.
    NoImage,
    /// An image file of this size that is not the work's image; 0 is an empty file \[bytes\].
    Bytes(u64),
    /// The first part of the work's image.
    Truncated,
    /// An error text.
    Error,
}

/// Whether and when a miner calls back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerPlan {
    /// It sends `what`, `after` the work is done.
    Reply {
        /// What is sent.
        what: Reply,
        /// How long the result is held back.
        after: Span,
    },
    /// It never calls back.
    Silent,
}

/// All that an operator decides about one job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// When the request is answered.
    pub ack: AckPlan,
    /// What is computed.
    pub work: WorkPlan,
    /// What is sent back.
    pub answer: AnswerPlan,
}

impl Plan {
    /// Compute what was asked, answer at once, send the image.
    #[must_use]
    pub fn honest(job: &Job) -> Self {
        Self {
            ack: AckPlan::Now,
            work: WorkPlan { steps: job.steps, seed: job.seed, source: Source::Computed },
            answer: AnswerPlan::Reply { what: Reply::Image, after: Span::ZERO },
        }
    }

    /// The same plan with nothing computed and `what` sent in place of an image.
    #[must_use]
    pub fn idle(job: &Job, what: Reply) -> Self {
        Self {
            work: WorkPlan { steps: 0, seed: job.seed, source: Source::Nothing },
            answer: AnswerPlan::Reply { what, after: Span::ZERO },
            ..Self::honest(job)
        }
    }
}

/// A piece of work for a backend: all that a real model needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// The job it belongs to (an audit's re-run is a job of its own).
    pub job: u64,
    /// What kind of job.
    pub kind: KindId,
    /// Number of the adapter; 0 is none.
    pub adapter: u32,
    /// Number of the prompt in the scenario's prompt table.
    pub prompt: u32,
    /// Class of image.
    pub class: u8,
    /// Seed of the image's noise.
    pub seed: u64,
    /// Denoising steps.
    pub steps: u32,
    /// Where the result comes from.
    pub source: Source,
    /// When the work begins.
    pub begins: Nanos,
    /// Randomness of the time it takes.
    pub service: Word,
    /// Randomness of the size of what comes out.
    pub size: Word,
}

/// An image, known by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image {
    /// Equal content has equal ids, whoever made it.
    pub id: u128,
    /// Size of the file \[bytes\].
    pub size_bytes: u64,
}

/// How a piece of work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yield {
    /// There is an image.
    Done(Image),
    /// No work was asked for.
    Nothing,
    /// There is none, by failure of the backend.
    Failed,
}

/// What a backend did, and how long it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Produced {
    /// Service time, queueing excluded.
    pub took: Span,
    /// What came out.
    pub outcome: Yield,
    /// Time from request to the miner's answer, when the backend has measured it (a remote miner).
    pub ack: Option<Span>,
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

/// What the orchestrator has stored about a job, in whole milliseconds since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoredJob {
    /// Where the job stands.
    pub status: Status,
    /// Why it failed.
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
pub struct JobTruth {
    /// Steps fully computed for this request and answered with its own image inside the time limit.
    pub useful_steps: u32,
    /// Steps computed at all.
    pub computed_steps: u32,
    /// When the work began, if it did.
    pub began: Option<Nanos>,
    /// Service time, queueing excluded.
    pub service: Span,
    /// Content of what was sent, when it was an image.
    pub image_id: Option<u128>,
}

/// One job, whole: what was asked, what is stored, what is true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobRecord {
    /// The request.
    pub job: Job,
    /// Who got it.
    pub miner: MinerId,
    /// The orchestrator's books.
    pub stored: StoredJob,
    /// What the mechanism does not see.
    pub truth: JobTruth,
    /// How often a stored status was overwritten by a later callback.
    pub overwritten: u32,
}

/// One epoch of the chain: what was minted and where it went, in rao, adding up exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EpochRecord {
    /// Epochs are numbered from 0.
    pub number: u32,
    /// Block at which the epoch ran.
    pub block: u64,
    /// When that was.
    pub at: Nanos,
    /// Minted to participants since the last epoch.
    pub minted: Rao,
    /// The owner's cut.
    pub owner: Rao,
    /// Paid to validators and their nominators.
    pub validators: Rao,
    /// Paid to miners.
    pub miners: Rao,
    /// Miner pay withheld because the uid is the owner's.
    pub burned: Rao,
    /// Withheld from the owner's uid and taken out of issuance.
    pub recycled: Rao,
    /// Lost to rounding, never redistributed; below 0 where the chain's shares round in favour of miners \[rao\].
    pub remainder_rao: i64,
    /// Pay by miner, in the scenario's order.
    pub miner_pay: Vec<Rao>,
    /// Incentive by miner, in the scenario's order; 65535 is all of it.
    pub miner_incentive: Vec<u16>,
    /// Pay by validator, in the scenario's order; last, what other holders of stake were paid in a validator's role.
    pub validator_pay: Vec<Rao>,
}
