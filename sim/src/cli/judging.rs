//! From a scenario's properties to verdicts: reads the variants, runs, and tells how it ended.

use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::progress;
use crate::cli::scenario_args::ScenarioArgs;
use crate::config;
use crate::config::Loaded;
use crate::property::Status;
use crate::property::Variant;
use crate::report::Judged;
use crate::scenario::Scenario;
use crate::study;
use crate::study::Case;
use crate::study::Checked;
use crate::study::StudyError;
use anyhow::anyhow;
use std::sync::atomic::AtomicBool;

/// A scenario, its variants, and what is claimed of them.
#[derive(Debug)]
pub(super) struct Bench {
    /// The scenario, then its variants.
    pub(super) arms: Vec<Scenario>,
    /// Its properties.
    pub(super) cases: Vec<Case>,
}

impl Bench {
    /// Reads a scenario and the variants that its properties speak of.
    pub(super) fn of(args: &ScenarioArgs) -> Result<Self, Failure> {
        let loaded = args.load()?;
        refuse_replay(&loaded, args)?;
        let mut arms = vec![args.resolved(&loaded)];
        let mut read: Vec<Variant> = Vec::new();
        let mut cases = Vec::new();
        for property in &loaded.scenario.property {
            let mut variant = None;
            if let Some(wanted) = &property.variant {
                let known = read.iter().position(|variant| variant == wanted);
                let place = if let Some(place) = known {
                    place
                } else {
                    let other = config::load_variant(args.path(), &args.sets(), &loaded, wanted);
                    let other = other.map_err(|troubles| {
                        Failure::input(anyhow!("property {}: {troubles}", property.id))
                    })?;
                    arms.push(args.resolved(&other));
                    read.push(wanted.clone());
                    read.len() - 1
                };
                variant = Some(place + 1);
            }
            cases.push(Case { property: property.clone(), variant });
        }
        Ok(Self { arms, cases })
    }

    /// Runs until every property is decided or its budget is spent.
    pub(super) fn judge(
        &self,
        threads: usize,
        stop: &AtomicBool,
        quiet: bool,
    ) -> Result<Checked, Failure> {
        let bar = progress::counter(&self.arms[0].name, quiet);
        let checked = study::check(&self.arms, &self.cases, threads, stop, &|| bar.inc(1));
        bar.finish_and_clear();
        checked.map_err(study_failure)
    }
}

/// A scenario with a trace in place of clients has nothing to simulate.
pub(super) fn refuse_replay(loaded: &Loaded, args: &ScenarioArgs) -> Result<(), Failure> {
    if loaded.scenario.replay.is_none() {
        return Ok(());
    }
    let path = args.path().display();
    Err(Failure::input(anyhow!(
        "{path} has [replay] and so nothing to simulate; score a recorded trace with \
         `assay replay TRACE --scenario {path}`"
    )))
}

/// How a study that could not end is told.
pub(super) fn study_failure(error: StudyError) -> Failure {
    match error {
        StudyError::Stopped => Failure::Interrupted,
        StudyError::Threads(..) => Failure::machine(error),
    }
}

/// How the verdicts together are told.
pub(super) fn outcome(judged: &[Judged]) -> Outcome {
    let one = |judged: &Judged| match (judged.status, judged.as_expected) {
        (Status::Undecided, _) | (_, None) => Outcome::Undecided,
        (_, Some(false)) => Outcome::Different,
        (_, Some(true)) => Outcome::Done,
    };
    judged.iter().map(one).fold(Outcome::Done, Outcome::and)
}
