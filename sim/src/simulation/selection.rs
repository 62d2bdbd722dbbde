//! A scenario file and what is changed in it, and the command that says so.

use crate::config;
use crate::config::Loaded;
use crate::report::quoted;
use crate::simulation::error::Error;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

/// What is changed in a scenario before it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Single keys, each as `path.to.key=value`; a step through a list is a name or a number.
    pub set: Vec<String>,
    /// Seed of all randomness.
    pub seed: Option<u64>,
    /// Number of independent replications to run.
    pub replications: Option<u32>,
    /// Number of epochs to simulate in each.
    pub epochs: Option<u32>,
}

/// A scenario file with changes laid on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) file: PathBuf,
    pub(super) changes: Changes,
    /// What it is called by, where the file is a copy that holds the changes already.
    told: Option<ToldSelection>,
}

/// What a scenario is called by that a results folder keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ToldSelection {
    /// The file that it was read from.
    pub(super) file: PathBuf,
    /// What was changed in it.
    pub(super) changes: Changes,
    /// The question it asked.
    pub(super) question: String,
}

impl Selection {
    pub(super) fn new(file: &Path, changes: Changes) -> Self {
        Self { file: file.to_path_buf(), changes, told: None }
    }

    /// A copy of what was called so.
    pub(super) fn kept(copy: &Path, told: ToldSelection) -> Self {
        Self { told: Some(told), ..Self::new(copy, Changes::default()) }
    }

    /// The same changes of another file.
    pub(super) fn with_file(&self, file: &Path) -> Self {
        Self::new(file, self.changes.clone())
    }

    /// The copy of another file, which was called by the same changes.
    pub(super) fn with_copy(&self, copy: &Path, name: &str) -> Self {
        let folder = self.told_file().parent().unwrap_or_else(|| Path::new(""));
        let told = self.told.clone().map(|told| ToldSelection { file: folder.join(name), ..told });
        Self { told, ..Self::new(copy, self.changes.clone()) }
    }

    /// The same file with further changes.
    pub(super) fn with_sets(&self, more: &[String]) -> Self {
        let is_set = |key: &str| {
            more.iter().any(|set| set.split('=').next().is_some_and(|own| own.trim() == key))
        };
        // What a cell sets stands last: an option that says the same would be laid over it.
        let and = |changes: &Changes| Changes {
            set: changes.set.iter().chain(more).cloned().collect(),
            seed: changes.seed.filter(|_| !is_set("run.seed")),
            replications: changes.replications.filter(|_| !is_set("run.replications")),
            epochs: changes.epochs.filter(|_| !is_set("run.epochs")),
        };
        let told = self
            .told
            .as_ref()
            .map(|told| ToldSelection { changes: and(&told.changes), ..told.clone() });
        Self { file: self.file.clone(), changes: and(&self.changes), told }
    }

    /// The file that it is called by.
    fn told_file(&self) -> &Path {
        self.told.as_ref().map_or(&self.file, |told| &told.file)
    }

    /// The changes that it is called by.
    fn told_changes(&self) -> &Changes {
        self.told.as_ref().map_or(&self.changes, |told| &told.changes)
    }

    /// Every change, as single keys.
    pub(super) fn sets(&self) -> Vec<String> {
        let mut sets = self.changes.set.clone();
        for (option, value) in options(&self.changes) {
            sets.extend(value.map(|value| format!("run.{option}={value}")));
        }
        sets
    }

    /// The scenario, checked, with every change laid on it.
    ///
    /// # Errors
    /// All that is wrong with the scenario and its changes.
    pub(super) fn load(&self) -> Result<Loaded, Error> {
        Ok(config::load(&self.file, &self.sets())?)
    }

    /// Whether the scenario runs as it stands in its file.
    pub(super) fn is_unchanged(&self) -> bool {
        self.changes == Changes::default()
    }

    /// The scenario's name: its file's, below `scenarios/` with the folders between.
    pub(super) fn name(&self) -> String {
        let stem = self.told_file().with_extension("");
        let parts: Vec<_> = stem.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let shipped = parts.iter().rposition(|part| part == "scenarios");
        match shipped {
            Some(place) if place + 1 < parts.len() => parts[place + 1..].join("/"),
            _ => parts.last().cloned().unwrap_or_default(),
        }
    }

    /// The question: the first comment line of the file.
    pub(super) fn question(&self) -> String {
        if let Some(told) = &self.told {
            return told.question.clone();
        }
        let text = config::text_of(&self.file).unwrap_or_default();
        let first = text.lines().find(|line| line.starts_with('#'));
        first.map(|line| line.trim_start_matches('#').trim().to_string()).unwrap_or_default()
    }

    /// The command that does `verb` again, from the project's root, with further `words` after the scenario.
    pub(super) fn command_with(&self, verb: &str, words: &[String]) -> String {
        self.written((verb, self.shown_path()), words, "--set")
    }

    /// The command that compares the scenario with itself under these `changes`; its own changes hold in both.
    pub(super) fn comparison(&self, changes: &[String]) -> String {
        self.compared(self.shown_path(), changes)
    }

    /// The same from where the caller stands.
    pub(super) fn comparison_here(&self, changes: &[String]) -> String {
        self.compared(self.path_here(), changes)
    }

    fn compared(&self, path: String, changes: &[String]) -> String {
        let mut command = self.written(("compare", path), &[], "--both");
        for change in changes {
            command.extend([" --set ", &quoted(change)]);
        }
        command
    }

    /// The command that does `verb` from where the caller stands, with further `words` after the scenario.
    pub(super) fn command_here(&self, verb: &str, words: &[String]) -> String {
        self.written((verb, self.path_here()), words, "--set")
    }

    /// The path as it was given, as a shell takes it.
    pub(super) fn path_here(&self) -> String {
        path_word(&self.told_file().to_string_lossy())
    }

    /// A command, each change of a single key behind the option `each`.
    fn written(&self, (verb, path): (&str, String), more: &[String], each: &str) -> String {
        let mut words = vec!["assay".to_string(), verb.to_string(), path];
        words.extend_from_slice(more);
        for (option, value) in options(self.told_changes()) {
            words.extend(value.into_iter().flat_map(|value| [format!("--{option}"), value]));
        }
        for set in &self.told_changes().set {
            words.extend([each.to_string(), quoted(set)]);
        }
        words.join(" ")
    }

    /// The path without what belongs to this machine: a path that leads down from where the caller stands as it was given,
    /// any other from `scenarios` on, else the bare file name.
    pub(super) fn shown_path(&self) -> String {
        let file = self.told_file();
        let is_step = |part: &Component<'_>| matches!(part, Component::Normal(_));
        let leads_down = file.components().all(|part| is_step(&part) || part == Component::CurDir);
        let steps = file.components().filter(is_step);
        let parts: Vec<_> =
            steps.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let shipped = parts.iter().rposition(|part| part == "scenarios");
        let shown = match shipped {
            _ if leads_down => parts.join("/"),
            Some(place) => parts[place..].join("/"),
            None => parts.last().cloned().unwrap_or_default(),
        };
        path_word(&shown)
    }
}

/// Changes that have options of their own.
fn options(changes: &Changes) -> [(&'static str, Option<String>); 3] {
    let Changes { seed, replications, epochs, .. } = changes;
    [
        ("seed", seed.map(|n| n.to_string())),
        ("replications", replications.map(|n| n.to_string())),
        ("epochs", epochs.map(|n| n.to_string())),
    ]
}

/// A path as a shell and a command take it: one that begins like an option is told from one.
fn path_word(path: &str) -> String {
    if path.starts_with('-') { quoted(&format!("./{path}")) } else { quoted(path) }
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
        let run = |path, set: &[&str]| selection(path, set).command_with("run", &[]);
        let command = run("/home/deep/scenarios/a.toml", &["cohort.x.class=a b"]);
        assert_eq!(command, "assay run scenarios/a.toml --seed 3 --set 'cohort.x.class=a b'");
        assert_eq!(run("../deep/b.toml", &[]), "assay run b.toml --seed 3");
        assert_eq!(run("./deep/b.toml", &[]), "assay run deep/b.toml --seed 3");
        assert_eq!(run("deep/scenarios/b.toml", &[]), "assay run deep/scenarios/b.toml --seed 3");
        assert_eq!(run("./-b.toml", &[]), "assay run ./-b.toml --seed 3");
    }

    #[test]
    fn what_holds_in_both_scenarios_is_told_from_what_changes() {
        let command = selection("a.toml", &["run.epochs=9"]).comparison(&["x=[1, 2]".to_string()]);
        assert_eq!(command, "assay compare a.toml --seed 3 --both run.epochs=9 --set 'x=[1, 2]'");
    }

    #[test]
    fn what_a_cell_sets_is_not_laid_over_by_an_option() {
        let base = Changes { epochs: Some(5), seed: Some(3), ..Changes::default() };
        let cell = Selection::new(Path::new("a.toml"), base).with_sets(&["run.epochs = 6".into()]);
        assert_eq!(cell.sets(), ["run.epochs = 6", "run.seed=3"]);
        assert_eq!(
            cell.command_with("run", &[]),
            "assay run a.toml --seed 3 --set 'run.epochs = 6'"
        );
    }

    #[test]
    fn a_command_for_here_keeps_the_path() {
        let command = selection("my files/b.toml", &["k=1"]).command_here("explain", &[]);
        assert_eq!(command, "assay explain 'my files/b.toml' --seed 3 --set k=1");
        let command = selection("/x y/b.toml", &["k=1"]).comparison_here(&["l=a b".to_string()]);
        assert_eq!(command, "assay compare '/x y/b.toml' --seed 3 --both k=1 --set 'l=a b'");
    }
}
