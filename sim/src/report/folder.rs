//! A results folder, written whole or not at all.

use std::fs;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use tempfile::TempDir;

/// The file that makes a folder a results folder.
pub(crate) const MANIFEST: &str = "manifest.json";

/// Why a results folder cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    /// The place holds something that is not ours to replace.
    #[error(
        "{0} exists and is no results folder (it has no {MANIFEST}): choose another with --out"
    )]
    Foreign(PathBuf),
    /// The disk or its permissions.
    #[error("cannot write {0}: {1}; choose another place with --out")]
    Disk(PathBuf, io::Error),
}

/// A folder being filled beside its final place.
#[derive(Debug)]
pub(crate) struct Folder {
    target: PathBuf,
    draft: TempDir,
}

impl Folder {
    /// Begins a folder that will stand at `target`.
    ///
    /// # Errors
    /// When `target` holds something that is not ours, or cannot be written.
    pub(crate) fn begin(target: &Path) -> Result<Self, FolderError> {
        let disk = |e| FolderError::Disk(target.to_path_buf(), e);
        if target.exists() && !is_replaceable(target).map_err(disk)? {
            return Err(FolderError::Foreign(target.to_path_buf()));
        }
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).map_err(disk)?;
        let draft = tempfile::Builder::new().prefix(".assay-").tempdir_in(parent).map_err(disk)?;
        Ok(Self { target: target.to_path_buf(), draft })
    }

    /// Where it is being filled.
    #[cfg(feature = "report")]
    pub(crate) fn draft(&self) -> &Path {
        self.draft.path()
    }

    /// Writes the file `name` of the folder.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let path = self.draft.path().join(name);
        let write = || {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, bytes)
        };
        write().map_err(|e| FolderError::Disk(self.target.join(name), e))
    }

    /// Puts the folder in its place; what stood there before is gone only now.
    ///
    /// # Errors
    /// When the disk fails; then the old folder stands where it stood.
    pub(crate) fn finish(self) -> Result<(), FolderError> {
        let disk = |e| FolderError::Disk(self.target.clone(), e);
        let draft = self.draft.keep();
        open_to_read(&draft, FOLDER_MODE).map_err(disk)?;
        if !self.target.exists() {
            return fs::rename(&draft, &self.target).map_err(disk);
        }
        let old = draft.with_extension("old");
        fs::rename(&self.target, &old).map_err(disk)?;
        if let Err(error) = fs::rename(&draft, &self.target) {
            fs::rename(&old, &self.target).map_err(disk)?;
            return Err(disk(error));
        }
        fs::remove_dir_all(&old).map_err(disk)
    }
}

/// Writes one file, whole or not at all.
///
/// # Errors
/// When the disk is full or fails, or the place cannot be written.
pub(crate) fn write_whole(file: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let disk = |e| FolderError::Disk(file.to_path_buf(), e);
    let parent = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut draft = tempfile::NamedTempFile::new_in(parent).map_err(disk)?;
    draft.write_all(bytes).map_err(disk)?;
    open_to_read(draft.path(), FILE_MODE).map_err(disk)?;
    draft.persist(file).map_err(|e| disk(e.error)).map(drop)
}

/// Whether a folder is empty or a results folder.
fn is_replaceable(target: &Path) -> io::Result<bool> {
    if !target.is_dir() {
        return Ok(false);
    }
    Ok(target.join(MANIFEST).is_file() || fs::read_dir(target)?.next().is_none())
}

/// Read and enter for all, write for the owner.
const FOLDER_MODE: u32 = 0o755;
/// Read for all, write for the owner.
const FILE_MODE: u32 = 0o644;

/// A temporary file or folder is for its owner only; results are like any other.
#[cfg(unix)]
fn open_to_read(place: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(place, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn open_to_read(_place: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_appears_whole_and_replaces_an_older_one() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("deep/results");
        for text in ["first", "second"] {
            let folder = Folder::begin(&target).unwrap();
            folder.write(MANIFEST, text.as_bytes()).unwrap();
            folder.write("plots/a.svg", b"x").unwrap();
            folder.finish().unwrap();
            assert_eq!(fs::read_to_string(target.join(MANIFEST)).unwrap(), text);
        }
        assert_eq!(fs::read_dir(target.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_begun_and_dropped_leaves_nothing() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::begin(&place.path().join("results")).unwrap();
        folder.write(MANIFEST, b"x").unwrap();
        drop(folder);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_not_ours_is_not_replaced() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("thesis.tex"), "mine").unwrap();
        assert!(matches!(Folder::begin(place.path()), Err(FolderError::Foreign(_))));
    }
}
