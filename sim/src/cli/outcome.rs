//! How a command ends: the exit codes of the contract.

use crate::simulation::Error;
use std::fmt;
use std::io;
use std::io::Write;
use std::process::ExitCode;

/// How a command that did its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Done, and every verdict as expected.
    Done,
    /// A verdict is not as expected, or a digest or rule differs.
    Different,
    /// Something stayed undecided, and nothing is worse.
    Undecided,
}

impl Outcome {
    /// Exit code of the contract.
    pub(super) fn exit_code(self) -> ExitCode {
        match self {
            Self::Done => ExitCode::SUCCESS,
            Self::Different => ExitCode::from(1),
            Self::Undecided => ExitCode::from(3),
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
    /// Whoever read the output has seen enough, as `head` does: nothing is wrong.
    ReaderGone,
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
    pub(super) fn report(&self, err: &mut dyn Write) -> ExitCode {
        let (text, code) = match self {
            Self::Input(error) => (format!("error: {error:#}"), 2),
            Self::Machine(error) => (format!("error: {error:#}"), 4),
            Self::Different(error) => (format!("error: {error:#}"), 1),
            Self::ReaderGone => return ExitCode::SUCCESS,
            Self::Interrupted => ("interrupted: earlier results are untouched".to_string(), 130),
        };
        // Nobody is left to tell when standard error itself is closed; the exit code still says it.
        writeln!(err, "{text}").map_or(ExitCode::from(code), |()| ExitCode::from(code))
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

/// Writing results failed: a reader that has gone, or a full disk.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ReaderGone;
        }
        Self::Machine(anyhow::Error::new(error).context("cannot write the result"))
    }
}

/// Tells on standard error what changes no result, a line each.
pub(super) fn note_each(notes: &[impl fmt::Display]) {
    let mut err = io::stderr().lock();
    // Nobody is left to tell when standard error itself is closed; the command goes on.
    notes.iter().all(|note| writeln!(err, "note: {note}").is_ok());
}

/// Answers a call that did not parse: help and version are results, everything else is bad input.
pub(super) fn refuse(error: &clap::Error, out: &mut dyn Write) -> ExitCode {
    let bad_input = error.use_stderr();
    let printed = if bad_input { error.print() } else { write!(out, "{}", error.render()) };
    match printed {
        Err(_) => ExitCode::from(4),
        Ok(()) if bad_input => ExitCode::from(2),
        Ok(()) => ExitCode::SUCCESS,
    }
}
