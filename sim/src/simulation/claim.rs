//! What a results folder claims, run again and held against it.

use crate::config;
use crate::report;
use crate::report::JobTables;
use crate::report::Manifest;
use crate::scenario::Scenario;
use crate::simulation::check::Check;
use crate::simulation::conduct::Conduct;
use crate::simulation::error::Error;
use crate::simulation::outcome::Outcome;
use crate::study;
use crate::work::Digest;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Tables of a run that are compared where the folder has them.
const TABLES: &[&str] = &["miners.csv", "epochs.csv", "metrics.csv", "verdicts.json"];

/// How the command of a folder with verdicts on properties begins.
const CHECK: &str = "assay check ";

/// What a results folder claims.
#[derive(Debug)]
pub struct Claim {
    folder: PathBuf,
    manifest: Manifest,
    scenario: Scenario,
    notes: Vec<String>,
}

/// The first replication that gives another digest than the folder claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestDifference {
    /// Replications that give another digest.
    pub count: usize,
    /// Number of the first of them.
    pub replication: u64,
    /// What the folder says.
    pub claimed: String,
    /// What the run gives.
    pub found: String,
}

/// A table of a results folder, held against that of the new run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableCheck {
    /// The folder does not keep it.
    Absent,
    /// It is the same.
    Same,
    /// It is another.
    Different(LineDifference),
}

/// The first line in which two texts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineDifference {
    /// Its number, from 1.
    pub line: usize,
    /// What the claim says there.
    pub claimed: String,
    /// What was found.
    pub found: String,
}

/// A results folder and a new run of what it claims.
#[derive(Debug)]
pub struct Verified {
    folder: PathBuf,
    claim: Manifest,
    outcome: Outcome,
}

impl Claim {
    /// Reads the claim of the results folder at `folder`.
    ///
    /// # Errors
    /// When there is none, or it is damaged, of another program, or of measured work.
    pub fn read(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let folder = folder.as_ref().to_path_buf();
        let manifest = report::manifest_of(&folder)?;
        let (scenario, mut notes) = scenario(&folder, &manifest)?;
        notes.extend(other_maker(&folder, &manifest));
        Ok(Self { folder, manifest, scenario, notes })
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

    /// Number of replications.
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
        let (folder, claim) = (self.folder.clone(), self.manifest.clone());
        if let Some(together) = claim.judged_together.filter(|_| claim.command.starts_with(CHECK)) {
            let check = Check::of_kept(&claim, together)?;
            let outcome = check.run(conduct)?.outcome.expect("it was to be kept");
            return Ok(Verified { folder, claim, outcome });
        }
        let study = study::run(&self.scenario, conduct.pace())?;
        let outcome = Outcome::plain(self.scenario.clone(), study, claim.command.clone());
        Ok(Verified { folder, claim, outcome })
    }

    /// The jobs of replication `number`, as [`Simulation::jobs`](crate::simulation::Simulation::jobs) gives them.
    ///
    /// # Errors
    /// When `stop` was set before the end.
    pub fn jobs(&self, number: u64, stop: &AtomicBool) -> Result<JobTables, Error> {
        report::jobs(&self.scenario, number, stop).ok_or(Error::Stopped)
    }
}

impl Verified {
    /// What the new run gave.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The command that wrote the folder.
    #[must_use]
    pub fn command(&self) -> &str {
        &self.claim.command
    }

    /// The new run's digest.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.outcome.digest()
    }

    /// Whether other sources may be why something differs, in words.
    #[must_use]
    pub fn sources(&self) -> String {
        let own = report::SOURCES;
        match self.claim.sources.as_deref() {
            Some(theirs) if theirs == own => {
                format!("{own}, as claimed: look at the folder, the compiler or a dependency")
            }
            Some(theirs) => format!("differ too: {theirs} made the folder, this is {own}"),
            None => {
                format!("of version {} were not kept, these are {own}", self.claim.package_version)
            }
        }
    }

    /// Where a digest is another than claimed; none when all are the same.
    #[must_use]
    pub fn digest_difference(&self) -> Option<DigestDifference> {
        let found = self.outcome.digests();
        let pairs = self.claim.replication_digests.iter().zip(found);
        let mut other = pairs
            .map(|(claimed, (number, found))| (number, claimed.clone(), found.to_string()))
            .filter(|(_, claimed, found)| claimed != found);
        let (replication, claimed, found) = other.next()?;
        Some(DigestDifference { count: 1 + other.count(), replication, claimed, found })
    }

    /// The folder's tables against those of the new run, by name; none where the folder is neither of a plain run nor of
    /// a check that says how many properties were judged together.
    #[must_use]
    pub fn tables(&self) -> Option<Vec<(&'static str, TableCheck)>> {
        let Manifest { command, judged_together, .. } = &self.claim;
        let is_judged = command.starts_with(CHECK) && judged_together.is_some();
        if !command.starts_with("assay run ") && !is_judged {
            return None;
        }
        let files = self.outcome.files();
        let one = |name: &&'static str| {
            let Ok(kept) = fs::read(self.folder.join(name)) else {
                return (*name, TableCheck::Absent);
            };
            let made = files.iter().find(|(own, _)| own == name).map(|(_, bytes)| bytes);
            let made = made.map(Vec::as_slice).unwrap_or_default();
            let kept = String::from_utf8_lossy(&kept);
            let difference = LineDifference::of(&kept, &String::from_utf8_lossy(made));
            (*name, difference.map_or(TableCheck::Same, TableCheck::Different))
        };
        Some(TABLES.iter().map(one).collect())
    }
}

impl LineDifference {
    /// Where two texts differ first; none when they are the same.
    #[must_use]
    pub fn of(claim: &str, found: &str) -> Option<Self> {
        let (mut claims, mut founds) = (claim.split('\n'), found.split('\n'));
        let mut line = 0;
        loop {
            line += 1;
            match (claims.next(), founds.next()) {
                (None, None) => return None,
                (claim, found) if claim == found => {}
                (claim, found) => {
                    let text = |line: Option<&str>| line.unwrap_or("(end)").to_string();
                    return Some(Self { line, claimed: text(claim), found: text(found) });
                }
            }
        }
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

/// The scenario that the manifest holds, ready to run, and what of it is not heeded.
fn scenario(folder: &Path, manifest: &Manifest) -> Result<(Scenario, Vec<String>), Error> {
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
        None => Ok((resolved, loaded.unheeded.iter().map(ToString::to_string).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_told_with_its_line() {
        let of = |claim, found| {
            let difference = LineDifference::of(claim, found)?;
            Some((difference.line, difference.claimed, difference.found))
        };
        let told = |line: usize, a: &str, b: &str| Some((line, a.to_string(), b.to_string()));
        assert_eq!(of("a\nb\n", "a\nb\n"), None);
        assert_eq!(of("a\nb", "a\nc"), told(2, "b", "c"));
        assert_eq!(of("a", "a\nb"), told(2, "(end)", "b"));
    }
}
