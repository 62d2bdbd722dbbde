//! `assay compare`: two scenarios on the same seeds: who gains and who loses.

use crate::cli::interrupt;
use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::progress;
use crate::simulation::Changes;
use crate::simulation::Comparison;
use crate::simulation::Conduct;
use crate::simulation::Difference;
use crate::simulation::Differences;
use crate::simulation::Group;
use crate::simulation::Outputs;
use crate::simulation::Simulation;
use crate::simulation::Target;
use clap::Args;
use comfy_table::CellAlignment;
use comfy_table::Table;
use comfy_table::presets;
use serde_json::Value;
use serde_json::json;
use std::io;
use std::io::Write;
use std::path::PathBuf;

/// Compares two scenarios in pairs on the same seeds: every metric, class and operator, and who gains and loses most.
///
/// The second is another file, or the first with the changes of --set.
#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// Scenario file (TOML).
    first: PathBuf,
    /// Scenario to compare it with.
    #[arg(required_unless_present = "set")]
    second: Option<PathBuf>,
    /// Without a second file: what differs from the first, as path.to.key=value. With one: laid on both. May be repeated.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Seed of all randomness, of both.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Pairs to run.
    #[arg(long, value_name = "N")]
    replications: Option<u32>,
    /// Epochs to simulate, of both.
    #[arg(long, value_name = "N")]
    epochs: Option<u32>,
    /// Threads; 0: as many as cores. The result is the same.
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// Results folder: what a run of the first writes, and compare.csv.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Keeps only these files of the folder, and its manifest: names separated by commas, `plots` for all plots.
    #[arg(long, value_name = "FILES", value_delimiter = ',', requires = "out")]
    only: Vec<String>,
    /// Prints every line as JSON in place of the tables.
    #[arg(long)]
    json: bool,
    /// No progress bar.
    #[arg(long)]
    quiet: bool,
}

/// Miners told of at each end.
const MOST: usize = 10;
const PERCENT: f64 = 100.0;

/// Runs the verb.
pub(super) fn run(args: &CompareArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let comparison = comparison(args)?;
    let outputs = Outputs::default().and(comparison.first()).and(comparison.second());
    args.out.iter().fold(outputs, Outputs::folder).check()?;
    let folder = args.out.as_deref().map(Target::begin).transpose()?;
    let folder = folder.map(|folder| folder.keeping(&args.only)).transpose()?;
    let comparison = if folder.is_some() { comparison.keep_outcome() } else { comparison };
    let stop = interrupt::watched_flag();
    let runs = 2 * u64::from(comparison.pair_count());
    let bar = progress::bar(runs, &comparison.name(), args.quiet);
    let told = || bar.inc(1);
    let conduct = Conduct::default().threads(args.threads).stop(&stop).progress(&told);
    let found = comparison.run(&conduct);
    bar.finish_and_clear();
    let found = found?;
    if let Some(folder) = folder {
        found.save_at(folder)?;
    }
    if args.json {
        let lines: Vec<Value> = found.all().iter().map(as_json).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&lines).expect("plain values are JSON"))?;
    } else {
        print(args, &found, out)?;
    }
    Ok(Outcome::Done)
}

/// Both scenarios.
fn comparison(args: &CompareArgs) -> Result<Comparison, Failure> {
    let mut shared = Vec::new();
    for (key, value) in [
        ("seed", args.seed.map(|n| n.to_string())),
        ("replications", args.replications.map(|n| n.to_string())),
        ("epochs", args.epochs.map(|n| n.to_string())),
    ] {
        shared.extend(value.map(|value| format!("run.{key}={value}")));
    }
    if args.second.is_some() {
        shared.extend(args.set.iter().cloned());
    }
    let changes = Changes { set: shared, ..Changes::default() };
    let first = Simulation::load_changed(&args.first, changes)?;
    Ok(match &args.second {
        None => Comparison::of_changes(&first, &args.set)?,
        Some(second) => Comparison::of_file(&first, second)?,
    })
}

/// The tables for people.
fn print(args: &CompareArgs, found: &Differences, out: &mut dyn Write) -> io::Result<()> {
    let second = match &args.second {
        Some(path) => path.display().to_string(),
        None => args.set.join(", "),
    };
    writeln!(
        out,
        "{} against {second}: {} pairs on the same seeds",
        args.first.display(),
        found.pairs()
    )?;
    writeln!(out, "difference: second less first, with its 95 % interval\n")?;
    let of = |group: Group| found.all().iter().filter(move |line| line.group == group);
    writeln!(out, "{}\n", table("metric", of(Group::Metric), 1.0))?;
    writeln!(out, "{}\n", table("pay share of class [%]", of(Group::Class), PERCENT))?;
    writeln!(out, "{}\n", table("pay share of operator [%]", of(Group::Operator), PERCENT))?;
    let mut miners: Vec<&Difference> =
        of(Group::Miner).filter(|line| line.difference.is_some()).collect();
    miners.sort_by(|a, b| b.difference.unwrap_or(0.0).total_cmp(&a.difference.unwrap_or(0.0)));
    let gain = miners.iter().take(MOST).filter(|line| line.difference > Some(0.0)).copied();
    writeln!(out, "{}\n", table("gains most [%]", gain, PERCENT))?;
    let lose = miners.iter().rev().take(MOST).filter(|line| line.difference < Some(0.0)).copied();
    writeln!(out, "{}\n", table("loses most [%]", lose, PERCENT))
}

fn table<'l>(title: &str, lines: impl Iterator<Item = &'l Difference>, scale: f64) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header([title, "before", "after", "difference", "95 % interval", "r", "gained"]);
    let short = |x: Option<f64>| x.map(|x| format!("{:.3}", x * scale)).unwrap_or_default();
    for line in lines {
        let interval = line
            .interval
            .map(|interval| format!("{:.3} .. {:.3}", interval.low * scale, interval.high * scale));
        table.add_row([
            line.name.clone(),
            short(line.before),
            short(line.after),
            short(line.difference),
            interval.unwrap_or_default(),
            line.correlation.map(|r| format!("{r:.2}")).unwrap_or_default(),
            line.variance_ratio.map(|ratio| format!("x{ratio:.1}")).unwrap_or_default(),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn as_json(line: &Difference) -> Value {
    json!({
        "group": line.group.name(),
        "name": line.name,
        "unit": line.unit,
        "before": line.before,
        "after": line.after,
        "difference": line.difference,
        "low": line.interval.map(|interval| interval.low),
        "high": line.interval.map(|interval| interval.high),
        "correlation": line.correlation,
        "variance_ratio": line.variance_ratio,
        "pairs": line.pairs,
    })
}
