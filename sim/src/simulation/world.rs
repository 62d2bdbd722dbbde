//! A scenario, ready to be simulated.

use crate::base::family::Own;
use crate::config;
use crate::config::Loaded;
use crate::model::latency::Distribution;
use crate::model::operator::Operator;
use crate::model::router::Router;
use crate::property::Variant;
use crate::report;
use crate::report::JobTables;
use crate::report::Paragraph;
use crate::report::ScenarioLine;
use crate::scenario::Load;
use crate::scenario::Scenario;
use crate::simulation::error::Error;
use crate::simulation::own::OwnMember;
use crate::simulation::recording::PlayedRecording;
use crate::simulation::selection::Changes;
use crate::simulation::selection::Selection;
use crate::study::StudyError;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A scenario with all that is changed in it. It is run as often as one likes; each run is the same.
#[derive(Clone, Debug)]
pub struct Simulation {
    pub(super) selection: Selection,
    pub(super) loaded: Loaded,
    pub(super) threads: usize,
    pub(super) recording: Option<Arc<PlayedRecording>>,
    pub(super) own: Vec<OwnMember>,
    /// Copies of the files that its properties and cells name, by name; others lie beside the scenario.
    pub(super) copies: BTreeMap<String, PathBuf>,
    /// The first change that cannot be.
    pub(super) problem: Option<Error>,
}

impl Simulation {
    /// Reads the scenario at `file`.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn load(file: impl AsRef<Path>) -> Result<Self, Error> {
        Self::load_changed(file, Changes::default())
    }

    /// Reads the scenario at `file` with all these changes laid on it.
    ///
    /// # Errors
    /// Everything that is wrong with it and with the changes, at once.
    pub fn load_changed(file: impl AsRef<Path>, changes: Changes) -> Result<Self, Error> {
        Self::select(Selection::new(file.as_ref(), changes))
    }

    /// The scenario that `selection` names, with its changes.
    ///
    /// # Errors
    /// All that is wrong with the scenario and its changes.
    pub(super) fn select(selection: Selection) -> Result<Self, Error> {
        let loaded = selection.load()?;
        Ok(Self::of(selection, loaded))
    }

    pub(super) fn of(selection: Selection, loaded: Loaded) -> Self {
        let (own, copies) = (Vec::new(), BTreeMap::new());
        Self { selection, loaded, threads: 0, recording: None, own, copies, problem: None }
    }

    /// The same with `key` (a dotted path; a step through a list is a name or a number) at `value`, as TOML or a plain
    /// word.
    ///
    /// # Errors
    /// When there is no such key, or it cannot have this value.
    pub fn set(self, key: &str, value: impl Display) -> Result<Self, Error> {
        let selection = self.selection.with_sets(&[format!("{key}={value}")]);
        let loaded = selection.load()?;
        Ok(Self { selection, loaded, ..self })
    }

    /// The same with so many independent replications.
    #[must_use]
    pub fn replications(self, replications: u32) -> Self {
        let changes = self.selection.changes.clone();
        self.changed(Changes { replications: Some(replications), ..changes })
    }

    /// The same over so many epochs.
    #[must_use]
    pub fn epochs(self, epochs: u32) -> Self {
        let changes = self.selection.changes.clone();
        self.changed(Changes { epochs: Some(epochs), ..changes })
    }

    /// The same scenario, run from another seed.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        let changes = self.selection.changes.clone();
        self.changed(Changes { seed: Some(seed), ..changes })
    }

    /// The same on so many threads; 0: as many as cores. No result depends on it.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    /// The same with the caller's router in place of the scenario's; `make` is called once a replication.
    #[must_use]
    pub fn router(
        mut self,
        name: &str,
        make: impl Fn() -> Box<dyn Router> + Send + Sync + 'static,
    ) -> Self {
        self.own.push(OwnMember::Router(Own::new(name, make)));
        self
    }

    /// The same with the caller's operator of every miner of `cohort`; `make` is called once a miner and replication.
    #[must_use]
    pub fn operator(
        mut self,
        cohort: &str,
        name: &str,
        make: impl Fn() -> Box<dyn Operator> + Send + Sync + 'static,
    ) -> Self {
        self.own.push(OwnMember::Operator(cohort.to_string(), Own::new(name, make)));
        self
    }

    /// The same with the caller's law of the service times of every miner of `cohort`.
    #[must_use]
    pub fn service(mut self, cohort: &str, name: &str, law: Arc<dyn Distribution>) -> Self {
        self.own.push(OwnMember::Service(cohort.to_string(), (name.to_string(), law)));
        self
    }

    /// The one replication that the recording at `file` is of, with the miners' work taken from it.
    ///
    /// # Errors
    /// When the recording cannot be read, or is unfinished or corrupted.
    pub fn recording(mut self, file: impl AsRef<Path>) -> Result<Self, Error> {
        self.recording = Some(Arc::new(PlayedRecording::open(file.as_ref())?));
        Ok(self)
    }

    /// The same, when there is something to simulate in it.
    ///
    /// # Errors
    /// When the scenario has a recorded trace in place of clients and miners.
    pub fn ready(self) -> Result<Self, Error> {
        self.refuse_replay()?;
        Ok(self)
    }

    /// The scenario's name: its file's, below `scenarios/` with the folders between.
    #[must_use]
    pub fn name(&self) -> String {
        self.selection.name()
    }

    /// The question it asks: the first comment line of its file.
    #[must_use]
    pub fn question(&self) -> String {
        self.selection.question()
    }

    /// The file it was read from.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.selection.file
    }

    /// The files it reads: the scenario, what that extends, tables, and what its properties and cells speak of.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = self.loaded.files.clone();
        let scenario = &self.loaded.scenario;
        let variants = scenario.property.iter().filter_map(|property| match &property.variant {
            Some(Variant::File(name)) => Some(name),
            Some(Variant::Set(_)) | None => None,
        });
        let cells = scenario.sweep.iter().flat_map(|sweep| &sweep.list);
        for name in variants.chain(cells.filter_map(|cell| cell.file.as_ref())) {
            let file = self.place_of(name);
            // What is wrong with it is told where it is used.
            let loaded = config::load(&file, &[]);
            files.extend(loaded.map_or_else(|_| vec![file], |loaded| loaded.files));
        }
        files
    }

    /// Where the file lies that a property or a cell calls `name`.
    pub(super) fn place_of(&self, name: &str) -> PathBuf {
        let folder = self.file().parent().unwrap_or_else(|| Path::new(""));
        self.copies.get(name).cloned().unwrap_or_else(|| folder.join(name))
    }

    /// The scenario's text with every change, and that of the file it calls `name`, changed likewise.
    ///
    /// # Errors
    /// When the file cannot be read, or is no scenario.
    pub(super) fn text_of(&self, name: &str) -> Result<String, Error> {
        let selection = self.selection.with_file(&self.place_of(name));
        let loaded = selection.load()?;
        Ok(config::resolve(name, "", &loaded).text)
    }

    /// Number of replications of a run.
    #[must_use]
    pub fn replication_count(&self) -> u32 {
        if self.recording.is_some() { 1 } else { self.loaded.scenario.run.replications }
    }

    /// Whether it runs as it stands in its file.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.selection.is_unchanged()
    }

    /// Hash of the scenario with every default filled in, 32 hexadecimal digits.
    ///
    /// # Errors
    /// When a change cannot be.
    pub fn hash(&self) -> Result<String, Error> {
        Ok(report::scenario_hash(&self.resolved()?.text))
    }

    /// The command of the command line that does `verb` again, from the project's root.
    #[must_use]
    pub fn command(&self, verb: &str) -> String {
        let more = self.recording.as_ref().map(|recording| recording.words()).unwrap_or_default();
        self.selection.command_with(verb, &more)
    }

    /// The command that does `verb` from where the caller stands.
    #[must_use]
    pub fn command_here(&self, verb: &str) -> String {
        self.selection.command_here(verb, &[])
    }

    /// Every key of the scenario in words, defaults too.
    #[must_use]
    pub fn words(&self) -> Vec<ScenarioLine> {
        let json = config::json_schema();
        report::words(config::Schema::new(&json), &self.loaded.tree, usize::MAX)
    }

    /// The scenario in words: who takes part, what is asked, which rules hold, how it is run, what is judged.
    ///
    /// # Errors
    /// When a change cannot be.
    pub fn paragraphs(&self) -> Result<Vec<Paragraph>, Error> {
        Ok(report::in_words(&self.loaded, &self.resolved()?))
    }

    /// The jobs of the first replication.
    ///
    /// # Errors
    /// When a change cannot be, or `stop` was set before the end.
    pub fn jobs(&self, stop: &AtomicBool) -> Result<JobTables, Error> {
        let scenario = self.resolved()?;
        report::jobs(&scenario, scenario.run.first_replication, stop)
            .map_err(|cut| StudyError::from(cut).into())
    }

    /// Where clients ask for more jobs than miners can serve, so that queues grow with the length of the run: how many of
    /// each, in words. None where they do not, or where it cannot be told beforehand.
    ///
    /// # Errors
    /// When a change cannot be.
    pub fn overload(&self) -> Result<Option<String>, Error> {
        let scenario = self.resolved()?;
        if scenario.replay.is_some() {
            return Ok(None);
        }
        let (load, most) = (Load::of(&scenario), scenario.run.waiting_max);
        Ok(load.is_too_much().then(|| {
            format!("{load}: queues will grow, and the run ends where more than run.waiting_max = {most} jobs wait")
        }))
    }

    /// The scenario as it is simulated.
    ///
    /// # Errors
    /// The first change that cannot be; a member of the caller's without its cohort.
    pub(super) fn resolved(&self) -> Result<Scenario, Error> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        let mut loaded = self.loaded.clone();
        if let Some(recording) = &self.recording {
            recording.choose_replication(&mut loaded.scenario.run);
        }
        let mut scenario = config::resolve(&self.name(), &self.question(), &loaded);
        for own in &self.own {
            own.apply(&mut scenario)?;
        }
        Ok(scenario)
    }

    /// A scenario with a trace in place of clients has nothing to simulate.
    ///
    /// # Errors
    /// When the scenario has a recorded trace in place of clients and miners.
    pub(super) fn refuse_replay(&self) -> Result<(), Error> {
        if self.loaded.scenario.replay.is_none() {
            return Ok(());
        }
        let path = self.file().display();
        Err(Error::Input(format!(
            "{path} has [replay] and so nothing to simulate; score a recorded trace with \
             `assay replay TRACE --scenario {path}`"
        )))
    }

    fn changed(mut self, changes: Changes) -> Self {
        let mut selection = self.selection.clone();
        selection.changes = changes;
        match selection.load() {
            Ok(loaded) => (self.selection, self.loaded) = (selection, loaded),
            Err(error) => {
                self.problem.get_or_insert(error);
            }
        }
        self
    }
}
