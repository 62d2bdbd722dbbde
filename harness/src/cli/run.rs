//! `assay-harness run`: a scenario whose miners are served by a real backend.

use crate::cli::backend_args::BackendArgs;
use crate::cli::model_args::ModelArgs;
use crate::cli::outcome::HarnessFailure;
use crate::cli::outcome::HarnessOutcome;
use crate::cli::scenario_args::DeviceScenarioArgs;
use crate::cli::stop;
use crate::model::weights::ModelWeights;
use crate::timed::Shared;
use crate::timed::Timed;
use anyhow::Context;
use assay_sim::miner::Alarm;
use assay_sim::miner::Backend;
use assay_sim::miner::Fault;
use assay_sim::simulation::BackendRequest;
use assay_sim::simulation::Experiment;
use assay_sim::simulation::RecordedRun;
use assay_sim::simulation::Target;
use assay_sim::simulation::option;
use assay_sim::simulation::recording_name;
use clap::Args;
use std::fs;
use std::io::Write;
use std::ops::Range;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;

/// Runs a scenario with real miners: the images are computed, their times measured, and the rest is simulated.
///
/// Results as from `assay run`, and a recording of every replication, from which `assay run --recording` gives the same
/// digest without the device.
#[derive(Debug, Args)]
pub(super) struct DeviceRunArgs {
    #[command(flatten)]
    pub(super) scenario: DeviceScenarioArgs,
    #[command(flatten)]
    backend: BackendArgs,
    #[command(flatten)]
    model: ModelArgs,
    /// Serves only this cohort for real, the others as `assay run` would; may be given again. Without it all.
    #[arg(long, value_name = "NAME")]
    pub(super) cohort: Vec<String>,
    /// Results folder; without it ./NAME-BACKEND-results.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Folder of the recordings, a file a replication; without it beside the results, ending in -recordings.
    #[arg(long, value_name = "DIR")]
    pub(super) recordings: Option<PathBuf>,
    /// Goes on with recordings that are there: finished ones are read, an unfinished one is ended.
    #[arg(long)]
    resume: bool,
}

/// The warm image backend that all miners share.
pub(super) struct Worker<'a> {
    backend: &'a BackendArgs,
    painter: Shared,
    /// SHA-256 of the model's weights.
    weights: String,
    /// Whether recordings that are there are gone on with.
    resume: bool,
}

/// Runs `assay-harness run`; tells how it ended.
///
/// # Errors
/// When scenario or arguments cannot be, the device or the disk fails, or the run was interrupted.
pub(super) fn run(
    args: &DeviceRunArgs,
    out: &mut dyn Write,
) -> Result<HarnessOutcome, HarnessFailure> {
    let experiment = args.scenario.experiment(&args.cohort)?;
    let target = args.target(&experiment);
    let results = Target::begin(&target)?;
    let alarm = Alarm::new(stop::flag());
    let studio = args.studio(&experiment)?;
    let folder = args.recordings_folder(&experiment);
    let runs = record_all(&experiment, &studio, (&folder, experiment.replications()), &alarm)?;
    let found = experiment.outcome(runs, &experiment.command(&args.words()));
    found.save_tables_at(results)?;
    let broken = found.broken();
    writeln!(out, "results     {}", target.display())?;
    writeln!(out, "recordings  {}", folder.display())?;
    writeln!(out, "digest      {}", found.digest())?;
    for line in &broken {
        writeln!(out, "BROKEN      {line}")?;
    }
    Ok(if broken.is_empty() { HarnessOutcome::Done } else { HarnessOutcome::Different })
}

/// Records the replications with these numbers in a folder; what was finished there is kept whatever happens.
///
/// # Errors
/// When the folder cannot be written, a recording there is of another run, the device fails, or the alarm was set off.
pub(super) fn record_all(
    experiment: &Experiment,
    studio: &Worker<'_>,
    (folder, numbers): (&Path, Range<u64>),
    alarm: &Alarm,
) -> Result<Vec<RecordedRun>, HarnessFailure> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot write {}", folder.display()))
        .map_err(HarnessFailure::Machine)?;
    let device = studio.device();
    let mut runs = Vec::new();
    for number in numbers {
        let file = folder.join(recording_name(number));
        let mut make = |request: &BackendRequest| studio.backend(request);
        let resume = studio.resume;
        runs.push(experiment.record((number, &file), &device, resume, &mut make, alarm)?);
    }
    Ok(runs)
}

impl DeviceRunArgs {
    /// The words of the command beside scenario and changes: who makes which images, without what belongs to this machine.
    fn words(&self) -> Vec<String> {
        let mut words = vec!["--backend".to_string(), self.backend.name().to_string()];
        words.extend(self.cohort.iter().map(|cohort| option("--cohort", cohort)));
        words.extend(self.model.words());
        words
    }

    /// The painter that the arguments ask for, warm.
    ///
    /// # Errors
    /// When the weights are refused, or the backend cannot be opened.
    pub(super) fn studio(&self, experiment: &Experiment) -> Result<Worker<'_>, HarnessFailure> {
        let studio = Worker::open(&self.backend, self.model.load()?, experiment)?;
        Ok(if self.resume { studio.resumed() } else { studio })
    }

    /// Path of the results folder to write.
    fn target(&self, experiment: &Experiment) -> PathBuf {
        let name = experiment.name().replace('/', "-");
        let own = || PathBuf::from(format!("{name}-{}-results", self.backend.name()));
        self.out.clone().unwrap_or_else(own)
    }

    /// The folder of the recordings.
    pub(super) fn recordings_folder(&self, experiment: &Experiment) -> PathBuf {
        let target = self.target(experiment);
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let beside = target.with_file_name(format!("{name}-recordings"));
        self.recordings.clone().unwrap_or(beside)
    }
}

impl<'a> Worker<'a> {
    /// A painter with this model, warm for the experiment's work; recordings begin anew.
    ///
    /// # Errors
    /// When the backend cannot be opened, or fails while it warms up.
    pub(super) fn open(
        backend: &'a BackendArgs,
        model: Arc<ModelWeights>,
        experiment: &Experiment,
    ) -> Result<Self, HarnessFailure> {
        let weights = model.hash().to_string();
        let painter: Shared = Arc::new(Mutex::new(backend.open_timed(model)?));
        let studio = Self { backend, painter, weights, resume: false };
        let mut timed = Timed::new(studio.painter.clone(), 1, Alarm::default());
        for steps in experiment.steps() {
            timed.warm_up(steps).map_err(|fault| match fault {
                Fault::Input(_) => HarnessFailure::Input(fault.into()),
                Fault::Machine(_) => HarnessFailure::Machine(fault.into()),
            })?;
        }
        Ok(studio)
    }

    /// The same painter, going on with recordings that are there.
    pub(super) fn resumed(&self) -> Self {
        let (painter, weights) = (self.painter.clone(), self.weights.clone());
        Self { backend: self.backend, painter, weights, resume: true }
    }

    fn backend(&self, request: &BackendRequest) -> Box<dyn Backend> {
        Box::new(Timed::new(self.painter.clone(), request.batch, request.alarm.clone()))
    }

    /// Who makes the images, for manifest and recordings: backend, device, driver, limits, threads.
    fn device(&self) -> String {
        let painter = self.painter.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let maker = serde_json::to_string(&painter.maker()).expect("plain values are JSON");
        let threads = self.backend.timed_threads();
        format!("{maker}, CPU threads {threads}, weights {}", self.weights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::cpu::Cpu;
    use crate::backend::testing::Fragile;
    use clap::Parser;
    use std::num::NonZeroUsize;

    #[derive(Debug, Parser)]
    struct CalledRun {
        #[command(flatten)]
        run: DeviceRunArgs,
    }

    fn studio(args: &DeviceRunArgs, uses: u32) -> Worker<'_> {
        let cpu = Cpu::new(Arc::new(ModelWeights::digits()), NonZeroUsize::MIN);
        let painter: Shared = Arc::new(Mutex::new(Box::new(Fragile { cpu, uses })));
        let weights = String::new();
        Worker { backend: &args.backend, painter, weights, resume: args.resume }
    }

    #[test]
    fn a_device_lost_in_mid_run_keeps_what_was_done_and_the_run_goes_on_with_it() {
        const SCENARIO: &str =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/harness/small.toml");
        let folder = tempfile::tempdir().unwrap();
        let fixed =
            ["run", SCENARIO, "--epochs", "2", "--set", "kind.generate.steps=1", "--resume"];
        let args = CalledRun::try_parse_from(fixed).unwrap().run;
        let experiment = args.scenario.experiment(&args.cohort).unwrap();
        let record = |uses: u32| {
            let numbers = experiment.replications();
            let studio = studio(&args, uses);
            record_all(&experiment, &studio, (folder.path(), numbers), &Alarm::default())
        };
        let lost = record(50);
        let Err(HarnessFailure::Machine(why)) = lost else { panic!("{lost:?}") };
        assert!(why.to_string().contains("the device was lost: unplugged"), "{why}");
        let file = folder.path().join("replication-0000.recording");
        let kept = fs::read_to_string(&file).unwrap();
        // Three lines of heading, and no line of work that was not done.
        assert_eq!(kept.lines().count(), 3 + 50);
        assert!(!kept.contains(",failed,"), "{kept}");
        let ran = record(100_000).unwrap();
        assert_eq!(ran.len(), 2);
        assert!(fs::read_to_string(&file).unwrap().starts_with(&kept));
    }
}
