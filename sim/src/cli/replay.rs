//! `assay replay`: a recorded trace through the scenario's scoring, validators and chain.

use crate::cli::outcome;
use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::cli::places;
use crate::cli::sheet;
use crate::simulation::Changes;
use crate::simulation::Outputs;
use crate::simulation::Replay;
use crate::simulation::Replayed;
use crate::simulation::Simulation;
use crate::simulation::Target;
use crate::simulation::Trace;
use clap::Args;
use comfy_table::Table;
use comfy_table::presets;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

/// Scores and pays a recorded trace exactly: no engine, no draw.
#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// Trace (CSV, gzip or plain) in the columns of the published one; further columns are left alone.
    trace: PathBuf,
    /// Column map (TOML) of a trace in other columns, CSV or JSON lines.
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Scenario file (TOML): its scoring, validators and chain.
    #[arg(long, value_name = "FILE")]
    scenario: PathBuf,
    /// Results folder, for replay.csv and manifest.json; without it results/local/NAME-replay for a shipped scenario,
    /// ./NAME-replay for another.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Changes one key of the scenario: path.to.key=value. May be given again.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Leaves bad rows out and counts them.
    #[arg(long)]
    skip_bad: bool,
    /// Prints the manifest as JSON in place of the table.
    #[arg(long)]
    json: bool,
    /// Tells nothing on standard error but failures.
    #[arg(long)]
    quiet: bool,
}

/// Miners shown in the table on the terminal.
const SHOWN_MINERS: usize = 10;
/// A share in percent.
const PERCENT: f64 = 100.0;

/// Runs `assay replay`; tells how it ended.
///
/// # Errors
/// When scenario, trace or column map cannot be read, or the disk fails.
pub(super) fn run(args: &ReplayArgs, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    let changes = Changes { set: args.set.clone(), ..Changes::default() };
    let rules = Simulation::load_changed(&args.scenario, changes)?;
    let target = match &args.out {
        Some(place) => place.clone(),
        None => places::default_folder(&rules, "-replay", "-replay")?,
    };
    let outputs = Outputs::of(&rules).reads_trace(&args.trace).folder(&target);
    args.map.iter().fold(outputs, Outputs::reads).check()?;
    let folder = Target::begin(&target)?;
    let mut trace = Trace::of(&args.trace);
    if let Some(map) = &args.map {
        trace = trace.mapped(map);
    }
    if args.skip_bad {
        trace = trace.skip_bad();
    }
    let replayed = Replay::of(&rules, trace)?.run()?;
    let manifest = String::from_utf8_lossy(replayed.manifest()).into_owned();
    replayed.save_at(folder)?;
    if !args.quiet {
        outcome::tell_each(&left_out(&replayed));
    }
    if args.json {
        write!(out, "{manifest}")?;
    } else {
        show(&replayed, &target, out)?;
    }
    Ok(CommandEnd::Done)
}

/// Names the rows left out, the first of them one by one.
fn left_out(replayed: &Replayed) -> Vec<String> {
    let bad = replayed.bad();
    let mut lines: Vec<String> = bad.iter().map(|row| format!("left out: {row}")).collect();
    let told = u64::try_from(bad.len()).expect("a few");
    if replayed.skipped() > told {
        lines.push(format!("left out: and {} more rows", replayed.skipped() - told));
    }
    lines
}

/// Prints who is paid most.
fn show(replayed: &Replayed, target: &Path, out: &mut dyn Write) -> Result<(), Failure> {
    if !replayed.question().is_empty() {
        writeln!(out, "{}", replayed.question())?;
    }
    let miners = replayed.miners().len();
    let (rows, skipped, late) = (replayed.rows(), replayed.skipped(), replayed.late());
    writeln!(out, "{} jobs of {miners} miners, {} left out", rows - late, skipped + late)?;
    if late > 0 {
        let reference_ms = replayed.reference_ms();
        writeln!(out, "{late} of them were written after the reference time, {reference_ms} ms")?;
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["miner", "uid", "score", "wins", "pay %", "mean %", "success", "failed"]);
    let mut order: Vec<_> = replayed.miners().iter().collect();
    let paid = |share: Option<f64>| share.unwrap_or(-1.0);
    order.sort_by(|a, b| paid(b.pay_share).total_cmp(&paid(a.pay_share)));
    let percent = |share: Option<f64>| {
        share.map(|share| format!("{:.3}", PERCENT * share)).unwrap_or_default()
    };
    for miner in order.iter().take(SHOWN_MINERS) {
        let published = &miner.published;
        table.add_row([
            miner.name.clone(),
            miner.uid.to_string(),
            format!("{:.4}", published.score),
            miner.wins.to_string(),
            percent(miner.pay_share),
            percent(miner.mean_share),
            published.success_count.to_string(),
            published.failure_count.map(|count| count.to_string()).unwrap_or_default(),
        ]);
    }
    writeln!(out, "{}", sheet::fitted(table))?;
    if miners > SHOWN_MINERS {
        writeln!(out, "and {} more in replay.csv", miners - SHOWN_MINERS)?;
    }
    writeln!(out, "results  {}", target.display())?;
    Ok(())
}
