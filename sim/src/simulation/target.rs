//! Where results go: seen to be writable before any work is done, and written whole or not at all.

use crate::report;
use crate::report::Folder;
use crate::report::JobTables;
use crate::simulation::error::Error;
use crate::simulation::legend;
use crate::trace;
use std::path::Path;
use std::path::PathBuf;

/// Files that a results folder may be asked to keep; its manifest and the legend of its tables it always keeps.
const KEEPABLE: &[&str] = &[
    "miners.csv",
    "epochs.csv",
    "metrics.csv",
    "verdicts.json",
    "compare.csv",
    "sweep.csv",
    "replay.csv",
    "validation.csv",
    "plots",
    "report.html",
];

/// A results folder that has been begun.
#[derive(Debug)]
pub struct Target {
    place: PathBuf,
    folder: Folder,
    /// Files that are kept; all without it.
    only: Option<Vec<String>>,
}

impl Target {
    /// Begins a results folder at `place`; nothing stands there before it is finished.
    ///
    /// # Errors
    /// When the place holds something else, or cannot be written.
    pub fn begin(place: impl AsRef<Path>) -> Result<Self, Error> {
        let place = place.as_ref().to_path_buf();
        Ok(Self { folder: Folder::begin(&place)?, place, only: None })
    }

    /// The same folder with no files but its manifest, these and the legend of those that are tables; `plots` is all plots. An empty list keeps all.
    ///
    /// # Errors
    /// When a name is none that a results folder has.
    pub fn keeping(self, files: &[String]) -> Result<Self, Error> {
        if let Some(name) = files.iter().find(|name| !KEEPABLE.contains(&name.as_str())) {
            let allowed = KEEPABLE.join(", ");
            return Err(Error::Input(format!("--only names {name}, allowed: {allowed}")));
        }
        Ok(Self { only: (!files.is_empty()).then(|| files.to_vec()), ..self })
    }

    /// Path at which the folder will stand.
    #[must_use]
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Writes the file `name` of the folder.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        Ok(self.folder.write(name, bytes)?)
    }

    /// Puts the folder in its place, with plots and page of what is in it.
    ///
    /// # Errors
    /// When the disk is full or fails, or something came to stand in the place meanwhile.
    #[cfg(feature = "report")]
    pub(super) fn finish(self) -> Result<(), Error> {
        let is_drawn = |name: &String| name == "plots" || name == "report.html";
        if self.only.as_ref().is_none_or(|only| only.iter().any(is_drawn)) {
            report::fill(&self.folder)?;
        }
        self.finish_plain()
    }

    /// Puts the folder in its place.
    ///
    /// # Errors
    /// When the disk is full or fails, or something came to stand in the place meanwhile.
    #[cfg(not(feature = "report"))]
    pub(super) fn finish(self) -> Result<(), Error> {
        self.finish_plain()
    }

    /// Puts the folder in its place as it is, with what explains the tables that are kept.
    ///
    /// # Errors
    /// When the disk is full or fails, or something came to stand in the place meanwhile.
    pub(super) fn finish_plain(self) -> Result<(), Error> {
        if let Some(only) = &self.only {
            self.folder.keep_only(only)?;
        }
        if let Some(bytes) = legend::legend(self.folder.headings()?) {
            self.folder.write(legend::LEGEND, &bytes)?;
        }
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
/// When the disk is full or fails, the place cannot be written, or holds what is no file.
pub fn save_file(file: impl AsRef<Path>, bytes: &[u8]) -> Result<(), Error> {
    Ok(report::write_whole(file.as_ref(), bytes)?)
}

/// Takes away what is half written anywhere: for whoever has to end the program at once.
pub fn discard_drafts() {
    report::discard_drafts();
}
