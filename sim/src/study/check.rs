//! Judging properties: replications are run in batches, in parallel, and their numbers reach the judges in seed order, so
//! that a verdict does not depend on threads.
//!
//! A batch has a fixed size. A judge that has decided takes in nothing more, so what a batch runs beyond the decision
//! changes no statistical verdict; invariants are judged on all runs.

use crate::metrics::Measured;
use crate::property::Broken;
use crate::property::Invariant;
use crate::property::Judge;
use crate::property::Property;
use crate::property::Verdict;
use crate::scenario::Scenario;
use crate::statistics::Pairs;
use crate::study::Pace;
use crate::study::Study;
use crate::study::StudyError;
use crate::study::measure::Ran;
use crate::study::measure::measured;
use crate::study::pool;
use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;

/// Replications between two looks at the judges.
const BATCH: u64 = 16;

/// A property, and the arm it compares the first one with.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// The property.
    pub(crate) property: Property,
    /// Place of its variant among the arms.
    pub(crate) variant: Option<usize>,
}

/// What was judged.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    /// The verdict on each case, in their order.
    pub(crate) verdicts: Vec<Verdict>,
    /// The verdict on each invariant over all runs of the first arm, listed as a property or not.
    pub(crate) invariants: Vec<(Invariant, Verdict)>,
    /// For each case that compares, its pairs; what the pairing gained can be read off them.
    pub(crate) pairs: Vec<Option<Pairs>>,
    /// The study of the first arm's own replications, where it was asked for.
    pub(crate) study: Option<Study>,
}

/// Judges `cases` on `arms`, the first of which is the scenario itself; nobody knows beforehand how many runs the
/// verdicts need. With `keeps_study` the replications that a run of the first arm has are kept as such a run gives them:
/// they are judged anyhow.
///
/// # Errors
/// When it was stopped before the end, or there are no threads to be had.
pub(crate) fn check(
    arms: &[Scenario],
    cases: &[Case],
    keeps_study: bool,
    pace: Pace<'_>,
) -> Result<Checked, StudyError> {
    let Pace { threads, stop, done } = pace;
    let pool = pool(threads)?;
    let mut bench = Bench::new(cases);
    let mut own = Vec::new();
    let run = &arms[0].run;
    let least = u64::from(run.replications);
    let mut begun = 0;
    while let Some((wanted, until)) = bench.next_batch(begun, least) {
        let tasks: Vec<(usize, u64)> = needed_arms(cases, &wanted)
            .into_iter()
            .flat_map(|arm| (begun..until).map(move |index| (arm, index)))
            .collect();
        let one = |(arm, index): (usize, u64)| {
            let number = run.first_replication + index;
            let ran = measured(&arms[arm], number, &asked(cases, &wanted, arm), stop);
            done();
            ran.map(|ran| ((arm, index), ran))
        };
        let ran: Option<Vec<_>> = pool.install(|| tasks.into_par_iter().map(one).collect());
        let ran = ran.ok_or(StudyError::Stopped)?;
        for index in begun..until {
            bench.take_in(index, &wanted, &ran);
        }
        if keeps_study {
            // Tasks of one arm stand in the order of their numbers.
            let kept = ran.into_iter().filter(|((arm, index), _)| *arm == 0 && *index < least);
            own.extend(kept.map(|(_, ran)| ran.watched));
        }
        begun = until;
    }
    let study = keeps_study.then(|| Study::of(own));
    Ok(Checked { study, ..bench.rise(begun) })
}

/// The judges at work.
struct Bench<'c> {
    cases: &'c [Case],
    /// A judge for each statistical case.
    judges: Vec<Option<Judge>>,
    /// For each case that compares, the scenario's number and the variant's.
    pairs: Vec<Option<Pairs>>,
    /// By invariant, the first run in which it was broken.
    breaks: Vec<Option<(u64, Broken)>>,
}

impl<'c> Bench<'c> {
    fn new(cases: &'c [Case]) -> Self {
        let all: Vec<Property> = cases.iter().map(|case| case.property.clone()).collect();
        let count = Property::statistical_count(&all);
        let judge = |case: &Case| case.property.claim(count).map(Judge::new);
        let judges = cases.iter().map(judge).collect();
        let pairs = cases.iter().map(|case| case.variant.map(|_| Pairs::default())).collect();
        Self { cases, judges, pairs, breaks: vec![None; Invariant::ALL.len()] }
    }

    /// The cases that want more runs than `begun`, and the run before which the next batch ends; none when all is said.
    fn next_batch(&self, begun: u64, least: u64) -> Option<(Vec<usize>, u64)> {
        let wants = |place: &usize| self.judges[*place].as_ref().is_some_and(Judge::wants_more);
        let wanted: Vec<usize> = (0..self.cases.len()).filter(wants).collect();
        let budget = |place: &usize| u64::from(self.cases[*place].property.max_replications);
        let goal = wanted.iter().map(budget).max().unwrap_or(0).max(least);
        (begun < goal).then(|| (wanted, goal.min(begun + BATCH)))
    }

    /// Hands the numbers of run `index` to the judges that wanted them.
    fn take_in(&mut self, index: u64, wanted: &[usize], ran: &[((usize, u64), Ran)]) {
        let of = |arm: usize| {
            let found = ran.iter().find(|((a, i), _)| (*a, *i) == (arm, index));
            &found.expect("every arm that is needed was run").1
        };
        let own = of(0);
        for (slot, (_, found)) in self.breaks.iter_mut().zip(&own.watched.1) {
            if slot.is_none() {
                *slot = found.clone().map(|broken| (index, broken));
            }
        }
        for place in wanted {
            let variant = self.cases[*place].variant.map(|arm| of(arm).number(*place));
            let own = own.number(*place);
            if let (Some(pairs), Some(a), Some(b)) =
                (&mut self.pairs[*place], own.value(), variant.and_then(Measured::value))
            {
                pairs.push(a, b);
            }
            let number = paired(own, variant);
            self.judges[*place].as_mut().expect("it wanted more").push(number);
        }
    }

    /// The verdicts after `runs` runs.
    fn rise(self, runs: u64) -> Checked {
        let invariants: Vec<(Invariant, Verdict)> = Invariant::ALL
            .iter()
            .zip(&self.breaks)
            .map(|(invariant, broken)| {
                let first = broken.as_ref().map(|(index, broken)| (*index, broken));
                (*invariant, Verdict::of_invariant(runs, first))
            })
            .collect();
        let verdict = |(case, judge): (&Case, &Option<Judge>)| {
            if let Some(judge) = judge {
                judge.verdict()
            } else {
                let own = case.property.invariant.expect("checked: an invariant");
                let found = invariants.iter().find(|(invariant, _)| *invariant == own);
                found.expect("every invariant is judged").1.clone()
            }
        };
        let verdicts = self.cases.iter().zip(&self.judges).map(verdict).collect();
        Checked { verdicts, invariants, pairs: self.pairs, study: None }
    }
}

/// The arms that the wanted cases need; always the first, for the invariants.
fn needed_arms(cases: &[Case], wanted: &[usize]) -> Vec<usize> {
    let mut arms: Vec<usize> = wanted.iter().filter_map(|place| cases[*place].variant).collect();
    arms.push(0);
    arms.sort_unstable();
    arms.dedup();
    arms
}

/// The wanted cases whose number is taken from `arm`, with their places.
fn asked<'c>(cases: &'c [Case], wanted: &[usize], arm: usize) -> Vec<(usize, &'c Property)> {
    let uses = |place: &&usize| arm == 0 || cases[**place].variant == Some(arm);
    wanted.iter().filter(uses).map(|place| (*place, &cases[*place].property)).collect()
}

/// The number judged: the scenario's own, or the variant's less the scenario's.
fn paired(own: Measured, variant: Option<Measured>) -> Measured {
    match (own, variant) {
        (own, None) => own,
        (Measured::Value(own), Some(Measured::Value(variant))) => Measured::of(variant - own),
        (Measured::Undefined(reason), _) | (_, Some(Measured::Undefined(reason))) => {
            Measured::Undefined(reason)
        }
    }
}
