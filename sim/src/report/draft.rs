//! Drafts: what is being written stands beside its place under a name that the next run knows, and cleans away when its
//! writer is gone.
//!
//! A writer holds a lock on its draft as long as it lives, so that two commands that write to one place at the same time
//! leave each other's drafts alone. Where a file system has no locks nothing is cleaned.

use std::ffi::OsStr;
use std::fs;
use std::fs::File;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;

/// Letters and digits that make a draft's name its own.
const RANDOM: usize = 6;

/// Drafts of this process, for whoever has to end it at once.
static OPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A file or folder that is being filled beside its place; dropped before it is put there, it is gone.
#[derive(Debug)]
pub(crate) struct Draft {
    path: PathBuf,
    /// Whether it is still to be removed.
    is_open: bool,
    /// Held until the draft is dropped.
    _lock: Option<File>,
}

impl Draft {
    /// Begins a folder for `target`, whose parent folder is there.
    ///
    /// # Errors
    /// When the parent folder cannot be written.
    pub(crate) fn folder(target: &Path) -> io::Result<Self> {
        clean(target);
        let draft = builder(&prefix(target)).tempdir_in(parent(target))?;
        Ok(Self::of(draft.keep()))
    }

    /// Begins a file for `target`.
    ///
    /// # Errors
    /// When the parent folder cannot be written.
    pub(crate) fn file(target: &Path) -> io::Result<Self> {
        clean(target);
        let draft = builder(&prefix(target)).tempfile_in(parent(target))?;
        let (_, path) = draft.keep().map_err(|error| error.error)?;
        Ok(Self::of(path))
    }

    fn of(path: PathBuf) -> Self {
        let lock = File::open(&path).ok().filter(|file| file.try_lock().is_ok());
        open_drafts().push(path.clone());
        Self { path, is_open: true, _lock: lock }
    }

    /// Path at which the draft lies while it is filled.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// It has been put in its place: nothing of it is to be removed.
    pub(crate) fn settle(mut self) {
        self.is_open = false;
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        open_drafts().retain(|path| *path != self.path);
        if self.is_open {
            remove(&self.path);
        }
    }
}

/// Removes every draft of this process, which is about to end.
pub(crate) fn discard_all() {
    for path in open_drafts().drain(..) {
        remove(&path);
    }
}

/// The folder that a place stands in.
pub(crate) fn parent(target: &Path) -> &Path {
    match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn open_drafts() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn builder(prefix: &OsStr) -> tempfile::Builder<'_, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).rand_bytes(RANDOM);
    builder
}

/// What the names of a place's drafts begin with.
fn prefix(target: &Path) -> std::ffi::OsString {
    let mut prefix = std::ffi::OsString::from(".");
    prefix.push(target.file_name().unwrap_or_default());
    prefix.push(".assay-");
    prefix
}

/// Removes the drafts for `target` whose writers are gone. What cannot be removed stays: it is in nobody's way.
fn clean(target: &Path) {
    let prefix = prefix(target);
    let Ok(entries) = fs::read_dir(parent(target)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let rest = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
        let is_draft = rest
            .is_some_and(|rest| rest.len() == RANDOM && rest.iter().all(u8::is_ascii_alphanumeric));
        let is_link = entry.file_type().map_or(true, |about| about.is_symlink());
        if !is_draft || is_link {
            continue;
        }
        let lock = File::open(entry.path()).ok().filter(|file| file.try_lock().is_ok());
        if lock.is_some() {
            remove(&entry.path());
        }
    }
}

/// Removes a draft. What cannot be removed stays for the next run.
fn remove(path: &Path) {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    drop(removed);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(place: &Path) -> Vec<String> {
        let name = |entry: io::Result<fs::DirEntry>| {
            entry.unwrap().file_name().to_string_lossy().into_owned()
        };
        let mut names: Vec<_> = fs::read_dir(place).unwrap().map(name).collect();
        names.sort();
        names
    }

    #[test]
    fn drafts_of_writers_that_are_gone_are_cleaned_and_those_of_others_stay() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("results");
        fs::create_dir(place.path().join(".results.assay-abc123")).unwrap();
        fs::write(place.path().join(".results.assay-abc123/miners.csv"), "x").unwrap();
        fs::write(place.path().join(".results.assay-Xyz789"), "x").unwrap();
        for mine in [".results.assay-notes", ".results.assay-ab-123", ".other.assay-abc123"] {
            fs::write(place.path().join(mine), "mine").unwrap();
        }
        let first = Draft::folder(&target).unwrap();
        assert_eq!(names(place.path()).len(), 4);
        let second = Draft::folder(&target).unwrap();
        assert!(first.path().is_dir() && second.path().is_dir());
        drop((first, second));
        assert_eq!(
            names(place.path()),
            [".other.assay-abc123", ".results.assay-ab-123", ".results.assay-notes"]
        );
    }

    #[test]
    fn a_draft_that_was_put_in_its_place_stays_there() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("a.csv");
        let draft = Draft::file(&target).unwrap();
        fs::rename(draft.path(), &target).unwrap();
        draft.settle();
        assert_eq!(names(place.path()), ["a.csv"]);
    }
}
