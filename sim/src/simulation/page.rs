//! Plots and one self-contained page of a results folder.

use crate::config;
use crate::report;
use crate::report::Folder;
use crate::report::Kept;
use crate::report::MANIFEST;
use crate::simulation::error::Error;
use serde_json::json;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// The plots and the page of a results folder, in memory.
#[derive(Clone, Debug)]
pub struct Report {
    folder: PathBuf,
    files: Vec<(String, Vec<u8>)>,
    notes: Vec<String>,
    /// What a folder of them alone says of itself.
    manifest: Vec<u8>,
}

impl Report {
    /// Draws the plots of the results folder at `folder` (of a run, a check, a comparison or a sweep), each also as PNG
    /// when `png` is set, and the page that holds them.
    ///
    /// # Errors
    /// When the folder cannot be read, is damaged, or of another version.
    pub fn of(folder: impl AsRef<Path>, png: bool) -> Result<Self, Error> {
        let folder = folder.as_ref().to_path_buf();
        let kept = Kept::read(&folder)?;
        // A text of keys that mean nothing here is shown in the page as it stands.
        let file = format!("scenario_text of {}/{MANIFEST}", folder.display());
        let loaded = config::load_kept(&file, &kept.manifest.scenario_text);
        let unheeded = loaded.map_or_else(|_| Vec::new(), |loaded| loaded.unheeded);
        let notes = unheeded.iter().map(ToString::to_string).collect();
        let manifest = report::json(&json!({
            "package": env!("CARGO_PKG_NAME"),
            "package_version": env!("CARGO_PKG_VERSION"),
            "sources": report::SOURCES,
            "command": "assay report",
            "report_of": kept.manifest.command,
            "scenario": kept.manifest.scenario,
            "scenario_hash": kept.manifest.scenario_hash,
            "digest": kept.manifest.digest,
        }));
        Ok(Self { folder, files: report::packet(&kept, png), notes, manifest })
    }

    /// Keys of the folder's scenario that are no more and are not heeded, in words.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The files of the report, each with its content.
    #[must_use]
    pub fn files(&self) -> &[(String, Vec<u8>)] {
        &self.files
    }

    /// Writes them at `place`: into the results folder that they are of, where that stands there, with all else in it as
    /// it was and plots of an earlier report gone; else as a folder of their own.
    ///
    /// # Errors
    /// When the place holds something else, or cannot be written.
    pub fn save(&self, place: impl AsRef<Path>) -> Result<(), Error> {
        let place = place.as_ref();
        if is_same(place, &self.folder) {
            return Ok(report::redraw(place, &self.files)?);
        }
        let folder = Folder::begin(place)?;
        for (name, bytes) in &self.files {
            folder.write(name, bytes)?;
        }
        folder.write(MANIFEST, &self.manifest)?;
        Ok(folder.finish()?)
    }
}

fn is_same(a: &Path, b: &Path) -> bool {
    a == b || fs::canonicalize(a).ok().zip(fs::canonicalize(b).ok()).is_some_and(|(a, b)| a == b)
}
