//! `assay man`: pages of the manual.

use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use anyhow::Context;
use clap::Args;
use clap::Command;
use std::io::Write;
use std::path::PathBuf;

/// Writes a page of the manual for each command.
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Folder to write them to, as man reads it: its name ends in man1.
    folder: PathBuf,
}

/// Runs `assay man`; tells how it ended.
///
/// # Errors
/// When the folder cannot be written.
pub(super) fn run(
    args: &ManArgs,
    command: Command,
    out: &mut dyn Write,
) -> Result<CommandEnd, Failure> {
    let folder = args.folder.display();
    let written = std::fs::create_dir_all(&args.folder)
        .and_then(|()| clap_mangen::generate_to(command, &args.folder));
    written
        .with_context(|| format!("{folder}: cannot write the pages"))
        .map_err(Failure::machine)?;
    writeln!(out, "wrote pages to {folder}")?;
    Ok(CommandEnd::Done)
}
