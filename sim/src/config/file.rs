//! A scenario as it is written: every key, its unit, range, default and source.

use crate::config::OrchestratorSettings;
use crate::config::ValidatorSettings;
use crate::config::change::ScheduledChange;
use crate::config::cohort::Cohort;
use crate::config::sweep::SweepTable;
use crate::model::arrivals::ArrivalsSpec;
use crate::model::router::RouterSpec;
use crate::property::Property;
use crate::scenario::ChainSettings;
use crate::scenario::ReplaySettings;
use crate::scenario::Run;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// One question to the simulator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ScenarioFile {
    /// Length, seed and number of replications.
    pub(crate) run: Run,
    /// Kinds of job that clients ask for. Without any: one kind `generate` of 60 steps, as in the trace of October 2025.
    pub(crate) kind: Vec<KindSettings>,
    /// Who asks for images.
    pub(crate) client: Vec<ClientSettings>,
    /// Which miner gets a job. Source: offchain.md section 1; v001 ran in October 2025.
    pub(crate) router: RouterSpec,
    /// The orchestrator: job life cycle, score runs, health checks.
    pub(crate) orchestrator: OrchestratorSettings,
    /// How validators turn scores into weights, and when.
    pub(crate) validators: ValidatorSettings,
    /// Validators by stake. Without any: one validator of 100,000 alpha.
    pub(crate) validator: Vec<ValidatorCohort>,
    /// The chain: emission, consensus, burn.
    pub(crate) chain: ChainSettings,
    /// Miners that share settings.
    pub(crate) cohort: Vec<Cohort>,
    /// What changes while the run goes on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) schedule: Vec<ScheduledChange>,
    /// Claims about emissions that `assay check` judges.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) property: Vec<Property>,
    /// Variants of this scenario that `assay sweep` runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sweep: Option<SweepTable>,
    /// A recorded trace in place of clients and miners; only `assay replay` runs such a scenario.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) replay: Option<ReplaySettings>,
}

/// A kind of job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KindSettings {
    /// Name of the kind of job, which jobs and settings refer to.
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
    /// Weight of its samples in a score that weighs kinds, `0.0..=1.0`; without it the version's own by job type.
    /// Source: offchain.md section 3.2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) score_weight: Option<f64>,
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

impl Default for KindSettings {
    fn default() -> Self {
        Self {
            name: "generate".to_string(),
            job_type: String::new(),
            weight: one(),
            steps: trace_steps(),
            score_weight: None,
            time_limit_ms: score_zero_ms(),
            time_limit_ms_per_step: 0.0,
        }
    }
}

/// Somebody who asks for images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientSettings {
    /// Its name; its randomness hangs on it.
    pub(crate) name: String,
    /// The process by which the client asks.
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
    /// Number of validators in the cohort, `1..=64`.
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
    /// TAO on root of each, which counts by `chain.tao_weight` [TAO], `0.0..=21e6`. Source: chain.md section 4.2, none.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 21e6), extend("x-since" = "0.2.0"))]
    pub(crate) root_stake_tao: f64,
}

fn one_count() -> u32 {
    1
}

impl Default for ValidatorCohort {
    fn default() -> Self {
        Self {
            name: "validator".to_string(),
            count: 1,
            stake_alpha: 100_000.0,
            offset_s: 0.0,
            root_stake_tao: 0.0,
        }
    }
}

/// The JSON Schema of a scenario file.
pub(crate) fn json_schema() -> serde_json::Value {
    serde_json::to_value(schemars::schema_for!(ScenarioFile)).expect("a schema is JSON")
}
