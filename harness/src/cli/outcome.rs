//! How a command ends: the exit codes of the contract, which are those of `assay`.

use crate::gpu::device::DeviceError;
use assay_sim::simulation;
use std::io;
use std::io::Write;
use std::process::ExitCode;

/// How a command that did its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HarnessOutcome {
    /// The command did its work, and nothing is amiss.
    Done,
    /// What was compared differs.
    Different,
}

impl HarnessOutcome {
    /// Exit code of the contract.
    pub(super) fn exit_code(self) -> ExitCode {
        match self {
            Self::Done => ExitCode::SUCCESS,
            Self::Different => ExitCode::from(1),
        }
    }
}

/// Exit code of an interrupted program, by the shell's convention.
const INTERRUPTED: u8 = 130;

/// Why a command could not do its work.
#[derive(Debug)]
pub(super) enum HarnessFailure {
    /// Something the caller wrote is wrong: exit code 2.
    Input(anyhow::Error),
    /// Device or disk failed: exit code 4.
    Machine(anyhow::Error),
    /// Interrupted by the user: exit code 130.
    Interrupted(anyhow::Error),
    /// What was recorded gives another result now: exit code 1.
    Different(anyhow::Error),
}

impl HarnessFailure {
    /// Wraps an error of the caller's making.
    pub(super) fn input(error: impl Into<anyhow::Error>) -> Self {
        Self::Input(error.into())
    }

    /// Wraps an error of the machine's making.
    pub(super) fn machine(error: impl Into<anyhow::Error>) -> Self {
        Self::Machine(error.into())
    }

    /// Why it failed, in words for standard error.
    pub(super) fn text(&self) -> String {
        let (Self::Input(error)
        | Self::Machine(error)
        | Self::Interrupted(error)
        | Self::Different(error)) = self;
        format!("{error:#}")
    }

    /// Tells the failure and gives its exit code.
    pub(super) fn report(&self, err: &mut dyn Write) -> ExitCode {
        let (error, code) = match self {
            Self::Input(error) => (error, 2),
            Self::Machine(error) => (error, 4),
            Self::Interrupted(error) => (error, INTERRUPTED),
            Self::Different(error) => (error, 1),
        };
        // Nobody is left to tell when standard error itself is closed; the exit code still says it.
        let told = writeln!(err, "error: {error:#}");
        told.map_or(ExitCode::from(code), |()| ExitCode::from(code))
    }
}

/// Every fault of a device is the machine's; each text names its remedy.
impl From<DeviceError> for HarnessFailure {
    fn from(error: DeviceError) -> Self {
        Self::machine(error)
    }
}

/// The simulator's failures have the same exit codes.
impl From<simulation::Error> for HarnessFailure {
    fn from(error: simulation::Error) -> Self {
        /// What an interrupted user is told.
        const KEPT: &str = "interrupted: what was finished is kept, go on with --resume";
        match error {
            simulation::Error::Input(_) => Self::Input(error.into()),
            simulation::Error::Different(_) => Self::Different(error.into()),
            simulation::Error::Machine(_) => Self::Machine(error.into()),
            simulation::Error::Stopped => Self::Interrupted(anyhow::anyhow!(KEPT)),
        }
    }
}

/// Writing results failed: a closed pipe or a full disk.
impl From<io::Error> for HarnessFailure {
    fn from(error: io::Error) -> Self {
        Self::Machine(anyhow::Error::new(error).context("cannot write the result"))
    }
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
