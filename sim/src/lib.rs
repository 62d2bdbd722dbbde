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
//! From the lowest to the highest; a module imports only from floors below its own. The list stands here alone:
//! `tests/all/tidy.rs` reads it.
//!
//! | floor | what it is |
//! |---|---|
//! | `base` | units, ids, random words, the door to libm, samplers, registration of families |
//! | `work` | what passes between the floors: a request, a plan, a completion, a job's record, an epoch's; their digest |
//! | `model` | rules without a clock, a folder a family; what a version of the subnet's code means |
//! | `metrics` | what is read off a finished run |
//! | `statistics` | estimates, intervals, tests |
//! | `miner` | the seam: a backend works, drawn or recorded |
//! | `property` | claims, their verdicts, invariants |
//! | `scenario` | the scenario as it is simulated: every miner, validator and client, every rule in force |
//! | `subnet` | services that hold state and are told the time |
//! | `observe` | eyes on a run: digest, windows, course, invariants |
//! | `engine` | time only: events in their order, and the world they change |
//! | `config` | from a scenario file to a resolved scenario, all problems at once |
//! | `study` | many replications; the only place with threads |
//! | `trace` | recorded jobs: import, replay, fit, validation |
//! | `report` | tables, plots, pages, results folders |
//! | `cli` | the commands, one file a verb |
//! | `session` | what a harness calls: the same scenario on backends of its own |
//!
//! Below them all stands the package `assay-chain`: integers only, useful alone.
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

pub use assay_chain as chain;

mod base;
pub mod cli;
mod config;
mod engine;
mod metrics;
mod miner;
mod model;
mod observe;
mod property;
mod report;
mod scenario;
mod session;
mod statistics;
mod study;
mod subnet;
mod trace;
mod work;

pub use base::ids::ClassId;
pub use base::ids::ClientId;
pub use base::ids::KindId;
pub use base::ids::MinerId;
pub use base::ids::OperatorId;
pub use base::ids::Uid;
pub use base::random::Draws;
pub use base::random::Word;
pub use base::units::Alpha;
pub use base::units::Rao;
pub use base::units::SimSpan;
pub use base::units::SimTime;
pub use cli::ScenarioArgs;
pub use miner::Alarm;
pub use miner::Backend;
pub use miner::Fault;
pub use miner::compute_one;
pub use observe::Observer;
pub use session::Ran;
pub use session::Results;
pub use session::Seat;
pub use session::Session;
pub use session::SessionError;
pub use session::Terms;
pub use session::Verdict;
pub use work::Accepted;
pub use work::AckPlan;
pub use work::AnswerPlan;
pub use work::Before;
pub use work::Completion;
pub use work::Digest;
pub use work::EpochRecord;
pub use work::FailureReason;
pub use work::Flags;
pub use work::Image;
pub use work::ImageWork;
pub use work::JobRecord;
pub use work::ObservedJob;
pub use work::Output;
pub use work::Plan;
pub use work::Reply;
pub use work::Request;
pub use work::RequestWords;
pub use work::Source;
pub use work::Status;
pub use work::TrueJob;
pub use work::Work;
pub use work::WorkPlan;
