//! The sources from which a digest can come, and their hash.
//!
//! Layout: xxh3-128 over the Rust files of all [`FOLDERS`] in the order of their paths; of each its path from the package's
//! root with `/` between the steps, a zero byte, the length of its text (u64, little endian) and the text, lines ending in
//! `\n` alone. A folder that is not there gives nothing: a package taken by itself has no `chain`.

use std::fs;
use std::io;
use std::path::Path;
use xxhash_rust::xxh3::Xxh3;

/// Folders from the package's root: the chain, every floor up to the engine, and the reading of
/// scenario files. What reads a run off
/// afterwards (study, trace, report, cli) is left out: it may change a table, and no digest.
pub(crate) const FOLDERS: &[&str] = &[
    "chain/src",
    "src/base",
    "src/work",
    "src/model",
    "src/metrics",
    "src/statistics",
    "src/miner",
    "src/property",
    "src/scenario",
    "src/config",
    "src/subnet",
    "src/observe",
    "src/engine",
];

/// The hash of the sources of the package at `root`, 32 hexadecimal digits.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn hash(root: &Path) -> io::Result<String> {
    let mut paths = Vec::new();
    for folder in FOLDERS {
        collect(root, folder, &mut paths)?;
    }
    paths.sort_unstable();
    let mut hasher = Xxh3::new();
    for path in paths {
        let text = fs::read_to_string(root.join(&path))?.replace("\r\n", "\n");
        hasher.update(path.as_bytes());
        hasher.update(&[0]);
        hasher.update(&u64::try_from(text.len()).map_err(io::Error::other)?.to_le_bytes());
        hasher.update(text.as_bytes());
    }
    Ok(format!("{:032x}", hasher.digest128()))
}

/// Adds the path of every Rust file in `folder` and below.
fn collect(root: &Path, folder: &str, paths: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(root.join(folder)) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let path = format!("{folder}/{}", entry.file_name().display());
        if entry.file_type()?.is_dir() {
            collect(root, &path, paths)?;
        } else if entry.path().extension().is_some_and(|ending| ending == "rs") {
            paths.push(path);
        }
    }
    Ok(())
}
