//! Where a result goes: seen to be writable before any work is done, and written whole or not at all.

use crate::cli::outcome::HarnessFailure;
use anyhow::Context;
use anyhow::anyhow;
use std::fs;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use tempfile::NamedTempFile;

/// A file to be written.
#[derive(Debug)]
pub(super) struct OutputPlace(PathBuf);

impl OutputPlace {
    /// Sees that the file can be written.
    ///
    /// # Errors
    /// When the path names a folder, or the file cannot be written.
    pub(super) fn begin(file: &Path) -> Result<Self, HarnessFailure> {
        if file.is_dir() || file.file_name().is_none() {
            return Err(HarnessFailure::input(anyhow!(
                "{}: names a folder, not a file",
                file.display()
            )));
        }
        let place = Self(file.to_path_buf());
        place.draft()?;
        Ok(place)
    }

    /// Writes the bytes at the place, whole or not at all.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub(super) fn write(&self, bytes: &[u8]) -> Result<(), HarnessFailure> {
        let mut draft = self.draft()?;
        let written = draft.write_all(bytes).and_then(|()| draft.as_file().sync_all());
        let put = written.and_then(|()| draft.persist(&self.0).map(drop).map_err(|e| e.error));
        put.with_context(|| self.text()).map_err(HarnessFailure::Machine)
    }

    /// A file beside it that goes away by itself.
    fn draft(&self) -> Result<NamedTempFile, HarnessFailure> {
        let parent = self.0.parent().filter(|parent| !parent.as_os_str().is_empty());
        let mut builder = tempfile::Builder::new();
        let draft =
            open_to_read(builder.prefix(".assay-")).tempfile_in(parent.unwrap_or(Path::new(".")));
        draft.with_context(|| self.text()).map_err(HarnessFailure::Machine)
    }

    fn text(&self) -> String {
        format!("cannot write {}", self.0.display())
    }
}

/// A temporary file is for its owner only; a result is like any other file.
#[cfg(unix)]
fn open_to_read<'a, 'b>(
    builder: &'a mut tempfile::Builder<'b, 'b>,
) -> &'a mut tempfile::Builder<'b, 'b> {
    use std::os::unix::fs::PermissionsExt;
    /// Read and write for all, less what the user's mask takes away.
    const MODE: u32 = 0o666;
    builder.permissions(fs::Permissions::from_mode(MODE))
}

#[cfg(not(unix))]
fn open_to_read<'a, 'b>(
    builder: &'a mut tempfile::Builder<'b, 'b>,
) -> &'a mut tempfile::Builder<'b, 'b> {
    builder
}

/// Reads an input file.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn read(file: &Path) -> Result<Vec<u8>, HarnessFailure> {
    let text = |e: &io::Error| format!("cannot read {}: {e}", file.display());
    fs::read(file).map_err(|e| HarnessFailure::input(anyhow!("{}", text(&e))))
}
