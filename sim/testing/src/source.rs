//! The files of the project itself.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// The project's root.
///
/// # Panics
/// Never: this package lies two folders below it.
#[must_use]
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    root.expect("this package lies two folders below the root").to_path_buf()
}

/// Every file under a folder of the project whose name ends in `.ending`, sorted.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&root().join(folder), ending, &mut found);
    assert!(!found.is_empty(), "no .{ending} under {folder}");
    found
}

/// Every Rust file under a folder of the project, with its path relative to that folder and its text.
///
/// # Panics
/// When there is none, or it cannot be read.
#[must_use]
pub fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let above = root().join(folder);
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        (path.strip_prefix(&above).expect("it lies under the folder").to_path_buf(), text)
    };
    files(folder, "rs").into_iter().map(read).collect()
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, ending, found);
        } else if path.extension().is_some_and(|own| own == ending) {
            found.push(path);
        }
    }
}
