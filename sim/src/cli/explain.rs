//! `assay explain`: a scenario in words, or the chain of one miner's pay.

use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::cli::scenario_args::ScenarioArgs;
use crate::simulation::Account;
use crate::simulation::Cell;
use crate::simulation::Link;
use clap::Args;
use comfy_table::CellAlignment;
use comfy_table::Table;
use comfy_table::presets;
use std::io::Write;
use std::path::Path;

/// Tells a scenario in words, every default shown, or (with --miner) why a miner of a results folder was paid what it was.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Name of a miner: then the first argument is a results folder.
    #[arg(long, value_name = "NAME")]
    miner: Option<String>,
}

/// Runs `assay explain`; tells how it ended.
///
/// # Errors
/// All that is wrong with the scenario; when the output is closed.
pub(super) fn run(args: &ExplainArgs, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    if let Some(miner) = &args.miner {
        return explain_miner(args.scenario.path(), miner, out);
    }
    let world = args.scenario.load()?;
    let question = world.question();
    if !question.is_empty() {
        writeln!(out, "{question}\n")?;
    }
    writeln!(out, "{}", world.summary()?)?;
    writeln!(
        out,
        "What stands in the file is marked *; all else is a default, with its source.\n"
    )?;
    for line in world.words() {
        let mark = if line.is_written { "*" } else { " " };
        let indent = "  ".repeat(line.depth);
        writeln!(out, "{mark} {indent}{}  # {}", line.text, line.about)?;
    }
    Ok(CommandEnd::Done)
}

/// Explains `miner` of the results in `folder`.
fn explain_miner(folder: &Path, miner: &str, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    let account = Account::read(folder, miner)?;
    writeln!(
        out,
        "{miner}, class {}, in {} ({} replications of {} epochs); means, against its class's median\n",
        account.class(),
        account.scenario(),
        account.replication_count(),
        account.epoch_count()
    )?;
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(["", miner, "class median", "what it is"]);
    for Link { label, own, class_median, about } in account.links() {
        table.add_row([label, &short(own), &short(class_median), about]);
    }
    for column in table.column_iter_mut().skip(1).take(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    writeln!(out, "{table}\n")?;
    for line in account.reasons() {
        writeln!(out, "- {line}")?;
    }
    writeln!(out, "\nreproduce: {}", account.command())?;
    Ok(CommandEnd::Done)
}

/// Five significant digits, for people.
fn short(x: Option<f64>) -> String {
    x.map_or_else(|| "-".to_string(), |x| Cell::Figure(format!("{x:.4e}").parse().ok()).to_string())
}
