//! A results folder, written whole or not at all, and single files, likewise.

use crate::report::draft;
use crate::report::draft::Draft;
use crate::report::manifest::MANIFEST;
use crate::report::ours;
use crate::report::seal;
use crate::report::seal::Hashes;
use crate::report::table;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// Why a results folder or a file cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    /// The place holds something that is not ours to replace.
    #[error("{0} {1}: choose another with --out, or move it away")]
    Foreign(PathBuf, String),
    /// A file's place holds what is no file.
    #[error("{0} is {1}, and only a file is replaced: name another")]
    NoFile(PathBuf, &'static str),
    /// The path names nothing of its own.
    #[error("{0} names no file or folder of its own, as `.` and `..` do: name one")]
    Unnamed(PathBuf),
    /// The disk or its permissions.
    #[error("cannot write {0}: {1}; choose another place with --out")]
    Disk(PathBuf, io::Error),
}

/// A folder being filled beside its final place.
#[derive(Debug)]
pub(crate) struct Folder {
    target: PathBuf,
    draft: Draft,
}

impl Folder {
    /// Begins a folder that will stand at `target`.
    ///
    /// # Errors
    /// When `target` holds something that is not ours, or cannot be written.
    pub(crate) fn begin(target: &Path) -> Result<Self, FolderError> {
        let target = named(target)?;
        let disk = |e| FolderError::Disk(target.clone(), e);
        refuse_foreign(&target)?;
        fs::create_dir_all(draft::parent(&target)).map_err(disk)?;
        let draft = Draft::folder(&target).map_err(disk)?;
        Ok(Self { target, draft })
    }

    /// A folder that is filled in `draft` and will stand at `target`, whatever stands there.
    #[cfg(feature = "report")]
    pub(crate) fn of(target: PathBuf, draft: Draft) -> Self {
        Self { target, draft }
    }

    /// Path of the draft in which the folder is filled.
    pub(crate) fn draft(&self) -> &Path {
        self.draft.path()
    }

    /// Writes the file `name` of the folder.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let path = self.draft().join(name);
        let write = || {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, bytes)
        };
        write().map_err(|e| FolderError::Disk(self.target.join(name), e))
    }

    /// Takes out every file but the manifest and those named; the name of a folder stands for all in it.
    ///
    /// # Errors
    /// When the disk fails.
    pub(crate) fn keep_only(&self, names: &[String]) -> Result<(), FolderError> {
        let keep = || {
            let mut files = Hashes::new();
            hashes(self.draft(), "", &mut files)?;
            for file in files.keys().filter(|file| *file != MANIFEST) {
                let first = file.split('/').next().unwrap_or_default();
                if !names.iter().any(|name| name == file || name == first) {
                    fs::remove_file(self.draft().join(file))?;
                    if let Some((folder, _)) = file.rsplit_once('/') {
                        // It goes with its last file; until then this fails, as it should.
                        drop(fs::remove_dir(self.draft().join(folder)));
                    }
                }
            }
            Ok(())
        };
        keep().map_err(|e| FolderError::Disk(self.target.clone(), e))
    }

    /// The headings of every table in the folder, by its name, in no order.
    ///
    /// # Errors
    /// When the disk fails.
    pub(crate) fn headings(&self) -> Result<Vec<(String, Vec<String>)>, FolderError> {
        let read = || {
            let mut tables = Vec::new();
            for entry in fs::read_dir(self.draft())? {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                if table::is_table(&name) {
                    tables.push((name, table::headings(fs::File::open(entry.path())?)?));
                }
            }
            Ok(tables)
        };
        read().map_err(|e| FolderError::Disk(self.target.clone(), e))
    }

    /// Puts the folder in its place, its manifest sealed with the hashes of all that was written; what stood there before
    /// is gone only now.
    ///
    /// # Errors
    /// When the disk fails, or something came to stand there meanwhile; then the old folder stands where it stood.
    ///
    /// # Panics
    /// When no manifest was written, which is a bug.
    pub(crate) fn finish(self) -> Result<(), FolderError> {
        let mut files = Hashes::new();
        hashes(self.draft(), "", &mut files)
            .map_err(|e| FolderError::Disk(self.target.clone(), e))?;
        files.remove(MANIFEST);
        let disk = |e| FolderError::Disk(self.target.clone(), e);
        let manifest = fs::read(self.draft().join(MANIFEST)).map_err(disk)?;
        let sealed = seal::sealed(&manifest, &files).expect("a manifest is a JSON object");
        self.write(MANIFEST, &sealed)?;
        refuse_foreign(&self.target)?;
        self.replace()
    }

    /// Puts the folder in its place as it is, whatever stands there.
    ///
    /// # Errors
    /// When the disk fails; then what stood there stands there still.
    pub(crate) fn replace(self) -> Result<(), FolderError> {
        let put = || {
            open_to_read(self.draft(), FOLDER_MODE)?;
            put(self.draft(), &self.target)
        };
        // An older folder stands at the draft's name afterwards, and goes with it.
        put().map_err(|e| FolderError::Disk(self.target.clone(), e))
    }
}

/// Writes one file, whole or not at all.
///
/// # Errors
/// When the disk is full or fails, the place cannot be written, or holds what is no file.
pub(crate) fn write_whole(file: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let file = named(file)?;
    let disk = |e| FolderError::Disk(file.clone(), e);
    refuse_no_file(&file)?;
    let draft = Draft::file(&file).map_err(disk)?;
    fs::write(draft.path(), bytes).map_err(disk)?;
    open_to_read(draft.path(), FILE_MODE).map_err(disk)?;
    refuse_no_file(&file)?;
    fs::rename(draft.path(), &file).map_err(disk)?;
    draft.settle();
    Ok(())
}

/// Refuses a place for a folder that holds what is not ours to replace.
///
/// # Errors
/// What stands there, or that it cannot be looked at.
pub(crate) fn refuse_foreign(target: &Path) -> Result<(), FolderError> {
    let target = named(target)?;
    match ours::objection(&target) {
        Ok(None) => Ok(()),
        Ok(Some(why)) => Err(FolderError::Foreign(target, why)),
        Err(error) => Err(FolderError::Disk(target, error)),
    }
}

/// Refuses a place for a file that holds what is no file.
///
/// # Errors
/// What stands there.
pub(crate) fn refuse_no_file(file: &Path) -> Result<(), FolderError> {
    let file = named(file)?;
    match fs::symlink_metadata(&file).map(|about| about.file_type()) {
        Ok(about) if !about.is_file() => Err(FolderError::NoFile(file, ours::kind(about))),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// The path without a slash at its end, when it names something of its own.
fn named(place: &Path) -> Result<PathBuf, FolderError> {
    let plain: PathBuf = place.components().collect();
    match plain.file_name() {
        Some(_) => Ok(plain),
        None => Err(FolderError::Unnamed(place.to_path_buf())),
    }
}

/// Puts the draft in the place of `target`; a folder that stood there is at the draft's name afterwards.
fn put(draft: &Path, target: &Path) -> io::Result<()> {
    if fs::symlink_metadata(target).is_err() {
        return fs::rename(draft, target);
    }
    match exchange(draft, target) {
        Err(error)
            if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput) =>
        {
            put_in_two(draft, target)
        }
        other => other,
    }
}

/// The same where a file system cannot exchange: a reader may find neither folder for an instant.
fn put_in_two(draft: &Path, target: &Path) -> io::Result<()> {
    let old = tempfile::Builder::new().prefix(".assay-old-").tempdir_in(draft::parent(target))?;
    let aside = old.path().join("results");
    fs::rename(target, &aside)?;
    let Err(error) = fs::rename(draft, target) else { return Ok(()) };
    if fs::rename(&aside, target).is_err() {
        // The older results are nowhere else: they stay where they are.
        drop(old.keep());
    }
    Err(error)
}

/// Exchanges two folders at one stroke, so that a reader always finds one of them.
#[cfg(target_os = "linux")]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::CWD;
    use rustix::fs::RenameFlags;
    Ok(rustix::fs::renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

/// Other systems have no such stroke.
#[cfg(not(target_os = "linux"))]
fn exchange(_a: &Path, _b: &Path) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}

/// The hash of every file in a folder, by its name below it.
fn hashes(folder: &Path, below: &str, files: &mut Hashes) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            hashes(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, seal::hash(&fs::read(entry.path())?));
        }
    }
    Ok(())
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

    fn manifest(number: u32) -> Vec<u8> {
        format!("{{\"package\": \"assay-sim\", \"number\": {number}}}").into_bytes()
    }

    #[test]
    fn a_folder_appears_whole_and_replaces_an_older_one() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("deep/results");
        for number in [1, 2] {
            let folder = Folder::begin(&target).unwrap();
            folder.write(MANIFEST, &manifest(number)).unwrap();
            folder.write("plots/a.svg", b"x").unwrap();
            folder.finish().unwrap();
            let text = fs::read_to_string(target.join(MANIFEST)).unwrap();
            assert!(text.contains(&format!("\"number\": {number}")), "{text}");
            assert!(text.contains("plots/a.svg"), "{text}");
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
        assert!(matches!(Folder::begin(place.path()), Err(FolderError::Foreign(..))));
    }

    #[test]
    fn what_comes_to_stand_there_meanwhile_is_not_replaced_either() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("results");
        let folder = Folder::begin(&target).unwrap();
        folder.write(MANIFEST, &manifest(1)).unwrap();
        fs::create_dir(&target).unwrap();
        fs::write(target.join("thesis.tex"), "mine").unwrap();
        assert!(matches!(folder.finish(), Err(FolderError::Foreign(..))));
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_takes_the_place_of_a_file_alone() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("a.csv");
        write_whole(&file, b"1").unwrap();
        write_whole(&file, b"2").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"2");
        assert!(matches!(write_whole(place.path(), b"3"), Err(FolderError::NoFile(..))));
        assert!(matches!(write_whole(Path::new(".."), b"3"), Err(FolderError::Unnamed(_))));
        #[cfg(unix)]
        {
            let link = place.path().join("link");
            std::os::unix::fs::symlink(&file, &link).unwrap();
            assert!(matches!(write_whole(&link, b"3"), Err(FolderError::NoFile(..))));
        }
    }
}
