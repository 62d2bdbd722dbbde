//! `assay run`: simulate a scenario and write a results folder.

use crate::cli::interrupt;
use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::cli::overload;
use crate::cli::places;
use crate::cli::progress;
use crate::cli::run_table;
use crate::cli::scenario_args::ScenarioArgs;
use crate::simulation;
use crate::simulation::Conduct;
use crate::simulation::Outputs;
use crate::simulation::Simulation;
use crate::simulation::Target;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Simulates a scenario and writes a results folder.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Results folder; without it results/local/NAME for a shipped scenario, ./NAME-results for another.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Keeps only these files of the folder, its manifest and what explains their columns: names separated by commas,
    /// `plots` for all plots.
    #[arg(long, value_name = "FILES", value_delimiter = ',')]
    only: Vec<String>,
    /// Threads; 0: as many as cores. The result is the same.
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// Also writes the jobs of the first replication, in the columns of the October trace and the truth beside them.
    #[arg(long, value_name = "FILE", conflicts_with = "recording")]
    jobs: Option<PathBuf>,
    /// Takes the miners' work from a recording that `assay-harness run` made, and runs its replication alone; exits 1
    /// when the digest is not the recording's.
    #[arg(long, value_name = "FILE", conflicts_with = "replications")]
    recording: Option<PathBuf>,
    /// Draws the parameters anew from the joint errors of a fit, --draws times, each with the scenario's replications (at
    /// least two), and says what of every metric's variance is chance and what is that they are estimates.
    #[arg(long, conflicts_with_all = ["recording", "jobs"])]
    uncertain: bool,
    /// Draws of the parameters.
    #[arg(long, value_name = "N", default_value_t = 20, requires = "uncertain")]
    draws: u32,
    /// The fit's report with the joint errors; without it NAME-fit.json beside the scenario.
    #[arg(long, value_name = "FILE", requires = "uncertain")]
    joint: Option<PathBuf>,
    /// Prints the manifest as JSON in place of the table.
    #[arg(long)]
    json: bool,
    /// Shows no progress bar on standard error.
    #[arg(long)]
    quiet: bool,
}

/// Runs `assay run`; tells how it ended.
///
/// # Errors
/// All that is wrong with scenario and arguments; when the disk fails, or it was interrupted.
pub(super) fn run(args: &RunArgs, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    let mut world = args.scenario.load()?.ready()?.threads(args.threads);
    overload::note(&world)?;
    if args.uncertain {
        return uncertain(args, &world, out);
    }
    if let Some(recording) = &args.recording {
        world = world.recording(recording)?;
    }
    let target = match &args.out {
        Some(place) => place.clone(),
        None => places::default_folder(&world, "", "-results")?,
    };
    let outputs = Outputs::of(&world).folder(&target);
    let outputs = args.jobs.iter().fold(outputs, Outputs::jobs);
    args.recording.iter().fold(outputs, Outputs::reads).check()?;
    let folder = Target::begin(&target)?.keeping(&args.only)?;
    let stop = interrupt::watched_flag();
    let bar = progress::bar(u64::from(world.replication_count()), &world.name(), args.quiet);
    let told = || bar.inc(1);
    let running = world.stop(&stop).progress(&told);
    let running = if args.jobs.is_some() { running.keep_jobs() } else { running };
    let found = running.run();
    bar.finish_and_clear();
    let found = found?;
    if let Some(file) = &args.jobs {
        simulation::save_jobs(file, found.jobs().expect("the run was to keep them"))?;
    }
    found.save_at(folder)?;
    if args.json {
        writeln!(out, "{}", String::from_utf8_lossy(&found.manifest()))?;
    } else {
        run_table::print(&found, out)?;
        writeln!(out, "results  {}", target.display())?;
        writeln!(out, "digest   {}", found.digest())?;
        run_table::print_next(&found, &target, &world.command_here("explain"), out)?;
    }
    let broken = found.broken();
    let mut outcome = CommandEnd::Done;
    for line in broken.iter().map(String::as_str).chain(found.difference()) {
        writeln!(out, "BROKEN   {line}")?;
        outcome = CommandEnd::Different;
    }
    Ok(outcome)
}

/// Runs with parameters drawn from a fit's joint errors.
fn uncertain(
    args: &RunArgs,
    world: &Simulation,
    out: &mut dyn Write,
) -> Result<CommandEnd, Failure> {
    let drawn = world.uncertain(args.joint.as_deref(), args.draws)?;
    let target = if let Some(place) = &args.out {
        place.clone()
    } else {
        places::default_folder(world, "-uncertain", "-results-uncertain")?
    };
    Outputs::of(world).folder(&target).check()?;
    let folder = Target::begin(&target)?.keeping(&args.only)?;
    let stop = interrupt::watched_flag();
    let bar = progress::bar(drawn.work_count(), &world.name(), args.quiet);
    let told = || bar.inc(1);
    let conduct = Conduct::default().threads(args.threads).stop(&stop).progress(&told);
    let found = drawn.run(&conduct);
    bar.finish_and_clear();
    let found = found?;
    if args.json {
        writeln!(out, "{}", String::from_utf8_lossy(&found.manifest()))?;
    } else {
        run_table::print_parts(&found, world.replication_count(), out)?;
        writeln!(out, "results  {}", target.display())?;
        writeln!(out, "digest   {}", found.digest())?;
    }
    found.save_at(folder)?;
    Ok(CommandEnd::Done)
}
