//! `assay init`: a commented first scenario, or one from a metagraph snapshot.

use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::config;
use crate::report;
use crate::trace;
use anyhow::anyhow;
use clap::Args;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

/// Writes a commented first scenario.
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// File to write.
    #[arg(default_value = "scenario.toml")]
    file: PathBuf,
    /// Metagraph snapshot (CSV or JSON as btcli writes it) whose neurons become the scenario's cohorts.
    #[arg(long, value_name = "FILE")]
    metagraph: Option<PathBuf>,
    /// The owner's uid in the snapshot, whose neuron is left out.
    #[arg(long, value_name = "UID", default_value_t = 74, requires = "metagraph")]
    owner_uid: u16,
}

/// The scenario written; a test runs it.
pub(super) const FIRST: &str = include_str!("first_scenario.toml");
/// Largest snapshot read [bytes].
const SNAPSHOT_BYTES_MAX: u64 = 16 << 20;

/// Runs the verb.
pub(super) fn run(args: &InitArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    if args.file.exists() {
        let file = args.file.display();
        return Err(Failure::input(anyhow!("{file} exists: name another file, or remove it")));
    }
    let text = match &args.metagraph {
        None => FIRST.to_string(),
        Some(snapshot) => from_snapshot(snapshot, args.owner_uid)?,
    };
    report::write_whole(&args.file, text.as_bytes()).map_err(Failure::machine)?;
    if args.metagraph.is_some()
        && let Err(troubles) = config::load(&args.file, &[])
    {
        fs::remove_file(&args.file)?;
        let error = anyhow!("{troubles}").context("the snapshot makes no scenario");
        return Err(Failure::Input(error));
    }
    writeln!(out, "wrote {}; next: assay run {0}", args.file.display())?;
    Ok(Outcome::Done)
}

fn from_snapshot(snapshot: &Path, owner_uid: u16) -> Result<String, Failure> {
    let named =
        |error: anyhow::Error| Failure::Input(error.context(snapshot.display().to_string()));
    let about = fs::metadata(snapshot).map_err(|e| named(anyhow!("cannot read the file: {e}")))?;
    if about.is_dir() || about.len() > SNAPSHOT_BYTES_MAX {
        return Err(named(anyhow!("allowed: a file of at most {SNAPSHOT_BYTES_MAX} bytes")));
    }
    let bytes = fs::read(snapshot).map_err(|e| named(anyhow!("cannot read the file: {e}")))?;
    let name = snapshot.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    trace::metagraph_scenario(&name, &bytes, owner_uid).map_err(|text| named(anyhow!(text)))
}
