//! How a session fails: the exit codes of the contract.

use crate::cli::Failure;
use crate::miner::Alarm;
use crate::miner::Fault;
use crate::miner::TapeError;
use crate::report::FolderError;

/// Why a session has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// What the caller gave is wrong: exit code 2.
    #[error("{0}")]
    Input(String),
    /// A recording gives another digest now: exit code 1.
    #[error("{0}")]
    Different(String),
    /// Device or disk failed: exit code 4.
    #[error("{0}")]
    Machine(String),
    /// Interrupted by the user: exit code 130.
    #[error("interrupted: what was finished is kept, go on with --resume")]
    Interrupted,
}

impl SessionError {
    /// Why a run was stopped.
    pub(super) fn stopped(alarm: &Alarm) -> Self {
        match alarm.fault() {
            Some(Fault::Input(text)) => Self::Input(text),
            Some(Fault::Machine(text)) => Self::Machine(text),
            None => Self::Interrupted,
        }
    }
}

impl From<TapeError> for SessionError {
    fn from(error: TapeError) -> Self {
        match error {
            TapeError::Disk(..) => Self::Machine(error.to_string()),
            _ => Self::Input(error.to_string()),
        }
    }
}

impl From<FolderError> for SessionError {
    fn from(error: FolderError) -> Self {
        match error {
            FolderError::Foreign(_) => Self::Input(error.to_string()),
            FolderError::Disk(..) => Self::Machine(error.to_string()),
        }
    }
}

impl From<Failure> for SessionError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Input(error) => Self::Input(format!("{error:#}")),
            Failure::Machine(error) => Self::Machine(format!("{error:#}")),
            Failure::Interrupted | Failure::ReaderGone => Self::Interrupted,
        }
    }
}
