//! `assay seal`: gives a recording the header and digest of this version and keeps the recorded work. For `.ci/seal`; no
//! verb for users.

use crate::cli::interrupt;
use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::cli::scenario_args::ScenarioArgs;
use crate::simulation;
use clap::Args;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

/// Gives finished recordings the header that their scenario gives them now and chains their checks anew; no work changes.
///
/// All are run again first. Exit code 1, and no file written, when one gives another digest than it says.
#[derive(Debug, Args)]
pub(super) struct SealArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Recordings of that scenario.
    #[arg(required = true, value_name = "FILE")]
    recordings: Vec<PathBuf>,
    /// Takes the digest that the run gives now where it is another.
    #[arg(long)]
    digest: bool,
}

/// Runs `assay seal`; tells how it ended.
///
/// # Errors
/// When a recording cannot be read or lacks work, the disk fails, or it was interrupted.
pub(super) fn run(args: &SealArgs, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    let stop = interrupt::watched_flag();
    let world = args.scenario.load()?.ready()?;
    let mut sealed = Vec::new();
    let mut outcome = CommandEnd::Done;
    for file in &args.recordings {
        let one = simulation::seal(&world, file, &stop)?;
        if let Some(difference) = one.difference.filter(|_| !args.digest) {
            writeln!(out, "BROKEN   {difference}")?;
            outcome = CommandEnd::Different;
        }
        sealed.push((file, one.text));
    }
    if outcome != CommandEnd::Done {
        return Ok(outcome);
    }
    for (file, text) in sealed {
        let is_same = fs::read(file).is_ok_and(|bytes| bytes == text.as_bytes());
        if !is_same {
            simulation::save_file(file, text.as_bytes())?;
        }
        writeln!(out, "{}   {}", if is_same { "same  " } else { "sealed" }, file.display())?;
    }
    Ok(outcome)
}
