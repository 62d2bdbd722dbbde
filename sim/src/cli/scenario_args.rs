//! The options every verb that reads a scenario shares.

use crate::cli::outcome::Failure;
use crate::simulation::Changes;
use crate::simulation::Simulation;
use clap::Args;
use std::path::Path;
use std::path::PathBuf;

/// Which scenario, and what is changed in it.
#[derive(Clone, Debug, Args)]
pub(super) struct ScenarioArgs {
    /// Scenario to simulate, a TOML file.
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

impl ScenarioArgs {
    /// The changes that the arguments make to the scenario.
    pub(super) fn changes(&self) -> Changes {
        let Self { set, seed, replications, epochs, .. } = self;
        Changes { set: set.clone(), seed: *seed, replications: *replications, epochs: *epochs }
    }

    /// The scenario, checked, with every change laid on it.
    ///
    /// # Errors
    /// All that is wrong with the scenario and its changes.
    pub(super) fn load(&self) -> Result<Simulation, Failure> {
        Ok(Simulation::load_changed(&self.scenario, self.changes())?)
    }

    /// Path of the scenario's file.
    pub(super) fn path(&self) -> &Path {
        &self.scenario
    }
}
