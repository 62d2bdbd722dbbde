//! The options every verb that reads a scenario shares.

use crate::cli::outcome::Failure;
use crate::config;
use crate::config::Loaded;
use crate::scenario::Scenario;
use clap::Args;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Which scenario, and what is changed in it.
#[derive(Clone, Debug, Args)]
pub struct ScenarioArgs {
    /// Scenario file (TOML).
    scenario: PathBuf,
    /// Changes one key: path.to.key=value; a step through a list is a name or a number. May be given again.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Seed of all randomness.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Independent replications.
    #[arg(long, value_name = "N")]
    replications: Option<u32>,
    /// Epochs to simulate.
    #[arg(long, value_name = "N")]
    epochs: Option<u32>,
}

impl ScenarioArgs {
    /// A scenario file with these changes and no other.
    #[must_use]
    pub fn of(scenario: &Path, set: &[String]) -> Self {
        let (scenario, set) = (scenario.to_path_buf(), set.to_vec());
        Self { scenario, set, seed: None, replications: None, epochs: None }
    }

    /// The same changes of another file.
    pub(super) fn with_path(&self, scenario: &Path) -> Self {
        Self { scenario: scenario.to_path_buf(), ..self.clone() }
    }

    /// The same file with further changes, each as `--set` takes it.
    #[must_use]
    pub fn with_sets(&self, more: &[String]) -> Self {
        let set = self.set.iter().chain(more).cloned().collect();
        Self { set, ..self.clone() }
    }

    /// Every change, as `--set` takes it.
    pub(super) fn sets(&self) -> Vec<String> {
        let mut sets = self.set.clone();
        let options = [
            ("seed", self.seed.map(|n| n.to_string())),
            ("replications", self.replications.map(|n| n.to_string())),
            ("epochs", self.epochs.map(|n| n.to_string())),
        ];
        for (key, value) in options {
            sets.extend(value.map(|value| format!("run.{key}={value}")));
        }
        sets
    }

    /// The scenario, checked, with every change laid on it.
    pub(super) fn load(&self) -> Result<Loaded, Failure> {
        config::load(&self.scenario, &self.sets()).map_err(Failure::input)
    }

    /// The scenario, checked, when there is something to simulate in it.
    pub(crate) fn load_to_run(&self) -> Result<Loaded, Failure> {
        let loaded = self.load()?;
        crate::cli::judging::refuse_replay(&loaded, self)?;
        Ok(loaded)
    }

    /// What was loaded, ready to run.
    pub(crate) fn resolved(&self, loaded: &Loaded) -> Scenario {
        config::resolve(&self.name(), &self.question(), loaded)
    }

    /// The scenario, ready to run.
    pub(super) fn resolve(&self) -> Result<Scenario, Failure> {
        Ok(self.resolved(&self.load()?))
    }

    /// The same with this seed.
    pub(super) fn with_seed(&self, seed: Option<u64>) -> Self {
        Self { seed: seed.or(self.seed), ..self.clone() }
    }

    /// Whether the scenario runs as it stands in its file.
    pub(super) fn is_unchanged(&self) -> bool {
        let options = [self.seed.is_some(), self.replications.is_some(), self.epochs.is_some()];
        self.set.is_empty() && !options.contains(&true)
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.scenario
    }

    /// The scenario's name: its file's, below `scenarios/` with the folders between.
    pub(super) fn name(&self) -> String {
        let stem = self.scenario.with_extension("");
        let parts: Vec<_> = stem.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let shipped = parts.iter().rposition(|part| part == "scenarios");
        match shipped {
            Some(place) if place + 1 < parts.len() => parts[place + 1..].join("/"),
            _ => parts.last().cloned().unwrap_or_default(),
        }
    }

    /// The question: the first comment line of the file.
    pub(super) fn question(&self) -> String {
        let text = fs::read_to_string(&self.scenario).unwrap_or_default();
        let first = text.lines().find(|line| line.starts_with('#'));
        first.map(|line| line.trim_start_matches('#').trim().to_string()).unwrap_or_default()
    }

    /// The command that does `verb` again, from the project's root.
    pub(crate) fn command(&self, verb: &str) -> String {
        self.command_with(verb, &[])
    }

    /// The same command with further `words` after the scenario.
    pub(crate) fn command_with(&self, verb: &str, more: &[String]) -> String {
        let mut words = vec!["assay".to_string(), verb.to_string(), self.shown_path()];
        words.extend_from_slice(more);
        for (option, value) in [
            ("--seed", self.seed.map(|n| n.to_string())),
            ("--replications", self.replications.map(|n| n.to_string())),
            ("--epochs", self.epochs.map(|n| n.to_string())),
        ] {
            words.extend(value.into_iter().flat_map(|value| [option.to_string(), value]));
        }
        for set in &self.set {
            words.extend(["--set".to_string(), quoted(set)]);
        }
        words.join(" ")
    }

    /// The path without what belongs to this machine: from `scenarios` on, else the bare file name.
    pub(super) fn shown_path(&self) -> String {
        let parts: Vec<_> =
            self.scenario.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let shipped = parts.iter().rposition(|part| part == "scenarios");
        let shown = shipped.map_or_else(
            || parts.last().cloned().unwrap_or_default(),
            |place| parts[place..].join("/"),
        );
        quoted(&shown)
    }
}

/// A word as a shell reads it back.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_string();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(path: &str, set: &[&str]) -> ScenarioArgs {
        ScenarioArgs {
            scenario: PathBuf::from(path),
            set: set.iter().map(ToString::to_string).collect(),
            seed: Some(3),
            replications: None,
            epochs: None,
        }
    }

    #[test]
    fn a_shipped_scenario_is_named_below_its_folder() {
        assert_eq!(args("x/scenarios/theory/mm1.toml", &[]).name(), "theory/mm1");
        assert_eq!(args("mine.toml", &[]).name(), "mine");
    }

    #[test]
    fn the_command_tells_nothing_of_the_machine() {
        let command = args("deep/scenarios/a.toml", &["cohort.x.class=a b"]).command("run");
        assert_eq!(command, "assay run scenarios/a.toml --seed 3 --set 'cohort.x.class=a b'");
        assert_eq!(args("deep/b.toml", &[]).command("run"), "assay run b.toml --seed 3");
    }
}
