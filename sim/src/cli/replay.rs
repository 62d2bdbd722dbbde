//! `assay replay`: a recorded trace through the scenario's scoring, validators and chain.

use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::scenario_args::ScenarioArgs;
use crate::cli::trace_args::column_map;
use crate::report;
use crate::report::Folder;
use crate::report::FolderError;
use crate::scenario::Scenario;
use crate::trace;
use crate::trace::History;
use crate::trace::Plan;
use crate::trace::Replayed;
use crate::trace::TraceError;
use anyhow::Context as _;
use anyhow::anyhow;
use clap::Args;
use comfy_table::Table;
use comfy_table::presets;
use serde_json::Value;
use serde_json::json;
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
    /// Results folder, for replay.csv and manifest.json; without it ./NAME-replay.
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

/// Runs the verb.
pub(super) fn run(args: &ReplayArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let scenario_args = ScenarioArgs::of(&args.scenario, &args.set);
    let scenario = scenario_args.resolve()?;
    let target = args.out.clone().unwrap_or_else(|| default_folder(&scenario));
    let folder = Folder::begin(&target).map_err(folder_failure)?;
    let map = args.map.as_deref().map(column_map).transpose()?;
    let open = || trace::open(&args.trace, map.as_ref());
    let history = history(&args.trace)?;
    let replayed = trace::replay(&open, &Plan::of(&scenario), history.as_ref(), args.skip_bad)
        .map_err(|error| trace_failure(&args.trace, error))?;
    let manifest = manifest(args, &scenario, &scenario_args, &replayed);
    let mut manifest_text = serde_json::to_string_pretty(&manifest)
        .map_err(|e| Failure::machine(std::io::Error::from(e)))?;
    manifest_text.push('\n');
    folder.write("replay.csv", &trace::to_csv(&replayed.miners)).map_err(folder_failure)?;
    folder.write(report::MANIFEST, manifest_text.as_bytes()).map_err(folder_failure)?;
    folder.finish().map_err(folder_failure)?;
    if !args.quiet {
        tell_skipped(&replayed)?;
    }
    if args.json {
        write!(out, "{manifest_text}")?;
    } else {
        show(&scenario, &replayed, &target, out)?;
    }
    Ok(Outcome::Done)
}

/// What a simulated run has written beside its jobs, where it did.
fn history(trace: &Path) -> Result<Option<History>, Failure> {
    let path = trace::history_beside(trace);
    if !path.is_file() {
        return Ok(None);
    }
    let file = std::fs::File::open(&path)
        .with_context(|| format!("cannot open {}", path.display()))
        .map_err(Failure::Input)?;
    let read = History::read(std::io::BufReader::new(file));
    read.map(Some).map_err(|error| trace_failure(&path, error))
}

fn default_folder(scenario: &Scenario) -> PathBuf {
    PathBuf::from(format!("{}-replay", scenario.name.replace('/', "-")))
}

/// A trace that cannot be opened or used is the caller's; a disk that fails while reading is the machine's.
fn trace_failure(path: &Path, error: TraceError) -> Failure {
    let is_machine = matches!(error, TraceError::Read { .. });
    let error = anyhow!(error).context(path.display().to_string());
    if is_machine { Failure::Machine(error) } else { Failure::Input(error) }
}

fn folder_failure(error: FolderError) -> Failure {
    match error {
        FolderError::Foreign(_) => Failure::input(error),
        FolderError::Disk(..) => Failure::machine(error),
    }
}

/// What the folder claims: no clock, host or path.
fn manifest(
    args: &ReplayArgs,
    scenario: &Scenario,
    scenario_args: &ScenarioArgs,
    replayed: &Replayed,
) -> Value {
    let trace = args.trace.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = report::scenario_text(scenario);
    let begin = format!("assay replay {trace} --scenario");
    let mut command = scenario_args.command("--scenario").replacen("assay --scenario", &begin, 1);
    if args.skip_bad {
        command.push_str(" --skip-bad");
    }
    json!({
        "package": env!("CARGO_PKG_NAME"),
        "package_version": env!("CARGO_PKG_VERSION"),
        "scenario": scenario.name,
        "question": scenario.question,
        "command": command,
        "scenario_hash": report::scenario_hash(&text),
        "trace": trace,
        "rows": replayed.scan.rows,
        "rows_skipped": replayed.scan.skipped,
        "miners": replayed.miners.len(),
        "reference_time_ms": replayed.reference_ms,
        "score_runs_averaged": replayed.averaged,
        "scenario_text": text,
    })
}

/// Names the rows left out, the first of them one by one.
fn tell_skipped(replayed: &Replayed) -> Result<(), Failure> {
    let mut err = std::io::stderr().lock();
    for bad in &replayed.scan.bad {
        writeln!(err, "left out: {bad}")?;
    }
    let told = u64::try_from(replayed.scan.bad.len()).expect("a few");
    if replayed.scan.skipped > told {
        writeln!(err, "left out: and {} more rows", replayed.scan.skipped - told)?;
    }
    Ok(())
}

/// Prints who is paid most.
fn show(
    scenario: &Scenario,
    replayed: &Replayed,
    target: &Path,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if !scenario.question.is_empty() {
        writeln!(out, "{}", scenario.question)?;
    }
    let scan = &replayed.scan;
    let miners = replayed.miners.len();
    writeln!(out, "{} jobs of {miners} miners, {} left out", scan.rows, scan.skipped)?;
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["miner", "uid", "score", "wins", "pay %", "mean %", "success", "failed"]);
    let mut order: Vec<_> = replayed.miners.iter().collect();
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
    writeln!(out, "{table}")?;
    if miners > SHOWN_MINERS {
        writeln!(out, "and {} more in replay.csv", miners - SHOWN_MINERS)?;
    }
    writeln!(out, "results  {}", target.display())?;
    Ok(())
}
