//! What a results folder claims, run again and held against it.

use crate::config;
use crate::config::Loaded;
use crate::property::Property;
use crate::property::Variant;
use crate::report;
use crate::report::JobTables;
use crate::report::MANIFEST;
use crate::report::Manifest;
use crate::scenario::Scenario;
use crate::simulation::check::Check;
use crate::simulation::conduct::Conduct;
use crate::simulation::error::Error;
use crate::simulation::outcome::Outcome;
use crate::simulation::verified;
use crate::simulation::verified::FileCheck;
use crate::simulation::verified::Verified;
use crate::study;
use crate::study::StudyError;
use std::path::Path;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// The claim of a results folder: a scenario, its digest and its tables.
#[derive(Debug)]
pub struct Claim {
    folder: PathBuf,
    files: Option<Vec<(String, FileCheck)>>,
    manifest: Manifest,
    loaded: Loaded,
    scenario: Scenario,
    notes: Vec<String>,
}

impl Claim {
    /// Reads the claim of the results folder at `folder`.
    ///
    /// # Errors
    /// When there is none, or it is damaged, of another program, or of measured work.
    pub fn read(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let folder = folder.as_ref().to_path_buf();
        let files = verified::files(&folder);
        let is_altered = files
            .iter()
            .flatten()
            .any(|(name, check)| name == MANIFEST && *check == FileCheck::Altered);
        // A manifest that was changed since it was sealed is a difference, whatever it has become.
        let changed = |error: Error| match error {
            Error::Input(text) if is_altered => Error::Different(text),
            other => other,
        };
        let manifest = report::manifest_of(&folder).map_err(|e| changed(e.into()))?;
        let (loaded, scenario) = scenario(&folder, &manifest).map_err(changed)?;
        let mut notes: Vec<String> = loaded.unheeded.iter().map(ToString::to_string).collect();
        notes.extend(other_maker(&folder, &manifest));
        if files.is_none() {
            notes.push(format!(
                "{} keeps no hashes of its files, as folders of older versions: page and plots are not compared",
                folder.display()
            ));
        }
        Ok(Self { folder, files, manifest, loaded, scenario, notes })
    }

    /// Every file that the manifest keeps a hash of, and the manifest itself, each as it stands in the folder; none where
    /// the manifest is of a version that kept none.
    #[must_use]
    pub fn files(&self) -> Option<&[(String, FileCheck)]> {
        self.files.as_deref()
    }

    /// What changes no result and is worth knowing: keys that are no more, another version or other sources.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The name of the scenario.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.scenario.name
    }

    /// Number of replications that the folder claims.
    #[must_use]
    pub fn replication_count(&self) -> u32 {
        self.scenario.run.replications
    }

    /// Runs again what is claimed.
    ///
    /// # Errors
    /// When it was stopped before the end, or the machine has no threads to give.
    ///
    /// # Panics
    /// Never: a check that is judged again keeps its outcome.
    pub fn run(&self, conduct: &Conduct<'_>) -> Result<Verified, Error> {
        let claim = self.manifest.clone();
        let (is_run, is_check) =
            (claim.command.starts_with("assay run "), claim.command.starts_with("assay check "));
        let check = if is_check { self.check()? } else { None };
        let is_judged = is_run || check.is_some();
        let judged = check.map(|check| check.run(conduct)).transpose()?;
        let outcome = if let Some(outcome) = judged.and_then(|verdicts| verdicts.outcome) {
            outcome
        } else {
            let study = study::run(&self.scenario, conduct.pace())?;
            Outcome::plain(self.scenario.clone(), study, claim.command.clone())
        };
        Ok(Verified { folder: self.folder.clone(), claim, outcome, is_judged })
    }

    /// The properties of the folder's scenario, to be judged again; none where one speaks of another file, which the folder
    /// does not hold, and of a folder that does not say how many were judged together.
    fn check(&self) -> Result<Option<Check>, Error> {
        let properties = &self.loaded.scenario.property;
        if properties.iter().any(|property| matches!(property.variant, Some(Variant::File(_)))) {
            return Ok(None);
        }
        let own = Property::statistical_count(properties.iter());
        let Some(together) = self.manifest.judged_together.or((own == 0).then_some(0)) else {
            return Ok(None);
        };
        Check::of_kept(&self.manifest, together).map(Some)
    }

    /// The jobs of replication `number`, as [`Simulation::jobs`](crate::simulation::Simulation::jobs) gives them.
    ///
    /// # Errors
    /// When `stop` was set before the end.
    pub fn jobs(&self, number: u64, stop: &AtomicBool) -> Result<JobTables, Error> {
        report::jobs(&self.scenario, number, stop).map_err(|cut| StudyError::from(cut).into())
    }
}

/// What to say of a folder that another version made, or this one from other sources; none when it is ours.
fn other_maker(folder: &Path, manifest: &Manifest) -> Option<String> {
    let version = env!("CARGO_PKG_VERSION");
    let (theirs, made_from) = (&manifest.package_version, manifest.sources.as_deref());
    if theirs == version && made_from == Some(report::SOURCES) {
        return None;
    }
    let made_from = made_from.unwrap_or("not kept");
    Some(format!(
        "{} was made by version {theirs} (sources {made_from}), this is {version} (sources {})",
        folder.display(),
        report::SOURCES
    ))
}

/// The scenario that the manifest holds, as it is written there and ready to run.
fn scenario(folder: &Path, manifest: &Manifest) -> Result<(Loaded, Scenario), Error> {
    let place = folder.display();
    let package = env!("CARGO_PKG_NAME");
    if manifest.package != package {
        let other = &manifest.package;
        return Err(Error::Input(format!(
            "{place} was made by {other}, this is {package}: verify it with the program that made it"
        )));
    }
    if manifest.measured.is_some() {
        return Err(Error::Input(format!(
            "{place} holds measured work of real miners, which no run repeats: check a recording of it with \
             `assay run SCENARIO --recording FILE`"
        )));
    }
    let file = format!("scenario_text of {place}/manifest.json");
    let loaded = config::load_kept(&file, &manifest.scenario_text).map_err(|troubles| {
        Error::from(troubles).at(&format!("{file} is no scenario of this version"))
    })?;
    let resolved = config::resolve(&manifest.scenario, &manifest.question, &loaded);
    let run = &resolved.run;
    let same = [
        ("seed", run.seed == manifest.seed),
        ("replications", run.replications == manifest.replications),
        ("epochs", run.epochs == manifest.epochs),
        ("scenario_text", config::is_text_of(&loaded.tree, &loaded.scenario)),
    ];
    match same.iter().find(|(_, same)| !same) {
        Some((key, _)) => Err(Error::Input(format!(
            "{place}/manifest.json is damaged: {key} is not what its scenario_text says; run it again"
        ))),
        None => Ok((loaded, resolved)),
    }
}
