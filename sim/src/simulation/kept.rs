//! The scenario that a results folder keeps, ready to be run again: its text, and those of the files that it names, as copies in a
//! folder of their own, each called as it was.

use crate::report::Manifest;
use crate::report::Parts;
use crate::simulation::error::Error;
use crate::simulation::selection::Changes;
use crate::simulation::selection::Selection;
use crate::simulation::selection::ToldSelection;
use crate::simulation::world::Simulation;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use tempfile::TempDir;

/// What a results folder keeps.
#[derive(Debug)]
pub(super) struct KeptWorld<'m> {
    manifest: &'m Manifest,
    parts: Parts,
    copies: TempDir,
    others: BTreeMap<String, PathBuf>,
}

impl<'m> KeptWorld<'m> {
    /// Copies what the manifest keeps into a folder that goes with this.
    ///
    /// # Errors
    /// When no copy can be written.
    pub(super) fn of(manifest: &'m Manifest) -> Result<Self, Error> {
        let copies = tempfile::tempdir().map_err(|error| Error::machine(&error))?;
        let mut world =
            Self { manifest, parts: Parts::of(&manifest.command), copies, others: BTreeMap::new() };
        for (number, (name, text)) in manifest.other_texts.iter().enumerate() {
            let copy = world.copy(&format!("other-{number}.toml"), text)?;
            world.others.insert(name.clone(), copy);
        }
        Ok(world)
    }

    /// The command that made the folder, taken apart.
    pub(super) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Whether it keeps the text of the file called `name`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.others.contains_key(name)
    }

    /// The scenario with this text, called by the command's file at `place` among those that it names.
    ///
    /// # Errors
    /// When no copy can be written, or the text is no scenario of this version.
    pub(super) fn scenario(&self, text: &str, place: usize) -> Result<Simulation, Error> {
        let copy = self.copy(&format!("scenario-{place}.toml"), text)?;
        let file = self.parts.files.get(place).map(PathBuf::from).unwrap_or_default();
        let question = self.manifest.question.clone();
        let told = ToldSelection { file, changes: self.changes(), question };
        let selection = Selection::kept(&copy, told);
        let loaded = selection.load()?;
        let copies = self.others.clone();
        Ok(Simulation { copies, ..Simulation::of(selection, loaded) })
    }

    /// The changes that the command lays on the scenario; those of a comparison that are the second's alone are none.
    fn changes(&self) -> Changes {
        let is_of_changes = self.parts.verb == "compare" && self.parts.files.len() < 2;
        let sets = if is_of_changes { "--both" } else { "--set" };
        Changes {
            set: self.parts.values(sets).cloned().collect(),
            seed: self.parts.number("--seed"),
            replications: self.parts.number("--replications"),
            epochs: self.parts.number("--epochs"),
        }
    }

    fn copy(&self, name: &str, text: &str) -> Result<PathBuf, Error> {
        let file = self.copies.path().join(Path::new(name));
        fs::write(&file, text).map_err(|error| Error::machine(&error))?;
        Ok(file)
    }
}
