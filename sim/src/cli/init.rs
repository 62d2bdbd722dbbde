//! `assay init`: a commented first scenario, or one from a metagraph snapshot.

use crate::cli::outcome;
use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::simulation;
use crate::simulation::FIRST_SCENARIO;
use anyhow::anyhow;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Writes a commented first scenario.
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// File to write.
    #[arg(default_value = "scenario.toml")]
    file: PathBuf,
    /// Metagraph snapshot (CSV or JSON as btcli and the SDK write it) whose neurons become the scenario's cohorts.
    #[arg(long, value_name = "FILE")]
    metagraph: Option<PathBuf>,
    /// The owner's uid in the snapshot, whose neuron is left out; without it what the snapshot says, else 74.
    #[arg(long, value_name = "UID", requires = "metagraph")]
    owner_uid: Option<u16>,
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
    let guesses: Vec<&str> = simulation::snapshot_guesses(&text).collect();
    outcome::note_each(&guesses);
    simulation::save_file(&args.file, text.as_bytes())?;
    writeln!(out, "wrote {}; next: assay run {0}", args.file.display())?;
    Ok(Outcome::Done)
}
