//! Two scenarios on the same seeds: what changes, for whom, and how alike the pairs run.
//!
//! The number of pairs is fixed beforehand. Miners, classes and operators are matched by name; who is in one scenario only
//! is paid nothing in the other. Shares of pay are judged together, and metrics together, so that each of the two families
//! errs at most as often as [`ALPHA`] says.

use crate::base::units::Rao;
use crate::engine;
use crate::engine::Eyes;
use crate::engine::Replication;
use crate::metrics;
use crate::metrics::Grouping;
use crate::metrics::Latencies;
use crate::metrics::MEAN_OF_LATENCY;
use crate::metrics::MetricSpec;
use crate::metrics::RunSummary;
use crate::observe::Nobody;
use crate::scenario::Scenario;
use crate::statistics::FINITE_VARIANCE;
use crate::statistics::Interval;
use crate::statistics::ManyDifferences;
use crate::statistics::Pairs;
use crate::statistics::RunningMoments;
use crate::statistics::SKEWNESS_MAX;
use crate::statistics::skewness;
use crate::study::Cut;
use crate::study::Pace;
use crate::study::Study;
use crate::study::StudyError;
use crate::study::Watched;
use crate::study::numbers;
use crate::study::pool;
use crate::study::watched;
use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Chance that a comparison which changed nothing names anybody, and that any of the simultaneous intervals misses.
/// Source: ours, the customary one.
const ALPHA: f64 = 0.05;

/// What a line of the comparison is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ComparedGroup {
    /// A metric over all miners.
    Metric,
    /// Pay share of a class.
    Class,
    /// Pay share of an operator.
    Operator,
    /// Pay share of a miner.
    Miner,
}

impl ComparedGroup {
    /// The word in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Metric => "metric",
            Self::Class => "class",
            Self::Operator => "operator",
            Self::Miner => "miner",
        }
    }
}

/// One quantity in both scenarios.
#[derive(Clone, Debug)]
pub struct Difference {
    /// What the difference is of: a metric, class, operator or miner.
    pub group: ComparedGroup,
    /// The metric, or the class, operator or miner whose pay share it is.
    pub name: String,
    /// Unit; `1` for a share.
    pub unit: &'static str,
    /// Mean in the first scenario; none without a value.
    pub before: Option<f64>,
    /// Mean in the second.
    pub after: Option<f64>,
    /// Mean of the paired differences, second less first.
    pub difference: Option<f64>,
    /// Its interval at 95 %, together with all others of its family; none where some pair has no value.
    pub interval: Option<Interval>,
    /// Share of sign patterns that reach as far; none without spread, and where some pair has no value.
    pub p: Option<f64>,
    /// Whether it is the same in every pair, so that nothing is estimated.
    pub is_exact: bool,
    /// Skewness of the paired differences; none without spread.
    pub skewness: Option<f64>,
    /// Whether it says again what another line says, or could not be otherwise: a class of all miners, an operator that is
    /// a class or a miner, a metric equal to another in every run.
    pub is_repeated: bool,
    /// Correlation of the pairs.
    pub correlation: Option<f64>,
    /// Variance of unpaired differences over that of the pairs.
    pub variance_ratio: Option<f64>,
    /// Pairs in which both have a value.
    pub pairs: usize,
}

impl Difference {
    /// Named: 1 gains, -1 loses, 0 left open. Sign flips and interval both have to say so.
    #[must_use]
    pub fn sign(&self) -> i8 {
        let Some(interval) = self.interval.filter(|_| self.p.is_some_and(|p| p <= ALPHA)) else {
            return 0;
        };
        i8::from(interval.low > 0.0) - i8::from(interval.high < 0.0)
    }

    /// What it was named: gains or loses a share, rises or falls as a metric; nothing where it is open.
    #[must_use]
    pub fn named(&self) -> &'static str {
        match (self.sign(), self.group) {
            (0, _) => "",
            (1, ComparedGroup::Metric) => "rises",
            (_, ComparedGroup::Metric) => "falls",
            (1, _) => "gains",
            (..) => "loses",
        }
    }

    /// Whether its interval can be trusted: it is approximate, and not even that where differences are skewed.
    #[must_use]
    pub fn is_trustworthy(&self) -> bool {
        self.skewness.is_none_or(|skewness| skewness.abs() <= SKEWNESS_MAX)
    }
}

/// Two scenarios compared, quantity by quantity.
#[derive(Clone, Debug)]
pub(crate) struct Compared {
    /// Metrics, then classes, operators and miners.
    pub(crate) lines: Vec<Difference>,
    /// Number of pairs that were run.
    pub(crate) pairs: usize,
    /// The study of the first scenario, where it was asked for.
    pub(crate) study: Option<Study>,
}

/// Fewest pairs with which anybody can be named.
pub(crate) fn pairs_min() -> usize {
    ManyDifferences::pairs_min(ALPHA)
}

/// Runs both scenarios on the replications of the first, in pairs, and holds them against each other. With `keeps_study`
/// the first one's replications are watched and kept as a run of it gives them.
///
/// # Errors
/// When it was stopped before the end, or there are no threads to be had.
pub(crate) fn compare(
    (first, second): (&Scenario, &Scenario),
    keeps_study: bool,
    pace: Pace<'_>,
) -> Result<Compared, StudyError> {
    let Pace { threads, stop, done } = pace;
    let plain = |scenario, number| {
        let ran = engine::run(scenario, number, None, Eyes::of(&mut Nobody), stop);
        ran.map(|ran: Replication| ran.facts)
    };
    let one = |number: u64| {
        let kept =
            if keeps_study { Some(watched(first, number, None, &mut Nobody, stop)?) } else { None };
        let before = match &kept {
            Some((replication, _)) => replication.facts.clone(),
            None => plain(first, number)?,
        };
        done();
        let after = plain(second, number)?;
        done();
        Ok(((before, after), kept))
    };
    let pool = pool(threads)?;
    let ran: Result<Vec<_>, Cut> =
        pool.install(|| numbers(first).into_par_iter().map(one).collect());
    let (ran, kept): (Vec<(RunSummary, RunSummary)>, Vec<Option<Watched>>) =
        ran?.into_iter().unzip();
    let study = keeps_study.then(|| Study::of(kept.into_iter().flatten().collect()));
    Ok(Compared { lines: lines(&ran, first.run.seed), pairs: ran.len(), study })
}

/// A line that is not judged yet: its numbers in every pair.
struct Open {
    line: Difference,
    /// In every pair, before and after.
    each: Vec<(Option<f64>, Option<f64>)>,
    differences: Vec<f64>,
}

fn lines(ran: &[(RunSummary, RunSummary)], seed: u64) -> Vec<Difference> {
    let mut metrics = Vec::new();
    let mut latencies = Latencies::default();
    let both = ran.iter().flat_map(|(a, b)| a.latencies.iter().chain(&b.latencies));
    both.for_each(|own| latencies.add(own));
    let is_heavy = latencies.tail_index().is_some_and(|index| index <= FINITE_VARIANCE);
    let asked = metrics::standard().into_iter().chain(metrics::fairness());
    for metric in asked.map(|spec: MetricSpec| spec.build()) {
        let declared = metric.declared();
        // What is printed for groups alone has one value for all miners, whatever happens.
        if !declared.printed_for.contains(&Grouping::Whole) {
            continue;
        }
        // A mean without finite variance has no interval; the quantiles stand in its place.
        if is_heavy && declared.label == MEAN_OF_LATENCY {
            continue;
        }
        let read = |facts: &RunSummary, _: Arm| metric.measure(facts, &facts.all()).value();
        metrics.push(open(ComparedGroup::Metric, (declared.label, declared.unit), ran, &read));
    }
    repeat(&mut metrics);
    let mut shares = Vec::new();
    let named = NamesOfBoth::of(&ran[0]);
    for (group, members) in &named.groups {
        for own in members {
            let read = |facts: &RunSummary, arm: Arm| share(facts, &own.places[arm]);
            let mut open = open(*group, (own.name.clone(), "1"), ran, &read);
            open.line.is_repeated = named.repeats(*group, own);
            shares.push(open);
        }
    }
    judge(&mut metrics, (ran.len(), seed));
    judge(&mut shares, (ran.len(), seed));
    metrics.into_iter().chain(shares).map(|open| open.line).collect()
}

/// Marks metrics that say again, number by number, what an earlier one of the same unit says: a bound of a latency where no
/// request was left open.
fn repeat(metrics: &mut [Open]) {
    for place in 1..metrics.len() {
        let (earlier, rest) = metrics.split_at_mut(place);
        let own = &mut rest[0];
        let says_again = |other: &Open| other.line.unit == own.line.unit && other.each == own.each;
        let has_value = own.line.difference.is_some();
        own.line.is_repeated = has_value && earlier.iter().any(says_again);
    }
}

/// The first scenario, 0, or the second, 1.
type Arm = usize;

/// Who is meant by the name of a class, an operator or a miner.
#[derive(Default)]
struct Members {
    name: String,
    miners: BTreeSet<String>,
    /// Their places in either scenario.
    places: [Vec<usize>; 2],
}

/// Every name of either scenario.
struct NamesOfBoth {
    groups: [(ComparedGroup, Vec<Members>); 3],
    count: usize,
}

impl NamesOfBoth {
    fn of((a, b): &(RunSummary, RunSummary)) -> Self {
        let all: BTreeSet<&String> = a.names.miners.iter().chain(&b.names.miners).collect();
        let named = |group: ComparedGroup, read: fn(&RunSummary, usize) -> &String| {
            let mut names: BTreeMap<String, Members> = BTreeMap::new();
            for (arm, facts) in [a, b].into_iter().enumerate() {
                for (place, miner) in facts.names.miners.iter().enumerate() {
                    let own = names.entry(read(facts, place).clone()).or_default();
                    own.miners.insert(miner.clone());
                    own.places[arm].push(place);
                }
            }
            let members = names.into_iter().map(|(name, own)| Members { name, ..own });
            (group, members.collect())
        };
        let groups = [
            named(ComparedGroup::Class, |f, place| &f.names.classes[f.miners[place].class.index()]),
            named(ComparedGroup::Operator, |f, place| {
                &f.names.operators[f.miners[place].operator.index()]
            }),
            named(ComparedGroup::Miner, |f, place| &f.names.miners[place]),
        ];
        Self { count: all.len(), groups }
    }

    /// Whether the share of these is 1 whatever happens, or that of an operator stands under another name already.
    fn repeats(&self, group: ComparedGroup, own: &Members) -> bool {
        let [(_, classes), ..] = &self.groups;
        let miners = &own.miners;
        let is_told = miners.len() == 1 || classes.iter().any(|class| class.miners == *miners);
        miners.len() == self.count || (group == ComparedGroup::Operator && is_told)
    }
}

/// Share of all miners' pay that goes to those at these places; none when nobody is paid.
fn share(facts: &RunSummary, places: &[usize]) -> Option<f64> {
    let pot: Rao = facts.miners.iter().map(|m| m.pay).sum();
    let part: Rao = places.iter().map(|place| facts.miners[*place].pay).sum();
    (pot.0 > 0).then(|| crate::base::math::float(part.0) / crate::base::math::float(pot.0))
}

fn open(
    group: ComparedGroup,
    (name, unit): (String, &'static str),
    ran: &[(RunSummary, RunSummary)],
    read: &dyn Fn(&RunSummary, Arm) -> Option<f64>,
) -> Open {
    let each: Vec<_> = ran.iter().map(|(a, b)| (read(a, 0), read(b, 1))).collect();
    let mean = |values: Vec<f64>| RunningMoments::of(&values).mean();
    let mut pairs = Pairs::default();
    let mut differences = Vec::with_capacity(each.len());
    for (before, after) in each.iter().filter_map(|(a, b)| Some(((*a)?, (*b)?))) {
        pairs.push(before, after);
        differences.push(after - before);
    }
    let line = Difference {
        group,
        name,
        unit,
        before: mean(each.iter().filter_map(|(before, _)| *before).collect()),
        after: mean(each.iter().filter_map(|(_, after)| *after).collect()),
        difference: pairs.difference().mean(),
        interval: None,
        p: None,
        is_exact: false,
        skewness: skewness(&differences),
        is_repeated: false,
        correlation: pairs.correlation(),
        variance_ratio: pairs.variance_ratio(),
        pairs: differences.len(),
    };
    Open { line, each, differences }
}

/// Judges the lines that have a value in every one of the `pairs`, together.
fn judge(lines: &mut [Open], (pairs, seed): (usize, u64)) {
    let whole = |open: &&Open| open.differences.len() == pairs;
    let columns: Vec<Vec<f64>> =
        lines.iter().filter(whole).map(|open| open.differences.clone()).collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let many = ManyDifferences::new(&columns, seed);
    let (p, intervals) = (many.p_values(), many.intervals(&columns, ALPHA));
    let judged = lines.iter_mut().filter(|open| open.differences.len() == pairs);
    for (open, (p, interval)) in judged.zip(p.into_iter().zip(intervals)) {
        open.line.is_exact = pairs > 1 && p.is_none();
        (open.line.p, open.line.interval) = (p, interval);
    }
}

#[cfg(test)]
mod tests;
