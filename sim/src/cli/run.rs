//! `assay run`: simulate a scenario and write a results folder.

use crate::cli::judging;
use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::played::Played;
use crate::cli::progress;
use crate::cli::run_table;
use crate::cli::scenario_args::ScenarioArgs;
use crate::report;
use crate::report::Folder;
use crate::report::FolderError;
use crate::report::Judged;
use crate::scenario::Scenario;
use crate::study;
use crate::trace;
use clap::Args;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

/// Simulates a scenario and writes a results folder.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Results folder; without it results/NAME for a shipped scenario, ./NAME-results for another.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
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
    /// Prints the manifest as JSON in place of the table.
    #[arg(long)]
    json: bool,
    /// No progress bar.
    #[arg(long)]
    quiet: bool,
}

/// Length of the hash in the folder's name of a changed scenario.
const SHORT_HASH: usize = 8;

/// Runs the verb.
pub(super) fn run(args: &RunArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let mut loaded = args.scenario.load_to_run()?;
    let recording = args.recording.as_deref().map(Played::open).transpose()?;
    if let Some(recording) = &recording {
        recording.choose_replication(&mut loaded.scenario.run);
    }
    let scenario = args.scenario.resolved(&loaded);
    let target = args.out.clone().unwrap_or_else(|| default_folder(&args.scenario, &scenario));
    let folder = Folder::begin(&target).map_err(folder_failure)?;
    let stop = progress::stop_flag();
    let total = u64::from(scenario.run.replications);
    let bar = progress::bar(total, &scenario.name, args.quiet);
    let study = match &recording {
        Some(recording) => recording.play(&scenario, &stop),
        None => study::run(&scenario, args.threads, &stop, &|| bar.inc(1))
            .map_err(judging::study_failure),
    };
    bar.finish_and_clear();
    let study = study?;
    let more = recording.as_ref().map_or_else(Vec::new, Played::words);
    let command = args.scenario.command_with("run", &more);
    let judged = Judged::of_study(&scenario, &study, &command);
    let measured = recording.as_ref().map(|recording| recording.claim(&scenario));
    let results = report::results(&scenario, &study, &judged, measured, &command);
    for (name, bytes) in &results.files {
        folder.write(name, bytes).map_err(folder_failure)?;
    }
    if let Some(file) = &args.jobs {
        let files = report::jobs(&scenario, scenario.run.first_replication, &stop)
            .ok_or(Failure::Interrupted)?;
        report::write_whole(file, &files.jobs).map_err(folder_failure)?;
        report::write_whole(&trace::history_beside(file), &files.history)
            .map_err(folder_failure)?;
    }
    report::finish(folder).map_err(folder_failure)?;
    if args.json {
        writeln!(out, "{}", String::from_utf8_lossy(results.manifest()))?;
    } else {
        run_table::print(&scenario, &study, &results, out)?;
        writeln!(out, "results  {}", target.display())?;
        writeln!(out, "digest   {}", study.digest)?;
        run_table::print_next(&scenario, &study, &target, args.scenario.path(), out)?;
    }
    let different = recording.and_then(|recording| recording.difference(&study));
    let mut outcome = Outcome::Done;
    for line in results.broken.iter().chain(&different) {
        writeln!(out, "BROKEN   {line}")?;
        outcome = Outcome::Different;
    }
    Ok(outcome)
}

/// The folder when none is named.
fn default_folder(args: &ScenarioArgs, scenario: &Scenario) -> PathBuf {
    let shipped = args.path().components().any(|part| part.as_os_str() == "scenarios");
    if !shipped {
        return PathBuf::from(format!("{}-results", scenario.name));
    }
    let below = Path::new("results").join(&scenario.name);
    if args.is_unchanged() {
        return below;
    }
    let hash = report::scenario_hash(&report::scenario_text(scenario));
    let name = format!("{}-{}", scenario.name, &hash[..SHORT_HASH]);
    Path::new("results").join(name)
}

pub(super) fn folder_failure(error: FolderError) -> Failure {
    match error {
        FolderError::Foreign(_) => Failure::input(error),
        FolderError::Disk(..) => Failure::machine(error),
    }
}
