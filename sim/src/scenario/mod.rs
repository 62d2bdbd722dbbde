//! The scenario as it is simulated: every miner, validator and client by itself, every rule in force, every uid given.
//!
//! A scenario has two forms. `config` reads the one that is written, with cohorts, defaults and shorthands; this is the
//! other, the only one that services, engine, studies and traces know.

mod audit;
mod chain;
mod client;
mod kind;
mod load;
mod miner;
mod orchestrator;
mod registration;
mod replay;
mod run;
mod validator;

pub(crate) use audit::AuditSettings;
pub(crate) use chain::BLOCK_NS;
pub(crate) use chain::ChainSettings;
pub(crate) use client::Client;
pub(crate) use kind::Kind;
pub(crate) use load::Load;
pub(crate) use miner::Miner;
pub(crate) use orchestrator::Period;
pub(crate) use orchestrator::ScenarioOrchestrator;
pub(crate) use registration::RegistrationSettings;
pub(crate) use replay::ReplaySettings;
pub(crate) use run::Run;
pub(crate) use run::WAITING_MOST;
pub(crate) use validator::ScenarioValidator;

use crate::base::family::Used;
use crate::base::units::SimTime;
use crate::model::router::Router;
use crate::model::router::RouterSpec;
use crate::model::rules::ValidatorRules;

/// A scenario ready to run; the same for every replication.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    /// The scenario's name: its file's, without ending.
    pub(crate) name: String,
    /// The question it asks: the file's first comment line.
    pub(crate) question: String,
    /// Length, seed and number of replications.
    pub(crate) run: Run,
    /// Kinds of job that clients ask for.
    pub(crate) kinds: Vec<Kind>,
    /// Clients that ask for jobs, each by itself.
    pub(crate) clients: Vec<Client>,
    /// Which miner gets a job.
    pub(crate) router: Used<RouterSpec, dyn Router>,
    /// The orchestrator: its rules, its clocks, its delays.
    pub(crate) orchestrator: ScenarioOrchestrator,
    /// How validators turn scores into weights, and when.
    pub(crate) validating: ValidatorRules,
    /// The chain: emission, consensus, burn.
    pub(crate) chain: ChainSettings,
    /// Miners, cohort by cohort.
    pub(crate) miners: Vec<Miner>,
    /// Validators that send weights, each by itself.
    pub(crate) validators: Vec<ScenarioValidator>,
    /// Names of cohorts, in the order of the file.
    pub(crate) cohorts: Vec<String>,
    /// Names of classes, sorted.
    pub(crate) classes: Vec<String>,
    /// Names of operators, sorted.
    pub(crate) operators: Vec<String>,
    /// A recorded trace in place of clients and miners.
    pub(crate) replay: Option<ReplaySettings>,
    /// Hash of what decides which work miners are asked to do; a recording fits every scenario of the same hash.
    pub(crate) asked: String,
    /// Keys that scenarios had once and have no more, in words; empty when there are none.
    pub(crate) gone_keys: String,
    /// The file as written, defaults filled in, as TOML.
    pub(crate) text: String,
    /// What holds from each change of the schedule on, in the order of time; these have no phases of their own.
    pub(crate) phases: Vec<(SimTime, Scenario)>,
}
