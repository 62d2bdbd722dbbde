//! A recorded trace as it is given: a file, how its columns are named, what becomes of bad rows.

use crate::base::reading;
use crate::report::quoted;
use crate::simulation::error::Error;
use crate::trace;
use crate::trace::ColumnMap;
use crate::trace::RecordedJobs;
use crate::trace::TraceError;
use crate::trace::TraceRows;
use std::io::BufRead;
use std::path::Path;
use std::path::PathBuf;

/// Largest column map read [bytes].
const MAP_BYTES_MAX: u64 = 1 << 20;

/// Which trace, and how it is read. It is opened when it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    pub(super) file: PathBuf,
    map: Option<PathBuf>,
    pub(super) skips_bad: bool,
}

/// The jobs of a trace, in memory.
#[derive(Debug)]
pub struct TraceJobs {
    pub(super) jobs: RecordedJobs,
    pub(super) file: PathBuf,
    words: String,
}

impl Trace {
    /// The trace at `file` (CSV, gzip or plain) in the columns of the published one.
    pub fn of(file: impl AsRef<Path>) -> Self {
        Self { file: file.as_ref().to_path_buf(), map: None, skips_bad: false }
    }

    /// The same in other columns, CSV or JSON lines, as the column map (TOML) at `map` names them.
    #[must_use]
    pub fn mapped(self, map: impl AsRef<Path>) -> Self {
        Self { map: Some(map.as_ref().to_path_buf()), ..self }
    }

    /// The same with bad rows left out and counted.
    #[must_use]
    pub fn skip_bad(self) -> Self {
        Self { skips_bad: true, ..self }
    }

    /// The file's name, without what belongs to this machine.
    #[must_use]
    pub fn name(&self) -> String {
        name(&self.file)
    }

    /// Reads the jobs into memory. `progress` is told how many were read.
    ///
    /// # Errors
    /// When trace or column map cannot be read, or a row is bad and not left out.
    pub fn read(&self, progress: &dyn Fn(u64)) -> Result<TraceJobs, Error> {
        let map = self.column_map()?;
        let failed = |error: TraceError| Error::of_trace(&self.file, &error);
        let mut rows = self.open(map.as_ref()).and_then(TraceRows::open).map_err(failed)?;
        let jobs = RecordedJobs::read(&mut rows, self.skips_bad, progress).map_err(failed)?;
        Ok(TraceJobs { jobs, file: self.file.clone(), words: self.words() })
    }

    /// The words of a command that name the trace and how it is read, as a shell takes them; no path of this machine.
    #[must_use]
    pub fn words(&self) -> String {
        let map = self.map.iter().map(|map| format!(" --map {}", quoted(&name(map))));
        let bad = if self.skips_bad { " --skip-bad" } else { "" };
        format!("{}{}{bad}", quoted(&self.name()), map.collect::<String>())
    }

    /// The rows of the trace, under the published headings.
    ///
    /// # Errors
    /// When the file cannot be opened, or lacks a column that the map names.
    pub(super) fn open(&self, map: Option<&ColumnMap>) -> Result<Box<dyn BufRead>, TraceError> {
        trace::open(&self.file, map)
    }

    /// The map of the trace's columns; none where it has the published ones.
    ///
    /// # Errors
    /// When the map cannot be read, or names what no map has.
    pub(super) fn column_map(&self) -> Result<Option<ColumnMap>, Error> {
        let Some(path) = &self.map else { return Ok(None) };
        let named = |text: String| Error::Input(text).at(&path.display().to_string());
        let text = reading::text(path, MAP_BYTES_MAX)
            .map_err(|error| named(format!("the column map {error}")))?;
        ColumnMap::parse(&text).map(Some).map_err(named)
    }
}

impl TraceJobs {
    /// The trace's file name, without what belongs to this machine.
    #[must_use]
    pub fn name(&self) -> String {
        name(&self.file)
    }

    /// The words of a command that name the trace and how it was read, as a shell takes them.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
