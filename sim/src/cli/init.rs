//! `assay init`: a commented first scenario.

use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::report;
use anyhow::anyhow;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Writes a commented first scenario.
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// File to write.
    #[arg(default_value = "scenario.toml")]
    file: PathBuf,
}

/// The scenario written; a test runs it.
pub(super) const FIRST: &str = include_str!("first_scenario.toml");

/// Runs the verb.
pub(super) fn run(args: &InitArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    if args.file.exists() {
        let file = args.file.display();
        return Err(Failure::input(anyhow!("{file} exists: name another file, or remove it")));
    }
    report::write_whole(&args.file, FIRST.as_bytes()).map_err(Failure::machine)?;
    writeln!(out, "wrote {}; next: assay run {0}", args.file.display())?;
    Ok(Outcome::Done)
}
