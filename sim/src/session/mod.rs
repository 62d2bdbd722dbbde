//! What a harness calls: a scenario served by backends of its own, with recordings, results and a verdict.
//!
//! The harness brings [`crate::Backend`]s and nothing else; the run, its results and the judgement on them are the
//! simulator's own.

mod error;
mod validate;

use crate::base::ids::MinerId;
use crate::cli::ScenarioArgs;
use crate::config::Loaded;
use crate::engine;
use crate::engine::Backends;
use crate::miner::Alarm;
use crate::miner::Backend;
use crate::miner::Header;
use crate::miner::Kept;
use crate::miner::Recording;
use crate::miner::Tape;
use crate::report;
use crate::report::Folder;
use crate::report::Judged;
use crate::report::MeasuredClaim;
use crate::scenario::Scenario;
use crate::study;
use crate::study::Served;
use crate::study::Study;
use crate::subnet::orchestrator::audit;
pub use error::SessionError;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
pub use validate::Terms;
pub use validate::Verdict;

/// Who is to be served by a backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The miner; none: the trusted miner that repeats audited requests.
    pub miner: Option<String>,
    /// Images made together for each request, of which one is sent.
    pub batch: u32,
}

/// A scenario some of whose cohorts are served by real backends.
#[derive(Debug)]
pub struct Session {
    args: ScenarioArgs,
    pub(crate) loaded: Loaded,
    pub(crate) scenario: Scenario,
    /// By cohort, whether it is served by real backends.
    measured: Vec<bool>,
}

/// A replication that has ended, and its recording.
#[derive(Debug)]
pub struct Ran {
    pub(crate) served: Served,
    pub(crate) kept: Arc<Kept>,
}

impl Session {
    /// Reads a scenario whose `cohorts` are to be served by real backends; none named: all are.
    ///
    /// # Errors
    /// When the scenario has problems, has no such cohort, or asks what real backends cannot do.
    pub fn open(args: &ScenarioArgs, cohorts: &[String]) -> Result<Self, SessionError> {
        let loaded = args.load_to_run()?;
        let scenario = args.resolved(&loaded);
        let known: Vec<_> = scenario.cohorts.iter().map(String::as_str).collect();
        if let Some(name) = cohorts.iter().find(|name| !known.contains(&name.as_str())) {
            let text = format!("there is no cohort {name}; there are: {}", known.join(", "));
            return Err(SessionError::Input(text));
        }
        let chosen = |name: &str| cohorts.is_empty() || cohorts.iter().any(|own| own == name);
        let measured = known.iter().map(|name| chosen(name)).collect();
        let session = Self { args: args.clone(), loaded, scenario, measured };
        session.refuse_impossible()?;
        Ok(session)
    }

    fn refuse_impossible(&self) -> Result<(), SessionError> {
        let scenarios = std::iter::once(&self.loaded.scenario)
            .chain(self.loaded.phases.iter().map(|phase| &phase.scenario));
        for scenario in scenarios {
            for (cohort, measured) in scenario.cohort.iter().zip(&self.measured) {
                if *measured && cohort.concurrency > 1 {
                    let text = format!(
                        "cohort.{}.concurrency is {}, allowed with a real backend: 1, since \
                         its works are done one after another",
                        cohort.name, cohort.concurrency
                    );
                    return Err(SessionError::Input(text));
                }
            }
        }
        Ok(())
    }

    /// Numbers of the scenario's replications.
    #[must_use]
    pub fn replications(&self) -> std::ops::Range<u64> {
        study::numbers(&self.scenario)
    }

    /// The scenario's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.scenario.name
    }

    /// The harness's command that runs the session again, with `words` after the scenario.
    #[must_use]
    pub fn command(&self, words: &[&str]) -> String {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        self.args.command_with("run", &words).replacen("assay", "assay-harness", 1)
    }

    /// Steps of every kind of job, for a backend to warm up with.
    #[must_use]
    pub fn steps(&self) -> Vec<u32> {
        self.scenario.kinds.iter().map(|kind| kind.steps).collect()
    }

    /// The miners' seats, in the scenario's order.
    #[must_use]
    pub fn seats(&self) -> Vec<Seat> {
        let seat = |miner: &crate::scenario::Miner| Seat {
            miner: Some(miner.name.clone()),
            batch: miner.batch,
        };
        self.scenario.miners.iter().map(seat).collect()
    }

    /// Jobs of the first replication as the simulator runs it alone: how much work a replication is, before any is done.
    ///
    /// # Errors
    /// When the alarm was set off.
    pub fn jobs(&self, alarm: &Alarm) -> Result<u64, SessionError> {
        let number = self.scenario.run.first_replication;
        let simulated = study::watched(&self.scenario, number, None, alarm.flag());
        Ok(simulated.ok_or_else(|| SessionError::stopped(alarm))?.0.jobs)
    }

    /// Whom audits caught in a replication: its number, the miner, and the requests that the miner had finished by then.
    #[must_use]
    pub fn caught(&self, ran: &Ran) -> Vec<(u64, String, u64)> {
        let replication = &ran.served.0;
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
        make: &mut dyn FnMut(&Seat) -> Box<dyn Backend>,
        alarm: &Alarm,
    ) -> Result<Ran, SessionError> {
        let header = study::header(&self.scenario, number, device, self.measured_names());
        let (kept, tape) = if file.exists() {
            if !resume {
                let text = format!(
                    "{} is there already: go on with it by --resume, or choose another place",
                    file.display()
                );
                return Err(SessionError::Input(text));
            }
            let kept = Kept::read(file)?;
            self.refuse_foreign(file, &kept.header, &header)?;
            if kept.digest.is_some() {
                return self.replay(file, alarm);
            }
            let tape = Tape::go_on(file, &kept)?;
            (kept, tape)
        } else {
            (Kept::default(), Tape::begin(file, &header)?)
        };
        let (kept, tape) = (Arc::new(kept), Arc::new(Mutex::new(tape)));
        let backends = self.backends(&kept, &tape, make, alarm);
        let (replication, _) = study::serve(&self.scenario, number, backends, alarm)
            .ok_or_else(|| SessionError::stopped(alarm))?;
        let ended =
            tape.lock().unwrap_or_else(std::sync::PoisonError::into_inner).end(replication.digest);
        ended?;
        self.replay(file, alarm)
    }

    /// Runs the replication that `file` is a recording of again, without a backend.
    ///
    /// # Errors
    /// When the recording is unfinished, corrupted, of another scenario, or gives another digest now.
    pub fn replay(&self, file: &Path, alarm: &Alarm) -> Result<Ran, SessionError> {
        let (kept, digest) = Kept::finished(file)?;
        if let Some(why) = study::foreign(&self.scenario, &kept.header) {
            return Err(SessionError::Input(format!("{}: {why}", file.display())));
        }
        let kept = Arc::new(kept);
        let served = study::replay(&self.scenario, &kept, alarm)
            .ok_or_else(|| SessionError::stopped(alarm))?;
        let found = served.0.digest;
        if found != digest {
            return Err(SessionError::Different(format!(
                "{}: the recording says digest {digest}, the run gives {found}",
                file.display()
            )));
        }
        Ok(Ran { served, kept })
    }

    fn refuse_foreign(
        &self,
        file: &Path,
        theirs: &Header,
        ours: &Header,
    ) -> Result<(), SessionError> {
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
        why.map_or(Ok(()), |why| Err(SessionError::Input(format!("{}: {why}", file.display()))))
    }

    fn backends(
        &self,
        kept: &Arc<Kept>,
        tape: &Arc<Mutex<Tape>>,
        make: &mut dyn FnMut(&Seat) -> Box<dyn Backend>,
        alarm: &Alarm,
    ) -> Backends {
        let recording = |place: usize, inner: Box<dyn Backend>| -> Box<dyn Backend> {
            let place = u32::try_from(place).expect("at most 256 miners");
            let (kept, tape) = (kept.clone(), tape.clone());
            Box::new(Recording::new(place, inner, kept, tape, alarm.clone()))
        };
        let mut miners = Vec::new();
        for miner in &self.scenario.miners {
            let inner = if self.measured[miner.cohort] {
                make(&Seat { miner: Some(miner.name.clone()), batch: miner.batch })
            } else {
                engine::drawn(miner)
            };
            miners.push(recording(miners.len(), inner));
        }
        let trusted = if self.scenario.orchestrator.audit.is_some() && self.measured.contains(&true)
        {
            make(&Seat { miner: None, batch: 1 })
        } else {
            audit::drawn(&self.scenario.orchestrator)
        };
        let trusted = recording(miners.len(), trusted);
        Backends { miners, trusted }
    }

    fn measured_names(&self) -> Vec<String> {
        let each = self.scenario.cohorts.iter().zip(&self.measured);
        each.filter(|(_, measured)| **measured).map(|(cohort, _)| cohort.clone()).collect()
    }

    /// Begins the results folder of the session, so that a place that cannot be written is known before any work.
    ///
    /// # Errors
    /// When it holds something else, or cannot be written.
    pub fn begin(&self, out: &Path) -> Result<Results, SessionError> {
        Folder::begin(out).map(Results).map_err(SessionError::from)
    }

    /// Writes the results of all replications, as `assay run` does, and gives the run's digest and the invariants that
    /// did not hold, in words.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn finish(
        &self,
        ran: Vec<Ran>,
        results: Results,
        command: &str,
    ) -> Result<(crate::work::digest::Digest, Vec<String>), SessionError> {
        let recordings: Vec<_> = ran.iter().map(|ran| ran.kept.clone()).collect();
        let measured = Some(MeasuredClaim::of(&self.scenario, &recordings));
        let study = Study::of(ran.into_iter().map(|ran| ran.served).collect());
        let judged = Judged::of_study(&self.scenario, &study, command);
        let written = report::results(&self.scenario, &study, &judged, measured, command);
        for (name, bytes) in &written.files {
            results.0.write(name, bytes)?;
        }
        results.0.finish().map_err(SessionError::from)?;
        Ok((study.digest, written.broken))
    }
}

/// A results folder that has been begun.
#[derive(Debug)]
pub struct Results(Folder);
