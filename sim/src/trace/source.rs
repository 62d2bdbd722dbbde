//! Opens a trace: plain or packed (gzip), in the published columns or, through a map, in another subnet's.

use crate::trace::error::TraceError;
use crate::trace::map::ColumnMap;
use crate::trace::translate;
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::BufRead;
use std::io::BufReader;
use std::path::Path;

/// The two bytes that a gzip file begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The trace at `path` as CSV in the published columns, read as it goes.
///
/// # Errors
/// When the file cannot be opened, or lacks a column that the map names.
pub(crate) fn open(path: &Path, map: Option<&ColumnMap>) -> Result<Box<dyn BufRead>, TraceError> {
    let file = File::open(path).map_err(TraceError::Open)?;
    if file.metadata().is_ok_and(|about| about.is_dir()) {
        return Err(TraceError::Folder);
    }
    let mut plain = BufReader::new(file);
    let first = plain.fill_buf().map_err(TraceError::Open)?;
    let input: Box<dyn BufRead> = if first.starts_with(&GZIP) {
        Box::new(BufReader::new(MultiGzDecoder::new(plain)))
    } else {
        Box::new(plain)
    };
    match map {
        None => Ok(input),
        Some(map) => translate::translate(input, map),
    }
}
