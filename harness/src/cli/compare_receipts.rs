//! `assay-harness compare-receipts`: whether two images came to be in the same way, and if not, from which step on.

use crate::cli::outcome::HarnessFailure;
use crate::cli::outcome::HarnessOutcome;
use crate::cli::place;
use crate::receipt::Receipt;
use anyhow::Context;
use clap::Args;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

/// Compares two receipts and names the first step that differs; exit code 1 if anything does.
#[derive(Debug, Args)]
pub(super) struct CompareReceiptsArgs {
    /// A receipt, as `generate` writes it.
    one: PathBuf,
    /// Receipt that the first is compared with.
    other: PathBuf,
}

/// Runs `assay-harness compare`; tells how it ended.
///
/// # Errors
/// When a receipt cannot be read, or the output is closed.
pub(super) fn run(
    args: &CompareReceiptsArgs,
    out: &mut dyn Write,
) -> Result<HarnessOutcome, HarnessFailure> {
    let difference = read(&args.one)?.compare(&read(&args.other)?);
    if difference.is_none() {
        writeln!(out, "same request, same steps, same pixels")?;
        return Ok(HarnessOutcome::Done);
    }
    for part in &difference.request {
        writeln!(out, "request  {part}")?;
    }
    match difference.first_step {
        Some(0) => writeln!(out, "steps    differ from the start: the noise is another")?,
        Some(step) => writeln!(out, "steps    differ from step {step} on")?,
        None => writeln!(out, "steps    same")?,
    }
    writeln!(out, "pixels   {}", if difference.pixels { "differ" } else { "same" })?;
    Ok(HarnessOutcome::Different)
}

fn read(file: &Path) -> Result<Receipt, HarnessFailure> {
    let text = String::from_utf8(place::read(file)?);
    let receipt = text.map_err(anyhow::Error::new).and_then(|text| Ok(Receipt::read(&text)?));
    receipt.with_context(|| file.display().to_string()).map_err(HarnessFailure::Input)
}
