//! The properties of a scenario, judged.

use crate::config;
use crate::property::Status;
use crate::property::Variant;
use crate::report::Judged;
use crate::scenario::Scenario;
use crate::simulation::conduct::Conduct;
use crate::simulation::error::Error;
use crate::simulation::outcome::Outcome;
use crate::simulation::world::Simulation;
use crate::study;
use crate::study::Case;

/// A scenario, its variants, and what is claimed of them.
#[derive(Debug)]
pub struct Check {
    /// The scenario, then its variants.
    arms: Vec<Scenario>,
    cases: Vec<Case>,
    /// The commands that run and judge the scenario again.
    commands: (String, String),
    keeps_outcome: bool,
}

/// What was judged of a scenario.
#[derive(Clone, Debug)]
pub struct Verdicts {
    name: String,
    question: String,
    seed: u64,
    pub(super) judged: Vec<Judged>,
    pub(super) outcome: Option<Outcome>,
}

impl Check {
    /// Reads the variants that the scenario's properties speak of.
    ///
    /// # Errors
    /// What is wrong with them; that there is nothing to simulate.
    pub fn of(simulation: &Simulation) -> Result<Self, Error> {
        simulation.refuse_replay()?;
        let mut arms = vec![simulation.resolved()?];
        let mut read: Vec<&Variant> = Vec::new();
        let mut cases = Vec::new();
        for property in &simulation.loaded.scenario.property {
            let mut variant = None;
            if let Some(wanted) = &property.variant {
                let known = read.iter().position(|variant| *variant == wanted);
                let place = if let Some(place) = known {
                    place
                } else {
                    let other = simulation.variant(wanted);
                    let place = format!("property {}", property.id);
                    arms.push(other.and_then(|other| other.resolved()).map_err(|e| e.at(&place))?);
                    read.push(wanted);
                    read.len() - 1
                };
                variant = Some(place + 1);
            }
            cases.push(Case { property: property.clone(), variant });
        }
        let commands = (simulation.command("run"), simulation.command("check"));
        Ok(Self { arms, cases, commands, keeps_outcome: false })
    }

    /// What the folder of an earlier check claims: its scenario and variants, ready to be judged again by `command`.
    pub(super) fn kept(arms: Vec<Scenario>, cases: Vec<Case>, command: &str) -> Self {
        let commands = (command.replacen("check", "run", 1), command.to_string());
        Self { arms, cases, commands, keeps_outcome: true }
    }

    /// The same, which also keeps what a run of the scenario gives: its replications are judged anyhow.
    #[must_use]
    pub fn keep_outcome(self) -> Self {
        Self { keeps_outcome: true, ..self }
    }

    /// The name of the scenario.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.arms[0].name
    }

    /// Runs until every property is decided or its budget is spent.
    ///
    /// # Errors
    /// When it was stopped before the end, or the machine has no threads to give.
    pub fn run(&self, conduct: &Conduct<'_>) -> Result<Verdicts, Error> {
        let Self { arms, cases, .. } = self;
        let own = &arms[0];
        let mut checked = study::check(arms, cases, self.keeps_outcome, conduct.pace())?;
        let study = checked.study.take();
        let (run, check) = &self.commands;
        let judged = Judged::all(own, cases, &checked, run);
        let outcome =
            study.map(|study| Outcome::judged(own.clone(), study, judged.clone(), check.clone()));
        let (name, question, seed) = (own.name.clone(), own.question.clone(), own.run.seed);
        Ok(Verdicts { name, question, seed, judged, outcome })
    }
}

impl Simulation {
    /// The scenario that differs from this one as `variant` says.
    pub(super) fn variant(&self, variant: &Variant) -> Result<Self, Error> {
        let selection = &self.selection;
        let sets = selection.sets();
        let loaded = config::load_variant(&selection.file, &sets, &self.loaded, variant)?;
        Ok(Self { loaded, ..self.clone() })
    }
}

impl Verdicts {
    /// The name of the scenario.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The question it asks.
    #[must_use]
    pub fn question(&self) -> &str {
        &self.question
    }

    /// Its seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Every verdict; those on invariants that the scenario does not list come first.
    #[must_use]
    pub fn all(&self) -> &[Judged] {
        &self.judged
    }

    /// What a run of the scenario gives, where it was kept; with the verdicts on it.
    #[must_use]
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// Whether every verdict is as expected; none where one is not known to be, and none is known not to be.
    #[must_use]
    pub fn as_expected(&self) -> Option<bool> {
        as_expected(&self.judged)
    }
}

/// The same of verdicts on one scenario or many.
pub(super) fn as_expected<'j>(all: impl IntoIterator<Item = &'j Judged>) -> Option<bool> {
    let one = |judged: &Judged| match judged.status {
        Status::Undecided => None,
        Status::Pass | Status::Fail => judged.as_expected,
    };
    let mut so_far = Some(true);
    for next in all.into_iter().map(one) {
        so_far = match (so_far, next) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (None, _) | (_, None) => None,
            (Some(true), Some(true)) => Some(true),
        };
    }
    so_far
}
