//! `assay explain`: a scenario in words, or the chain of one miner's pay.

use crate::cli::explain_miner;
use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::scenario_args::ScenarioArgs;
use crate::config;
use crate::config::Schema;
use crate::report;
use clap::Args;
use std::io::Write;

/// Tells a scenario in words, every default shown, or (with --miner) why a miner of a results folder was paid what it was.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Name of a miner: then the first argument is a results folder.
    #[arg(long, value_name = "NAME")]
    miner: Option<String>,
}

/// Runs the verb.
pub(super) fn run(args: &ExplainArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    if let Some(miner) = &args.miner {
        return explain_miner::run(args.scenario.path(), miner, out);
    }
    let loaded = args.scenario.load()?;
    let resolved = config::resolve(&args.scenario.name(), &args.scenario.question(), &loaded);
    if !resolved.question.is_empty() {
        writeln!(out, "{}\n", resolved.question)?;
    }
    let run = &resolved.run;
    writeln!(
        out,
        "{} miners of {} classes, run by {} operators; {} validators; {} clients; {} epochs, {} replications, seed {}.",
        resolved.miners.len(),
        resolved.classes.len(),
        resolved.operators.len(),
        resolved.validators.len(),
        resolved.clients.len(),
        run.epochs,
        run.replications,
        run.seed,
    )?;
    writeln!(
        out,
        "What stands in the file is marked *; all else is a default, with its source.\n"
    )?;
    let json = config::json_schema();
    for word in report::words(Schema::new(&json), &loaded.tree, usize::MAX) {
        let mark = if word.is_written { "*" } else { " " };
        let indent = "  ".repeat(word.depth);
        writeln!(out, "{mark} {indent}{}  # {}", word.text, word.about)?;
    }
    Ok(Outcome::Done)
}
