//! Judging properties: replications are run in batches, in parallel, and their numbers reach the judges in seed order, so
//! that a verdict does not depend on threads.
//!
//! A batch has a fixed size. A judge that has decided takes in nothing more, so what a batch runs beyond the decision
//! changes no statistical verdict; invariants are judged on all runs.

use crate::metrics::Measured;
use crate::property::Broken;
use crate::property::Contrast;
use crate::property::Evidence;
use crate::property::Invariant;
use crate::property::Judge;
use crate::property::MeanClaim;
use crate::property::Property;
use crate::property::Verdict;
use crate::scenario::Scenario;
use crate::statistics::Pairs;
use crate::statistics::RelativePairs;
use crate::statistics::relative_difference;
use crate::study::Cut;
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
pub(crate) struct PropertyCase {
    /// The property that is judged.
    pub(crate) property: Property,
    /// Place of its variant among the arms.
    pub(crate) variant: Option<usize>,
    /// What is judged of it; none for an invariant.
    pub(crate) claim: Option<MeanClaim>,
    /// What earlier replications said, where their evidence is carried on.
    pub(crate) evidence: Option<Evidence>,
}

/// The replications that a check judges, by their numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CheckCourse<'s> {
    /// Number of the first.
    pub(crate) first: u64,
    /// Replications that are run whatever the properties want: invariants are judged on them.
    pub(crate) least: u64,
    /// Other replications of the first arm that were run already; invariants are judged on them too.
    pub(crate) own: Option<&'s Study>,
}

/// The verdicts of a check, and the evidence behind them.
#[derive(Clone, Debug)]
pub(crate) struct CheckedClaims {
    /// The verdict on each case, in their order.
    pub(crate) verdicts: Vec<Verdict>,
    /// The verdict on each invariant over all runs of the first arm, listed as a property or not.
    pub(crate) invariants: Vec<(Invariant, Verdict)>,
    /// For each case that compares, its pairs; their correlation and variance ratio can be read off them.
    pub(crate) pairs: Vec<Option<Paired>>,
    /// For each case whose evidence can be carried on, all of it.
    pub(crate) evidence: Vec<Option<Evidence>>,
    /// Number of the next replication that nobody has run.
    pub(crate) next: u64,
}

/// The numbers of the scenario and of its variant.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Paired {
    /// The pairs as they are, without any transformation.
    pub(crate) plain: Pairs,
    /// As amounts, where their relative difference is judged.
    pub(crate) relative: Option<RelativePairs>,
}

/// Judges `cases` on `arms`, the first of which is the scenario itself; nobody knows beforehand how many runs the
/// verdicts need.
///
/// # Errors
/// When it was stopped before the end, or there are no threads to be had.
pub(crate) fn check(
    arms: &[Scenario],
    cases: &[PropertyCase],
    course: CheckCourse<'_>,
    pace: Pace<'_>,
) -> Result<CheckedClaims, StudyError> {
    let Pace { threads, stop, done } = pace;
    let pool = pool(threads)?;
    let mut bench = Bench::new(cases, course);
    let mut begun = 0;
    while let Some((wanted, until)) = bench.next_batch(begun, course.least) {
        let tasks: Vec<(usize, u64)> = needed_arms(cases, &wanted)
            .into_iter()
            .flat_map(|arm| (begun..until).map(move |index| (arm, index)))
            .collect();
        let one = |(arm, index): (usize, u64)| {
            let number = course.first + index;
            let ran = measured(&arms[arm], number, &asked(cases, &wanted, arm), stop);
            done();
            ran.map(|ran| ((arm, index), ran))
        };
        let ran: Result<Vec<_>, Cut> = pool.install(|| tasks.into_par_iter().map(one).collect());
        let ran = ran?;
        for index in begun..until {
            bench.take_in(index, &wanted, &ran);
        }
        begun = until;
    }
    Ok(bench.rise(begun))
}

/// The judges at work.
struct Bench<'c> {
    cases: &'c [PropertyCase],
    course: CheckCourse<'c>,
    /// A judge for each statistical case.
    judges: Vec<Option<Judge>>,
    /// For each case that compares, the scenario's number and the variant's.
    pairs: Vec<Option<Paired>>,
    /// By invariant, the first run in which it was broken.
    breaks: Vec<Option<(u64, Broken)>>,
}

impl<'c> Bench<'c> {
    fn new(cases: &'c [PropertyCase], course: CheckCourse<'c>) -> Self {
        let judge = |case: &PropertyCase| {
            let (claim, first) = (case.claim?, course.first);
            Some(match &case.evidence {
                Some(evidence) => Judge::taken_up(claim, first, evidence.clone()),
                None => Judge::new(claim, first),
            })
        };
        let paired = |case: &PropertyCase| {
            case.variant?;
            let is_relative = case.property.contrast == Contrast::RelativeDifference;
            let relative = is_relative.then(RelativePairs::default);
            Some(Paired { relative, ..Paired::default() })
        };
        let breaks = match course.own {
            Some(study) => study.invariants.iter().map(|(_, broken)| broken.clone()).collect(),
            None => vec![None; Invariant::ALL.len()],
        };
        let judges = cases.iter().map(judge).collect();
        Self { cases, course, judges, pairs: cases.iter().map(paired).collect(), breaks }
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
                *slot = found.clone().map(|broken| (self.course.first + index, broken));
            }
        }
        for place in wanted {
            let variant = self.cases[*place].variant.map(|arm| of(arm).number(*place));
            let own = own.number(*place);
            if let (Some(pairs), Some(a), Some(b)) =
                (&mut self.pairs[*place], own.value(), variant.and_then(Measured::value))
            {
                pairs.plain.push(a, b);
                pairs.relative.iter_mut().for_each(|pairs| pairs.push(a, b));
            }
            let number = paired(own, variant, self.cases[*place].property.contrast);
            self.judges[*place].as_mut().expect("it wanted more").push(number);
        }
    }

    /// The verdicts after `runs` runs.
    fn rise(self, begun: u64) -> CheckedClaims {
        let own = self.course.own.map_or(0, |study| study.replications.len());
        let runs = begun + u64::try_from(own).expect("a length fits 64 bits");
        let invariants: Vec<(Invariant, Verdict)> = Invariant::ALL
            .iter()
            .zip(&self.breaks)
            .map(|(invariant, broken)| {
                let first = broken.as_ref().map(|(number, broken)| (*number, broken));
                (*invariant, Verdict::of_invariant(runs, first))
            })
            .collect();
        let verdict = |(case, judge): (&PropertyCase, &Option<Judge>)| {
            if let Some(judge) = judge {
                judge.verdict()
            } else {
                let own = case.property.invariant.expect("checked: an invariant");
                let found = invariants.iter().find(|(invariant, _)| *invariant == own);
                found.expect("every invariant is judged").1.clone()
            }
        };
        let verdicts = self.cases.iter().zip(&self.judges).map(verdict).collect();
        let evidence = |judge: &Option<Judge>| judge.as_ref().and_then(Judge::evidence);
        let evidence = self.judges.iter().map(evidence).collect();
        let next = self.course.first + begun;
        CheckedClaims { verdicts, invariants, pairs: self.pairs, evidence, next }
    }
}

/// The arms that the wanted cases need; always the first, for the invariants.
fn needed_arms(cases: &[PropertyCase], wanted: &[usize]) -> Vec<usize> {
    let mut arms: Vec<usize> = wanted.iter().filter_map(|place| cases[*place].variant).collect();
    arms.push(0);
    arms.sort_unstable();
    arms.dedup();
    arms
}

/// The wanted cases whose number is taken from `arm`, with their places.
fn asked<'c>(
    cases: &'c [PropertyCase],
    wanted: &[usize],
    arm: usize,
) -> Vec<(usize, &'c Property)> {
    let uses = |place: &&usize| arm == 0 || cases[**place].variant == Some(arm);
    wanted.iter().filter(uses).map(|place| (*place, &cases[*place].property)).collect()
}

/// The number judged: the scenario's own, or the variant's less the scenario's, or their relative difference.
fn paired(own: Measured, variant: Option<Measured>, contrast: Contrast) -> Measured {
    match (own, variant) {
        (own, None) => own,
        (Measured::Value(own), Some(Measured::Value(variant))) => match contrast {
            Contrast::Difference => Measured::of(variant - own),
            Contrast::RelativeDifference if own < 0.0 || variant < 0.0 => {
                Measured::Undefined("an amount below 0 has no relative difference")
            }
            Contrast::RelativeDifference => Measured::of(relative_difference(own, variant)),
        },
        (Measured::Undefined(reason), _) | (_, Some(Measured::Undefined(reason))) => {
            Measured::Undefined(reason)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_one_number() {
        let of = |a, b, contrast| paired(Measured::Value(a), Some(Measured::Value(b)), contrast);
        assert_eq!(of(1.0, 3.0, Contrast::Difference), Measured::Value(2.0));
        assert_eq!(of(1.0, 3.0, Contrast::RelativeDifference), Measured::Value(0.5));
        assert_eq!(of(0.0, 0.0, Contrast::RelativeDifference), Measured::Value(0.0));
        assert_eq!(of(-1.0, 3.0, Contrast::RelativeDifference).value(), None);
    }
}
