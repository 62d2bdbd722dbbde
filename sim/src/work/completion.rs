//! A piece of work for a backend, and what came out of it.

use crate::base::ids::KindId;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::work::Source;

/// A piece of work for a backend. Training, and images that need an adapter, will be further variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// An image is to be made.
    Image(ImageWork),
}

impl Work {
    /// Number of the job it belongs to (an audit's re-run is a job of its own).
    #[must_use]
    pub fn job(&self) -> u64 {
        let Self::Image(work) = self;
        work.job
    }
}

/// Whether a backend takes a piece of work whose request has reached it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Accepted {
    /// It takes it, and acknowledges the request as its operator plans.
    #[default]
    Taken,
    /// It takes it and acknowledges the request so much later.
    TakenAfter(SimSpan),
    /// It refuses it with this HTTP status.
    Refused(u16),
}

/// The image that a piece of work is to make: all that a real model needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageWork {
    /// The job it belongs to (an audit's re-run is a job of its own).
    pub job: u64,
    /// What kind of job.
    pub kind: KindId,
    /// Number of the adapter; 0 is none, as for every piece until there are `LoRA` kinds.
    pub adapter: u32,
    /// Number of the prompt in the scenario's prompt table.
    pub prompt: u32,
    /// Class of the image to be made.
    pub class: u8,
    /// Seed of the image's noise.
    pub seed: u64,
    /// Denoising steps to be computed.
    pub steps: u32,
    /// Where the result comes from.
    pub source: Source,
    /// When the work begins.
    pub begins: SimTime,
    /// Randomness of the time it takes.
    pub service: Word,
    /// Randomness of the size of what comes out.
    pub size: Word,
}

/// What a backend did, and how long it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Service time, queueing excluded.
    pub took: SimSpan,
    /// What came of the piece of work.
    pub outcome: Output,
    /// Time from request to the miner's answer, when the backend has measured it (a remote miner).
    pub ack: Option<SimSpan>,
}

/// How a piece of work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// There is an image.
    Done(Image),
    /// No work was asked for.
    Nothing,
    /// There is none, by failure of the backend.
    Failed,
}

/// An image, known by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image {
    /// Equal content has equal ids, whoever made it.
    pub id: u128,
    /// Size of the file \[bytes\].
    pub size_bytes: u64,
}
