//! `assay report`: plots and one self-contained page from a results folder.

use crate::cli::outcome;
use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::simulation::Report;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Draws the plots of a results folder and writes them, with everything a reader needs, into one page.
#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// Results folder of a run, a check, a comparison or a sweep.
    folder: PathBuf,
    /// Folder to write into; without it the results folder itself.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Writes every plot as PNG too.
    #[arg(long)]
    png: bool,
    /// Tells nothing but failures.
    #[arg(long)]
    quiet: bool,
}

/// Runs `assay report`; tells how it ended.
///
/// # Errors
/// When the folder cannot be read, is damaged, or cannot be written.
pub(super) fn run(args: &ReportArgs, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    let report = Report::of(&args.folder, args.png)?;
    if !args.quiet {
        outcome::note_each(report.notes());
    }
    let target = args.out.as_deref().unwrap_or(&args.folder);
    report.save(target)?;
    if !args.quiet {
        for (name, _) in report.files() {
            writeln!(out, "{}", target.join(name).display())?;
        }
    }
    Ok(CommandEnd::Done)
}
