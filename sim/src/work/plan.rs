//! What an operator decides about one request.

use crate::base::units::SimSpan;
use crate::work::Request;

/// All that an operator decides about one job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// When the request is answered.
    pub ack: AckPlan,
    /// What the miner computes for the job.
    pub work: WorkPlan,
    /// What is sent back.
    pub answer: AnswerPlan,
}

impl Plan {
    /// Compute what was asked, answer at once, send the image.
    #[must_use]
    pub fn honest(job: &Request) -> Self {
        Self {
            ack: AckPlan::Now,
            work: WorkPlan { steps: job.steps, seed: job.seed, source: Source::Computed },
            answer: AnswerPlan::Reply { what: Reply::Image, after: SimSpan::ZERO },
        }
    }

    /// The same plan with nothing computed and `what` sent in place of an image.
    #[must_use]
    pub fn idle(job: &Request, what: Reply) -> Self {
        Self {
            work: WorkPlan { steps: 0, seed: job.seed, source: Source::Nothing },
            answer: AnswerPlan::Reply { what, after: SimSpan::ZERO },
            ..Self::honest(job)
        }
    }
}

/// When a miner answers the orchestrator's request (not with the result: that is the callback).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AckPlan {
    /// As soon as its servers can.
    Now,
    /// This much later than its servers could.
    After(SimSpan),
    /// This long after its own callback.
    AfterCallback(SimSpan),
    /// With an HTTP error status: the dispatch fails.
    Refuse(u16),
    /// Not at all: the dispatch times out.
    Never,
}

/// What a miner decides to compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkPlan {
    /// Denoising steps really computed.
    pub steps: u32,
    /// Seed that the miner really uses.
    pub seed: u64,
    /// Where the result comes from.
    pub source: Source,
}

/// Where the result of a piece of work comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The image is computed for this request.
    Computed,
    /// It is taken from an earlier result kept under this key.
    Cached(u64),
    /// Nothing is computed or sent.
    Nothing,
}

/// Whether and when a miner calls back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerPlan {
    /// It sends `what`, `after` the work is done.
    Reply {
        /// What the miner sends back.
        what: Reply,
        /// How long the result is held back.
        after: SimSpan,
    },
    /// It never calls back.
    Silent,
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
    /// An error text instead of an image.
    Error,
}
