//! `assay fit`: a scenario from a recorded trace.

use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::progress;
use crate::cli::trace_args::TraceArgs;
use crate::config;
use crate::report;
use crate::trace::fit;
use anyhow::anyhow;
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
    /// Scenario file to write; NAME-fit.csv and NAME-fit.json with every estimate go beside it.
    #[arg(long, value_name = "FILE", default_value = "fitted.toml")]
    out: PathBuf,
    /// One law for all time, no regimes: a control that a validation should reject.
    #[arg(long)]
    stationary: bool,
    /// Prints the report as JSON in place of words.
    #[arg(long)]
    json: bool,
}

/// Runs the verb.
pub(super) fn run(args: &FitArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    if !(args.until > 0.0 && args.until <= 1.0) {
        let until = args.until;
        return Err(Failure::input(anyhow!("--until is {until}, allowed: above 0, up to 1")));
    }
    let jobs = args.trace.read()?;
    let settings = fit::Settings { until: args.until, stationary: args.stationary };
    let bar = progress::bar(0, "fitting", args.trace.quiet);
    let found =
        fit::fit(&jobs, settings, &|_| bar.inc(1)).map_err(|error| args.trace.named(error))?;
    bar.finish_and_clear();
    let text = fit::scenario_text(&found, &args.trace.name(), &command(args));
    let goodness = fit::goodness(&found, &jobs);
    let beside = |ending: &str| {
        let stem = args.out.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        args.out.with_file_name(format!("{stem}-fit.{ending}"))
    };
    let json = fit::to_json(&found, &goodness);
    let mut json_text = serde_json::to_string_pretty(&json)
        .map_err(|e| Failure::machine(std::io::Error::from(e)))?;
    json_text.push('\n');
    for (path, bytes) in [
        (args.out.clone(), text.as_bytes()),
        (beside("csv"), &fit::estimates_csv(&found)),
        (beside("json"), json_text.as_bytes()),
    ] {
        report::write_whole(&path, bytes).map_err(Failure::machine)?;
    }
    let loaded = config::load(&args.out, &[]);
    assert!(loaded.is_ok(), "a fitted scenario is a scenario: {loaded:?}");
    if args.json {
        write!(out, "{json_text}")?;
    } else {
        write!(out, "{}", fit::words(&found, &goodness))?;
        writeln!(out, "\nwrote    {}", args.out.display())?;
        writeln!(out, "report   {} and {}", beside("csv").display(), beside("json").display())?;
        let trace = args.trace.name();
        writeln!(out, "next: assay validate {trace} --scenario {}", args.out.display())?;
    }
    Ok(Outcome::Done)
}

/// The command that makes the scenario again; no path of this machine.
fn command(args: &FitArgs) -> String {
    let mut words = vec!["assay fit".to_string(), args.trace.name()];
    if args.until < 1.0 {
        words.push(format!("--until {}", args.until));
    }
    if args.stationary {
        words.push("--stationary".to_string());
    }
    let name = args.out.file_name().unwrap_or_default().to_string_lossy();
    words.push(format!("--out {name}"));
    words.join(" ")
}
