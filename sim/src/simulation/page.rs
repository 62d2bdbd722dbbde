//! Plots and one self-contained page of a results folder.

use crate::config;
use crate::report;
use crate::report::FolderError;
use crate::report::Kept;
use crate::simulation::error::Error;
use std::fs;
use std::io;
use std::path::Path;

/// The plots and the page of a results folder, in memory.
#[derive(Clone, Debug)]
pub struct Report {
    files: Vec<(String, Vec<u8>)>,
    notes: Vec<String>,
}

impl Report {
    /// Draws the plots of the results folder at `folder` (of a run, a check, a comparison or a sweep), each also as PNG
    /// when `png` is set, and the page that holds them.
    ///
    /// # Errors
    /// When the folder cannot be read, is damaged, or of another version.
    pub fn of(folder: impl AsRef<Path>, png: bool) -> Result<Self, Error> {
        let kept = Kept::read(folder.as_ref())?;
        // A text of keys that mean nothing here is shown in the page as it stands.
        let file = format!("scenario_text of {}/{}", folder.as_ref().display(), report::MANIFEST);
        let loaded = config::load_kept(&file, &kept.manifest.scenario_text);
        let unheeded = loaded.map_or_else(|_| Vec::new(), |loaded| loaded.unheeded);
        let notes = unheeded.iter().map(ToString::to_string).collect();
        Ok(Self { files: report::packet(&kept, png), notes })
    }

    /// Keys of the folder's scenario that are no more and are not heeded, in words.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Names and contents.
    #[must_use]
    pub fn files(&self) -> &[(String, Vec<u8>)] {
        &self.files
    }

    /// Writes them into the folder at `place`; plots of an earlier report go.
    ///
    /// # Errors
    /// When the place cannot be written.
    pub fn save(&self, place: impl AsRef<Path>) -> Result<(), Error> {
        let place = place.as_ref();
        let plots = place.join(report::PLOTS);
        let disk = |error: io::Error| Error::from(FolderError::Disk(plots.clone(), error));
        fs::create_dir_all(&plots).map_err(disk)?;
        remove_older(&plots).map_err(disk)?;
        for (name, bytes) in &self.files {
            report::write_whole(&place.join(name), bytes)?;
        }
        Ok(())
    }
}

/// Takes out the plots of an earlier report: one that is no longer made would tell of other results.
fn remove_older(plots: &Path) -> io::Result<()> {
    for entry in fs::read_dir(plots)? {
        let path = entry?.path();
        if report::is_plot(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}
