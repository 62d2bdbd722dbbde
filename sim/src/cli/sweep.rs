//! `assay sweep`: every cell of a scenario's `[sweep]`, with its metrics and the verdicts on its properties.

use crate::cli::interrupt;
use crate::cli::outcome;
use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::cli::overload;
use crate::cli::places;
use crate::cli::progress;
use crate::cli::scenario_args::ScenarioArgs;
use crate::cli::sheet;
use crate::simulation::Conduct;
use crate::simulation::Outputs;
use crate::simulation::Sweep;
use crate::simulation::Table as Cells;
use crate::simulation::Target;
use clap::Args;
use comfy_table::Table;
use comfy_table::presets;
use std::io;
use std::io::Write;
use std::path::PathBuf;

/// Runs every cell of a scenario's [sweep] and judges its properties there: a row a cell.
#[derive(Debug, Args)]
pub(super) struct SweepArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Results folder; without it results/local/NAME-sweep for a shipped scenario, ./NAME-sweep for another.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Keeps only these files of the folder, its manifest and what explains their columns: names separated by commas,
    /// `plots` for all plots.
    #[arg(long, value_name = "FILES", value_delimiter = ',')]
    only: Vec<String>,
    /// Threads; 0: as many as cores. The result is the same.
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// Prints sweep.csv in place of the table.
    #[arg(long)]
    csv: bool,
    /// Shows no progress bar on standard error.
    #[arg(long)]
    quiet: bool,
}

/// Metrics in the table for people, by the beginning of their labels.
const SHOWN: &[&str] = &["gini_pay_by_miner", "kendall_pay", "pay_share_of_idle", "burned_share"];

/// Most budgets that are told to be short. Source: ours, as many as other problems are told.
const NEEDS_TOLD: usize = 50;

/// Runs `assay sweep`; tells how it ended.
///
/// # Errors
/// All that is wrong with scenario and arguments; when the disk fails, or it was interrupted.
pub(super) fn run(args: &SweepArgs, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    let world = args.scenario.load()?;
    overload::note(&world)?;
    let sweep = Sweep::of(&world)?;
    let name = world.name().replace('/', "-");
    let target = match &args.out {
        Some(place) => place.clone(),
        None => places::default_folder(&world, "-sweep", "-sweep")?,
    };
    let needs = sweep.needs_in_words();
    let short: Vec<&String> = needs.iter().filter(|need| need.0).map(|need| &need.1).collect();
    outcome::note_each(&short[..short.len().min(NEEDS_TOLD)]);
    if short.len() > NEEDS_TOLD {
        let more = short.len() - NEEDS_TOLD;
        outcome::note_each(&[format!(
            "{more} more budgets may leave a mean at the threshold undecided"
        )]);
    }
    Outputs::of(&world).folder(&target).check()?;
    let folder = Target::begin(&target)?.keeping(&args.only)?;
    let stop = interrupt::watched_flag();
    let total = u64::try_from(sweep.len()).expect("a length fits 64 bits");
    let bar = progress::bar(total, &name, args.quiet);
    let told = || bar.inc(1);
    let conduct = Conduct::default().threads(args.threads).stop(&stop).progress(&told);
    let cells = sweep.run(&conduct);
    bar.finish_and_clear();
    let cells = cells?;
    let table = cells.table();
    let together = sweep.judged_together();
    cells.save_at(folder)?;
    if args.csv {
        out.write_all(&table.csv())?;
    } else {
        if together > 0 {
            writeln!(
                out,
                "m = {together} statistical properties in {} cells are judged together: each states alpha/m and beta/m",
                sweep.len()
            )?;
        }
        print(&table, out)?;
        writeln!(out, "results  {}", target.display())?;
    }
    Ok(CommandEnd::of_verdicts(cells.as_expected()))
}

/// A narrow table: the cell, a few metrics, every verdict.
fn print(cells: &Cells, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> =
        cells.rows().iter().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    let is_verdict = |place: usize| {
        let words = ["PASS", "FAIL", "UNDECIDED"];
        rows.iter().any(|row| words.contains(&row[place].split(' ').next().unwrap_or_default()))
    };
    let is_shown = |place: &usize| {
        let label = &cells.headings()[*place];
        *place == 0 || SHOWN.iter().any(|shown| label.starts_with(shown)) || is_verdict(*place)
    };
    let shown: Vec<usize> = (0..cells.headings().len()).filter(is_shown).collect();
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(shown.iter().map(|place| &cells.headings()[*place]));
    for row in &rows {
        table.add_row(shown.iter().map(|place| short(&row[*place])));
    }
    writeln!(out, "{}", sheet::fitted(table))
}

/// A figure with four decimals; anything else as it is.
fn short(cell: &str) -> String {
    match cell.parse::<f64>() {
        Ok(figure) if cell.contains('.') => format!("{figure:.4}"),
        Ok(_) | Err(_) => cell.to_string(),
    }
}
