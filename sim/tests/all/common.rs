//! What the tests of the command line share.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

/// How a call ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Calls `assay` from the project's root.
pub(crate) fn assay(arguments: &[&str]) -> Ended {
    let output = Command::new(env!("CARGO_BIN_EXE_assay"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    Ended {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The project's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

impl Ended {
    /// What follows `label` on the line that begins with it.
    pub(crate) fn line(&self, label: &str) -> String {
        let found = self.out.lines().find_map(|line| line.strip_prefix(label));
        found.unwrap_or_else(|| panic!("no line {label} in {self:?}")).trim().to_string()
    }
}
