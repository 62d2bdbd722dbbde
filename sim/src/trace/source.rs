//! Opens a trace: plain or packed (gzip), in the published columns or, through a map, in another subnet's.

use crate::base::reading;
use crate::base::reading::ReadingError;
use crate::trace::error::TraceError;
use crate::trace::map::ColumnMap;
use crate::trace::translate;
use std::io;
use std::io::BufRead;
use std::path::Path;

/// The trace at `path` as CSV in the published columns, read as it goes.
///
/// # Errors
/// When the file cannot be opened, or lacks a column that the map names.
pub(crate) fn open(path: &Path, map: Option<&ColumnMap>) -> Result<Box<dyn BufRead>, TraceError> {
    let input = reading::stream(path).map_err(|error| match error {
        ReadingError::Folder => TraceError::Folder,
        ReadingError::Disk(error) => TraceError::Open(error),
        other => TraceError::Open(io::Error::other(other)),
    })?;
    match map {
        None => Ok(input),
        Some(map) => translate::translate(input, map),
    }
}
