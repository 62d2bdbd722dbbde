//! What a scenario may say about a recorded trace: it stands in place of clients and miners.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Milliseconds in an hour.
const HOUR_MS: u64 = 3_600_000;

/// A recorded trace in place of clients and miners: its jobs are scored and paid, nothing is simulated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ReplaySettings {
    /// Type that every recorded job is taken for, under the callback rules of `orchestrator.version`; empty: what the
    /// trace says, its statuses as they stand. Source: trace.md, all of the trace is `generate`.
    pub(crate) kind: String,
    /// Last score run, whose scores are paid [ms since the trace's start]; 0: at the trace's last write. Source: ours.
    #[schemars(range(min = 0, max = 9_007_199_254_740_992_i64))]
    pub(crate) reference_time_ms: u64,
    /// First of the score runs whose shares are averaged [ms]. Where a run goes on from the stored record, scores are run
    /// in the same period up to the reference time, and before this run only where the reference time is before it.
    /// Source: offchain.md section 3.5, hourly.
    #[schemars(range(min = 0, max = 9_007_199_254_740_992_i64))]
    pub(crate) first_run_ms: u64,
    /// Last of them [ms]; 0: none is averaged. Source: ours.
    #[schemars(range(min = 0, max = 9_007_199_254_740_992_i64))]
    pub(crate) last_run_ms: u64,
    /// Time between them [ms]. Source: offchain.md section 3.5, hourly.
    #[schemars(range(min = 1, max = 9_007_199_254_740_992_i64))]
    pub(crate) run_period_ms: u64,
    /// Miners in the order of their numbers; empty: the number in the name, m0, m1, ... Miner i has uid i, those from the
    /// owner's uid on one more. Source: trace.md.
    pub(crate) miners: Vec<String>,
    /// Miners on the ban list, which a validator may heed. Source: offchain.md section 7, since 3b03431.
    pub(crate) banned: Vec<String>,
}

impl Default for ReplaySettings {
    fn default() -> Self {
        Self {
            kind: String::new(),
            reference_time_ms: 0,
            first_run_ms: HOUR_MS,
            last_run_ms: 0,
            run_period_ms: HOUR_MS,
            miners: Vec::new(),
            banned: Vec::new(),
        }
    }
}

impl ReplaySettings {
    /// Instants of the score runs whose shares are averaged [ms].
    pub(crate) fn runs_ms(&self) -> Vec<u64> {
        let step = usize::try_from(self.run_period_ms).unwrap_or(usize::MAX);
        (self.first_run_ms..=self.last_run_ms).step_by(step).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_stand_a_period_apart_with_both_ends() {
        let replay = ReplaySettings {
            first_run_ms: 10,
            last_run_ms: 30,
            run_period_ms: 10,
            ..ReplaySettings::default()
        };
        assert_eq!(replay.runs_ms(), [10, 20, 30]);
        assert_eq!(ReplaySettings::default().runs_ms(), [0; 0]);
    }
}
