//! A request for an image, and the randomness that what happens to it will use.

use crate::base::ids::ClientId;
use crate::base::ids::KindId;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;

/// A request for an image, as the client made it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Jobs are numbered from 0 in the order of their creation.
    pub number: u64,
    /// Client that made the request.
    pub client: ClientId,
    /// What kind of job.
    pub kind: KindId,
    /// When it was created.
    pub created: SimTime,
    /// Denoising steps asked for.
    pub steps: u32,
    /// Number of the prompt in the scenario's prompt table.
    pub prompt: u32,
    /// Class of image asked for, `0..10` for the digits model.
    pub class: u8,
    /// Number of the adapter (`LoRA`) asked for; 0 is none. No kind of job asks for one until there are `LoRA` kinds.
    pub adapter: u32,
    /// Seed of the image's noise.
    pub seed: u64,
    /// Answered later than this after creation, the work was not useful.
    pub time_limit: SimSpan,
    /// The random words of the job.
    pub words: RequestWords,
}

/// The randomness of one job: one word a purpose, taken at its creation whether used or not. A word that no part of the
/// scenario reads is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestWords {
    /// The word that chooses the miner.
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
