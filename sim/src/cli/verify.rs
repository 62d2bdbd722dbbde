//! `assay verify`: run again what a results folder claims, and compare.

use crate::base::reading;
use crate::cli::interrupt;
use crate::cli::outcome;
use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::cli::progress;
use crate::simulation;
use crate::simulation::Claim;
use crate::simulation::Conduct;
use crate::simulation::FileCheck;
use crate::simulation::LineDifference;
use crate::simulation::Outputs;
use crate::simulation::TableCheck;
use crate::simulation::Verified;
use anyhow::Context;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Runs again what a results folder of a run, a check, a comparison or a sweep claims, and compares all of it: the digest of every
/// replication, every table, the verdicts, the manifest, page and plots; and every file with the hash that the manifest keeps.
///
/// Exit code 0: all is the same; 1: something differs, is changed or is missing, the first file named. That another version or other sources made the folder is told on
/// standard error and decides nothing: bytes do.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// Results folder that is held against itself and a new run.
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
    /// Shows no progress bar on standard error.
    #[arg(long)]
    quiet: bool,
}

/// Largest file of jobs that is compared [bytes].
const JOBS_BYTES_MAX: u64 = 4 << 30;

/// Runs `assay verify`; tells how it ended.
///
/// # Errors
/// When the folder cannot be read, a file of jobs cannot be written, or it was interrupted.
pub(super) fn run(args: &VerifyArgs, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    let outputs = Outputs::default().reads_folder(&args.folder);
    let outputs = args.against.iter().fold(outputs, Outputs::reads);
    args.jobs.iter().fold(outputs, Outputs::file).check()?;
    let claim = Claim::read(&args.folder)?;
    outcome::note_each(claim.notes());
    let stop = interrupt::watched_flag();
    let bar = progress::bar(u64::from(claim.replication_count()), claim.name(), args.quiet);
    let told = || bar.inc(1);
    let conduct = Conduct::default().threads(args.threads).stop(&stop).progress(&told);
    let verified = claim.run(&conduct);
    bar.finish_and_clear();
    let verified = verified?;
    let altered = show_files(&claim, out)?;
    let replications = verified.outcome().replications().len();
    if let Some(difference) = verified.digest_difference() {
        writeln!(out, "{} of {replications} replications differ", difference.count)?;
        writeln!(out, "first    replication {}", difference.replication)?;
        writeln!(out, "claimed  {}", difference.claimed)?;
        writeln!(out, "found    {}", difference.found)?;
        writeln!(out, "sources  {}", verified.sources())?;
        show_jobs(args, &claim, difference.replication, &stop, out)?;
        return Ok(CommandEnd::Different);
    }
    writeln!(out, "digest   {} of {replications} replications: as claimed", verified.digest())?;
    let outcome = show_tables(&verified, out)?.and(altered);
    if outcome == CommandEnd::Different {
        writeln!(out, "sources  {}", verified.sources())?;
    }
    Ok(outcome)
}

/// Tells which files are not as they were written.
fn show_files(claim: &Claim, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    let mut outcome = CommandEnd::Done;
    for (name, check) in claim.files().unwrap_or_default() {
        if *check == FileCheck::Same {
            continue;
        }
        let what = check.words();
        outcome = CommandEnd::Different;
        writeln!(out, "{name:<14} {what}")?;
    }
    Ok(outcome)
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
    let other = reading::text(against, JOBS_BYTES_MAX)
        .with_context(|| against.display().to_string())
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
fn show_tables(verified: &Verified, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    let Some(tables) = verified.tables() else {
        writeln!(
            out,
            "tables   not made again, compared by hash: they are of `{}`",
            verified.command()
        )?;
        return Ok(CommandEnd::Done);
    };
    let mut outcome = CommandEnd::Done;
    if let Some(difference) = verified.manifest_difference() {
        outcome = CommandEnd::Different;
        writeln!(out, "manifest.json  {difference}")?;
    }
    let (drawn, tables): (Vec<_>, Vec<_>) =
        tables.into_iter().partition(|(name, _)| is_drawn(name));
    for (name, check) in tables {
        match check {
            TableCheck::Absent => writeln!(out, "{name:<14} not kept in this folder")?,
            TableCheck::Same => writeln!(out, "{name:<14} as claimed")?,
            TableCheck::Different(difference) => {
                outcome = CommandEnd::Different;
                show_difference(&name, &difference, out)?;
            }
        }
    }
    let mut same = 0;
    for (name, check) in &drawn {
        match check {
            TableCheck::Absent => {}
            TableCheck::Same => same += 1,
            TableCheck::Different(difference) => {
                outcome = CommandEnd::Different;
                show_difference(name, difference, out)?;
            }
        }
    }
    if same > 0 {
        writeln!(out, "{:<14} {same} files as claimed", "page, plots")?;
    }
    Ok(outcome)
}

/// Whether a file is page or plot.
fn is_drawn(name: &str) -> bool {
    name == "report.html" || name.starts_with("plots/")
}

/// Shows where a file differs first.
fn show_difference(
    name: &str,
    difference: &LineDifference,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    /// Letters told of a line: a page has longer ones.
    const LETTERS_MAX: usize = 240;
    let short = |text: &str| -> String { text.chars().take(LETTERS_MAX).collect() };
    let LineDifference { line, claimed, found } = difference;
    writeln!(
        out,
        "{name:<14} differs first in line {line}:\n< {}\n> {}",
        short(claimed),
        short(found)
    )?;
    Ok(())
}
