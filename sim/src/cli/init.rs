//! `assay init`: a commented first scenario, or one from a metagraph snapshot.

use crate::cli::outcome;
use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::simulation;
use crate::simulation::FIRST_SCENARIO;
use crate::simulation::QUESTIONS;
use crate::simulation::Question;
use anyhow::anyhow;
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::io::Write;
use std::path::PathBuf;

/// Writes a commented first scenario.
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Scenario file to write, which must not exist.
    #[arg(default_value = "scenario.toml")]
    file: PathBuf,
    /// The question that it asks, and has everything to answer.
    #[arg(long, value_name = "NAME", value_parser = names(), conflicts_with = "metagraph")]
    question: Option<String>,
    /// Metagraph snapshot (CSV or JSON as btcli and the SDK write it) whose neurons become the scenario's cohorts.
    #[arg(long, value_name = "FILE")]
    metagraph: Option<PathBuf>,
    /// The owner's uid in the snapshot, whose neuron is left out; without it what the snapshot says, else 74.
    #[arg(long, value_name = "UID", requires = "metagraph")]
    owner_uid: Option<u16>,
}

/// The questions to choose from.
fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(QUESTIONS.iter().map(|question| question.name))
}

/// Runs `assay init`; tells how it ended.
///
/// # Errors
/// When the file exists, the snapshot cannot be read, or the disk fails.
pub(super) fn run(args: &InitArgs, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    if args.file.exists() {
        let file = args.file.display();
        return Err(Failure::input(anyhow!("{file} exists: name another file, or remove it")));
    }
    let asked = args.question.as_deref();
    let question = asked.and_then(|name| QUESTIONS.iter().find(|own| own.name == name));
    let text = match &args.metagraph {
        None => question.map_or_else(|| FIRST_SCENARIO.to_string(), Question::scenario),
        Some(snapshot) => simulation::snapshot_scenario(snapshot, args.owner_uid)?,
    };
    let guesses: Vec<&str> = simulation::snapshot_guesses(&text).collect();
    outcome::note_each(&guesses);
    simulation::save_file(&args.file, text.as_bytes())?;
    let file = simulation::quoted(&args.file.to_string_lossy());
    let verb = question.map_or("run", |question| question.verb);
    writeln!(out, "wrote {}; next: assay {verb} {file}", args.file.display())?;
    Ok(CommandEnd::Done)
}
