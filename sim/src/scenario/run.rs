//! How long a scenario runs, from which seed, how often.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use std::ops::Range;

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
    /// Number of the first replication: a single one can be run again by itself. Source: ours, from 0.
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_i64))]
    pub(crate) first_replication: u64,
    /// Epochs to simulate. Source: ours, three days of 72-minute epochs.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub(crate) epochs: u32,
    /// Epochs at the beginning that metrics leave out. Source: ours, none.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub(crate) warm_up_epochs: u32,
    /// Most jobs that may wait at the miners for a worker slot; a run in which more do ends with an error, because its
    /// queues would grow with its length. Source: ours, half a gigabyte.
    #[schemars(extend("x-since" = "0.2.0"), range(min = 1, max = 100_000_000))]
    pub(crate) waiting_max: u32,
}

/// Most jobs that any scenario may let wait. Source: ours, 50 GB.
pub(crate) const WAITING_MOST: u32 = 100_000_000;

impl Default for Run {
    fn default() -> Self {
        Self {
            seed: 11,
            replications: 20,
            first_replication: 0,
            epochs: 60,
            warm_up_epochs: 0,
            waiting_max: 1_000_000,
        }
    }
}

/// Where the replications that are judged begin, from the first that a run shows: as many as a run has at most lie between,
/// so that no threshold can be chosen on its own evidence.
const JUDGED_FROM: u64 = 1_000_000;

impl Run {
    /// Number of the first replication on which properties are judged; none of them is shown by a run.
    pub(crate) fn judged_from(&self) -> u64 {
        self.first_replication + JUDGED_FROM
    }

    /// Numbers of the replications.
    pub(crate) fn numbers(&self) -> Range<u64> {
        self.first_replication..self.first_replication + u64::from(self.replications)
    }
}
