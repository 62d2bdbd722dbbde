//! `assay explain`: a scenario in words, or the chain of one miner's pay.

use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::cli::scenario_args::ScenarioArgs;
use crate::cli::sheet;
use crate::simulation;
use crate::simulation::Account;
use crate::simulation::Cell;
use crate::simulation::Link;
use crate::simulation::Simulation;
use clap::Args;
use comfy_table::CellAlignment;
use comfy_table::Table;
use comfy_table::presets;
use std::io;
use std::io::Write;
use std::path::Path;

/// Tells a scenario in words, with the keys that it sets, or (with --miner) why a miner of a results folder was paid what it was.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Name of a miner: then the first argument is a results folder.
    #[arg(long, value_name = "NAME")]
    miner: Option<String>,
    /// Also tells every key that the scenario leaves to its default, with the default's source.
    #[arg(long, conflicts_with = "miner")]
    defaults: bool,
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
    for paragraph in world.paragraphs()? {
        writeln!(out, "{}", paragraph.about)?;
        for sentence in &paragraph.sentences {
            writeln!(out, "  {sentence}")?;
        }
        writeln!(out)?;
    }
    keys(&world, args.defaults, out)?;
    Ok(CommandEnd::Done)
}

/// The keys that the scenario sets; with `defaults` also those that it does not, each with its source.
fn keys(world: &Simulation, defaults: bool, out: &mut dyn Write) -> io::Result<()> {
    let words = world.words();
    writeln!(out, "{}", if defaults { ALL_KEYS } else { OWN_KEYS })?;
    for line in words.iter().filter(|line| defaults || line.is_written) {
        let mark = if defaults && line.is_written { "*" } else { " " };
        let indent = "  ".repeat(line.depth);
        let source = match line.source.as_str() {
            source if source.is_empty() || line.is_written => String::new(),
            source => format!(" Default: {source}"),
        };
        writeln!(out, "{mark} {indent}{}  # {}{source}", line.text, line.about)?;
    }
    let more = words.iter().filter(|line| !line.is_written).count();
    if defaults || more == 0 {
        return Ok(());
    }
    let command = format!("{} --defaults", world.command_here("explain"));
    writeln!(out, "\n{more} keys more have their defaults: {command}")
}

/// What stands above the keys.
const OWN_KEYS: &str = "Keys that the scenario sets\n";
const ALL_KEYS: &str = "Every key; those that the scenario sets are marked *\n";

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
    writeln!(out, "{}\n", sheet::fitted(table))?;
    for line in account.reasons() {
        writeln!(out, "- {line}")?;
    }
    let folder = simulation::quoted(&folder.to_string_lossy());
    writeln!(out, "\nmade by  {}", account.command())?;
    writeln!(out, "again    assay verify {folder}")?;
    Ok(CommandEnd::Done)
}

/// Five significant digits, for people.
fn short(x: Option<f64>) -> String {
    x.map_or_else(|| "-".to_string(), |x| Cell::Figure(format!("{x:.4e}").parse().ok()).to_string())
}
