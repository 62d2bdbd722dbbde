//! `assay report`: plots and one self-contained page from a results folder.

use crate::cli::outcome;
use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::config;
use crate::report;
use crate::report::FolderError;
use crate::report::Kept;
use crate::report::ReadError;
use clap::Args;
use std::fs;
use std::io;
use std::io::Write;
use std::path::Path;
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

/// Runs the verb.
pub(super) fn run(args: &ReportArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let kept = Kept::read(&args.folder).map_err(read_failure)?;
    if !args.quiet {
        let file = format!("scenario_text of {}", args.folder.join(report::MANIFEST).display());
        // A text of keys that mean nothing here is shown in the page as it stands.
        let loaded = config::load_kept(&file, &kept.manifest.scenario_text);
        outcome::note_each(&loaded.map_or_else(|_| Vec::new(), |loaded| loaded.unheeded));
    }
    let target = args.out.as_deref().unwrap_or(&args.folder);
    let packet = report::packet(&kept, args.png);
    let disk = |path: &Path, error: io::Error| {
        Failure::machine(FolderError::Disk(path.to_path_buf(), error))
    };
    let plots = target.join(report::PLOTS);
    fs::create_dir_all(&plots).map_err(|e| disk(&plots, e))?;
    remove_older(&plots).map_err(|e| disk(&plots, e))?;
    for (name, bytes) in &packet {
        report::write_whole(&target.join(name), bytes).map_err(Failure::machine)?;
    }
    if !args.quiet {
        for (name, _) in &packet {
            writeln!(out, "{}", target.join(name).display())?;
        }
    }
    Ok(Outcome::Done)
}

/// A folder that cannot be read is the caller's, a disk that fails the machine's.
pub(super) fn read_failure(error: ReadError) -> Failure {
    if error.is_machine() { Failure::machine(error) } else { Failure::input(error) }
}

/// Takes out the plots of an earlier report: one that is no longer made would tell of other results.
fn remove_older(plots: &Path) -> io::Result<()> {
    for entry in fs::read_dir(plots)? {
        let path = entry?.path();
        if report::is_plot(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}
