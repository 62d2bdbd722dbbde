//! `assay sweep`: every cell of a scenario's `[sweep]`, with its metrics and the verdicts on its properties.

use crate::cli::judging;
use crate::cli::judging::Bench;
use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::progress;
use crate::cli::run::folder_failure;
use crate::cli::scenario_args::ScenarioArgs;
use crate::config::Sweep;
use crate::report;
use crate::report::Folder;
use crate::report::Judged;
use crate::report::SweptCell;
use crate::study;
use anyhow::anyhow;
use clap::Args;
use comfy_table::Table;
use comfy_table::presets;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

/// Runs every cell of a scenario's [sweep] and judges its properties there: a row a cell.
#[derive(Debug, Args)]
pub(super) struct SweepArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Results folder; without it ./NAME-sweep.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads; 0: as many as cores. The result is the same.
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// Prints sweep.csv in place of the table.
    #[arg(long)]
    csv: bool,
    /// No progress bar.
    #[arg(long)]
    quiet: bool,
}

/// Most cells of one sweep. Source: ours, a sweep of this size is a study to be planned.
const CELLS_MAX: usize = 10_000;
/// Metrics in the table for people, by the beginning of their labels.
const SHOWN: &[&str] = &["gini_pay_by_miner", "kendall_pay", "pay_share_of_idle", "burned_share"];

/// A cell to be run.
struct Planned {
    name: String,
    values: Vec<String>,
    args: ScenarioArgs,
}

/// Runs the verb.
pub(super) fn run(args: &SweepArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let loaded = args.scenario.load()?;
    judging::refuse_replay(&loaded, &args.scenario)?;
    let path = args.scenario.path();
    let Some(sweep) = &loaded.scenario.sweep else {
        return Err(Failure::input(anyhow!(
            "{} has no [sweep]: name keys and values in sweep.grid, or cells in sweep.list",
            path.display()
        )));
    };
    let planned = plan(&args.scenario, sweep)?;
    // Every cell is read before the first is run: a mistake in the last is told at once.
    let benches: Result<Vec<Bench>, Failure> =
        planned.iter().map(|cell| Bench::of(&cell.args)).collect();
    let benches = benches?;
    let name = args.scenario.name().replace('/', "-");
    let target = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{name}-sweep")));
    let folder = Folder::begin(&target).map_err(folder_failure)?;
    let stop = progress::stop_flag();
    let total = u64::try_from(planned.len()).expect("a length fits 64 bits");
    let bar = progress::bar(total, &name, args.quiet);
    let mut cells = Vec::new();
    for (cell, bench) in planned.into_iter().zip(&benches) {
        let own = &bench.arms[0];
        let checked = bench.judge(args.threads, &stop, true)?;
        let command = cell.args.command("run");
        let judged = Judged::all(own, &bench.cases, &checked, &command);
        let study = study::run(own, args.threads, &stop, &|| {}).map_err(judging::study_failure)?;
        cells.push(SweptCell { name: cell.name, values: cell.values, study, judged });
        bar.inc(1);
    }
    bar.finish_and_clear();
    let keys: Vec<String> = sweep.grid.iter().map(|axis| axis.key.clone()).collect();
    let table = report::sweep(&keys, &cells);
    folder.write("sweep.csv", &table).map_err(folder_failure)?;
    let first = &cells[0];
    let command = args.scenario.command("sweep");
    let results = report::results(&benches[0].arms[0], &first.study, &first.judged, None, &command);
    for (name, bytes) in &results.files {
        folder.write(name, bytes).map_err(folder_failure)?;
    }
    report::finish(folder).map_err(folder_failure)?;
    if args.csv {
        out.write_all(&table)?;
    } else {
        print(&table, out)?;
        writeln!(out, "results  {}", target.display())?;
    }
    let outcomes = cells.iter().map(|cell| judging::outcome(&cell.judged));
    Ok(outcomes.fold(Outcome::Done, Outcome::and))
}

/// Every combination of the grid, and the cells listed.
fn plan(args: &ScenarioArgs, sweep: &Sweep) -> Result<Vec<Planned>, Failure> {
    let mut count = usize::from(!sweep.grid.is_empty());
    for axis in &sweep.grid {
        count = count.saturating_mul(axis.values.len());
    }
    let count = count.saturating_add(sweep.list.len());
    if count == 0 || count > CELLS_MAX {
        return Err(Failure::input(anyhow!(
            "sweep: there are {count} cells, allowed: 1 to {CELLS_MAX}"
        )));
    }
    let mut grid: Vec<Vec<String>> = vec![Vec::new()];
    for axis in &sweep.grid {
        let longer = |values: &Vec<String>| {
            let each = axis.values.iter().map(ToString::to_string);
            each.map(|value| [values.as_slice(), &[value]].concat()).collect::<Vec<_>>()
        };
        grid = grid.iter().flat_map(longer).collect();
    }
    if sweep.grid.is_empty() {
        grid.clear();
    }
    let mut planned = Vec::new();
    for values in grid {
        let pairs = sweep.grid.iter().zip(&values);
        let sets: Vec<String> =
            pairs.map(|(axis, value)| format!("{}={value}", axis.key)).collect();
        planned.push(Planned { name: sets.join(" "), values, args: args.with_sets(&sets) });
    }
    let folder = args.path().parent().unwrap_or_else(|| Path::new(""));
    for cell in &sweep.list {
        let own = match &cell.file {
            Some(file) => args.with_path(&folder.join(file)),
            None => args.clone(),
        };
        let name = match (cell.name.as_str(), &cell.file) {
            ("", Some(file)) => file.clone(),
            ("", None) => cell.set.join(" "),
            (name, _) => name.to_string(),
        };
        planned.push(Planned { name, values: Vec::new(), args: own.with_sets(&cell.set) });
    }
    Ok(planned)
}

/// A narrow table: the cell, a few metrics, every verdict.
fn print(csv: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let mut reader = csv::Reader::from_reader(csv);
    let header = reader.headers().cloned().unwrap_or_default();
    let rows: Vec<csv::StringRecord> = reader.records().filter_map(Result::ok).collect();
    let is_verdict = |place: usize| {
        let words = ["PASS", "FAIL", "UNDECIDED"];
        rows.iter().any(|row| row.get(place).is_some_and(|cell| words.contains(&cell)))
    };
    let is_shown = |place: &usize| {
        let label = header.get(*place).unwrap_or_default();
        *place == 0 || SHOWN.iter().any(|shown| label.starts_with(shown)) || is_verdict(*place)
    };
    let shown: Vec<usize> = (0..header.len()).filter(is_shown).collect();
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(shown.iter().map(|place| header.get(*place).unwrap_or_default()));
    for row in &rows {
        table.add_row(shown.iter().map(|place| short(row.get(*place).unwrap_or_default())));
    }
    writeln!(out, "{table}")
}

/// A figure with four decimals; anything else as it is.
fn short(cell: &str) -> String {
    match cell.parse::<f64>() {
        Ok(figure) if cell.contains('.') => format!("{figure:.4}"),
        Ok(_) | Err(_) => cell.to_string(),
    }
}
