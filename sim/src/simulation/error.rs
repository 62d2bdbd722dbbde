//! How a call of the public face fails: the exit codes of the command line's contract.

use crate::config::Troubles;
use crate::miner::Alarm;
use crate::miner::Fault;
use crate::miner::TapeError;
use crate::report::FolderError;
use crate::report::ReadError;
use crate::study::Cut;
use crate::study::StudyError;
use crate::trace::TraceError;
use std::path::Path;

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// What the caller gave cannot be used: exit code 2.
    #[error("{0}")]
    Input(String),
    /// Device, network or disk failed: exit code 4.
    #[error("{0}")]
    Machine(String),
    /// It was told to stop: exit code 130.
    #[error("stopped before the end")]
    Stopped,
    /// A recording gives another digest now: exit code 1.
    #[error("{0}")]
    Different(String),
}

impl Error {
    /// Exit code of the contract.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        /// Of an interrupted program, by the shell's convention.
        const INTERRUPTED: u8 = 130;
        match self {
            Self::Different(_) => 1,
            Self::Input(_) => 2,
            Self::Machine(_) => 4,
            Self::Stopped => INTERRUPTED,
        }
    }

    /// Bad input, told by an error with all that caused it.
    pub(crate) fn input(error: &dyn std::error::Error) -> Self {
        Self::Input(told(error))
    }

    /// A fault of the machine, told by an error with all that caused it.
    pub(crate) fn machine(error: &dyn std::error::Error) -> Self {
        Self::Machine(told(error))
    }

    /// The same with the place at which it was found before it.
    #[must_use]
    pub(crate) fn at(self, place: &str) -> Self {
        match self {
            Self::Input(text) => Self::Input(format!("{place}: {text}")),
            Self::Machine(text) => Self::Machine(format!("{place}: {text}")),
            Self::Different(text) => Self::Different(format!("{place}: {text}")),
            Self::Stopped => Self::Stopped,
        }
    }

    /// Why a run that an alarm guards was stopped.
    pub(crate) fn of_alarm(alarm: &Alarm) -> Self {
        match alarm.fault() {
            Some(Fault::Input(text)) => Self::Input(text),
            Some(Fault::Machine(text)) => Self::Machine(text),
            None => Self::Stopped,
        }
    }

    /// Why a run that an alarm guards did not come to its end.
    pub(crate) fn of_cut(cut: &Cut, alarm: &Alarm) -> Self {
        match cut {
            Cut::Stopped => Self::of_alarm(alarm),
            Cut::Crowded { .. } => Self::input(cut),
        }
    }

    /// What is wrong with the trace at `path`: a disk that fails while reading is the machine's fault, all else the
    /// caller's.
    pub(crate) fn of_trace(path: &Path, error: &TraceError) -> Self {
        let is_machine = matches!(error, TraceError::Read { .. });
        let own = if is_machine { Self::machine(error) } else { Self::input(error) };
        own.at(&path.display().to_string())
    }
}

/// An error and what caused it, the cause last.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

impl From<Troubles> for Error {
    fn from(error: Troubles) -> Self {
        Self::input(&error)
    }
}

impl From<StudyError> for Error {
    fn from(error: StudyError) -> Self {
        match error {
            StudyError::Stopped => Self::Stopped,
            StudyError::TooMany(_) | StudyError::Crowded(_) => Self::input(&error),
            StudyError::Threads(..) => Self::machine(&error),
        }
    }
}

impl From<FolderError> for Error {
    fn from(error: FolderError) -> Self {
        match error {
            FolderError::Disk(..) => Self::machine(&error),
            _ => Self::input(&error),
        }
    }
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        if error.is_machine() { Self::machine(&error) } else { Self::input(&error) }
    }
}

impl From<TapeError> for Error {
    fn from(error: TapeError) -> Self {
        match error {
            TapeError::Disk(..) => Self::machine(&error),
            _ => Self::input(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn an_error_is_told_with_its_cause_and_its_place() {
        let cause = io::Error::other("the disk is gone");
        let error = TraceError::Read { line: 3, source: cause };
        let found = Error::of_trace(Path::new("a.csv"), &error);
        let text = "a.csv: cannot read on at line 3: the disk is gone: the disk is gone";
        assert_eq!(found, Error::Machine(text.to_string()));
        assert_eq!(found.exit_code(), 4);
        assert_eq!(Error::from(StudyError::Stopped).exit_code(), 130);
    }
}
