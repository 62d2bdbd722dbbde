//! Calling a program as its users do.

use crate::root;
use std::ffi::OsStr;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Exit code; -1 where a signal ended it.
    pub code: i32,
    /// What the program wrote to standard output.
    pub out: String,
    /// What the program wrote to standard error.
    pub err: String,
}

/// `program` with `arguments`, to be called from the project's root with its output kept.
#[must_use]
pub fn command(program: &str, arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Calls `program` from the project's root.
///
/// # Panics
/// When it cannot be started.
#[must_use]
pub fn call(program: &str, arguments: &[impl AsRef<OsStr>]) -> Ended {
    let output = command(program, arguments).output();
    output.unwrap_or_else(|error| panic!("{program}: {error}")).into()
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code().unwrap_or(-1),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }
}

impl Ended {
    /// What follows `label` on the line of standard output that begins with it.
    ///
    /// # Panics
    /// When no line does.
    #[must_use]
    pub fn line(&self, label: &str) -> String {
        let found = self.out.lines().find_map(|line| line.strip_prefix(label));
        found.unwrap_or_else(|| panic!("no line {label} in {self:?}")).trim().to_string()
    }
}
