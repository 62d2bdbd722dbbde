//! The files of a results folder, and its manifest, held against itself.

use crate::base::reading;
use crate::base::reading::ReadingError;
use crate::report::manifest::MANIFEST;
use crate::report::manifest::MANIFEST_VERSION;
use crate::report::manifest::Manifest;
use crate::report::manifest::scenario_hash;
use crate::report::read::ReadError;
use crate::report::read::error::DRAWS;
use crate::report::read::error::PICTURES;
use crate::work::digest::Digest;
use std::fs;
use std::io;
use std::path::Path;

/// Tables a report reads, beside the manifest.
const TABLES: &[&str] =
    &["miners.csv", "epochs.csv", "metrics.csv", "verdicts.json", "compare.csv", "sweep.csv"];

/// Largest file of a results folder that is read [bytes]: more than a thousand replications of 256 miners.
const FILE_BYTES_MAX: u64 = 1 << 30;

/// Files by name, read or about to be written.
pub(crate) type Files = Vec<(&'static str, Vec<u8>)>;

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
pub(super) fn files(place: &Path) -> Result<Files, ReadError> {
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
        match reading::whole(&path, FILE_BYTES_MAX) {
            Ok(bytes) => files.push((name, bytes)),
            Err(ReadingError::Disk(e)) if e.kind() == io::ErrorKind::NotFound => {}
            Err(ReadingError::Disk(e)) => return Err(ReadError::Disk(path, e)),
            Err(other) => {
                let (file, what) = (path.display().to_string(), other.to_string());
                return Err(ReadError::Damaged { file, what });
            }
        }
    }
    Ok(files)
}

/// Reads the manifest of the folder at `place`, and holds it against itself.
///
/// # Errors
/// When it is damaged, of another version, or of a replay.
pub(super) fn read_manifest(place: &Path, bytes: &[u8]) -> Result<Manifest, ReadError> {
    let file = place.join(MANIFEST).display().to_string();
    let damaged = |what: String| ReadError::Damaged { file: file.clone(), what };
    let value: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|e| damaged(e.to_string()))?;
    if value.get("trace").is_some() && value.get("manifest_version").is_none() {
        return Err(ReadError::Replay(place.to_path_buf()));
    }
    for (key, what) in [("draws", DRAWS), ("report_of", PICTURES)] {
        if value.get(key).is_some() && value.get("manifest_version").is_none() {
            return Err(ReadError::Other(place.to_path_buf(), what));
        }
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
pub(super) fn verb(command: &str) -> &str {
    command.split(' ').nth(1).unwrap_or_default()
}
