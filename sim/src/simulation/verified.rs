//! A results folder held against its own seal, and against a new run of what it claims.

use crate::base::reading;
use crate::base::reading::ReadingError;
use crate::report;
use crate::report::Files;
use crate::report::MANIFEST;
use crate::report::Manifest;
use crate::report::Seal;
use crate::simulation::legend;
use crate::simulation::legend::LEGEND;
use crate::simulation::outcome::Outcome;
use crate::work::Digest;
use serde_json::Map;
use serde_json::Value;
use std::io;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

/// Tables that are compared with those of the new run.
const TABLES: &[&str] = &["miners.csv", "epochs.csv", "metrics.csv", "verdicts.json"];
/// Largest file of a results folder that is read [bytes].
const FILE_BYTES_MAX: u64 = 1 << 30;
/// Keys of a manifest that say who made it and how it was sealed, and nothing of what was run.
const MAKERS: &[&str] = &["package_version", "sources", "files", "manifest_hash"];

/// The first replication that gives another digest than the folder claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestDifference {
    /// Replications that give another digest.
    pub count: usize,
    /// Number of the first of them.
    pub replication: u64,
    /// Digest that the folder claims.
    pub claimed: String,
    /// Digest that the new run gives.
    pub found: String,
}

/// A file of a results folder, held against the hash that the manifest keeps of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileCheck {
    /// It is as it was written.
    Same,
    /// The file is not in the folder.
    Missing,
    /// The file has other bytes than were sealed.
    Altered,
}

/// A table of a results folder, held against that of the new run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableCheck {
    /// The folder does not keep it.
    Absent,
    /// The table is the same, line by line.
    Same,
    /// It is another: here is the first line that differs.
    Different(LineDifference),
}

/// The first line in which two texts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineDifference {
    /// Number of the line, from 1.
    pub line: usize,
    /// The line as the claim has it.
    pub claimed: String,
    /// What was found there in its place.
    pub found: String,
}

/// A results folder and a new run of what it claims.
#[derive(Debug)]
pub struct Verified {
    pub(super) folder: PathBuf,
    pub(super) claim: Manifest,
    pub(super) outcome: Outcome,
    /// Whether the run judged what the folder's verdicts are on.
    pub(super) is_judged: bool,
}

/// Every file that the folder's manifest keeps a hash of, by name, and the manifest itself; none where it keeps none.
pub(super) fn files(folder: &Path) -> Option<Vec<(String, FileCheck)>> {
    let manifest = reading::whole(&folder.join(MANIFEST), FILE_BYTES_MAX).unwrap_or_default();
    let hashes = match report::seal_of(&manifest) {
        Seal::None => return None,
        Seal::Broken => return Some(vec![(MANIFEST.to_string(), FileCheck::Altered)]),
        Seal::Whole(hashes) => hashes,
    };
    let one = |(name, hash): (String, String)| {
        let mut steps = Path::new(&name).components();
        if !steps.all(|step| matches!(step, Component::Normal(_))) {
            // A name that leads out of the folder is none that was written.
            return (name, FileCheck::Altered);
        }
        let check = match reading::whole(&folder.join(&name), FILE_BYTES_MAX) {
            Ok(bytes) if report::file_hash(&bytes) == hash => FileCheck::Same,
            Err(ReadingError::Disk(error)) if error.kind() == io::ErrorKind::NotFound => {
                FileCheck::Missing
            }
            Ok(_) | Err(_) => FileCheck::Altered,
        };
        (name, check)
    };
    let own = (MANIFEST.to_string(), FileCheck::Same);
    Some(std::iter::once(own).chain(hashes.into_iter().map(one)).collect())
}

impl Verified {
    /// The outcome of the new run.
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

    /// The first key of the manifest that says something else than the new run; none when all say the same, or another
    /// version made it, whose keys mean other things.
    #[must_use]
    pub fn manifest_difference(&self) -> Option<String> {
        if self.claim.package_version != env!("CARGO_PKG_VERSION") {
            return None;
        }
        let keys = |bytes: &[u8]| serde_json::from_slice::<Map<String, Value>>(bytes);
        let claimed = reading::whole(&self.folder.join(MANIFEST), FILE_BYTES_MAX).ok()?;
        let (claimed, found) = (keys(&claimed).ok()?, keys(&self.outcome.manifest()).ok()?);
        let names =
            claimed.keys().chain(found.keys()).filter(|key| !MAKERS.contains(&key.as_str()));
        let differs = |key: &&String| claimed.get(*key) != found.get(*key);
        let key = names.into_iter().find(differs)?;
        let shown = |value: Option<&Value>| value.map_or("(nothing)".to_string(), Value::to_string);
        Some(format!("{key} is {}, found {}", shown(claimed.get(key)), shown(found.get(key))))
    }

    /// The folder's tables against those of the new run, by name, and what explains them; none where a run does not write
    /// them alone.
    #[must_use]
    pub fn tables(&self) -> Option<Vec<(&'static str, TableCheck)>> {
        if !self.is_judged {
            return None;
        }
        let mut files = self.outcome.files();
        let legend = self.legend(&files);
        let names = TABLES.iter().copied().chain(legend.iter().map(|(name, _)| *name));
        let names: Vec<&'static str> = names.collect();
        files.extend(legend);
        let one = |name: &'static str| {
            let Ok(kept) = reading::whole(&self.folder.join(name), FILE_BYTES_MAX) else {
                return (name, TableCheck::Absent);
            };
            let made = files.iter().find(|(own, _)| *own == name).map(|(_, bytes)| bytes);
            let made = made.map(Vec::as_slice).unwrap_or_default();
            let kept = String::from_utf8_lossy(&kept);
            let difference = LineDifference::of(&kept, &String::from_utf8_lossy(made));
            (name, difference.map_or(TableCheck::Same, TableCheck::Different))
        };
        Some(names.into_iter().map(one).collect())
    }

    /// The legend of those of `files` that are tables and are kept in the folder. Its words are this version's own: of a
    /// folder that another version made there is none, and its seal alone vouches for it.
    fn legend(&self, files: &Files) -> Option<(&'static str, Vec<u8>)> {
        if self.claim.package_version != env!("CARGO_PKG_VERSION") {
            return None;
        }
        let is_kept = |name: &str| report::is_table(name) && self.folder.join(name).is_file();
        let kept = files.iter().filter(|(name, _)| is_kept(name));
        let headings = kept.filter_map(|(name, made)| {
            Some(((*name).to_string(), report::headings(&made[..]).ok()?))
        });
        legend::legend(headings).map(|bytes| (LEGEND, bytes))
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
