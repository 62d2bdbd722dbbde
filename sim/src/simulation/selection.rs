//! A scenario file and what is changed in it, and the command that says so.

use crate::config;
use crate::config::Loaded;
use crate::simulation::error::Error;
use std::path::Path;
use std::path::PathBuf;

/// What is changed in a scenario before it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Single keys, each as `path.to.key=value`; a step through a list is a name or a number.
    pub set: Vec<String>,
    /// Seed of all randomness.
    pub seed: Option<u64>,
    /// Independent replications.
    pub replications: Option<u32>,
    /// Epochs to simulate.
    pub epochs: Option<u32>,
}

/// A scenario file with changes laid on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) file: PathBuf,
    pub(super) changes: Changes,
}

impl Selection {
    pub(super) fn new(file: &Path, changes: Changes) -> Self {
        Self { file: file.to_path_buf(), changes }
    }

    /// The same changes of another file.
    pub(super) fn with_file(&self, file: &Path) -> Self {
        Self::new(file, self.changes.clone())
    }

    /// The same file with further changes.
    pub(super) fn with_sets(&self, more: &[String]) -> Self {
        let set = self.changes.set.iter().chain(more).cloned().collect();
        Self::new(&self.file, Changes { set, ..self.changes.clone() })
    }

    /// Every change, as single keys.
    pub(super) fn sets(&self) -> Vec<String> {
        let mut sets = self.changes.set.clone();
        for (option, value) in self.options() {
            sets.extend(value.map(|value| format!("run.{option}={value}")));
        }
        sets
    }

    /// The scenario, checked, with every change laid on it.
    pub(super) fn load(&self) -> Result<Loaded, Error> {
        Ok(config::load(&self.file, &self.sets())?)
    }

    /// Whether the scenario runs as it stands in its file.
    pub(super) fn is_unchanged(&self) -> bool {
        self.changes == Changes::default()
    }

    /// The scenario's name: its file's, below `scenarios/` with the folders between.
    pub(super) fn name(&self) -> String {
        let stem = self.file.with_extension("");
        let parts: Vec<_> = stem.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let shipped = parts.iter().rposition(|part| part == "scenarios");
        match shipped {
            Some(place) if place + 1 < parts.len() => parts[place + 1..].join("/"),
            _ => parts.last().cloned().unwrap_or_default(),
        }
    }

    /// The question: the first comment line of the file.
    pub(super) fn question(&self) -> String {
        let text = config::text_of(&self.file).unwrap_or_default();
        let first = text.lines().find(|line| line.starts_with('#'));
        first.map(|line| line.trim_start_matches('#').trim().to_string()).unwrap_or_default()
    }

    /// The command that does `verb` again, from the project's root.
    pub(super) fn command(&self, verb: &str) -> String {
        self.command_with(verb, &[])
    }

    /// The same command with further `words` after the scenario.
    pub(super) fn command_with(&self, verb: &str, more: &[String]) -> String {
        let mut words = vec!["assay".to_string(), verb.to_string(), self.shown_path()];
        words.extend_from_slice(more);
        for (option, value) in self.options() {
            words.extend(value.into_iter().flat_map(|value| [format!("--{option}"), value]));
        }
        for set in &self.changes.set {
            words.extend(["--set".to_string(), quoted(set)]);
        }
        words.join(" ")
    }

    /// The path without what belongs to this machine: from `scenarios` on, else the bare file name.
    pub(super) fn shown_path(&self) -> String {
        let parts: Vec<_> =
            self.file.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let shipped = parts.iter().rposition(|part| part == "scenarios");
        let shown = shipped.map_or_else(
            || parts.last().cloned().unwrap_or_default(),
            |place| parts[place..].join("/"),
        );
        quoted(&shown)
    }

    fn options(&self) -> [(&'static str, Option<String>); 3] {
        let Changes { seed, replications, epochs, .. } = &self.changes;
        [
            ("seed", seed.map(|n| n.to_string())),
            ("replications", replications.map(|n| n.to_string())),
            ("epochs", epochs.map(|n| n.to_string())),
        ]
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

    fn selection(path: &str, set: &[&str]) -> Selection {
        let set = set.iter().map(ToString::to_string).collect();
        Selection::new(Path::new(path), Changes { set, seed: Some(3), ..Changes::default() })
    }

    #[test]
    fn a_shipped_scenario_is_named_below_its_folder() {
        assert_eq!(selection("x/scenarios/theory/mm1.toml", &[]).name(), "theory/mm1");
        assert_eq!(selection("mine.toml", &[]).name(), "mine");
    }

    #[test]
    fn the_command_tells_nothing_of_the_machine() {
        let command = selection("deep/scenarios/a.toml", &["cohort.x.class=a b"]).command("run");
        assert_eq!(command, "assay run scenarios/a.toml --seed 3 --set 'cohort.x.class=a b'");
        assert_eq!(selection("deep/b.toml", &[]).command("run"), "assay run b.toml --seed 3");
    }
}
