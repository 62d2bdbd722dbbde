//! The options that name a scenario and change keys of it.

use crate::cli::outcome::HarnessFailure;
use assay_sim::simulation::Changes;
use assay_sim::simulation::Experiment;
use assay_sim::simulation::Simulation;
use clap::Args;
use std::path::Path;
use std::path::PathBuf;

/// Which scenario, and what is changed in it.
#[derive(Clone, Debug, Args)]
pub(super) struct DeviceScenarioArgs {
    /// Scenario to run, a TOML file.
    scenario: PathBuf,
    /// Changes one key: path.to.key=value; a step through a list is a name or a number. May be given again.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Seed of all randomness.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Number of independent replications to run.
    #[arg(long, value_name = "N")]
    replications: Option<u32>,
    /// Number of epochs to simulate in each.
    #[arg(long, value_name = "N")]
    epochs: Option<u32>,
}

impl DeviceScenarioArgs {
    /// A scenario file as it stands.
    pub(super) fn of(scenario: &Path) -> Self {
        let scenario = scenario.to_path_buf();
        Self { scenario, set: Vec::new(), seed: None, replications: None, epochs: None }
    }

    /// The same file with further changes, each as `--set` takes it.
    pub(super) fn with_sets(&self, more: &[String]) -> Self {
        let set = self.set.iter().chain(more).cloned().collect();
        Self { set, ..self.clone() }
    }

    /// The scenario, with these cohorts of it to be served for real; none named: all.
    ///
    /// # Errors
    /// All that is wrong with the scenario and its changes; that it has no such cohort.
    pub(super) fn experiment(&self, cohorts: &[String]) -> Result<Experiment, HarnessFailure> {
        let Self { set, seed, replications, epochs, .. } = self;
        let (seed, replications, epochs) = (*seed, *replications, *epochs);
        let changes = Changes { set: set.clone(), seed, replications, epochs };
        let simulation = Simulation::load_changed(&self.scenario, changes)?;
        Ok(Experiment::of(&simulation, cohorts)?)
    }
}
