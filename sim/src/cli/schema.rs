//! `assay schema`: the JSON Schema of scenario files, for editors.

use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::simulation;
use std::io::Write;

/// Runs `assay schema`; tells how it ended.
///
/// # Errors
/// When the output is closed.
pub(super) fn run(out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    let text = serde_json::to_string_pretty(&simulation::schema()).map_err(Failure::machine)?;
    writeln!(out, "{text}")?;
    Ok(CommandEnd::Done)
}
