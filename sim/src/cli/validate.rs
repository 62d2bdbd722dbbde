//! `assay validate`: a scenario against a recorded trace.

use crate::cli::interrupt;
use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::cli::places;
use crate::cli::progress;
use crate::cli::trace_args::TraceArgs;
use crate::simulation::Changes;
use crate::simulation::Conduct;
use crate::simulation::Outputs;
use crate::simulation::Simulation;
use crate::simulation::Target;
use crate::simulation::Validation;
use crate::simulation::ValidationSettings;
use clap::Args;
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
    /// Number of replications, at least 2 k / alpha for k statistics: fewer cannot reject. Without it as many as are needed.
    #[arg(long, value_name = "N")]
    replications: Option<u64>,
    /// Chance to reject a scenario that is true.
    #[arg(long, value_name = "LEVEL", default_value_t = ValidationSettings::ALPHA_USUAL)]
    alpha: f64,
    /// Changes one key of the scenario: path.to.key=value. May be given again.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Results folder, for validation.csv, manifest.json, plots and report.html; without it
    /// results/local/NAME-validation for a shipped scenario, ./NAME-validation for another.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Keeps only these files of the folder, its manifest and what explains their columns: names separated by commas,
    /// `plots` for all plots.
    #[arg(long, value_name = "FILES", value_delimiter = ',')]
    only: Vec<String>,
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

/// Runs `assay validate`; tells how it ended.
///
/// # Errors
/// When scenario or trace cannot be read, too few replications were asked for, the disk fails, or it was interrupted.
pub(super) fn run(args: &ValidateArgs, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    let ValidateArgs { from, replications, alpha, .. } = *args;
    let settings = ValidationSettings { from, replications, alpha };
    settings.check()?;
    let changes = Changes { set: args.set.clone(), ..Changes::default() };
    let world = Simulation::load_changed(&args.scenario, changes)?;
    let validation = Validation::of(&world, settings)?;
    let target = match &args.out {
        Some(place) => place.clone(),
        None => places::default_folder(&world, "-validation", "-validation")?,
    };
    args.trace.reads(Outputs::of(&world)).folder(&target).check()?;
    let jobs = args.trace.read()?;
    let folder = Target::begin(&target)?.keeping(&args.only)?;
    let stop = interrupt::watched_flag();
    let bar = progress::bar(validation.work_count(), &world.name(), args.trace.quiet);
    let told = || bar.inc(1);
    let conduct = Conduct::default().threads(args.threads).stop(&stop).progress(&told);
    let validated = validation.run(&jobs, &conduct);
    bar.finish_and_clear();
    let validated = validated?;
    validated.save_at(folder, args.png)?;
    if args.json {
        write!(out, "{}", String::from_utf8_lossy(&validated.manifest()))?;
    } else {
        write!(out, "{}", validated.words())?;
        writeln!(out, "results  {}", target.display())?;
    }
    Ok(if validated.is_rejected() { CommandEnd::Different } else { CommandEnd::Done })
}
