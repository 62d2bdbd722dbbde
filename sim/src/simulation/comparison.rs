//! Two scenarios on the same seeds: who gains and who loses.

use crate::property::Variant;
use crate::report;
use crate::report::ComparedClaim;
use crate::report::Table;
use crate::simulation::conduct::Conduct;
use crate::simulation::error::Error;
use crate::simulation::outcome::Outcome;
use crate::simulation::target::Target;
use crate::simulation::world::Simulation;
use crate::study;
use crate::study::Compared;
use crate::study::Difference;
use std::path::Path;

/// The comparison's own table.
pub(super) const COMPARED: &str = "compare.csv";

/// Two scenarios that run on the same seeds.
#[derive(Debug)]
pub struct Comparison {
    first: Simulation,
    second: Simulation,
    command: String,
    /// The command from where the caller stands.
    here: String,
    keeps_outcome: bool,
}

/// What changes from the first scenario to the second.
#[derive(Clone, Debug)]
pub struct Differences {
    compared: Compared,
    claim: ComparedClaim,
    command: String,
    outcome: Option<Outcome>,
}

impl Comparison {
    /// `first` with further changes, each as `path.to.key=value`, against itself.
    ///
    /// # Errors
    /// What is wrong with the changes; that they change nothing, or the seeds; that there is nothing to simulate.
    pub fn of_changes(first: &Simulation, changes: &[String]) -> Result<Self, Error> {
        first.refuse_replay()?;
        let selection = first.selection.with_sets(changes);
        let command = first.selection.comparison(changes);
        let here = first.selection.comparison_here(changes);
        let second = first.variant(&Variant::Set(changes.to_vec()))?;
        Self::new(first.clone(), Simulation { selection, ..second }, (command, here))
    }

    /// The scenario at `file`, with the changes that `first` has, against `first`.
    ///
    /// # Errors
    /// What is wrong with the file; that it is the same scenario again, or has other seeds; that there is nothing to
    /// simulate.
    pub fn of_file(first: &Simulation, file: impl AsRef<Path>) -> Result<Self, Error> {
        first.refuse_replay()?;
        let file = file.as_ref();
        // A variant's path is relative to the scenario; here it is relative to where the caller stands.
        let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_path_buf());
        let selection = first.selection.with_file(file);
        let command = first.selection.command_with("compare", &[selection.shown_path()]);
        let here = first.selection.command_here("compare", &[selection.path_here()]);
        let second = first.variant(&Variant::File(whole.display().to_string()))?;
        Self::new(first.clone(), Simulation { selection, ..second }, (command, here))
    }

    /// The comparison that a results folder keeps: both scenarios, each called as it was.
    ///
    /// # Errors
    /// What is wrong with either scenario; that there is nothing to simulate.
    pub(super) fn of_kept(first: &Simulation, second: Simulation) -> Result<Self, Error> {
        let command = first.selection.command_with("compare", &[second.selection.shown_path()]);
        Self::new(first.clone(), second, (command.clone(), command))
    }

    fn new(
        first: Simulation,
        second: Simulation,
        (command, here): (String, String),
    ) -> Result<Self, Error> {
        second.refuse_replay()?;
        Ok(Self { first, second, command, here, keeps_outcome: false })
    }

    /// The same, which also keeps what a run of the first scenario gives.
    #[must_use]
    pub fn keep_outcome(self) -> Self {
        Self { keeps_outcome: true, ..self }
    }

    /// The first scenario of the pair.
    #[must_use]
    pub fn first(&self) -> &Simulation {
        &self.first
    }

    /// The second scenario of the pair.
    #[must_use]
    pub fn second(&self) -> &Simulation {
        &self.second
    }

    /// The name of the first scenario.
    #[must_use]
    pub fn name(&self) -> String {
        self.first.name()
    }

    /// Number of pairs that are to be run.
    #[must_use]
    pub fn pair_count(&self) -> u32 {
        self.first.replication_count()
    }

    /// Fewest pairs with which anybody can be named.
    #[must_use]
    pub fn pairs_min() -> usize {
        study::pairs_min()
    }

    /// Runs every pair.
    ///
    /// # Errors
    /// When it was stopped before the end, or the machine has no threads to give.
    pub fn run(&self, conduct: &Conduct<'_>) -> Result<Differences, Error> {
        let (first, second) = (self.first.resolved()?, self.second.resolved()?);
        let mut compared = study::compare((&first, &second), self.keeps_outcome, conduct.pace())?;
        let claim = ComparedClaim {
            second: self.second.name(),
            second_hash: report::scenario_hash(&second.text),
            changed: report::changed(&first.text, &second.text),
            second_text: Some(second.text.clone()),
        };
        let study = compared.study.take();
        let outcome = study.map(|study| Outcome::plain(first, study, self.command.clone()));
        let outcome = outcome.map(|outcome| outcome.with_compared(claim.clone()));
        Ok(Differences { compared, claim, command: self.here.clone(), outcome })
    }
}

impl Differences {
    /// Every quantity in both: metrics, then pay shares of classes, operators and miners.
    #[must_use]
    pub fn all(&self) -> &[Difference] {
        &self.compared.lines
    }

    /// What the comparison asks: what differs between the two, in a line.
    #[must_use]
    pub fn title(&self) -> String {
        report::title(&self.claim.changed)
    }

    /// Every key whose value differs, as `key: before → after`.
    #[must_use]
    pub fn changed(&self) -> &[String] {
        &self.claim.changed
    }

    /// Who gains and who loses, in sentences.
    #[must_use]
    pub fn answer(&self) -> Vec<String> {
        report::sentences(&self.compared, study::pairs_min())
    }

    /// The command that compares the two again, from where the caller stands.
    #[must_use]
    pub fn command(&self) -> &str {
        &self.command
    }

    /// Number of pairs that were run.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.compared.pairs
    }

    /// The differences as the table `compare.csv`.
    #[must_use]
    pub fn table(&self) -> Table {
        report::comparison(&self.compared)
    }

    /// What a run of the first scenario gives, where it was kept.
    #[must_use]
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// Writes the results folder that has been begun: what a run of the first writes, where that was kept, and the
    /// comparison.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn save_at(&self, target: Target) -> Result<(), Error> {
        if let Some(outcome) = &self.outcome {
            outcome.write(&target)?;
        }
        target.write(COMPARED, &self.table().csv())?;
        target.finish()
    }
}
