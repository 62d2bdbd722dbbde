//! `assay verify`: run again what a results folder claims, and compare.

use crate::cli::outcome;
use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::progress;
use crate::simulation;
use crate::simulation::Claim;
use crate::simulation::Conduct;
use crate::simulation::LineDifference;
use crate::simulation::TableCheck;
use crate::simulation::Verified;
use anyhow::Context;
use clap::Args;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Runs again what a results folder claims, and compares the digest of every replication and every table.
///
/// Exit code 0: all is the same; 1: something differs. That another version or other sources made the folder is told on
/// standard error and decides nothing: bytes do.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// Results folder.
    folder: PathBuf,
    /// Threads; 0: as many as cores. The result is the same.
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// Where the jobs of the first replication that differs are written; without it ./NAME-replication-N.csv.
    #[arg(long, value_name = "FILE")]
    jobs: Option<PathBuf>,
    /// Jobs of that replication as the other side has them: the first row that differs is shown.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// No progress bar.
    #[arg(long)]
    quiet: bool,
}

/// Runs the verb.
pub(super) fn run(args: &VerifyArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let claim = Claim::read(&args.folder)?;
    outcome::note_each(claim.notes());
    let stop = progress::stop_flag();
    let bar = progress::bar(u64::from(claim.replication_count()), claim.name(), args.quiet);
    let told = || bar.inc(1);
    let conduct = Conduct::default().threads(args.threads).stop(&stop).progress(&told);
    let verified = claim.run(&conduct);
    bar.finish_and_clear();
    let verified = verified?;
    let replications = verified.outcome().replications().len();
    if let Some(difference) = verified.digest_difference() {
        writeln!(out, "{} of {replications} replications differ", difference.count)?;
        writeln!(out, "first    replication {}", difference.replication)?;
        writeln!(out, "claimed  {}", difference.claimed)?;
        writeln!(out, "found    {}", difference.found)?;
        writeln!(out, "sources  {}", verified.sources())?;
        show_jobs(args, &claim, difference.replication, &stop, out)?;
        return Ok(Outcome::Different);
    }
    writeln!(out, "digest   {} of {replications} replications: as claimed", verified.digest())?;
    show_tables(&verified, out)
}

/// Writes the jobs of the replication that differs, and shows the first row, or the first that differs from the other's.
fn show_jobs(
    args: &VerifyArgs,
    claim: &Claim,
    number: u64,
    stop: &AtomicBool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let bytes = claim.jobs(number, stop)?.jobs.csv();
    let name = claim.name().replace('/', "-");
    let default = || PathBuf::from(format!("{name}-replication-{number}.csv"));
    let file = args.jobs.clone().unwrap_or_else(default);
    simulation::save_file(&file, &bytes)?;
    writeln!(out, "jobs     {}", file.display())?;
    let own = String::from_utf8_lossy(&bytes);
    let heading = own.lines().next().unwrap_or_default();
    let Some(against) = &args.against else {
        writeln!(out, "{heading}\n{}", own.lines().nth(1).unwrap_or("no job"))?;
        return Ok(());
    };
    let other = fs::read_to_string(against)
        .with_context(|| format!("cannot read {}", against.display()))
        .map_err(Failure::Input)?;
    match LineDifference::of(&other, &own) {
        Some(LineDifference { line, claimed, found }) => {
            writeln!(out, "{} differs first in line {line}:", against.display())?;
            writeln!(out, "{heading}\n< {claimed}\n> {found}")?;
        }
        None => writeln!(out, "{} holds the same jobs", against.display())?,
    }
    Ok(())
}

/// Tells how the folder's tables compare with those of the new run.
fn show_tables(verified: &Verified, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let Some(tables) = verified.tables() else {
        writeln!(out, "tables   not compared: they are of `{}`", verified.command())?;
        return Ok(Outcome::Done);
    };
    let mut outcome = Outcome::Done;
    for (name, check) in tables {
        match check {
            TableCheck::Absent => writeln!(out, "{name:<14} not kept in this folder")?,
            TableCheck::Same => writeln!(out, "{name:<14} as claimed")?,
            TableCheck::Different(LineDifference { line, claimed, found }) => {
                outcome = Outcome::Different;
                writeln!(out, "{name:<14} differs first in line {line}:\n< {claimed}\n> {found}")?;
            }
        }
    }
    if outcome == Outcome::Different {
        writeln!(out, "sources  {}", verified.sources())?;
    }
    Ok(outcome)
}
