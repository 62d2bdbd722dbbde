//! The properties of a scenario, judged.

use crate::config;
use crate::property::Need;
use crate::property::Property;
use crate::property::Variant;
use crate::property::VerdictStatus;
use crate::report::Judged;
use crate::scenario::Scenario;
use crate::simulation::conduct::Conduct;
use crate::simulation::error::Error;
use crate::simulation::outcome::Outcome;
use crate::simulation::world::Simulation;
use crate::study;
use crate::study::CheckCourse;
use crate::study::PropertyCase;
use std::collections::BTreeMap;

/// A scenario, its variants, and what is claimed of them.
#[derive(Debug)]
pub struct Check {
    /// The scenario, then its variants.
    pub(super) arms: Vec<Scenario>,
    pub(super) cases: Vec<PropertyCase>,
    /// Number of the first replication that is judged.
    pub(super) first: u64,
    /// Whether evidence of earlier replications is carried on.
    pub(super) is_carried: bool,
    /// The commands that run and judge the scenario again, as a folder keeps them.
    commands: (String, String),
    /// The command that runs it from where the caller stands.
    here: String,
    /// Texts of the files that its properties name, by name.
    pub(super) texts: BTreeMap<String, String>,
    keeps_outcome: bool,
    together: u64,
}

/// What was judged of a scenario.
#[derive(Clone, Debug)]
pub struct Verdicts {
    name: String,
    question: String,
    seed: u64,
    together: u64,
    pub(super) judged: Vec<Judged>,
    pub(super) outcome: Option<Outcome>,
    pub(super) evidence: KeptEvidence,
}

/// What a ledger keeps of a check: for each case what all its replications said, and the next one's number.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptEvidence {
    pub(super) of_cases: Vec<Option<crate::property::Evidence>>,
    pub(super) next: u64,
}

impl Check {
    /// Reads the variants that the scenario's properties speak of. Its properties share their error bounds among
    /// themselves, until [`Self::judged_together`] says with how many.
    ///
    /// # Errors
    /// What is wrong with them; that there is nothing to simulate.
    pub fn of(simulation: &Simulation) -> Result<Self, Error> {
        simulation.refuse_replay()?;
        let mut arms = vec![simulation.resolved()?];
        let mut read: Vec<&Variant> = Vec::new();
        let (mut cases, mut texts) = (Vec::new(), BTreeMap::new());
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
                    if let Variant::File(name) = wanted {
                        texts.insert(name.clone(), simulation.text_of(name)?);
                    }
                    read.push(wanted);
                    read.len() - 1
                };
                variant = Some(place + 1);
            }
            cases.push(PropertyCase {
                property: property.clone(),
                variant,
                claim: None,
                evidence: None,
            });
        }
        let commands = (simulation.command("run"), simulation.command("check"));
        let here = simulation.command_here("run");
        let first = arms[0].run.judged_from();
        let (is_carried, keeps_outcome) = (false, false);
        let together = 0;
        let plain =
            Self { arms, cases, first, is_carried, commands, here, texts, keeps_outcome, together };
        let own = plain.statistical_count();
        Ok(plain.judged_together(own))
    }

    /// Statistical properties of the scenario: they share error bounds.
    #[must_use]
    pub fn statistical_count(&self) -> u64 {
        Property::statistical_count(self.cases.iter().map(|case| &case.property))
    }

    /// Statistical properties that share error bounds, those of other checks too.
    #[must_use]
    pub fn together(&self) -> u64 {
        self.together
    }

    /// The same, one of several checks of which this is the number of all statistical properties: the chance that any of
    /// them is judged wrongly is what each property states.
    #[must_use]
    pub fn judged_together(mut self, count: u64) -> Self {
        self.together = count;
        for case in &mut self.cases {
            case.claim = case.property.claim(count);
        }
        self
    }

    /// The same, which also keeps what a run of the scenario gives. Its replications are run for that, and none of them
    /// is judged but by the invariants: those of claims have other numbers.
    #[must_use]
    pub fn keep_outcome(self) -> Self {
        Self { keeps_outcome: true, ..self }
    }

    /// The name of the scenario.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.arms[0].name
    }

    /// Every statistical property with what it needs.
    fn needs(&self) -> impl Iterator<Item = (&PropertyCase, Need)> {
        self.cases.iter().filter_map(|case| Some((case, case.claim.as_ref()?.need())))
    }

    /// What every statistical property needs, a line each, and whether its budget may leave a mean at the threshold
    /// undecided: to be told before the first run.
    #[must_use]
    pub fn needs_in_words(&self) -> Vec<(bool, String)> {
        let one = |(case, need): (&PropertyCase, Need)| {
            let before = case.evidence.as_ref().map_or(0, |evidence| evidence.runs);
            let id = &case.property.id;
            let carried = match before {
                0 => String::new(),
                runs => format!(", after {runs} of the ledger"),
            };
            let text = format!("{}: {id}: {}{carried}", self.name(), need.words());
            (need.is_short(), text)
        };
        self.needs().map(one).collect()
    }

    /// Refuses budgets with which no data whatever can PASS; a night of a ledger has other nights.
    ///
    /// # Errors
    /// Every such budget, with what it would take.
    pub fn refuse_too_small(&self) -> Result<(), Error> {
        if self.is_carried {
            return Ok(());
        }
        let one = |(case, need): (&PropertyCase, Need)| {
            let (name, id, m) = (self.name(), &case.property.id, self.together);
            Some(format!("{name}: property {id} ({m} judged together): {}", need.refusal()?))
        };
        let refused: Vec<String> = self.needs().filter_map(one).collect();
        if refused.is_empty() { Ok(()) } else { Err(Error::Input(refused.join("\n"))) }
    }

    /// Runs until every property is decided or its budget is spent.
    ///
    /// # Errors
    /// When a budget is too small for any data to PASS, it was stopped before the end, or the machine has no threads to
    /// give.
    pub fn run(&self, conduct: &Conduct<'_>) -> Result<Verdicts, Error> {
        self.refuse_too_small()?;
        let Self { arms, cases, together, .. } = self;
        let scenario = &arms[0];
        let study = self.keeps_outcome.then(|| study::run(scenario, conduct.pace())).transpose()?;
        let least = if study.is_some() { 0 } else { u64::from(scenario.run.replications) };
        let course = CheckCourse { first: self.first, least, own: study.as_ref() };
        let mut checked = study::check(arms, cases, course, conduct.pace())?;
        let of_cases = std::mem::take(&mut checked.evidence);
        let (run, check) = &self.commands;
        let outcome = study.map(|study| {
            let judged = Judged::all(cases, &checked, run);
            let plain = Outcome::judged(scenario.clone(), study, judged, check.clone());
            plain.with_judged_together(*together).with_texts(None, self.texts.clone())
        });
        let judged = Judged::all(cases, &checked, &self.here);
        let (name, question) = (scenario.name.clone(), scenario.question.clone());
        Ok(Verdicts {
            name,
            question,
            seed: scenario.run.seed,
            together: *together,
            judged,
            outcome,
            evidence: KeptEvidence { of_cases, next: checked.next },
        })
    }
}

impl Simulation {
    /// The scenario that differs from this one as `variant` says.
    ///
    /// # Errors
    /// What is wrong with the variant.
    pub(super) fn variant(&self, variant: &Variant) -> Result<Self, Error> {
        let selection = &self.selection;
        let sets = selection.sets();
        let place = |name: &String| Variant::File(self.place_of(name).display().to_string());
        // What a path is relative to is known here; whatever is absolute stays.
        let variant = match variant {
            Variant::File(name) if self.copies.contains_key(name) => place(name),
            other => other.clone(),
        };
        let loaded = config::load_variant(&selection.file, &sets, &self.loaded, &variant)?;
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

    /// Seed of the runs that were judged.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Statistical properties that share error bounds, those of other scenarios too.
    #[must_use]
    pub fn judged_together(&self) -> u64 {
        self.together
    }

    /// Every verdict, its command for where the caller stands; those on invariants that the scenario does not list come
    /// first.
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
        VerdictStatus::Undecided => None,
        VerdictStatus::Pass | VerdictStatus::Fail => judged.as_expected,
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
