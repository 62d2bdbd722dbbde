//! How a command ends: the exit codes of the contract.

use crate::cli::interrupt::INTERRUPTED;
use crate::simulation::Error;
use std::fmt;
use std::io;
use std::io::Write;

/// How a command that did its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommandEnd {
    /// Done, and every verdict as expected.
    Done,
    /// A verdict is not as expected, or a digest or rule differs.
    Different,
    /// Something stayed undecided, and nothing is worse.
    Undecided,
}

impl CommandEnd {
    /// Exit code of the contract.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Different => 1,
            Self::Undecided => 3,
        }
    }

    /// Of verdicts that are as expected, are not, or are not known.
    pub(super) fn of_verdicts(as_expected: Option<bool>) -> Self {
        match as_expected {
            Some(true) => Self::Done,
            Some(false) => Self::Different,
            None => Self::Undecided,
        }
    }

    /// The worse of two.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Different, _) | (_, Self::Different) => Self::Different,
            (Self::Undecided, _) | (_, Self::Undecided) => Self::Undecided,
            (Self::Done, Self::Done) => Self::Done,
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(super) enum Failure {
    /// Something the caller wrote is wrong: exit code 2.
    Input(anyhow::Error),
    /// Device, network or disk failed: exit code 4.
    Machine(anyhow::Error),
    /// What was recorded gives another result now: exit code 1.
    Different(anyhow::Error),
    /// Interrupted by the user: exit code 130.
    Interrupted,
}

impl Failure {
    /// Wraps an error of the caller's making.
    pub(super) fn input(error: impl Into<anyhow::Error>) -> Self {
        Self::Input(error.into())
    }

    /// Wraps an error of the machine's making.
    pub(super) fn machine(error: impl Into<anyhow::Error>) -> Self {
        Self::Machine(error.into())
    }

    /// Tells the failure and gives its exit code.
    pub(super) fn report(&self, err: &mut dyn Write) -> u8 {
        let (text, code) = match self {
            Self::Input(error) => (format!("error: {error:#}"), 2),
            Self::Machine(error) => (format!("error: {error:#}"), 4),
            Self::Different(error) => (format!("error: {error:#}"), 1),
            Self::Interrupted => {
                ("interrupted: earlier results are untouched".to_string(), INTERRUPTED)
            }
        };
        // Nobody is left to tell when standard error itself is closed; the exit code still says it.
        writeln!(err, "{text}").map_or(code, |()| code)
    }
}

/// The public face fails with the contract's exit codes.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Input(_) => Self::Input(error.into()),
            Error::Machine(_) => Self::Machine(error.into()),
            Error::Different(_) => Self::Different(error.into()),
            Error::Stopped => Self::Interrupted,
        }
    }
}

/// Writing results failed, on a full disk say; a reader that has gone is no failure.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Machine(anyhow::Error::new(error).context("cannot write the result"))
    }
}

/// Tells on standard error what changes no result, a line each.
pub(super) fn note_each(notes: &[impl fmt::Display]) {
    tell_each(&notes.iter().map(|note| format!("note: {note}")).collect::<Vec<_>>());
}

/// Tells these lines on standard error.
pub(super) fn tell_each(lines: &[String]) {
    let mut err = io::stderr().lock();
    // Nobody is left to tell when standard error itself is closed; the command goes on.
    lines.iter().all(|line| writeln!(err, "{line}").is_ok());
}

/// Answers a call that did not parse: help and version are results, everything else is bad input.
pub(super) fn refuse(error: &clap::Error, out: &mut dyn Write) -> u8 {
    let text = error.render().to_string();
    if error.use_stderr() {
        tell_each(&[text.trim_end().to_string()]);
        return 2;
    }
    // The writer keeps what fails.
    write!(out, "{text}").map_or(4, |()| 0)
}
