//! The options every verb that reads a trace into memory shares.

use crate::cli::outcome::Failure;
use crate::cli::progress;
use crate::trace;
use crate::trace::ColumnMap;
use crate::trace::Jobs;
use crate::trace::Rows;
use crate::trace::TraceError;
use anyhow::anyhow;
use clap::Args;
use std::path::Path;
use std::path::PathBuf;

/// Which trace, and how it is read.
#[derive(Debug, Args)]
pub(super) struct TraceArgs {
    /// Recorded trace (CSV, gzip or plain) in the columns of the published one; further columns are left alone.
    pub(super) trace: PathBuf,
    /// Column map (TOML) of a trace in other columns, CSV or JSON lines.
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Leaves bad rows out and counts them.
    #[arg(long)]
    skip_bad: bool,
    /// No progress bar.
    #[arg(long)]
    pub(super) quiet: bool,
}

impl TraceArgs {
    /// The jobs.
    pub(super) fn read(&self) -> Result<Jobs, Failure> {
        let bar = progress::bar(0, "reading", self.quiet);
        let map = self.map.as_deref().map(column_map).transpose()?;
        let mut rows = trace::open(&self.trace, map.as_ref())
            .and_then(Rows::open)
            .map_err(|error| self.failure(error))?;
        let jobs = Jobs::read(&mut rows, self.skip_bad, &|count| bar.set_position(count))
            .map_err(|error| self.failure(error))?;
        bar.finish_and_clear();
        Ok(jobs)
    }

    /// The file's name, without what belongs to this machine.
    pub(super) fn name(&self) -> String {
        self.trace.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Bad input, with the trace's name before it.
    pub(super) fn named(&self, error: impl std::error::Error + Send + Sync + 'static) -> Failure {
        Failure::Input(anyhow!(error).context(self.trace.display().to_string()))
    }

    /// A disk that fails while reading is the machine's fault, all else the caller's.
    fn failure(&self, error: TraceError) -> Failure {
        if matches!(error, TraceError::Read { .. }) {
            return Failure::Machine(anyhow!(error).context(self.trace.display().to_string()));
        }
        self.named(error)
    }
}

/// The column map at `path`.
pub(super) fn column_map(path: &Path) -> Result<ColumnMap, Failure> {
    let named = |text: String| Failure::Input(anyhow!(text).context(path.display().to_string()));
    let text = std::fs::read_to_string(path)
        .map_err(|error| named(format!("cannot read the column map: {error}")))?;
    ColumnMap::parse(&text).map_err(named)
}
