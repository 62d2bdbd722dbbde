//! # Assay: who gets paid, for what, and is it fair?
//!
//! A deterministic discrete-event simulator of a decentralized AI-inference subnet (Bittensor subnet 11).
//!
//! ```text
//! client ──job──► orchestrator ──routes (stake, score)──► miner ──callback──► orchestrator ──scores──► validators
//!                                                                                                        │ weights
//! miner stake ◄── emission, every 360 blocks of 12 s ◄── Yuma Consensus (chain, fixed point) ◄───────────┘
//! ```
//!
//! A run is a function of (scenario, seed, version), to the bit.
//!
//! ## Floors
//!
//! A module imports only from floors below its own; `tests/all/tidy.rs` holds this.
//!
//! | floor | module | what it is |
//! |---|---|---|
//! | 1 families | [`chain`] | integers only: fixed point, epoch, emission, payout, admission, registration |
//! | 8 cli | [`cli`] | the commands, one file a verb |
//! | 9 session | [`Session`] | what a harness calls: the same scenario on backends of its own |
//!
//! ## Glossary
//!
//! | word | means |
//! |---|---|
//! | epoch | one run of Yuma Consensus, every tempo blocks |
//! | rao | 1e-9 of a token, the unit of all money |
//! | tempo | blocks between epochs, 360 |
//! | uid | index of a neuron on the subnet, `0..256` |
//! | weight | a validator's vote for a uid, stored as u16 |

#![forbid(unsafe_code)]

mod arrivals;
mod behaviour;
pub mod chain;
pub mod cli;
mod columns;
mod digest;
mod engine;
mod family;
mod ids;
mod latency;
mod math;
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "claims over statistics are judged by the verb `check`, still to come"
    )
)]
mod metrics;
mod miner;
mod orchestrator;
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "claims over statistics are judged by the verb `check`, still to come"
    )
)]
mod property;
mod record;
mod report;
mod rng;
mod router;
mod sample;
mod scenario;
mod scoring;
mod session;
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "claims over statistics are judged by the verb `check`, still to come"
    )
)]
mod statistics;
mod study;
mod trace;
mod units;
mod validator;
mod weighting;

pub use cli::ScenarioArgs;
pub use digest::Digest;
pub use ids::ClassId;
pub use ids::ClientId;
pub use ids::KindId;
pub use ids::MinerId;
pub use ids::OperatorId;
pub use ids::Uid;
pub use miner::Alarm;
pub use miner::Backend;
pub use miner::Fault;
pub use record::AckPlan;
pub use record::AnswerPlan;
pub use record::EpochRecord;
pub use record::FailureReason;
pub use record::Image;
pub use record::Job;
pub use record::JobRecord;
pub use record::JobTruth;
pub use record::JobWords;
pub use record::Plan;
pub use record::Produced;
pub use record::Reply;
pub use record::Source;
pub use record::Status;
pub use record::StoredJob;
pub use record::Work;
pub use record::WorkPlan;
pub use record::Yield;
pub use rng::Draws;
pub use rng::Word;
pub use session::Ran;
pub use session::Results;
pub use session::Seat;
pub use session::Session;
pub use session::SessionError;
pub use session::Terms;
pub use session::Verdict;
pub use units::Alpha;
pub use units::Nanos;
pub use units::Rao;
pub use units::Share;
pub use units::Span;
