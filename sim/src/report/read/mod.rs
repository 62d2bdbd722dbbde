//! A results folder read back: the report is made from what stands there and from nothing else.

mod changes;
mod course;
mod error;
mod metrics;
mod miners;
mod sweep;
mod table;
mod verdicts;

pub(crate) use changes::Change;
pub(crate) use course::Course;
pub(crate) use course::Line;
pub(crate) use error::ReadError;
pub(crate) use metrics::MetricLine;
pub(crate) use miners::Miners;
pub(crate) use sweep::Mark;
pub(crate) use sweep::Named;
pub(crate) use sweep::Sweep;
pub(crate) use verdicts::Bound;
pub(crate) use verdicts::VerdictLine;

use crate::config;
use crate::report::folder::MANIFEST;
use crate::report::manifest::MANIFEST_VERSION;
use crate::report::manifest::Manifest;
use crate::report::manifest::scenario_hash;
use crate::work::digest::Digest;
use std::fs;
use std::io;
use std::path::Path;

/// Tables a report reads, beside the manifest.
const TABLES: &[&str] =
    &["miners.csv", "epochs.csv", "metrics.csv", "verdicts.json", "compare.csv", "sweep.csv"];

/// What a results folder holds.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// What it claims.
    pub(crate) manifest: Manifest,
    /// `miners.csv`.
    pub(crate) miners: Option<Miners>,
    /// `epochs.csv`, which a repository leaves out.
    pub(crate) course: Option<Course>,
    /// `metrics.csv`; empty without one.
    pub(crate) metrics: Vec<MetricLine>,
    /// `verdicts.json`; empty without one.
    pub(crate) verdicts: Vec<VerdictLine>,
    /// `compare.csv`; empty without one.
    pub(crate) changes: Vec<Change>,
    /// `sweep.csv`.
    pub(crate) sweep: Option<Sweep>,
}

/// Files by name, read or about to be written.
pub(crate) type Files = Vec<(&'static str, Vec<u8>)>;

impl Kept {
    /// Reads the folder at `place`.
    ///
    /// # Errors
    /// When it is missing, empty, damaged, of another version, or of a verb that has no report.
    pub(crate) fn read(place: &Path) -> Result<Self, ReadError> {
        Self::of(place, &files(place)?)
    }

    /// Reads files that stand, or will stand, at `place`.
    ///
    /// # Errors
    /// When one is missing, damaged, of another version, or of a verb that has no report.
    pub(crate) fn of(place: &Path, files: &Files) -> Result<Self, ReadError> {
        let shown = |name: &str| place.join(name).display().to_string();
        let bytes = |name: &str| {
            files.iter().find(|(own, _)| *own == name).map(|(_, bytes)| bytes.as_slice())
        };
        let manifest = bytes(MANIFEST).ok_or_else(|| ReadError::Foreign(place.to_path_buf()))?;
        let manifest = read_manifest(place, manifest)?;
        for &file in needed(&manifest.command) {
            if bytes(file).is_none() {
                let (folder, command) = (place.to_path_buf(), manifest.command.clone());
                return Err(ReadError::Incomplete { folder, file, command });
            }
        }
        let roots = roots();
        let found = |name: &'static str| bytes(name).map(|bytes| (shown(name), bytes));
        let kept = Self {
            miners: found("miners.csv").map(|(f, b)| Miners::read(&f, b)).transpose()?,
            course: found("epochs.csv").map(|(f, b)| Course::read(&f, b)).transpose()?,
            metrics: found("metrics.csv")
                .map(|(f, b)| metrics::read(&f, b))
                .transpose()?
                .unwrap_or_default(),
            verdicts: found("verdicts.json")
                .map(|(f, b)| verdicts::read(&f, b))
                .transpose()?
                .unwrap_or_default(),
            changes: found("compare.csv")
                .map(|(f, b)| changes::read(&f, b))
                .transpose()?
                .unwrap_or_default(),
            sweep: found("sweep.csv").map(|(f, b)| Sweep::read(&f, b, &roots)).transpose()?,
            manifest,
        };
        kept.check_replications(&shown("miners.csv"))?;
        Ok(kept)
    }

    /// The verb of the command that wrote the folder.
    pub(crate) fn verb(&self) -> &str {
        verb(&self.manifest.command)
    }

    /// A run's table holds as many replications as its manifest says.
    fn check_replications(&self, file: &str) -> Result<(), ReadError> {
        let Some(miners) = self.miners.as_ref().filter(|_| self.verb() == "run") else {
            return Ok(());
        };
        let claimed = usize::try_from(self.manifest.replications).expect("32 bits fit a length");
        if miners.replications == claimed {
            return Ok(());
        }
        let what =
            format!("it holds {} replications, its manifest says {claimed}", miners.replications);
        Err(ReadError::Damaged { file: file.to_string(), what })
    }
}

/// The manifest of the folder at `place`, held against itself.
///
/// # Errors
/// When there is none, or it is damaged, of another version, or of a replay.
pub(crate) fn manifest_of(place: &Path) -> Result<Manifest, ReadError> {
    let files = files(place)?;
    let manifest = files.iter().find(|(name, _)| *name == MANIFEST);
    let (_, bytes) = manifest.ok_or_else(|| ReadError::Foreign(place.to_path_buf()))?;
    read_manifest(place, bytes)
}

/// The files of the folder at `place` that a report reads.
///
/// # Errors
/// When there is no folder, or it is empty or of something else.
fn files(place: &Path) -> Result<Files, ReadError> {
    let disk = |e: io::Error| ReadError::Disk(place.to_path_buf(), e);
    match fs::metadata(place) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return Err(ReadError::Missing(place.to_path_buf()));
        }
        Err(e) => return Err(disk(e)),
        Ok(about) if !about.is_dir() => return Err(ReadError::NoFolder(place.to_path_buf())),
        Ok(_) => {}
    }
    if fs::read_dir(place).map_err(disk)?.next().is_none() {
        return Err(ReadError::Empty(place.to_path_buf()));
    }
    let mut files = Files::new();
    for name in [MANIFEST].iter().chain(TABLES) {
        let path = place.join(name);
        match fs::read(&path) {
            Ok(bytes) => files.push((name, bytes)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(ReadError::Disk(path, e)),
        }
    }
    Ok(files)
}

/// Reads the manifest of the folder at `place`, and holds it against itself.
///
/// # Errors
/// When it is damaged, of another version, or of a replay.
fn read_manifest(place: &Path, bytes: &[u8]) -> Result<Manifest, ReadError> {
    let file = place.join(MANIFEST).display().to_string();
    let damaged = |what: String| ReadError::Damaged { file: file.clone(), what };
    let value: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|e| damaged(e.to_string()))?;
    if value.get("trace").is_some() && value.get("manifest_version").is_none() {
        return Err(ReadError::Replay(place.to_path_buf()));
    }
    let found = value.get("manifest_version").cloned().unwrap_or(serde_json::Value::Null);
    if found != MANIFEST_VERSION {
        let found = if found.is_null() { "none".to_string() } else { found.to_string() };
        return Err(ReadError::Version { file, found, known: MANIFEST_VERSION });
    }
    let manifest: Manifest =
        serde_path_to_error::deserialize(value).map_err(|e| damaged(e.to_string()))?;
    if scenario_hash(&manifest.scenario_text) != manifest.scenario_hash {
        return Err(damaged("scenario_text has another hash than scenario_hash".to_string()));
    }
    let digests: Option<Vec<Digest>> =
        manifest.replication_digests.iter().map(|text| Digest::parse(text)).collect();
    let digests = digests.ok_or_else(|| damaged("a digest is no 32 hexadecimal digits".into()))?;
    let claimed = usize::try_from(manifest.replications).expect("32 bits fit a length");
    if verb(&manifest.command) == "run" && digests.len() != claimed {
        let what = format!("{} digests of {claimed} replications", digests.len());
        return Err(damaged(what));
    }
    if !digests.is_empty() && Digest::of_replications(&digests).to_string() != manifest.digest {
        return Err(damaged("digest is not that of replication_digests".to_string()));
    }
    Ok(manifest)
}

/// The verb of a command.
fn verb(command: &str) -> &str {
    command.split(' ').nth(1).unwrap_or_default()
}

/// The tables that a command's verb writes.
fn needed(command: &str) -> &'static [&'static str] {
    match verb(command) {
        "compare" => &["compare.csv"],
        "sweep" => &["sweep.csv"],
        "check" => &["verdicts.json"],
        _ => &["miners.csv", "metrics.csv", "verdicts.json"],
    }
}

/// The keys of a scenario file.
fn roots() -> Vec<String> {
    let schema = config::json_schema();
    config::Schema::new(&schema).keys().into_iter().map(str::to_string).collect()
}
