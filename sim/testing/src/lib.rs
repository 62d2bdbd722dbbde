//! What the tests of all packages share. What goes wrong here is a panic, which fails the test that asked.

#![forbid(unsafe_code)]

mod absent;
mod program;
mod source;
mod table;

pub use absent::shared;
pub use absent::skipped;
pub use absent::vectors;
pub use program::Ended;
pub use program::call;
pub use program::command;
pub use source::files;
pub use source::root;
pub use source::sources;
pub use table::TableRow;
pub use table::TextTable;

use std::path::Path;
use tempfile::TempDir;

/// A folder of a test's own, gone when it is dropped.
#[derive(Debug)]
pub struct TestFolder(TempDir);

impl TestFolder {
    /// An empty folder.
    ///
    /// # Panics
    /// When the disk refuses.
    #[must_use]
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// Path of the folder on the disk.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// The path of `name` in it, as an argument of a program.
    ///
    /// # Panics
    /// When the folder's path is not UTF-8.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().expect("a path in UTF-8").to_string()
    }

    /// Writes a file into it; gives its path.
    ///
    /// # Panics
    /// When the disk refuses.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap_or_else(|error| panic!("{path}: {error}"));
        path
    }

    /// The text of a file in it.
    ///
    /// # Panics
    /// When there is none, or it is not UTF-8.
    #[must_use]
    pub fn read(&self, name: &str) -> String {
        let path = self.path(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// What lies in it, sorted.
    ///
    /// # Panics
    /// When it is gone.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder()).expect("the folder is there until dropped");
        let name = |entry: std::io::Result<std::fs::DirEntry>| entry.map(|e| e.file_name());
        let names = entries.map(|entry| name(entry).expect("an entry"));
        let mut names: Vec<String> =
            names.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Default for TestFolder {
    fn default() -> Self {
        Self::new()
    }
}
