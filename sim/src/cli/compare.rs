//! `assay compare`: two scenarios on the same seeds: who gains and who loses.

use crate::cli::interrupt;
use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::cli::overload;
use crate::cli::progress;
use crate::cli::sheet;
use crate::simulation::Changes;
use crate::simulation::ComparedGroup;
use crate::simulation::Comparison;
use crate::simulation::Conduct;
use crate::simulation::Difference;
use crate::simulation::Differences;
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
    /// First scenario of the pair, a TOML file.
    first: PathBuf,
    /// Scenario to compare it with.
    #[arg(required_unless_present = "set")]
    second: Option<PathBuf>,
    /// Without a second file: what differs from the first, as path.to.key=value. With one: laid on both. May be repeated.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Changes one key of both, as path.to.key=value. May be repeated.
    #[arg(long, value_name = "KEY=VALUE")]
    both: Vec<String>,
    /// Seed of all randomness, of both.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Pairs of replications to run.
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
    /// Keeps only these files of the folder, its manifest and what explains their columns: names separated by commas,
    /// `plots` for all plots.
    #[arg(long, value_name = "FILES", value_delimiter = ',', requires = "out")]
    only: Vec<String>,
    /// Prints every line as JSON in place of the tables.
    #[arg(long)]
    json: bool,
    /// Shows no progress bar on standard error.
    #[arg(long)]
    quiet: bool,
}

/// Miners told of at each end.
const MOST: usize = 10;
/// Keys told of that differ: with what stands above them, at most ten rows come before the answer.
const CHANGED_MAX: usize = 6;
const PERCENT: f64 = 100.0;

/// Runs `assay compare`; tells how it ended.
///
/// # Errors
/// All that is wrong with scenarios and arguments; when the disk fails, or it was interrupted.
pub(super) fn run(args: &CompareArgs, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
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
    Ok(CommandEnd::Done)
}

/// The comparison of both scenarios, read and checked.
fn comparison(args: &CompareArgs) -> Result<Comparison, Failure> {
    let CompareArgs { seed, replications, epochs, .. } = args;
    let mut set = args.both.clone();
    if args.second.is_some() {
        set.extend(args.set.iter().cloned());
    }
    let changes = Changes { set, seed: *seed, replications: *replications, epochs: *epochs };
    let first = Simulation::load_changed(&args.first, changes)?;
    overload::note(&first)?;
    Ok(match &args.second {
        None => Comparison::of_changes(&first, &args.set)?,
        Some(second) => Comparison::of_file(&first, second)?,
    })
}

/// What differs, who gains and who loses, and the tables.
fn print(args: &CompareArgs, found: &Differences, out: &mut dyn Write) -> io::Result<()> {
    let second = match &args.second {
        Some(path) => path.display().to_string(),
        None => args.set.join(", "),
    };
    writeln!(out, "{}", found.title())?;
    let (first, pairs) = (args.first.display(), found.pairs());
    writeln!(out, "{first} against {second}: {pairs} pairs on the same seeds")?;
    for line in found.changed().iter().take(CHANGED_MAX) {
        writeln!(out, "  {line}")?;
    }
    let more = found.changed().len().saturating_sub(CHANGED_MAX);
    if more > 0 {
        writeln!(out, "  and {more} keys more")?;
    }
    writeln!(out)?;
    for sentence in found.answer() {
        writeln!(out, "{sentence}")?;
    }
    writeln!(
        out,
        "\ndifference: second less first; intervals hold together at 95 %, approximately"
    )?;
    writeln!(out, "(!: skewed by more than 1, not trustworthy); exact: the same in every pair\n")?;
    let told = |line: &&Difference| !line.is_repeated;
    let of = |group: ComparedGroup| {
        found.all().iter().filter(told).filter(move |line| line.group == group)
    };
    for (group, title) in [
        (ComparedGroup::Class, "pay share of class [%]"),
        (ComparedGroup::Operator, "pay share of operator [%]"),
    ] {
        if of(group).next().is_some() {
            writeln!(out, "{}\n", sheet::fitted(table(title, of(group), PERCENT)))?;
        }
    }
    for (title, sign) in [("gains most [%]", 1), ("loses most [%]", -1)] {
        let size = |line: &Difference| line.difference.unwrap_or(0.0).abs();
        let mut named: Vec<_> =
            of(ComparedGroup::Miner).filter(|line| line.sign() == sign).collect();
        named.sort_by(|a, b| size(b).total_cmp(&size(a)));
        let most = named.iter().take(MOST).copied();
        writeln!(out, "{}", sheet::fitted(table(title, most, PERCENT)))?;
        match named.len().saturating_sub(MOST) {
            _ if named.is_empty() => writeln!(out, "no miner is named\n")?,
            0 => writeln!(out)?,
            more => writeln!(out, "and {more} miners more\n")?,
        }
    }
    let (same, moved): (Vec<_>, Vec<_>) = of(ComparedGroup::Metric).partition(|line| stands(line));
    writeln!(out, "{}", sheet::fitted(table("metric", moved.into_iter(), 1.0)))?;
    if !same.is_empty() {
        writeln!(out, "{} metrics are the same in every pair, or have no value", same.len())?;
    }
    writeln!(out, "\nagain    {}", found.command())
}

/// Whether a metric did not move in any pair.
fn stands(line: &Difference) -> bool {
    line.difference.is_none_or(|difference| line.is_exact && difference.abs() <= 0.0)
}

fn table<'l>(title: &str, lines: impl Iterator<Item = &'l Difference>, scale: f64) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    let interval = "95 % interval";
    table.set_header([
        title,
        "before",
        "after",
        "difference",
        interval,
        "p",
        "named",
        "r",
        "variance ratio",
    ]);
    let short = |x: Option<f64>| x.map(|x| format!("{:.3}", x * scale)).unwrap_or_default();
    for line in lines {
        let mark = if line.is_trustworthy() { "" } else { " !" };
        let interval = line.interval.map(|interval| {
            format!("{:.3} .. {:.3}{mark}", interval.low * scale, interval.high * scale)
        });
        let interval = if line.is_exact { Some("exact".to_string()) } else { interval };
        table.add_row([
            line.name.clone(),
            short(line.before),
            short(line.after),
            short(line.difference),
            interval.unwrap_or_default(),
            line.p.map(|p| format!("{p:.4}")).unwrap_or_default(),
            line.named().to_string(),
            line.correlation.map(|r| format!("{r:.2}")).unwrap_or_default(),
            line.variance_ratio.map(|ratio| format!("{ratio:.1}")).unwrap_or_default(),
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
        "p": line.p,
        "named": line.named(),
        "exact": line.is_exact,
        "skewness": line.skewness,
        "repeated": line.is_repeated,
        "correlation": line.correlation,
        "variance_ratio": line.variance_ratio,
        "pairs": line.pairs,
    })
}
