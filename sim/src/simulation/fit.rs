//! A scenario from a recorded trace.

use crate::config;
use crate::report;
use crate::simulation::error::Error;
use crate::simulation::legend;
use crate::simulation::trace::TraceJobs;
use crate::trace::fit;
use serde_json::Value;
use std::path::Path;
use std::path::PathBuf;

/// How a scenario is fitted to a trace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    settings: fit::FitSettings,
}

/// The whole trace, with regimes.
impl Default for Fit {
    fn default() -> Self {
        Self { settings: fit::FitSettings { until: 1.0, stationary: false } }
    }
}

/// A fitted scenario, and how well it fits.
#[derive(Clone, Debug)]
pub struct Fitted {
    found: fit::FitResult,
    goodness: Vec<fit::Goodness>,
    trace: String,
}

impl Fit {
    /// The same to the trace's time up to this share of it; the rest is kept for a validation.
    ///
    /// # Errors
    /// When the share is not above 0 and up to 1.
    pub fn until(mut self, share: f64) -> Result<Self, Error> {
        if !(share > 0.0 && share <= 1.0) {
            return Err(Error::Input(format!("--until is {share}, allowed: above 0, up to 1")));
        }
        self.settings.until = share;
        Ok(self)
    }

    /// The same with one law for all time, no regimes: a control that a validation should reject.
    #[must_use]
    pub fn stationary(mut self) -> Self {
        self.settings.stationary = true;
        self
    }

    /// Fits a scenario to the jobs. `progress` is told steps done.
    ///
    /// # Errors
    /// When there are too few jobs or successes, or too many miners.
    pub fn run(&self, jobs: &TraceJobs, progress: &dyn Fn(u64)) -> Result<Fitted, Error> {
        let found = fit::fit(&jobs.jobs, self.settings, progress)
            .map_err(|error| Error::input(&error).at(&jobs.file.display().to_string()))?;
        let goodness = fit::goodness(&found, &jobs.jobs);
        Ok(Fitted { found, goodness, trace: jobs.name() })
    }
}

impl Fitted {
    /// The scenario as TOML, which says that `command` makes it again.
    #[must_use]
    pub fn scenario(&self, command: &str) -> String {
        fit::scenario_text(&self.found, &self.trace, command)
    }

    /// Every estimate with its standard error, as csv.
    #[must_use]
    pub fn estimates(&self) -> Vec<u8> {
        fit::estimates_csv(&self.found)
    }

    /// The whole fit as JSON: estimates, errors, goodness.
    #[must_use]
    pub fn json(&self) -> Value {
        fit::to_json(&self.found, &self.goodness)
    }

    /// What was found, how well it fits, and what the trace cannot tell.
    #[must_use]
    pub fn words(&self) -> String {
        fit::words(&self.found, &self.goodness)
    }

    /// Writes the scenario at `file`, and beside it every estimate and what the columns of that table mean; gives the paths
    /// of the three files beside it.
    ///
    /// # Errors
    /// When the trace holds something that no scenario allows, so that nothing is written; when the disk is full or fails.
    ///
    /// # Panics
    /// Never: the table was just made.
    pub fn save(&self, file: impl AsRef<Path>, command: &str) -> Result<[PathBuf; 3], Error> {
        let file = file.as_ref();
        let [_, csv, json, columns] = Self::files(file);
        let text = self.scenario(command);
        config::load_kept(&file.display().to_string(), &text)
            .map_err(|troubles| Error::from(troubles).at("the trace makes no scenario"))?;
        report::write_whole(file, text.as_bytes())?;
        let estimates = self.estimates();
        let headings = report::headings(estimates.as_slice()).expect("the table was just made");
        let name = csv.file_name().unwrap_or_default().to_string_lossy();
        report::write_whole(&csv, &estimates)?;
        report::write_whole(&json, &report::json(&self.json()))?;
        report::write_whole(&columns, &legend::legend_of(&name, "estimates.csv", &headings))?;
        Ok([csv, json, columns])
    }

    /// The files that [`save`](Self::save) writes: the scenario, the estimates as csv and JSON, and what their columns mean.
    #[must_use]
    pub fn files(file: impl AsRef<Path>) -> [PathBuf; 4] {
        let file = file.as_ref();
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let [csv, json, columns] = ["csv", "json", "columns.json"]
            .map(|end| file.with_file_name(format!("{stem}-fit.{end}")));
        [file.to_path_buf(), csv, json, columns]
    }
}
