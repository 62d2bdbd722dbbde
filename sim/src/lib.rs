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
//! | `statistics` | estimates, intervals, tests |
//! | `metrics` | what is read off a finished run |
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
//! | `simulation` | the public face, one type a verb: all below answers through it |
//! | `cli` | the commands, one file a verb |
//!
//! Below them all stands the package `assay-chain`: integers only, useful alone.
//!
//! ## Glossary
//!
//! | word | means |
//! |---|---|
//! | backend | what does a miner's work: drawn from a distribution, recorded, or real |
//! | completion | what came of a piece of work, and how long it took |
//! | digest | the fingerprint of a run: equal digests mean the same jobs and the same pay |
//! | epoch | one run of Yuma Consensus, every tempo blocks |
//! | job | a request and what became of it: observed by the mechanism, and true |
//! | observer | sees a run as it happens |
//! | operator | decides for a miner, job by job |
//! | rao | 1e-9 of a token, the unit of all money |
//! | replication | one run of a scenario from one seed |
//! | request | what a client asks for |
//! | roster | who sits on which uid, since when, with how much stake |
//! | scenario | what is simulated, every miner and rule by itself; a scenario file is how it is written |
//! | score | what the orchestrator publishes of a miner, made from its finished jobs |
//! | strategy | a validator's way from what it sees to the row it sends |
//! | stretch | the time between two changes of a scenario's schedule |
//! | tempo | blocks between epochs, 360 |
//! | uid | index of a neuron on the subnet, `0..256` |
//! | version | a commit of the orchestrator or the validator, and the rules that it brought |
//! | weight | a validator's vote for a uid, stored as u16 |

#![forbid(unsafe_code)]

pub use assay_chain as chain;

pub mod base;
#[cfg(feature = "cli")]
pub mod cli;
mod config;
mod engine;
pub mod metrics;
pub mod miner;
pub mod model;
mod observe;
mod property;
mod report;
mod scenario;
pub mod simulation;
pub mod statistics;
mod study;
mod subnet;
mod trace;
pub mod work;
