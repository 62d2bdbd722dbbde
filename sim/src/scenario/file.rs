//! A scenario as it is written: every key, its unit, range, default and source.

use crate::arrivals::ArrivalsSpec;
use crate::behaviour::BehaviourSpec;
use crate::latency::LawSpec;
use crate::miner::ImageSize;
use crate::miner::Speed;
use crate::orchestrator;
use crate::router::RouterSpec;
use crate::scenario::chain::ChainSettings;
use crate::scenario::replay::ReplaySettings;
use crate::validator;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// One question to the simulator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Scenario {
    /// Length, seed and number of replications.
    pub(crate) run: Run,
    /// Kinds of job that clients ask for. Without any: one kind `generate` of 60 steps, as in the trace of October 2025.
    pub(crate) kind: Vec<Kind>,
    /// Who asks for images.
    pub(crate) client: Vec<Client>,
    /// Which miner gets a job. Source: offchain.md section 1; v001 ran in October 2025.
    pub(crate) router: RouterSpec,
    /// The orchestrator: job life cycle, score runs, health checks.
    pub(crate) orchestrator: orchestrator::Settings,
    /// How validators turn scores into weights, and when.
    pub(crate) validators: validator::Settings,
    /// Validators by stake. Without any: one validator of 100,000 alpha.
    pub(crate) validator: Vec<ValidatorCohort>,
    /// The chain: emission, consensus, burn.
    pub(crate) chain: ChainSettings,
    /// Miners that share settings.
    pub(crate) cohort: Vec<Cohort>,
    /// A recorded trace in place of clients and miners; only `assay replay` runs such a scenario.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) replay: Option<ReplaySettings>,
}

/// Length, seed and number of replications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Run {
    /// Seed of all randomness. Source: ours, the subnet's number.
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_i64))]
    pub(crate) seed: u64,
    /// Independent replications. Source: ours, enough for an interval.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub(crate) replications: u32,
    /// Epochs to simulate. Source: ours, three days of 72-minute epochs.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub(crate) epochs: u32,
    /// Epochs at the beginning that metrics leave out. Source: ours, none.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub(crate) warm_up_epochs: u32,
}

impl Default for Run {
    fn default() -> Self {
        Self { seed: 11, replications: 20, epochs: 60, warm_up_epochs: 0 }
    }
}

/// A kind of job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kind {
    /// Its name.
    pub(crate) name: String,
    /// Type the orchestrator knows it by; empty: the name. Source: offchain.md section 2.
    #[serde(default)]
    pub(crate) job_type: String,
    /// Weight among the kinds when a client chooses, `0..=1e9`.
    #[serde(default = "one")]
    #[schemars(range(min = 0.0, max = 1e9))]
    pub(crate) weight: f64,
    /// Denoising steps asked for. Source: trace of October 2025, 60 in every row (the FAQ says 50).
    #[serde(default = "trace_steps")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub(crate) steps: u32,
    /// Answered later than this after creation, the work was not useful [ms]; added to `time_limit_ms_per_step`.
    /// Source: offchain.md section 3.2, a score is 0 from 60 s on.
    #[serde(default = "score_zero_ms")]
    #[schemars(range(min = 0.0, max = 31_536_000_000.0))]
    pub(crate) time_limit_ms: f64,
    /// Part of the time limit that grows with the steps [ms per step]. Source: the subnet's FAQ, a limit linear in the steps.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 31_536_000_000.0))]
    pub(crate) time_limit_ms_per_step: f64,
}

fn one() -> f64 {
    1.0
}

fn trace_steps() -> u32 {
    60
}

fn score_zero_ms() -> f64 {
    60_000.0
}

impl Default for Kind {
    fn default() -> Self {
        Self {
            name: "generate".to_string(),
            job_type: String::new(),
            weight: one(),
            steps: trace_steps(),
            time_limit_ms: score_zero_ms(),
            time_limit_ms_per_step: 0.0,
        }
    }
}

/// Somebody who asks for images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Client {
    /// Its name; its randomness hangs on it.
    pub(crate) name: String,
    /// When it asks.
    pub(crate) arrivals: ArrivalsSpec,
    /// When it begins [h since the start].
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1e6))]
    pub(crate) from_h: f64,
    /// When it stops [h since the start]; 0: at the end of the run.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1e6))]
    pub(crate) until_h: f64,
    /// Requests after which it stops; 0: no limit.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1_000_000_000_000_i64))]
    pub(crate) limit: u64,
    /// Names of the kinds it asks for; empty: all.
    #[serde(default)]
    pub(crate) kinds: Vec<String>,
}

/// Validators that share settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ValidatorCohort {
    /// Their name; with more than one the place is added.
    pub(crate) name: String,
    /// How many, `1..=64`.
    #[serde(default = "one_count")]
    #[schemars(range(min = 1, max = 64))]
    pub(crate) count: u32,
    /// Stake of each [alpha], `0..=21e6`.
    #[schemars(range(min = 0.0, max = 21e6))]
    pub(crate) stake_alpha: f64,
    /// How much later than the window's opening they look [s].
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 86_400.0))]
    pub(crate) offset_s: f64,
}

fn one_count() -> u32 {
    1
}

impl Default for ValidatorCohort {
    fn default() -> Self {
        Self { name: "validator".to_string(), count: 1, stake_alpha: 100_000.0, offset_s: 0.0 }
    }
}

/// Miners that share settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cohort {
    /// Its name; its miners' randomness hangs on it and their place in it.
    pub(crate) name: String,
    /// How many miners; 0: as many as `miner` lists.
    #[serde(default)]
    #[schemars(range(min = 0, max = 256))]
    pub(crate) count: u32,
    /// Class for tables and plots; empty: the cohort's name.
    #[serde(default)]
    pub(crate) class: String,
    /// Who runs them; empty: the cohort's name.
    #[serde(default)]
    pub(crate) operator: String,
    /// Whether all of them share one coldkey. Source: offchain.md section 7, since ed1e3a1 such uids earn nothing.
    #[serde(default)]
    pub(crate) shared_coldkey: bool,
    /// Stake of each [alpha], `0..=21e6`.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 21e6))]
    pub(crate) stake_alpha: f64,
    /// Jobs served at once. Source: offchain.md section 8, one worker.
    #[serde(default = "one_count")]
    #[schemars(range(min = 1, max = 1024))]
    pub(crate) concurrency: u32,
    /// Time from the start of the work to its end, queueing excluded.
    pub(crate) service: LawSpec,
    /// How service time follows from that law: speed and steps.
    #[serde(default)]
    pub(crate) speed: Speed,
    /// Time from the request to the miner's answer, network included; without it the answer is immediate.
    #[serde(default)]
    pub(crate) ack: Option<LawSpec>,
    /// Time the callback takes; without it none.
    #[serde(default)]
    pub(crate) transfer: Option<LawSpec>,
    /// Grid on which the worker looks for the finished file [ms]; 0: at once. Source: offchain.md section 8, 0.5 s.
    #[serde(default = "stock_poll_ms")]
    #[schemars(range(min = 0.0, max = 3_600_000.0))]
    pub(crate) poll_ms: f64,
    /// Time after which the worker gives up and reports failure [ms]; 0: never. Source: offchain.md section 8, 300 s.
    #[serde(default = "stock_give_up_ms")]
    #[schemars(range(min = 0.0, max = 31_536_000_000.0))]
    pub(crate) give_up_ms: f64,
    /// Sizes of the images.
    #[serde(default)]
    pub(crate) image: ImageSize,
    /// What the operator does. Source: offchain.md section 8, the stock miner is honest.
    #[serde(default)]
    pub(crate) behaviour: BehaviourSpec,
    /// When the miners come up [h since the start].
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1e6))]
    pub(crate) from_h: f64,
    /// When they leave [h since the start]; 0: they stay.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1e6))]
    pub(crate) until_h: f64,
    /// Single miners that differ, in the cohort's order.
    #[serde(default)]
    pub(crate) miner: Vec<Single>,
}

fn stock_poll_ms() -> f64 {
    500.0
}

fn stock_give_up_ms() -> f64 {
    300_000.0
}

/// What one miner of a cohort has of its own; what is not said is the cohort's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Single {
    /// Its name; empty: the cohort's name and its place.
    pub(crate) name: String,
    /// Stake [alpha], `0..=21e6`.
    #[schemars(range(min = 0.0, max = 21e6))]
    pub(crate) stake_alpha: Option<f64>,
    /// Times faster than the cohort's law says, `0.001..=1000`.
    #[schemars(range(min = 0.001, max = 1000.0))]
    pub(crate) speed_factor: Option<f64>,
    /// When it comes up [h since the start].
    #[schemars(range(min = 0.0, max = 1e6))]
    pub(crate) from_h: Option<f64>,
    /// When it leaves [h since the start]; 0: it stays.
    #[schemars(range(min = 0.0, max = 1e6))]
    pub(crate) until_h: Option<f64>,
    /// Its uid; otherwise the lowest free one in the scenario's order.
    #[schemars(range(min = 0, max = 255))]
    pub(crate) uid: Option<u16>,
    /// What its operator does.
    pub(crate) behaviour: Option<BehaviourSpec>,
}
