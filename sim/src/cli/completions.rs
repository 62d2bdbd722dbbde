//! `assay completions`: completion for a shell.

use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use clap::Args;
use clap::Command;
use clap_complete::Shell;
use std::io::Write;

/// Prints completions for a shell.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell that will read the completions.
    shell: Shell,
}

/// Runs the verb for the whole command line `call`.
///
/// # Errors
/// When the output is closed.
pub(super) fn run(
    args: &CompletionsArgs,
    mut call: Command,
    out: &mut dyn Write,
) -> Result<CommandEnd, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut call, "assay", &mut text);
    out.write_all(&text)?;
    Ok(CommandEnd::Done)
}
