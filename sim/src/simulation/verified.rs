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
    /// The verb's own tables, by name.
    pub(super) own: Vec<(&'static str, Vec<u8>)>,
    /// Whether everything in the folder was made again.
    pub(super) is_remade: bool,
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

/// Files by name: tables, and what is drawn from them.
type DrawnAgain = Vec<(String, Vec<u8>)>;

impl FileCheck {
    /// What is to be said of a file that is not as it was written.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Same => "is as it was written",
            Self::Missing => "is missing, and the manifest keeps a hash of it",
            Self::Altered => {
                "is not as it was written: it has another hash than the manifest keeps"
            }
        }
    }
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

    /// The folder's files against those of the new run, by name: tables, verdicts, page and plots, but for the manifest; none
    /// where a run alone does not make them.
    #[must_use]
    pub fn tables(&self) -> Option<Vec<(String, TableCheck)>> {
        if !self.is_remade {
            return None;
        }
        let mut files: Files = self.outcome.files();
        files.extend(self.own.iter().cloned());
        let legend = self.legend(&files).map(|(name, made)| self.held(name.to_string(), &made));
        let drawn = self.held_drawn(&files);
        let tables = files.into_iter().filter(|(name, _)| *name != MANIFEST);
        let tables = tables.map(|(name, bytes)| self.held(name.to_string(), &bytes));
        Some(tables.chain(legend).chain(drawn).collect())
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

    /// Page and plots against those of the new run, or of its tables that the folder keeps: `assay report` draws from these.
    fn held_drawn(&self, files: &Files) -> Vec<(String, TableCheck)> {
        let held = |drawn: DrawnAgain| -> Vec<(String, TableCheck)> {
            drawn.into_iter().map(|(name, made)| self.held(name, &made)).collect()
        };
        let whole = held(self.drawn(files));
        let is_same =
            |(_, check): &(String, TableCheck)| !matches!(check, TableCheck::Different(_));
        let is_kept = |(name, _): &&(&'static str, Vec<u8>)| {
            *name == MANIFEST || self.folder.join(name).exists()
        };
        let kept: Files = files.iter().filter(is_kept).cloned().collect();
        if whole.iter().all(is_same) || kept.len() == files.len() {
            return whole;
        }
        let fewer = held(self.drawn(&kept));
        let same = |name: &String| fewer.iter().any(|one| one.0 == *name && is_same(one));
        let better = |(name, check): (String, TableCheck)| match check {
            TableCheck::Different(_) if same(&name) => (name, TableCheck::Same),
            check => (name, check),
        };
        whole.into_iter().map(better).collect()
    }

    /// A file of the folder against what was made again.
    fn held(&self, name: String, made: &[u8]) -> (String, TableCheck) {
        let Ok(kept) = reading::whole(&self.folder.join(&name), FILE_BYTES_MAX) else {
            return (name, TableCheck::Absent);
        };
        if kept == made {
            return (name, TableCheck::Same);
        }
        let (kept, made) = (String::from_utf8_lossy(&kept), String::from_utf8_lossy(made));
        let difference = LineDifference::of(&kept, &made);
        (name, difference.map_or(TableCheck::Same, TableCheck::Different))
    }

    /// Plots and page of the new run, as the folder's maker would have drawn them; nothing where another version did, whose
    /// pages look otherwise, and where the folder keeps none.
    #[cfg(feature = "report")]
    fn drawn(&self, files: &Files) -> DrawnAgain {
        let is_ours = self.claim.package_version == env!("CARGO_PKG_VERSION");
        let has = |name: &str| self.folder.join(name).exists();
        if !is_ours || !(has(report::PAGE) || has(report::PLOTS)) {
            return Vec::new();
        }
        let png = std::fs::read_dir(self.folder.join(report::PLOTS)).is_ok_and(|entries| {
            entries.flatten().any(|entry| entry.path().extension().is_some_and(|end| end == "png"))
        });
        // A folder that keeps too little for a page has none that was drawn from it.
        report::packet_of(&self.folder, files, png).unwrap_or_default()
    }

    /// Without the feature `report` there are none.
    #[cfg(not(feature = "report"))]
    #[expect(clippy::unused_self, reason = "the other form draws")]
    fn drawn(&self, _files: &Files) -> DrawnAgain {
        Vec::new()
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
