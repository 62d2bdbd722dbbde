//! `assay check`: judge the properties of scenarios.

use crate::cli::interrupt;
use crate::cli::junit;
use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::progress;
use crate::cli::scenario_args::ScenarioArgs;
use crate::simulation;
use crate::simulation::Check;
use crate::simulation::Conduct;
use crate::simulation::Error;
use crate::simulation::Judged;
use crate::simulation::Outputs;
use crate::simulation::Simulation;
use crate::simulation::Status;
use crate::simulation::Target;
use crate::simulation::Verdicts;
use clap::Args;
use comfy_table::CellAlignment;
use comfy_table::Table;
use comfy_table::presets;
use serde_json::Value;
use serde_json::json;
use std::io;
use std::io::Write;
use std::path::PathBuf;

/// Judges the properties of scenarios: PASS, FAIL or UNDECIDED, with error bounds.
///
/// Exit code 0: every verdict as expected; 1: a verdict is not; 3: something stayed undecided and nothing is worse.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    first: ScenarioArgs,
    /// Further scenario files, judged one after another.
    #[arg(value_name = "SCENARIO")]
    more: Vec<PathBuf>,
    /// Seed in place of the scenario's, for nightly rotation: the same as --seed.
    #[arg(long, value_name = "N", conflicts_with = "seed")]
    seed_from: Option<u64>,
    /// Threads; 0: as many as cores. The verdicts are the same.
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// Also writes the verdicts as `JUnit` XML, as CI systems show them.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Also runs the scenario's replications and writes a results folder with all verdicts in it; for one scenario.
    #[arg(long, value_name = "DIR", conflicts_with = "more")]
    out: Option<PathBuf>,
    /// Keeps only these files of the folder, and its manifest: names separated by commas, `plots` for all plots.
    #[arg(long, value_name = "FILES", value_delimiter = ',', requires = "out")]
    only: Vec<String>,
    /// Prints the verdicts as JSON in place of the table.
    #[arg(long)]
    json: bool,
    /// No progress on standard error.
    #[arg(long)]
    quiet: bool,
}

/// Runs the verb.
pub(super) fn run(args: &CheckArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let mut changes = args.first.changes();
    changes.seed = args.seed_from.or(changes.seed);
    let paths = std::iter::once(args.first.path()).chain(args.more.iter().map(PathBuf::as_path));
    // All are read before the first is run: a mistake in the last is told at once.
    let worlds: Result<Vec<Simulation>, Error> =
        paths.map(|path| Simulation::load_changed(path, changes.clone())).collect();
    let worlds = worlds?;
    outputs(args, &worlds).check()?;
    let keeps = |check: Check| if args.out.is_some() { check.keep_outcome() } else { check };
    let checks: Result<Vec<Check>, Error> =
        worlds.iter().map(|world| Check::of(world).map(keeps)).collect();
    let checks = checks?;
    let folder = args.out.as_deref().map(Target::begin).transpose()?;
    let folder = folder.map(|folder| folder.keeping(&args.only)).transpose()?;
    let stop = interrupt::watched_flag();
    let mut outcome = Outcome::Done;
    let mut suites = Vec::new();
    for check in &checks {
        let bar = progress::counter(check.name(), args.quiet);
        let told = || bar.inc(1);
        let conduct = Conduct::default().threads(args.threads).stop(&stop).progress(&told);
        let suite = check.run(&conduct);
        let took = bar.elapsed();
        bar.finish_and_clear();
        let suite = suite?;
        outcome = outcome.and(Outcome::of_verdicts(suite.as_expected()));
        if !args.json {
            print(&suite, out)?;
        }
        suites.push((suite, took));
    }
    if args.json {
        let all: Vec<Value> = suites.iter().map(|(suite, _)| as_json(suite)).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&all).expect("plain values are JSON"))?;
    }
    if let Some(file) = &args.junit {
        simulation::save_file(file, junit::text(&suites).as_bytes())?;
    }
    if let (Some(folder), Some(found)) = (folder, suites[0].0.outcome()) {
        found.save_at(folder)?;
    }
    Ok(outcome)
}

/// What the command reads and writes.
fn outputs(args: &CheckArgs, worlds: &[Simulation]) -> Outputs {
    let outputs = worlds.iter().fold(Outputs::default(), Outputs::and);
    let outputs = args.junit.iter().fold(outputs, Outputs::file);
    args.out.iter().fold(outputs, Outputs::folder)
}

/// The table of one scenario, and what a reader needs beside it.
fn print(suite: &Verdicts, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", suite.name())?;
    if !suite.question().is_empty() {
        writeln!(out, "{}", suite.question())?;
    }
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(["verdict", "property", "claim", "estimate", "interval", "margin", "runs"]);
    for judged in suite.all() {
        let claimed = match (judged.threshold, judged.quantity.as_str()) {
            (Some(threshold), quantity) => format!("{quantity} {} {threshold}", judged.relation),
            (None, _) => judged.claim.clone(),
        };
        table.add_row([
            judged.label.clone(),
            judged.id.clone(),
            claimed,
            judged.estimate.map(|x| format!("{x:.4}")).unwrap_or_default(),
            judged.interval(),
            judged.margin.map(|x| x.to_string()).unwrap_or_default(),
            judged.runs.to_string(),
        ]);
    }
    for column in [3, 5, 6] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    writeln!(out, "{table}")?;
    for judged in suite.all() {
        tell(suite, judged, out)?;
    }
    writeln!(out)
}

/// What stands below the table about one verdict: why, how to see it, what the pairing gained.
fn tell(suite: &Verdicts, judged: &Judged, out: &mut dyn Write) -> io::Result<()> {
    let id = &judged.id;
    match judged.status {
        Status::Pass if judged.as_expected == Some(true) => {}
        Status::Pass => writeln!(out, "{id}: passes, though it was expected to fail")?,
        Status::Undecided => writeln!(out, "{id}: {}", judged.reason)?,
        Status::Fail => {
            let why = judged.because.as_deref().unwrap_or(&judged.reason);
            writeln!(out, "{id}: {why}")?;
            writeln!(out, "  seed {}, {} replications", suite.seed(), judged.runs)?;
            if let Some(command) = &judged.worst_command {
                writeln!(out, "  worst: {command}")?;
            }
        }
    }
    if let (Some(r), Some(ratio)) = (judged.correlation, judged.variance_ratio) {
        writeln!(
            out,
            "{id}: pairs correlate at {r:.2}; unpaired would need {ratio:.1} times the runs"
        )?;
    }
    Ok(())
}

fn as_json(suite: &Verdicts) -> Value {
    json!({
        "scenario": suite.name(),
        "question": suite.question(),
        "seed": suite.seed(),
        "verdicts": suite.all(),
    })
}
