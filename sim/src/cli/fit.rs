//! `assay fit`: a scenario from a recorded trace.

use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::cli::progress;
use crate::cli::trace_args::TraceArgs;
use crate::simulation;
use crate::simulation::Fit;
use crate::simulation::Fitted;
use crate::simulation::Outputs;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Fits a scenario to a recorded trace, and says how well and what the trace cannot tell.
#[derive(Debug, Args)]
pub(super) struct FitArgs {
    #[command(flatten)]
    trace: TraceArgs,
    /// Share of the trace's time to look at; the rest is kept for `validate`.
    #[arg(long, value_name = "SHARE", default_value_t = 1.0)]
    until: f64,
    /// Scenario file to write; NAME-fit.csv and NAME-fit.json with every estimate go beside it, and
    /// NAME-fit.columns.json, which explains the table.
    #[arg(long, value_name = "FILE", default_value = "fitted.toml")]
    out: PathBuf,
    /// One law for all time, no regimes: a control that a validation should reject.
    #[arg(long)]
    stationary: bool,
    /// Prints the report as JSON in place of words.
    #[arg(long)]
    json: bool,
}

/// Runs `assay fit`; tells how it ended.
///
/// # Errors
/// When the trace cannot be read or makes no scenario, or the disk fails.
pub(super) fn run(args: &FitArgs, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    let mut fit = Fit::default().until(args.until)?;
    if args.stationary {
        fit = fit.stationary();
    }
    let outputs = args.trace.reads(Outputs::default());
    Fitted::files(&args.out).iter().fold(outputs, Outputs::file).check()?;
    let jobs = args.trace.read()?;
    let bar = progress::bar(0, "fitting", args.trace.quiet);
    let fitted = fit.run(&jobs, &|_| bar.inc(1))?;
    bar.finish_and_clear();
    let [csv, json, columns] = fitted.save(&args.out, &command(args, jobs.words()))?;
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&fitted.json()).expect("it is JSON"))?;
    } else {
        write!(out, "{}", fitted.words())?;
        writeln!(out, "\nwrote    {}", args.out.display())?;
        writeln!(out, "report   {} and {}", csv.display(), json.display())?;
        writeln!(out, "columns  {}", columns.display())?;
        let scenario = simulation::quoted(&args.out.to_string_lossy());
        writeln!(out, "next: assay validate {} --scenario {scenario}", args.trace.words())?;
    }
    Ok(CommandEnd::Done)
}

/// The command that makes the scenario again; no path of this machine.
fn command(args: &FitArgs, trace: &str) -> String {
    let mut words = vec!["assay fit".to_string(), trace.to_string()];
    if args.until < 1.0 {
        words.push(format!("--until {}", args.until));
    }
    if args.stationary {
        words.push("--stationary".to_string());
    }
    let name = args.out.file_name().unwrap_or_default().to_string_lossy();
    words.push(format!("--out {}", simulation::quoted(&name)));
    words.join(" ")
}
