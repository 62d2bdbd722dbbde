//! `assay init`: a commented first scenario, or one from a metagraph snapshot.

use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::simulation;
use crate::simulation::FIRST_SCENARIO;
use crate::simulation::Simulation;
use anyhow::anyhow;
use clap::Args;
use std::fs;
use std::io::Write;
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

/// Runs the verb.
pub(super) fn run(args: &InitArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    if args.file.exists() {
        let file = args.file.display();
        return Err(Failure::input(anyhow!("{file} exists: name another file, or remove it")));
    }
    let text = match &args.metagraph {
        None => FIRST_SCENARIO.to_string(),
        Some(snapshot) => simulation::snapshot_scenario(snapshot, args.owner_uid)?,
    };
    simulation::save_file(&args.file, text.as_bytes())?;
    if args.metagraph.is_some()
        && let Err(error) = Simulation::load(&args.file)
    {
        fs::remove_file(&args.file)?;
        let error = anyhow!(error).context("the snapshot makes no scenario");
        return Err(Failure::Input(error));
    }
    let file = simulation::quoted(&args.file.to_string_lossy());
    writeln!(out, "wrote {}; next: assay run {file}", args.file.display())?;
    Ok(Outcome::Done)
}
