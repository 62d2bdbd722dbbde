//! A run of a scenario: in parallel and unseen, or one replication after another before an observer or on backends of
//! the caller's own.

use crate::miner::Alarm;
use crate::miner::Backend;
use crate::observe::Nobody;
use crate::observe::Observer;
use crate::report::JobsExport;
use crate::scenario::Scenario;
use crate::simulation::backends;
use crate::simulation::backends::BackendRequest;
use crate::simulation::conduct::Conduct;
use crate::simulation::error::Error;
use crate::simulation::outcome::Outcome;
use crate::simulation::world::Simulation;
use crate::study;
use crate::study::Study;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Gives the backend of whoever is to be served.
type MakeBackend<'a> = Box<dyn FnMut(&BackendRequest) -> Box<dyn Backend> + 'a>;

/// A run about to begin.
pub struct PreparedRun<'a> {
    simulation: &'a Simulation,
    conduct: Conduct<'a>,
    observer: Option<&'a mut dyn Observer>,
    make: Option<MakeBackend<'a>>,
    keeps_jobs: bool,
}

impl fmt::Debug for PreparedRun<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("simulation", self.simulation)
            .field("conduct", &self.conduct)
            .finish_non_exhaustive()
    }
}

impl Simulation {
    /// Runs every replication.
    ///
    /// # Errors
    /// When a change cannot be, there is nothing to simulate, or the machine has no threads to give.
    pub fn run(&self) -> Result<Outcome, Error> {
        PreparedRun::of(self).run()
    }

    /// A run until `flag` is set.
    #[must_use]
    pub fn stop<'a>(&'a self, flag: &Arc<AtomicBool>) -> PreparedRun<'a> {
        PreparedRun::of(self).stop(flag)
    }

    /// A run that calls `told` after each replication.
    #[must_use]
    pub fn progress<'a>(&'a self, told: &'a (dyn Fn() + Sync)) -> PreparedRun<'a> {
        PreparedRun::of(self).progress(told)
    }

    /// A run before the eyes of `observer`, which sees the replications one after another.
    #[must_use]
    pub fn observe<'a>(&'a self, observer: &'a mut dyn Observer) -> PreparedRun<'a> {
        PreparedRun::of(self).observe(observer)
    }

    /// A run whose miners' work is done by the backends that `make` gives, one replication after another.
    #[must_use]
    pub fn backends<'a>(
        &'a self,
        make: impl FnMut(&BackendRequest) -> Box<dyn Backend> + 'a,
    ) -> PreparedRun<'a> {
        PreparedRun::of(self).backends(make)
    }
}

impl<'a> PreparedRun<'a> {
    fn of(simulation: &'a Simulation) -> Self {
        let conduct = Conduct::default().threads(simulation.threads);
        Self { simulation, conduct, observer: None, make: None, keeps_jobs: false }
    }

    /// Until `flag` is set.
    #[must_use]
    pub fn stop(self, flag: &Arc<AtomicBool>) -> Self {
        Self { conduct: self.conduct.stop(flag), ..self }
    }

    /// Calls `told` after each replication.
    #[must_use]
    pub fn progress(self, told: &'a (dyn Fn() + Sync)) -> Self {
        Self { conduct: self.conduct.progress(told), ..self }
    }

    /// Before the eyes of `observer`, which sees the replications one after another.
    #[must_use]
    pub fn observe(self, observer: &'a mut dyn Observer) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// With every miner's work done by the backends that `make` gives, one replication after another.
    #[must_use]
    pub fn backends(self, make: impl FnMut(&BackendRequest) -> Box<dyn Backend> + 'a) -> Self {
        Self { make: Some(Box::new(make)), ..self }
    }

    /// With the jobs of the first replication kept, for [`Outcome::jobs`]; not of a run before an observer or on backends
    /// of the caller's own.
    #[must_use]
    pub fn keep_jobs(self) -> Self {
        Self { keeps_jobs: true, ..self }
    }

    /// Runs every replication.
    ///
    /// # Errors
    /// When there is nothing to simulate, a change cannot be, a backend could not go on, the flag was set before the
    /// end, or the machine has no threads to give.
    pub fn run(self) -> Result<Outcome, Error> {
        let simulation = self.simulation;
        simulation.refuse_replay()?;
        let scenario = simulation.resolved()?;
        let mut export = JobsExport::default();
        let mut jobs = None;
        let study = match &simulation.recording {
            Some(recording) => recording.play(&scenario, &self.conduct.stop)?,
            None if self.observer.is_none() && self.make.is_none() => {
                let eyes: Option<&mut (dyn Observer + Send)> =
                    if self.keeps_jobs { Some(&mut export) } else { None };
                let study = study::run_seen(&scenario, self.conduct.pace(), eyes)?;
                jobs = self.keeps_jobs.then(|| export.tables(&scenario));
                study
            }
            None => self.in_turn(&scenario)?,
        };
        let recording = simulation.recording.as_ref();
        let measured = recording.map(|recording| recording.claim(&scenario));
        let difference = recording.and_then(|recording| recording.difference(&study));
        let outcome = Outcome::plain(scenario, study, simulation.command("run")).with_jobs(jobs);
        Ok(match measured {
            Some(measured) => outcome.with_measured(measured, difference),
            None => outcome,
        })
    }

    /// Runs one replication after another, in the order of their numbers.
    fn in_turn(mut self, scenario: &Scenario) -> Result<Study, Error> {
        let alarm = Alarm::new(self.conduct.stop.clone());
        let all = vec![true; scenario.cohorts.len()];
        let mut served = Vec::new();
        for number in scenario.run.numbers() {
            let make = self.make.as_deref_mut();
            let own = make.map(|make| backends::backends(scenario, &all, make, &alarm));
            let mut nobody = Nobody;
            let eyes: &mut dyn Observer = match &mut self.observer {
                Some(observer) => *observer,
                None => &mut nobody,
            };
            let one = study::watched(scenario, number, own, eyes, alarm.flag());
            // A fault in the last hours leaves no time to stop the run, and no result either.
            let one = one.map_err(|cut| Error::of_cut(&cut, &alarm))?;
            if alarm.fault().is_some() {
                return Err(Error::of_alarm(&alarm));
            }
            served.push(one);
            (self.conduct.progress)();
        }
        Ok(Study::of(served))
    }
}
