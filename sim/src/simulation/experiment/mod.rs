//! A scenario some of whose cohorts are served by real backends: recordings that can be gone on with, results, and a
//! verdict on the simulator.
//!
//! The caller brings [`Backend`]s and nothing else; the run, its results and the judgement on them are the simulator's
//! own.

mod equivalence;

pub use equivalence::EquivalenceMargins;
pub use equivalence::EquivalenceVerdict;

use crate::base::ids::MinerId;
use crate::engine::Backends;
use crate::miner::Alarm;
use crate::miner::Backend;
use crate::miner::Header;
use crate::miner::Recording;
use crate::miner::RecordingContent;
use crate::miner::RecordingWriter;
use crate::observe::Nobody;
use crate::report::MeasuredClaim;
use crate::scenario::Scenario;
use crate::simulation::backends;
use crate::simulation::backends::BackendRequest;
use crate::simulation::error::Error;
use crate::simulation::outcome::Outcome;
use crate::simulation::world::Simulation;
use crate::study;
use crate::study::Study;
use crate::study::Watched;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;

/// A scenario some of whose cohorts are served by real backends.
#[derive(Debug)]
pub struct Experiment {
    simulation: Simulation,
    scenario: Scenario,
    /// By cohort, whether it is served by real backends.
    measured: Vec<bool>,
}

/// A replication that has ended, and its recording.
#[derive(Debug)]
pub struct RecordedRun {
    watched: Watched,
    kept: Arc<RecordingContent>,
}

impl Experiment {
    /// The scenario whose `cohorts` are to be served by real backends; none named: all are.
    ///
    /// # Errors
    /// When a change cannot be, there is nothing to simulate or no such cohort, or real backends cannot do what is
    /// asked.
    pub fn of(simulation: &Simulation, cohorts: &[String]) -> Result<Self, Error> {
        simulation.refuse_replay()?;
        let scenario = simulation.resolved()?;
        let known: Vec<_> = scenario.cohorts.iter().map(String::as_str).collect();
        if let Some(name) = cohorts.iter().find(|name| !known.contains(&name.as_str())) {
            let text = format!("there is no cohort {name}; there are: {}", known.join(", "));
            return Err(Error::Input(text));
        }
        let chosen = |name: &str| cohorts.is_empty() || cohorts.iter().any(|own| own == name);
        let measured = known.iter().map(|name| chosen(name)).collect();
        let experiment = Self { simulation: simulation.clone(), scenario, measured };
        experiment.refuse_impossible()?;
        Ok(experiment)
    }

    fn refuse_impossible(&self) -> Result<(), Error> {
        let loaded = &self.simulation.loaded;
        let scenarios = std::iter::once(&loaded.scenario)
            .chain(loaded.phases.iter().map(|phase| &phase.scenario));
        for scenario in scenarios {
            for (cohort, measured) in scenario.cohort.iter().zip(&self.measured) {
                if *measured && cohort.concurrency > 1 {
                    let text = format!(
                        "cohort.{}.concurrency is {}, allowed with a real backend: 1, since \
                         its works are done one after another",
                        cohort.name, cohort.concurrency
                    );
                    return Err(Error::Input(text));
                }
            }
        }
        Ok(())
    }

    /// Numbers of the scenario's replications.
    #[must_use]
    pub fn replications(&self) -> Range<u64> {
        self.scenario.run.numbers()
    }

    /// Name of the scenario that is run.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.scenario.name
    }

    /// The harness's command that runs the experiment again, with `words`, as a shell takes them, after the scenario.
    #[must_use]
    pub fn command(&self, words: &[String]) -> String {
        let command = self.simulation.selection.command_with("run", words);
        command.replacen("assay", "assay-harness", 1)
    }

    /// Steps of every kind of job, for a backend to warm up with.
    #[must_use]
    pub fn steps(&self) -> Vec<u32> {
        self.scenario.kinds.iter().map(|kind| kind.steps).collect()
    }

    /// Images that each miner makes together for a request, in the scenario's order.
    #[must_use]
    pub fn batches(&self) -> Vec<u32> {
        self.scenario.miners.iter().map(|miner| miner.batch).collect()
    }

    /// Jobs of the first replication as the simulator runs it alone: how much work a replication is, before any is done.
    ///
    /// # Errors
    /// When the alarm was set off.
    pub fn jobs(&self, alarm: &Alarm) -> Result<u64, Error> {
        let number = self.scenario.run.first_replication;
        let mut nobody = Nobody;
        let simulated = study::watched(&self.scenario, number, None, &mut nobody, alarm.flag());
        Ok(simulated.map_err(|cut| Error::of_cut(&cut, alarm))?.0.jobs)
    }

    /// Whom audits caught in a replication: its number, the miner, and the requests that the miner had finished by then.
    #[must_use]
    pub fn caught(&self, run: &RecordedRun) -> Vec<(u64, String, u64)> {
        let replication = &run.watched.0;
        let name = |miner: MinerId| self.scenario.miners[miner.index()].name.clone();
        let caught = &replication.audits.caught;
        caught.iter().map(|c| (replication.number, name(c.miner), c.finished)).collect()
    }

    /// Runs replication `number`, every cohort that is served for real on the backends that `make` gives, and keeps all work
    /// in `file` as it is done. With `resume` a file that is there is gone on with, and a finished one is read.
    ///
    /// # Errors
    /// When the file is there without `resume`, is corrupted or another run's; when a backend or the disk failed; when
    /// the alarm was set off. What was finished stays in the file.
    #[expect(clippy::too_many_arguments, reason = "each is the caller's to say")]
    pub fn record(
        &self,
        (number, file): (u64, &Path),
        device: &str,
        resume: bool,
        make: &mut dyn FnMut(&BackendRequest) -> Box<dyn Backend>,
        alarm: &Alarm,
    ) -> Result<RecordedRun, Error> {
        let header = study::header(&self.scenario, number, device, self.measured_names());
        let (kept, tape) = if file.exists() {
            if !resume {
                let text = format!(
                    "{} is there already: go on with it by --resume, or choose another place",
                    file.display()
                );
                return Err(Error::Input(text));
            }
            let kept = RecordingContent::read(file)?;
            self.refuse_foreign(file, &kept.header, &header)?;
            if kept.digest.is_some() {
                return self.replay(file, alarm);
            }
            let tape = RecordingWriter::go_on(file, &kept)?;
            (kept, tape)
        } else {
            (RecordingContent::default(), RecordingWriter::begin(file, &header)?)
        };
        let (kept, tape) = (Arc::new(kept), Arc::new(Mutex::new(tape)));
        let backends = self.backends(&kept, &tape, make, alarm);
        let (replication, _) = study::serve(&self.scenario, number, backends, alarm)
            .map_err(|cut| Error::of_cut(&cut, alarm))?;
        let ended =
            tape.lock().unwrap_or_else(std::sync::PoisonError::into_inner).end(replication.digest);
        ended?;
        self.replay(file, alarm)
    }

    /// Runs the replication that `file` is a recording of again, without a backend.
    ///
    /// # Errors
    /// When the recording is unfinished, corrupted, of another scenario, or gives another digest now.
    pub fn replay(&self, file: &Path, alarm: &Alarm) -> Result<RecordedRun, Error> {
        let (kept, digest) = RecordingContent::finished(file)?;
        if let Some(why) = study::foreign(&self.scenario, &kept.header) {
            return Err(Error::Input(format!("{}: {why}", file.display())));
        }
        let kept = Arc::new(kept);
        let watched = study::replay(&self.scenario, &kept, alarm)
            .map_err(|cut| Error::of_cut(&cut, alarm))?;
        let found = watched.0.digest;
        if found != digest {
            return Err(Error::Different(format!(
                "{}: the recording says digest {digest}, the run gives {found}",
                file.display()
            )));
        }
        Ok(RecordedRun { watched, kept })
    }

    fn refuse_foreign(&self, file: &Path, theirs: &Header, ours: &Header) -> Result<(), Error> {
        let why = study::foreign(&self.scenario, theirs).or_else(|| {
            let differs = |what: &str, theirs: &str, ours: &str| {
                (theirs != ours).then(|| format!("it was begun with {what} {theirs}, not {ours}"))
            };
            let number = |header: &Header| header.replication.to_string();
            let cohorts = |header: &Header| format!("{:?}", header.measured);
            differs("replication", &number(theirs), &number(ours))
                .or_else(|| differs("the real cohorts", &cohorts(theirs), &cohorts(ours)))
                .or_else(|| differs("the device", &theirs.device, &ours.device))
        });
        why.map_or(Ok(()), |why| Err(Error::Input(format!("{}: {why}", file.display()))))
    }

    /// The backends of one replication, each kept on the tape.
    fn backends(
        &self,
        kept: &Arc<RecordingContent>,
        tape: &Arc<Mutex<RecordingWriter>>,
        make: &mut dyn FnMut(&BackendRequest) -> Box<dyn Backend>,
        alarm: &Alarm,
    ) -> Backends {
        let recording = |(place, inner): (usize, Box<dyn Backend>)| -> Box<dyn Backend> {
            let place = u32::try_from(place).expect("at most 256 miners");
            let (kept, tape) = (kept.clone(), tape.clone());
            Box::new(Recording::new(place, inner, kept, tape, alarm.clone()))
        };
        let Backends { miners, trusted } =
            backends::backends(&self.scenario, &self.measured, make, alarm);
        let last = miners.len();
        let miners = miners.into_iter().enumerate().map(recording).collect();
        Backends { miners, trusted: recording((last, trusted)) }
    }

    fn measured_names(&self) -> Vec<String> {
        let each = self.scenario.cohorts.iter().zip(&self.measured);
        each.filter(|(_, measured)| **measured).map(|(cohort, _)| cohort.clone()).collect()
    }

    /// What all replications gave together, which `command` does again.
    #[must_use]
    pub fn outcome(&self, runs: Vec<RecordedRun>, command: &str) -> Outcome {
        let recordings: Vec<_> = runs.iter().map(|run| run.kept.clone()).collect();
        let measured = MeasuredClaim::of(&self.scenario, &recordings);
        let study = Study::of(runs.into_iter().map(|run| run.watched).collect());
        Outcome::plain(self.scenario.clone(), study, command.to_string())
            .with_measured(measured, None)
    }
}
