//! The command that judges the claims of what another command ran.

use crate::report::command::quoted;
use crate::report::command::words;

/// Options that mean the same to `assay check`, each with a value.
const KEPT: [&str; 3] = ["--set", "--seed", "--epochs"];

/// The command that judges the claims of the scenario that `command` runs, of a comparison those of the first; none where it
/// ran a recording or real work.
pub(crate) fn judging(command: &str) -> Option<String> {
    let all = words(command);
    let verb = all.get(1).map_or("", String::as_str);
    let is_ours =
        all.len() >= 3 && all[0] == "assay" && ["run", "check", "compare"].contains(&verb);
    if !is_ours || all.iter().any(|word| word == "--recording") {
        return None;
    }
    let is_comparison = verb == "compare";
    let has_second = is_comparison && all.get(3).is_some_and(|word| !word.starts_with("--"));
    let mut kept = vec!["assay".to_string(), "check".to_string(), all[2].clone()];
    for pair in all[3..].windows(2) {
        let (option, value) = (pair[0].as_str(), pair[1].clone());
        // What a comparison sets without a second file is the second scenario.
        let is_second = is_comparison && !has_second && option == "--set";
        let option = if is_comparison && option == "--both" { "--set" } else { option };
        if KEPT.contains(&option) && !is_second {
            kept.extend([option.to_string(), value]);
        }
    }
    Some(kept.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_judged_under_the_same_changes() {
        let run = "assay run 'a b.toml' --seed 3 --replications 2 --set 'x=[1, 2]' --epochs 9";
        let right = "assay check 'a b.toml' --seed 3 --set 'x=[1, 2]' --epochs 9";
        assert_eq!(judging(run).as_deref(), Some(right));
    }

    #[test]
    fn of_a_comparison_the_first_scenario_is_judged() {
        let changed = judging("assay compare a.toml --epochs 9 --both x=1 --set y=2");
        assert_eq!(changed.as_deref(), Some("assay check a.toml --epochs 9 --set x=1"));
        let files = judging("assay compare a.toml b.toml --set y=2");
        assert_eq!(files.as_deref(), Some("assay check a.toml --set y=2"));
    }

    #[test]
    fn recorded_and_real_work_is_not_judged() {
        assert_eq!(judging("assay run a.toml --recording r.txt"), None);
        assert_eq!(judging("assay-harness run a.toml --backend cpu"), None);
        assert_eq!(judging("assay sweep a.toml"), None);
    }
}
