//! Why a results folder cannot be read, and what to do about it.

use std::io;
use std::path::PathBuf;

/// Why a results folder cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// Nothing stands at this place.
    #[error("{0} is not there: name a results folder, as `assay run` writes it")]
    Missing(PathBuf),
    /// A file stands there.
    #[error("{0} is a file: name the results folder that `assay run` wrote")]
    NoFolder(PathBuf),
    /// A folder with nothing in it.
    #[error("{0} is empty: fill it with `assay run SCENARIO --out {0}`")]
    Empty(PathBuf),
    /// A folder of something else.
    #[error("{0} has no manifest.json: it is no results folder")]
    Foreign(PathBuf),
    /// The disk or its permissions.
    #[error("cannot read {0}: {1}")]
    Disk(PathBuf, io::Error),
    /// The manifest promises a file that is not there.
    #[cfg(feature = "report")]
    #[error("{folder} has no {file}, which `{command}` writes: run that again")]
    Incomplete {
        /// The folder that was to be read.
        folder: PathBuf,
        /// The file that is missing, by its name.
        file: &'static str,
        /// The command that writes such a file.
        command: String,
    },
    /// A file does not say what it should.
    #[error("{file} is damaged: {what}; run again what its manifest.json says")]
    Damaged {
        /// The file, and the line where there is one.
        file: String,
        /// What is wrong with the file, in words.
        what: String,
    },
    /// A folder of another layout.
    #[error(
        "{file} is of version {found}, this program reads {known}: use the version of assay that wrote it"
    )]
    Version {
        /// Path of the manifest that was read.
        file: String,
        /// Version that the manifest names.
        found: String,
        /// Version that this program reads.
        known: u32,
    },
    /// A folder of a verb that has no such report.
    #[error(
        "{0} holds a replay or a validation, without its trace: a report is made, and a claim run again, of a run, a check, a \
         comparison or a sweep; run its own command where the trace lies"
    )]
    Replay(PathBuf),
    /// A folder that holds something else than what a verb claims.
    #[error(
        "{0} holds {1}: a report is made, and a claim run again, of a run, a check, a comparison or a sweep"
    )]
    Other(PathBuf, &'static str),
}

/// What a folder of a verb without a claim of its own holds.
pub(crate) const DRAWS: &str =
    "a run whose parameters were drawn, without the fit that they were drawn from";
pub(crate) const PICTURES: &str = "plots and a page alone";

impl ReadError {
    /// Whether the machine is to blame rather than what the caller named.
    pub(crate) fn is_machine(&self) -> bool {
        match self {
            Self::Disk(_, error) => error.kind() != io::ErrorKind::PermissionDenied,
            _ => false,
        }
    }
}
