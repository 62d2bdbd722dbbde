//! Where results go: seen to be writable before any work is done, and written whole or not at all.

use crate::report;
use crate::report::Folder;
use crate::report::JobTables;
use crate::simulation::error::Error;
use crate::trace;
use std::path::Path;
use std::path::PathBuf;

/// A results folder that has been begun.
#[derive(Debug)]
pub struct Target {
    place: PathBuf,
    folder: Folder,
}

impl Target {
    /// Begins a results folder at `place`; nothing stands there before it is finished.
    ///
    /// # Errors
    /// When the place holds something else, or cannot be written.
    pub fn begin(place: impl AsRef<Path>) -> Result<Self, Error> {
        let place = place.as_ref().to_path_buf();
        Ok(Self { folder: Folder::begin(&place)?, place })
    }

    /// Where it will stand.
    #[must_use]
    pub fn place(&self) -> &Path {
        &self.place
    }

    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        Ok(self.folder.write(name, bytes)?)
    }

    /// Puts the folder in its place, with plots and page of what is in it.
    #[cfg(feature = "report")]
    pub(super) fn finish(self) -> Result<(), Error> {
        Ok(report::finish(self.folder)?)
    }

    /// Puts the folder in its place.
    #[cfg(not(feature = "report"))]
    pub(super) fn finish(self) -> Result<(), Error> {
        self.finish_plain()
    }

    /// Puts the folder in its place as it is.
    pub(super) fn finish_plain(self) -> Result<(), Error> {
        Ok(self.folder.finish()?)
    }
}

/// Writes a replication's jobs at `file`, and their history beside it.
///
/// # Errors
/// When the disk is full or fails, or the place cannot be written.
pub fn save_jobs(file: impl AsRef<Path>, tables: &JobTables) -> Result<(), Error> {
    let file = file.as_ref();
    save_file(file, &tables.jobs.csv())?;
    save_file(trace::history_beside(file), &tables.history.csv())
}

/// Writes one file, whole or not at all.
///
/// # Errors
/// When the disk is full or fails, or the place cannot be written.
pub fn save_file(file: impl AsRef<Path>, bytes: &[u8]) -> Result<(), Error> {
    Ok(report::write_whole(file.as_ref(), bytes)?)
}
