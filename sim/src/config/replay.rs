//! What a scenario may say about a recorded trace: it stands in place of clients and miners.

use crate::base::family::Problem;
use crate::config::file::Scenario;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Milliseconds in an hour.
const HOUR_MS: u64 = 3_600_000;
/// Most score runs of one replay.
const RUNS_MAX: u64 = 1_000_000;

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
    /// First of the score runs whose shares are averaged [ms]. Source: offchain.md section 3.5, hourly.
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

/// What does not fit in a scenario that has a trace.
pub(super) fn problems(scenario: &Scenario) -> Vec<Problem> {
    let Some(replay) = &scenario.replay else { return Vec::new() };
    let mut problems = Vec::new();
    if !scenario.cohort.is_empty() || !scenario.client.is_empty() {
        let text = "a scenario with [replay], and [[cohort]] or [[client]] beside it";
        problems.push(Problem::new("", text, "either a recorded trace, or clients and miners"));
    }
    let runs = replay.last_run_ms.saturating_sub(replay.first_run_ms) / replay.run_period_ms;
    if runs >= RUNS_MAX {
        let allowed = format!("at most {RUNS_MAX} runs from first_run_ms to last_run_ms");
        problems.push(Problem::new("run_period_ms", replay.run_period_ms, &allowed));
    }
    let mut names = replay.miners.clone();
    names.sort_unstable();
    let twice = |(a, b): (&String, &String)| (a == b).then(|| a.clone());
    if let Some(name) = names.iter().zip(names.iter().skip(1)).find_map(twice) {
        problems.push(Problem::new("miners", format!("{name:?} twice"), "each name once"));
    }
    problems
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

    #[test]
    fn too_many_runs_and_doubled_names_are_refused() {
        let replay = ReplaySettings {
            last_run_ms: 1 << 50,
            run_period_ms: 1,
            miners: vec!["a".to_string(), "a".to_string()],
            ..ReplaySettings::default()
        };
        let scenario = Scenario { replay: Some(replay), ..Scenario::default() };
        let keys: Vec<_> = problems(&scenario).into_iter().map(|problem| problem.key).collect();
        assert_eq!(keys, ["run_period_ms", "miners"]);
        assert_eq!(problems(&Scenario::default()), []);
    }
}
