//! `assay validate`: a scenario against a recorded trace.

use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::progress;
use crate::cli::scenario_args::ScenarioArgs;
use crate::cli::trace_args::TraceArgs;
use crate::report;
use crate::report::Folder;
use crate::report::FolderError;
use crate::study::StudyError;
use crate::trace::validate;
use crate::trace::validate::Validated;
use anyhow::anyhow;
use clap::Args;
use serde_json::Value;
use serde_json::json;
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

/// Holds a scenario against a recorded trace: REJECTED, or not.
///
/// Every statistic is computed by the same code on the trace and on simulated replications. Those over the whole trace
/// warn; those over the last part give the verdict.
#[derive(Debug, Args)]
pub(super) struct ValidateArgs {
    #[command(flatten)]
    trace: TraceArgs,
    /// Scenario file (TOML), in the trace's hours; for an honest verdict fitted to the part before --from.
    #[arg(long, value_name = "FILE")]
    scenario: PathBuf,
    /// Share of the trace's time at which the last part begins.
    #[arg(long, value_name = "SHARE", default_value_t = 0.75)]
    from: f64,
    /// Least number of replications; more are made where fewer could not reject.
    #[arg(long, value_name = "N", default_value_t = REPLICATIONS_MIN)]
    replications: u64,
    /// Chance to reject a scenario that is true.
    #[arg(long, value_name = "LEVEL", default_value_t = ALPHA_USUAL)]
    alpha: f64,
    /// Changes one key of the scenario: path.to.key=value. May be given again.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Results folder, for validation.csv, manifest.json, plots and report.html; without it ./NAME-validation.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads; 0: as many as cores. The result is the same.
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// Writes every plot as PNG too.
    #[arg(long)]
    png: bool,
    /// Prints the manifest as JSON in place of the table.
    #[arg(long)]
    json: bool,
}

/// Fewest replications. Source: the contract of this verb.
const REPLICATIONS_MIN: u64 = 200;
/// The usual alpha.
const ALPHA_USUAL: f64 = 0.05;
/// Smallest alpha: below it a check would take forever.
const ALPHA_MIN: f64 = 1e-4;

/// Runs the verb.
pub(super) fn run(args: &ValidateArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    check(args)?;
    let scenario_args = ScenarioArgs::of(&args.scenario, &args.set);
    let scenario = scenario_args.resolve()?;
    if scenario.replay.is_some() || scenario.miners.is_empty() {
        let path = args.scenario.display();
        return Err(Failure::input(anyhow!(
            "{path} has nothing to simulate, allowed: a scenario with clients and cohorts, as `assay fit` writes it"
        )));
    }
    let jobs = args.trace.read()?;
    let plain = scenario.name.replace('/', "-");
    let target = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{plain}-validation")));
    let folder = Folder::begin(&target).map_err(folder_failure)?;
    let settings = validate::Settings {
        from: args.from,
        replications: args.replications,
        alpha: args.alpha,
        threads: args.threads,
    };
    let stop = progress::stop_flag();
    let least = validate::least_replications(crate::trace::STATISTICS_COUNT, args.alpha);
    let bar = progress::bar(args.replications.max(least) + 200, &scenario.name, args.trace.quiet);
    let validated =
        validate::validate(&jobs, &scenario, settings, &stop, &|| bar.inc(1)).map_err(|error| {
            match error {
                StudyError::Stopped => Failure::Interrupted,
                StudyError::Threads(..) => Failure::machine(error),
            }
        })?;
    bar.finish_and_clear();
    let text = fill(folder, args, &scenario_args, (&validated, &report::scenario_text(&scenario)))?;
    if args.json {
        write!(out, "{text}")?;
    } else {
        write!(out, "{}", validate::words(&validated, args.alpha))?;
        writeln!(out, "results  {}", target.display())?;
    }
    Ok(if validated.rejected { Outcome::Different } else { Outcome::Done })
}

/// Writes the folder's files, and gives the manifest's text.
fn fill(
    folder: Folder,
    args: &ValidateArgs,
    scenario_args: &ScenarioArgs,
    (validated, scenario_text): (&Validated, &str),
) -> Result<String, Failure> {
    let manifest = manifest(args, scenario_args, validated, scenario_text);
    let mut text = serde_json::to_string_pretty(&manifest)
        .map_err(|e| Failure::machine(std::io::Error::from(e)))?;
    text.push('\n');
    let table = validate::to_csv(validated, &report::figure);
    folder.write("validation.csv", &table).map_err(folder_failure)?;
    folder.write(report::MANIFEST, text.as_bytes()).map_err(folder_failure)?;
    let word = |key: &str| manifest[key].as_str().unwrap_or_default().to_string();
    let checked = report::Checked {
        scenario: word("scenario"),
        scenario_hash: word("scenario_hash"),
        trace: word("trace"),
        command: word("command"),
        validated,
    };
    for (name, bytes) in report::validation_packet(&checked, args.png) {
        folder.write(&name, &bytes).map_err(folder_failure)?;
    }
    folder.finish().map_err(folder_failure)?;
    Ok(text)
}

fn check(args: &ValidateArgs) -> Result<(), Failure> {
    let problem = if !(args.from > 0.0 && args.from < 1.0) {
        Some(format!("--from is {}, allowed: above 0, below 1", args.from))
    } else if args.replications < REPLICATIONS_MIN {
        Some(format!(
            "--replications is {}, allowed: at least {REPLICATIONS_MIN}",
            args.replications
        ))
    } else if !(args.alpha >= ALPHA_MIN && args.alpha < 1.0) {
        Some(format!("--alpha is {}, allowed: from {ALPHA_MIN} to below 1", args.alpha))
    } else {
        None
    };
    problem.map_or(Ok(()), |text| Err(Failure::input(anyhow!(text))))
}

fn folder_failure(error: FolderError) -> Failure {
    match error {
        FolderError::Foreign(_) => Failure::input(error),
        FolderError::Disk(..) => Failure::machine(error),
    }
}

/// What the folder claims: no clock, host or path.
fn manifest(
    args: &ValidateArgs,
    scenario_args: &ScenarioArgs,
    validated: &Validated,
    scenario_text: &str,
) -> Value {
    let trace = args.trace.name();
    let begin = format!("assay validate {trace} --scenario");
    let command = scenario_args.command("--scenario").replacen("assay --scenario", &begin, 1);
    let mut command = format!("{command} --from {}", args.from);
    if args.replications != REPLICATIONS_MIN {
        write!(command, " --replications {}", args.replications).expect("writing to memory");
    }
    if (args.alpha - ALPHA_USUAL).abs() > 0.0 {
        write!(command, " --alpha {}", args.alpha).expect("writing to memory");
    }
    let verdict = if validated.rejected { "REJECTED" } else { "NOT REJECTED" };
    json!({
        "package": env!("CARGO_PKG_NAME"),
        "package_version": env!("CARGO_PKG_VERSION"),
        "command": command,
        "scenario": scenario_args.name(),
        "scenario_hash": report::scenario_hash(scenario_text),
        "trace": trace,
        "from": args.from,
        "from_ms": validated.from_ms,
        "alpha": args.alpha,
        "replications": validated.replications,
        "verdict": verdict,
    })
}
