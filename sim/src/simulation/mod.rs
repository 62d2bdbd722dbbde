//! The public face: one type a verb, each with its answer in memory; nothing is written unless it is told to.
//!
//! ```no_run
//! use assay_sim::simulation::Simulation;
//!
//! let world = Simulation::load("scenarios/sn11.toml")?.set("router.stake_capped.cap_alpha", 1000.0)?;
//! let outcome = world.replications(6).run()?;
//! println!("{}", outcome.metric("gini_pay_by_miner")?.mean);
//! # Ok::<(), assay_sim::simulation::Error>(())
//! ```
//!
//! The command line and the harness use this and nothing below it.

mod account;
mod backends;
mod catalogue;
mod check;
mod claim;
mod comparison;
mod conduct;
mod error;
mod experiment;
mod fit;
mod keys;
mod ledger;
mod outcome;
mod outputs;
mod own;
#[cfg(feature = "report")]
mod page;
mod recording;
mod replay;
mod rule;
mod run;
mod seal;
mod selection;
mod sweep;
mod target;
mod topics;
mod trace;
mod uncertain;
mod validation;
mod verified;
mod world;

pub use crate::base::family::Entry as FamilyMember;
pub use crate::model::scoring::Published;
pub use crate::observe::Observer;
pub use crate::property::ConfidenceBound;
pub use crate::property::VerdictStatus;
pub use crate::report::Cell;
pub use crate::report::JobTables;
pub use crate::report::Judged;
pub use crate::report::MetricRow;
pub use crate::report::ScenarioLine;
pub use crate::report::Table;
pub use crate::report::TableColumn;
pub use crate::report::columns;
pub use crate::report::quoted;
pub use crate::study::ComparedGroup;
pub use crate::study::Difference;
pub use crate::trace::ReplayedMiner;
pub use crate::trace::validate::Entry as ValidatedStatistic;
pub use crate::trace::validate::Over;
pub use account::Account;
pub use account::Link;
pub use backends::BackendRequest;
pub use catalogue::FAMILIES;
pub use catalogue::FIRST_SCENARIO;
pub use catalogue::Family;
pub use catalogue::QUESTIONS;
pub use catalogue::Question;
pub use catalogue::schema;
pub use catalogue::snapshot_guesses;
pub use catalogue::snapshot_scenario;
pub use check::Check;
pub use check::Verdicts;
pub use claim::Claim;
pub use comparison::Comparison;
pub use comparison::Differences;
pub use conduct::Conduct;
pub use error::Error;
pub use experiment::EquivalenceMargins;
pub use experiment::EquivalenceVerdict;
pub use experiment::Experiment;
pub use experiment::RecordedRun;
pub use fit::Fit;
pub use fit::Fitted;
pub use keys::ScenarioKey;
pub use keys::keys;
pub use ledger::EvidenceLedger;
pub use outcome::Outcome;
pub use outputs::Outputs;
#[cfg(feature = "report")]
pub use page::Report;
pub use replay::Replay;
pub use replay::Replayed;
pub use rule::RuleAnswers;
pub use rule::answer_rules;
pub use run::PreparedRun;
pub use seal::Sealed;
pub use seal::seal;
pub use selection::Changes;
pub use sweep::Cells;
pub use sweep::Sweep;
pub use target::Target;
pub use target::discard_drafts;
pub use target::save_file;
pub use target::save_jobs;
pub use topics::PrintedMetric;
pub use topics::Topic;
pub use topics::TopicEntry;
pub use topics::printed_metrics;
pub use topics::topics;
pub use trace::Trace;
pub use trace::TraceJobs;
pub use uncertain::DrawnParameter;
pub use uncertain::Uncertain;
pub use uncertain::UncertainMetric;
pub use uncertain::UncertainOutcome;
pub use validation::Validated;
pub use validation::Validation;
pub use validation::ValidationSettings;
pub use verified::DigestDifference;
pub use verified::FileCheck;
pub use verified::LineDifference;
pub use verified::TableCheck;
pub use verified::Verified;
pub use world::Simulation;
