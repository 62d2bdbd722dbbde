//! Miners as a scenario writes them: cohorts that share settings, and single miners that differ.

use crate::miner::ImageSize;
use crate::miner::Speed;
use crate::model::latency::DistributionSpec;
use crate::model::operator::OperatorSpec;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

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
    pub(crate) service: DistributionSpec,
    /// How service time follows from that law: speed and steps.
    #[serde(default)]
    pub(crate) speed: Speed,
    /// Time from the request to the miner's answer, network included; without it the answer is immediate.
    #[serde(default)]
    pub(crate) ack: Option<DistributionSpec>,
    /// Time the callback takes; without it none.
    #[serde(default)]
    pub(crate) transfer: Option<DistributionSpec>,
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
    pub(crate) behaviour: OperatorSpec,
    /// When the miners come up [h since the start].
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1e6))]
    pub(crate) from_h: f64,
    /// When they leave [h since the start]; 0: they stay.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1e6))]
    pub(crate) until_h: f64,
    /// Kinds of job they offer, each with what is special about it; empty: all kinds, served alike.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) offer: Vec<Offer>,
    /// What an hour of taking part costs each of them [alpha/h]. Source: ours, nothing.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 21e6))]
    pub(crate) cost_alpha_per_h: f64,
    /// What each identity costs once, when it comes up [alpha], as a registration does. Source: ours, nothing.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 21e6))]
    pub(crate) cost_alpha_per_identity: f64,
    /// Images that a real backend makes together for each request, of which one is sent; a simulated one draws its time
    /// and ignores this. Source: ours, 1; a slower miner does more work, and its image is the same.
    #[serde(default = "one_count", skip_serializing_if = "is_one")]
    #[schemars(range(min = 1, max = 4096))]
    pub(crate) batch: u32,
    /// Single miners that differ, in the cohort's order.
    #[serde(default)]
    pub(crate) miner: Vec<Single>,
}

fn one_count() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_one(count: &u32) -> bool {
    *count == 1
}

fn stock_poll_ms() -> f64 {
    500.0
}

fn stock_give_up_ms() -> f64 {
    300_000.0
}

impl Cohort {
    /// Number of miners in the cohort.
    pub(crate) fn size(&self) -> usize {
        usize_of(self.count).max(self.miner.len())
    }

    /// Names of its miners, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let name = |place: usize| match self.miner.get(place).map(|m| m.name.as_str()) {
            None | Some("") if self.size() == 1 => self.name.clone(),
            None | Some("") => format!("{}-{place}", self.name),
            Some(own) => own.to_string(),
        };
        (0..self.size()).map(name).collect()
    }

    /// Class for tables and plots.
    pub(crate) fn class_name(&self) -> &str {
        if self.class.is_empty() { &self.name } else { &self.class }
    }

    /// Name of the operator who runs the cohort.
    pub(crate) fn operator_name(&self) -> &str {
        if self.operator.is_empty() { &self.name } else { &self.operator }
    }
}

fn usize_of(count: u32) -> usize {
    usize::try_from(count).expect("a usize has 32 bits or more")
}

/// A kind of job that a cohort offers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Offer {
    /// Name of the kind.
    pub(crate) kind: String,
    /// Time from the start of the work to its end for this kind; without it the cohort's `service`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) service: Option<DistributionSpec>,
    /// How service time of this kind follows from that law; without it the cohort's `speed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) speed: Option<Speed>,
}

/// What one miner of a cohort has of its own; what is not said is the cohort's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Single {
    /// Its name; empty: the cohort's name and its place.
    pub(crate) name: String,
    /// Stake of the one miner [alpha], `0..=21e6`.
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
    pub(crate) behaviour: Option<OperatorSpec>,
}
