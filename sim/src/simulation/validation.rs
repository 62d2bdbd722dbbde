//! A scenario against a recorded trace: rejected, or not.

use crate::report;
use crate::report::MANIFEST;
use crate::scenario::Scenario;
use crate::simulation::conduct::Conduct;
use crate::simulation::error::Error;
use crate::simulation::target::Target;
use crate::simulation::trace::TraceJobs;
use crate::simulation::world::Simulation;
use crate::statistics::least_replications;
use crate::trace;
use crate::trace::validate;
use crate::trace::validate::ValidateError;
use crate::trace::validate::ValidatedStatistic;
use serde_json::Value;
use serde_json::json;
use std::fmt::Write;

/// How a scenario is held against a trace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValidationSettings {
    /// Share of the trace's time at which the last part begins, which decides; above 0, below 1.
    pub from: f64,
    /// Number of replications, at least as many as can reject; none: as many as are needed for that.
    pub replications: Option<u64>,
    /// Chance to reject a scenario that is true, `1e-4..1.0`.
    pub alpha: f64,
}

impl Default for ValidationSettings {
    fn default() -> Self {
        Self { from: 0.75, replications: None, alpha: Self::ALPHA_USUAL }
    }
}

/// A scenario about to be held against a trace.
#[derive(Debug)]
pub struct Validation {
    scenario: Scenario,
    settings: ValidationSettings,
    command: String,
}

/// What the trace says of the scenario.
#[derive(Clone, Debug)]
pub struct Validated {
    found: validate::ValidationResult,
    manifest: Value,
}

impl ValidationSettings {
    /// Fewest replications. Source: the contract of this verb.
    pub const REPLICATIONS_MIN: u64 = validate::REPLICATIONS_MIN;
    /// The alpha that holds where none is named.
    pub const ALPHA_USUAL: f64 = 0.05;
    /// Smallest alpha: below it a check would take forever.
    const ALPHA_MIN: f64 = 1e-4;

    /// Whether they can be.
    ///
    /// # Errors
    /// When one is out of its range.
    pub fn check(&self) -> Result<(), Error> {
        let Self { from, replications, alpha } = *self;
        let (fewest, smallest) = (Self::REPLICATIONS_MIN, Self::ALPHA_MIN);
        let text = if !(from > 0.0 && from < 1.0) {
            format!("--from is {from}, allowed: above 0, below 1")
        } else if let Some(given) = replications.filter(|given| *given < fewest) {
            format!("--replications is {given}, allowed: at least {fewest}")
        } else if !(alpha >= smallest && alpha < 1.0) {
            format!("--alpha is {alpha}, allowed: from {smallest} to below 1")
        } else {
            return Ok(());
        };
        Err(Error::Input(text))
    }
}

impl Validation {
    /// `simulation`, in the trace's hours, to be held against a trace.
    ///
    /// # Errors
    /// When a setting or a change cannot be, or there is nothing to simulate.
    pub fn of(simulation: &Simulation, settings: ValidationSettings) -> Result<Self, Error> {
        settings.check()?;
        let scenario = simulation.resolved()?;
        if scenario.replay.is_some() || scenario.miners.is_empty() {
            let path = simulation.file().display();
            return Err(Error::Input(format!(
                "{path} has nothing to simulate, allowed: a scenario with clients and cohorts, as `assay fit` writes it"
            )));
        }
        Ok(Self { scenario, settings, command: simulation.command("--scenario") })
    }

    /// Pieces of work that progress is told of, about.
    #[must_use]
    pub fn work_count(&self) -> u64 {
        let Self { settings, .. } = self;
        let least = least_replications(trace::STATISTICS_COUNT, settings.alpha);
        settings.replications.unwrap_or(least) + validate::BOOTSTRAPS
    }

    /// Makes the replications and judges every statistic.
    ///
    /// # Errors
    /// When the scenario ends before the trace, too few replications were asked for to reject anything, it was stopped
    /// before the end, or the machine has no threads to give.
    pub fn run(&self, jobs: &TraceJobs, conduct: &Conduct<'_>) -> Result<Validated, Error> {
        let ValidationSettings { from, replications, alpha } = self.settings;
        let settings = validate::JudgingSettings { from, replications, alpha };
        let found = validate::validate(&jobs.jobs, &self.scenario, settings, conduct.pace())
            .map_err(|error| match error {
                ValidateError::Study(error) => Error::from(error),
                other => Error::input(&other).at(&jobs.file.display().to_string()),
            })?;
        Ok(Validated { manifest: self.manifest(jobs, &found), found })
    }

    /// What the results folder claims: no clock, host or path.
    fn manifest(&self, jobs: &TraceJobs, found: &validate::ValidationResult) -> Value {
        let ValidationSettings { from, replications, alpha } = self.settings;
        let trace = jobs.name();
        let begin = format!("assay validate {} --scenario", jobs.words());
        let command = self.command.replacen("assay --scenario", &begin, 1);
        let mut command = format!("{command} --from {from}");
        if let Some(replications) = replications {
            write!(command, " --replications {replications}").expect("writing to memory");
        }
        if (alpha - ValidationSettings::ALPHA_USUAL).abs() > 0.0 {
            write!(command, " --alpha {alpha}").expect("writing to memory");
        }
        let verdict = if found.rejected { "REJECTED" } else { "NOT REJECTED" };
        json!({
            "package": env!("CARGO_PKG_NAME"),
            "package_version": env!("CARGO_PKG_VERSION"),
            "sources": report::SOURCES,
            "command": command,
            "scenario": self.scenario.name,
            "scenario_hash": report::scenario_hash(&self.scenario.text),
            "trace": trace,
            "from": from,
            "from_ms": found.from_ms,
            "alpha": alpha,
            "replications": found.replications,
            "verdict": verdict,
        })
    }
}

impl Validated {
    /// Whether a statistic of the last part is out.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        self.found.rejected
    }

    /// Every statistic, first over the whole trace, then over its last part.
    #[must_use]
    pub fn statistics(&self) -> &[ValidatedStatistic] {
        &self.found.entries
    }

    /// The statistics as the table `validation.csv`.
    #[must_use]
    pub fn csv(&self) -> Vec<u8> {
        validate::to_csv(&self.found, &report::figure)
    }

    /// The verdict and what it rests on, in words.
    #[must_use]
    pub fn words(&self) -> String {
        validate::words(&self.found)
    }

    /// What the results folder claims, as JSON.
    #[must_use]
    pub fn manifest(&self) -> Vec<u8> {
        report::json(&self.manifest)
    }

    /// Writes the results folder that has been begun, every plot also as PNG when `png` is set.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn save_at(&self, target: Target, png: bool) -> Result<(), Error> {
        target.write("validation.csv", &self.csv())?;
        target.write(MANIFEST, &self.manifest())?;
        self.draw(&target, png)?;
        target.finish_plain()
    }

    /// Draws plots and page into the folder.
    #[cfg(feature = "report")]
    fn draw(&self, target: &Target, png: bool) -> Result<(), Error> {
        let word = |key: &str| self.manifest[key].as_str().unwrap_or_default().to_string();
        let checked = report::ValidationFacts {
            scenario: word("scenario"),
            scenario_hash: word("scenario_hash"),
            trace: word("trace"),
            command: word("command"),
            validated: &self.found,
        };
        for (name, bytes) in report::validation_packet(&checked, png) {
            target.write(&name, &bytes)?;
        }
        Ok(())
    }

    /// Without the feature `report` there are none.
    #[cfg(not(feature = "report"))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the other form draws")]
    fn draw(&self, _target: &Target, _png: bool) -> Result<(), Error> {
        Ok(())
    }
}
