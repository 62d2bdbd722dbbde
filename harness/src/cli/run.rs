//! `assay-harness run`: a scenario whose miners are served by a real backend.

use crate::cli::backend_args::BackendArgs;
use crate::cli::model_args::ModelArgs;
use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::scenario_args::ScenarioArgs;
use crate::cli::stop;
use crate::model::weights::Weights;
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
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) scenario: ScenarioArgs,
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

/// The warm painter that all miners share.
pub(super) struct Studio<'a> {
    backend: &'a BackendArgs,
    painter: Shared,
    /// SHA-256 of the model's weights.
    weights: String,
    /// Whether recordings that are there are gone on with.
    resume: bool,
}

/// Runs the verb.
pub(super) fn run(args: &RunArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
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
    Ok(if broken.is_empty() { Outcome::Done } else { Outcome::Different })
}

/// Records the replications with these numbers in a folder; what was finished there is kept whatever happens.
pub(super) fn record_all(
    experiment: &Experiment,
    studio: &Studio<'_>,
    (folder, numbers): (&Path, Range<u64>),
    alarm: &Alarm,
) -> Result<Vec<RecordedRun>, Failure> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot write {}", folder.display()))
        .map_err(Failure::Machine)?;
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

impl RunArgs {
    /// The words of the command beside scenario and changes: who makes which images, without what belongs to this machine.
    fn words(&self) -> Vec<String> {
        let mut words = vec!["--backend".to_string(), self.backend.name().to_string()];
        words.extend(self.cohort.iter().map(|cohort| option("--cohort", cohort)));
        words.extend(self.model.words());
        words
    }

    /// The painter that the arguments ask for, warm.
    pub(super) fn studio(&self, experiment: &Experiment) -> Result<Studio<'_>, Failure> {
        let studio = Studio::open(&self.backend, self.model.load()?, experiment)?;
        Ok(if self.resume { studio.resumed() } else { studio })
    }

    /// The results folder.
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

impl<'a> Studio<'a> {
    /// A painter with this model, warm for the experiment's work; recordings begin anew.
    pub(super) fn open(
        backend: &'a BackendArgs,
        model: Arc<Weights>,
        experiment: &Experiment,
    ) -> Result<Self, Failure> {
        let weights = model.hash().to_string();
        let painter: Shared = Arc::new(Mutex::new(backend.open_timed(model)?));
        let studio = Self { backend, painter, weights, resume: false };
        let mut timed = Timed::new(studio.painter.clone(), 1, Alarm::default());
        for steps in experiment.steps() {
            timed.warm_up(steps).map_err(|fault| match fault {
                Fault::Input(_) => Failure::Input(fault.into()),
                Fault::Machine(_) => Failure::Machine(fault.into()),
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
    struct Call {
        #[command(flatten)]
        run: RunArgs,
    }

    fn studio(args: &RunArgs, uses: u32) -> Studio<'_> {
        let cpu = Cpu::new(Arc::new(Weights::digits()), NonZeroUsize::MIN);
        let painter: Shared = Arc::new(Mutex::new(Box::new(Fragile { cpu, uses })));
        let weights = String::new();
        Studio { backend: &args.backend, painter, weights, resume: args.resume }
    }

    #[test]
    fn a_device_lost_in_mid_run_keeps_what_was_done_and_the_run_goes_on_with_it() {
        const SCENARIO: &str =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/harness/small.toml");
        let folder = tempfile::tempdir().unwrap();
        let fixed =
            ["run", SCENARIO, "--epochs", "2", "--set", "kind.generate.steps=1", "--resume"];
        let args = Call::try_parse_from(fixed).unwrap().run;
        let experiment = args.scenario.experiment(&args.cohort).unwrap();
        let record = |uses: u32| {
            let numbers = experiment.replications();
            let studio = studio(&args, uses);
            record_all(&experiment, &studio, (folder.path(), numbers), &Alarm::default())
        };
        let lost = record(50);
        let Err(Failure::Machine(why)) = lost else { panic!("{lost:?}") };
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
