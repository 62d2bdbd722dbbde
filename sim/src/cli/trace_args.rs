//! The options every verb that reads a trace into memory shares.

use crate::cli::outcome::Failure;
use crate::cli::progress;
use crate::simulation;
use crate::simulation::Outputs;
use crate::simulation::Trace;
use crate::simulation::TraceJobs;
use clap::Args;
use std::path::Path;
use std::path::PathBuf;

/// Which trace, and how it is read.
#[derive(Debug, Args)]
pub(super) struct TraceArgs {
    /// Recorded trace (CSV, gzip or plain) in the columns of the published one; further columns are left alone.
    trace: PathBuf,
    /// Column map (TOML) of a trace in other columns, CSV or JSON lines.
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Leaves bad rows out and counts them.
    #[arg(long)]
    skip_bad: bool,
    /// Shows no progress bar on standard error.
    #[arg(long)]
    pub(super) quiet: bool,
}

impl TraceArgs {
    /// The words of a command that name the trace from where the caller stands.
    pub(super) fn words(&self) -> String {
        let here = |path: &Path| simulation::quoted(&path.to_string_lossy());
        let map = self.map.iter().map(|map| format!(" --map {}", here(map)));
        let bad = if self.skip_bad { " --skip-bad" } else { "" };
        format!("{}{}{bad}", here(&self.trace), map.collect::<String>())
    }

    /// The same command, which reads these files too.
    pub(super) fn reads(&self, outputs: Outputs) -> Outputs {
        let outputs = outputs.reads_trace(&self.trace);
        self.map.iter().fold(outputs, Outputs::reads)
    }

    /// The jobs of the trace, read and checked.
    ///
    /// # Errors
    /// When trace or column map cannot be read, or a row is bad and not left out.
    pub(super) fn read(&self) -> Result<TraceJobs, Failure> {
        let bar = progress::bar(0, "reading", self.quiet);
        let mut trace = Trace::of(&self.trace);
        if let Some(map) = &self.map {
            trace = trace.mapped(map);
        }
        if self.skip_bad {
            trace = trace.skip_bad();
        }
        let jobs = trace.read(&|count| bar.set_position(count))?;
        bar.finish_and_clear();
        Ok(jobs)
    }
}
