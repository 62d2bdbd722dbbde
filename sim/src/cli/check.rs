//! `assay check`: judge the properties of scenarios.

use crate::cli::interrupt;
use crate::cli::junit;
use crate::cli::outcome;
use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::cli::overload;
use crate::cli::progress;
use crate::cli::scenario_args::ScenarioArgs;
use crate::cli::sheet;
use crate::simulation;
use crate::simulation::Check;
use crate::simulation::Conduct;
use crate::simulation::Error;
use crate::simulation::EvidenceLedger;
use crate::simulation::Judged;
use crate::simulation::Outputs;
use crate::simulation::Simulation;
use crate::simulation::Target;
use crate::simulation::VerdictStatus;
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

/// Judges the properties of scenarios: PASS, FAIL or UNDECIDED, with error bounds over all of them together.
///
/// Exit code 0: every verdict as expected; 1: a verdict is not; 3: something stayed undecided and nothing is worse.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    first: ScenarioArgs,
    /// Further scenario files; the properties of all files share the error bounds.
    #[arg(value_name = "SCENARIO")]
    more: Vec<PathBuf>,
    /// Seed in place of the scenario's, for nightly rotation: the same as --seed.
    #[arg(long, value_name = "N", conflicts_with = "seed")]
    seed_from: Option<u64>,
    /// Carries the evidence on over nights: goes on where the file says, with further replications, and writes it anew.
    /// Without the file it is made, for as many claims as are judged now and the reserve.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["seed_from", "out"])]
    ledger: Option<PathBuf>,
    /// Places that a new ledger keeps free for claims to come; without it a quarter of today's.
    #[arg(long, value_name = "N", requires = "ledger")]
    reserve: Option<u64>,
    /// Threads; 0: as many as cores. The verdicts are the same.
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// Also writes the verdicts as `JUnit` XML, as CI systems show them.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Also runs the scenario's replications and writes a results folder with all verdicts in it; for one scenario.
    #[arg(long, value_name = "DIR", conflicts_with = "more")]
    out: Option<PathBuf>,
    /// Keeps only these files of the folder, its manifest and what explains their columns: names separated by commas,
    /// `plots` for all plots.
    #[arg(long, value_name = "FILES", value_delimiter = ',', requires = "out")]
    only: Vec<String>,
    /// Prints the verdicts as JSON in place of the table.
    #[arg(long)]
    json: bool,
    /// No progress on standard error, and no word of what a property needs unless its budget is short.
    #[arg(long)]
    quiet: bool,
}

/// Runs `assay check`; tells how it ended.
///
/// # Errors
/// All that is wrong with scenarios and arguments; when the disk fails, a budget is too small, or it was interrupted.
pub(super) fn run(args: &CheckArgs, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    let (checks, mut ledger) = read(args)?;
    outcome::note_each(&needs(&checks, args.quiet));
    let folder = args.out.as_deref().map(Target::begin).transpose()?;
    let folder = folder.map(|folder| folder.keeping(&args.only)).transpose()?;
    let stop = interrupt::watched_flag();
    let mut outcome = CommandEnd::Done;
    let mut suites = Vec::new();
    if !args.json {
        print_head(&checks, ledger.as_ref(), out)?;
    }
    for check in &checks {
        let bar = progress::counter(check.name(), args.quiet);
        let told = || bar.inc(1);
        let conduct = Conduct::default().threads(args.threads).stop(&stop).progress(&told);
        let suite = check.run(&conduct);
        let took = bar.elapsed();
        bar.finish_and_clear();
        let suite = suite?;
        outcome = outcome.and(CommandEnd::of_verdicts(suite.as_expected()));
        if let Some(ledger) = &mut ledger {
            ledger.note(check, &suite);
        } else if !args.json {
            print(&suite, out)?;
        }
        suites.push((suite, took));
    }
    if let Some(ledger) = ledger {
        // Nothing is told of replications that the ledger does not know to be used.
        ledger.save()?;
        if !args.json {
            suites.iter().try_for_each(|(suite, _)| print(suite, out))?;
        }
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

/// Every check, all judged together; a mistake in the last is told before the first is run.
fn read(args: &CheckArgs) -> Result<(Vec<Check>, Option<EvidenceLedger>), Failure> {
    let mut changes = args.first.changes();
    changes.seed = args.seed_from.or(changes.seed);
    let paths = std::iter::once(args.first.path()).chain(args.more.iter().map(PathBuf::as_path));
    let worlds: Result<Vec<Simulation>, Error> =
        paths.map(|path| Simulation::load_changed(path, changes.clone())).collect();
    let worlds = worlds?;
    outputs(args, &worlds).check()?;
    worlds.iter().try_for_each(overload::note)?;
    let keeps = |check: Check| if args.out.is_some() { check.keep_outcome() } else { check };
    let checks: Result<Vec<Check>, Error> =
        worlds.iter().map(|world| Check::of(world).map(keeps)).collect();
    let checks = checks?;
    if let Some(file) = &args.ledger {
        let mut ledger = EvidenceLedger::open(file, &checks, args.reserve)?;
        let mut taken_up = Vec::new();
        for check in checks {
            let (check, notes) = ledger.take_up(check)?;
            outcome::note_each(&notes);
            taken_up.push(check);
        }
        return Ok((taken_up, Some(ledger)));
    }
    let together = checks.iter().map(Check::statistical_count).sum();
    let checks: Vec<Check> = checks.into_iter().map(|c| c.judged_together(together)).collect();
    let refused = checks.iter().filter_map(|check| check.refuse_too_small().err());
    let refused: Vec<String> = refused.map(|error| error.to_string()).collect();
    if refused.is_empty() {
        Ok((checks, None))
    } else {
        Err(Error::Input(refused.join("\n")).into())
    }
}

/// What every property needs, to be told before the first run; in a quiet call only those whose budget is short.
fn needs(checks: &[Check], is_quiet: bool) -> Vec<String> {
    let all = checks.iter().flat_map(Check::needs_in_words);
    all.filter(|(is_short, _)| *is_short || !is_quiet).map(|(_, text)| text).collect()
}

/// How many properties share the error bounds.
fn print_head(
    checks: &[Check],
    ledger: Option<&EvidenceLedger>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let together = checks.first().map_or(0, Check::together);
    if together == 0 {
        return Ok(());
    }
    let life = match ledger {
        Some(ledger) => format!(
            " in the life of this ledger, which has {} places free for claims to come",
            ledger.free()
        ),
        None => String::new(),
    };
    writeln!(
        out,
        "m = {together} statistical properties are judged together: each states alpha/m and beta/m, so that any wrong FAIL \
         has at most the chance alpha, any wrong PASS at most beta{life}.\n"
    )
}

/// What the command reads and writes.
fn outputs(args: &CheckArgs, worlds: &[Simulation]) -> Outputs {
    let outputs = worlds.iter().fold(Outputs::default(), Outputs::and);
    let outputs = args.junit.iter().chain(&args.ledger).fold(outputs, Outputs::file);
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
    table.set_header([
        "verdict",
        "property",
        "claim",
        "margin",
        "estimate",
        "bound that decided",
        "runs",
        "least, at threshold",
    ]);
    for judged in suite.all() {
        let claimed = match (judged.threshold, judged.quantity.as_str()) {
            (Some(threshold), quantity) => format!("{quantity} {} {threshold}", judged.relation),
            (None, _) => judged.claim.clone(),
        };
        let needed = |runs: Option<u64>| runs.map_or_else(|| "-".to_string(), |n| n.to_string());
        let needs = judged.threshold.map(|_| {
            format!("{}, {}", needed(judged.runs_floor), needed(judged.runs_at_threshold))
        });
        table.add_row([
            judged.label.clone(),
            judged.id.clone(),
            claimed,
            judged.margin.map(|x| x.to_string()).unwrap_or_default(),
            judged.estimate.map(|x| format!("{x:.4}")).unwrap_or_default(),
            judged.bounds(),
            judged.runs.to_string(),
            needs.unwrap_or_default(),
        ]);
    }
    for column in [3, 4, 6, 7] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    writeln!(out, "{}", sheet::fitted(table))?;
    for judged in suite.all() {
        tell(suite, judged, out)?;
    }
    writeln!(out)
}

/// What stands below the table about one verdict: why, how to see it, how its pairs go together.
fn tell(suite: &Verdicts, judged: &Judged, out: &mut dyn Write) -> io::Result<()> {
    let id = &judged.id;
    match judged.status {
        VerdictStatus::Pass if judged.as_expected == Some(true) && judged.finding.is_empty() => {}
        VerdictStatus::Pass if judged.as_expected == Some(true) => {
            writeln!(out, "{id}: {}", judged.reason)?;
        }
        VerdictStatus::Pass => {
            writeln!(out, "{id}: passes, though it was expected to fail: {}", judged.reason)?;
        }
        VerdictStatus::Undecided => writeln!(out, "{id}: {}", judged.reason)?,
        VerdictStatus::Fail => {
            writeln!(out, "{id}: {}", judged.reason)?;
            if let Some(because) = &judged.because {
                writeln!(out, "  known to be false: {because}")?;
            }
            writeln!(out, "  seed {}, {} replications", suite.seed(), judged.runs)?;
            if let Some(command) = &judged.worst_command {
                writeln!(out, "  worst: {command}")?;
            }
        }
    }
    if let (Some(mean), Some(of_means)) = (judged.estimate, judged.relative_of_means) {
        let zero = judged.pairs_both_zero.unwrap_or(0);
        writeln!(
            out,
            "{id}: mean of relative differences {mean:.4}, relative difference of the means {of_means:.4}; {zero} pairs \
             with nothing in both counted as 0"
        )?;
    }
    if let (Some(r), Some(ratio)) = (judged.correlation, judged.variance_ratio) {
        writeln!(
            out,
            "{id}: pairs correlate at {r:.2}, variance ratio {ratio:.1} (of unpaired differences to the pairs')"
        )?;
    }
    Ok(())
}

fn as_json(suite: &Verdicts) -> Value {
    json!({
        "scenario": suite.name(),
        "question": suite.question(),
        "seed": suite.seed(),
        "judged_together": suite.judged_together(),
        "verdicts": suite.all(),
    })
}
