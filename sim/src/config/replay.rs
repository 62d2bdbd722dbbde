//! Checks of a scenario with `[replay]`: the trace stands in place of clients and miners, so these may not be there too.

use crate::base::family::MemberProblem;
use crate::config::file::ScenarioFile;

/// Most score runs of one replay.
const RUNS_MAX: u64 = 1_000_000;

/// Problems of a scenario whose `[replay]` names a trace; none of one without.
pub(super) fn problems(scenario: &ScenarioFile) -> Vec<MemberProblem> {
    let Some(replay) = &scenario.replay else { return Vec::new() };
    let mut problems = Vec::new();
    if !scenario.cohort.is_empty() || !scenario.client.is_empty() {
        let text = "a scenario with [replay], and [[cohort]] or [[client]] beside it";
        problems.push(MemberProblem::new(
            "",
            text,
            "either a recorded trace, or clients and miners",
        ));
    }
    let runs = replay.last_run_ms.saturating_sub(replay.first_run_ms) / replay.run_period_ms;
    if runs >= RUNS_MAX {
        let allowed = format!("at most {RUNS_MAX} runs from first_run_ms to last_run_ms");
        problems.push(MemberProblem::new("run_period_ms", replay.run_period_ms, &allowed));
    }
    let mut names = replay.miners.clone();
    names.sort_unstable();
    let twice = |(a, b): (&String, &String)| (a == b).then(|| a.clone());
    if let Some(name) = names.iter().zip(names.iter().skip(1)).find_map(twice) {
        problems.push(MemberProblem::new("miners", format!("{name:?} twice"), "each name once"));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::ReplaySettings;

    #[test]
    fn too_many_runs_and_doubled_names_are_refused() {
        let replay = ReplaySettings {
            last_run_ms: 1 << 50,
            run_period_ms: 1,
            miners: vec!["a".to_string(), "a".to_string()],
            ..ReplaySettings::default()
        };
        let scenario = ScenarioFile { replay: Some(replay), ..ScenarioFile::default() };
        let keys: Vec<_> = problems(&scenario).into_iter().map(|problem| problem.key).collect();
        assert_eq!(keys, ["run_period_ms", "miners"]);
        assert_eq!(problems(&ScenarioFile::default()), []);
    }
}
