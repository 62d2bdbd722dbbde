//! What can be wrong with a trace file.

use std::fmt;
use std::io;

/// A row that is left out or refused, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadRow {
    /// Line of the file, from 1; the headings are line 1.
    pub(crate) line: u64,
    /// The column, from 1, and its heading; none when the row as a whole is at fault.
    pub(crate) column: Option<(usize, String)>,
    /// What stands there and what may.
    pub(crate) text: String,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some((place, heading)) = &self.column {
            write!(f, ", column {place} ({heading})")?;
        }
        write!(f, ": {}", self.text)
    }
}

/// Most score runs of one replay. Source: ours, some hundred years of hours.
pub(super) const RUNS_MAX: u64 = 1_000_000;

/// Why a trace cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TraceError {
    /// The file cannot be opened.
    #[error("cannot open the trace: {0}")]
    Open(io::Error),
    /// The disk failed while reading.
    #[error("cannot read on at line {line}: {source}")]
    Read {
        /// Line of the file.
        line: u64,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The file breaks off or is damaged.
    #[error("is damaged after line {line}: {source}; unpack it by hand, or fetch it again")]
    Damaged {
        /// Line of the file.
        line: u64,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The path leads to a folder.
    #[error("is a folder, allowed: a file")]
    Folder,
    /// There is nothing in it.
    #[error("the file is empty, allowed: a line of headings and a row a job")]
    Empty,
    /// Score runs since the trace's start would be too many.
    #[error(
        "replay.run_period_ms is {period_ms}, allowed: at most {RUNS_MAX} runs up to {until_ms} ms"
    )]
    Runs {
        /// Time between runs [ms].
        period_ms: u64,
        /// The last run [ms].
        until_ms: u64,
    },
    /// Headings are missing or doubled.
    #[error("line 1: {0}")]
    Headings(String),
    /// A row is bad.
    #[error("{0}; --skip-bad leaves such rows out and counts them")]
    Row(BadRow),
    /// No row is left.
    #[error("no row can be used ({skipped} left out{first}), allowed: at least one job")]
    NoRows {
        /// Rows left out as bad before it.
        skipped: u64,
        /// The first of them, as text; empty when there is none.
        first: String,
    },
    /// The scenario has no place for a miner or a kind that the trace names.
    #[error("line {line}: {text}")]
    Unplaced {
        /// Line of the file.
        line: u64,
        /// Who has no place, and what to change.
        text: String,
    },
}

impl TraceError {
    /// A CSV error as ours: with quoting that ends in its line and UTF-8 left to us, only reading can fail. What a packed
    /// file breaks off with is the file's fault, all else the disk's.
    pub(super) fn of_csv(error: csv::Error, line: u64) -> Self {
        let source = match error.into_kind() {
            csv::ErrorKind::Io(source) => source,
            other => io::Error::other(format!("{other:?}")),
        };
        Self::of_io(source, line)
    }

    /// The same of an error of reading.
    pub(super) fn of_io(source: io::Error, line: u64) -> Self {
        match source.kind() {
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::InvalidData => Self::Damaged { line, source },
            _ => Self::Read { line, source },
        }
    }
}
