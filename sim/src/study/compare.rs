//! Two scenarios on the same seeds: what changes, for whom, and what the pairing gained.
//!
//! The number of pairs is fixed beforehand, so the intervals are Student's. Miners, classes and operators are matched by
//! name; who is in one scenario only is paid nothing in the other.

use crate::base::units::Rao;
use crate::engine;
use crate::engine::Eyes;
use crate::engine::Replication;
use crate::metrics;
use crate::metrics::Facts;
use crate::metrics::MetricSpec;
use crate::observe::Nobody;
use crate::scenario::Scenario;
use crate::statistics::Interval;
use crate::statistics::Pairs;
use crate::statistics::Sample;
use crate::study::Pace;
use crate::study::Study;
use crate::study::StudyError;
use crate::study::Watched;
use crate::study::numbers;
use crate::study::pool;
use crate::study::watched;
use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;
use std::collections::BTreeSet;

/// Two-sided coverage of the intervals. Source: ours, the customary one.
const COVERAGE: f64 = 0.95;

/// What a line of the comparison is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// A metric over all miners.
    Metric,
    /// Pay share of a class.
    Class,
    /// Pay share of an operator.
    Operator,
    /// Pay share of a miner.
    Miner,
}

impl Group {
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
    /// What it is about.
    pub group: Group,
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
    /// Its 95 % interval.
    pub interval: Option<Interval>,
    /// Correlation of the pairs.
    pub correlation: Option<f64>,
    /// Variance of unpaired differences over that of the pairs: so many times fewer runs are needed.
    pub variance_ratio: Option<f64>,
    /// Pairs in which both have a value.
    pub pairs: usize,
}

/// A comparison.
#[derive(Clone, Debug)]
pub(crate) struct Compared {
    /// Metrics, then classes, operators and miners.
    pub(crate) lines: Vec<Difference>,
    /// Pairs run.
    pub(crate) pairs: usize,
    /// The study of the first scenario, where it was asked for.
    pub(crate) study: Option<Study>,
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
        Some(((before, after), kept))
    };
    let pool = pool(threads)?;
    let ran: Option<Vec<_>> = pool.install(|| numbers(first).into_par_iter().map(one).collect());
    let (ran, kept): (Vec<(Facts, Facts)>, Vec<Option<Watched>>) =
        ran.ok_or(StudyError::Stopped)?.into_iter().unzip();
    let study = keeps_study.then(|| Study::of(kept.into_iter().flatten().collect()));
    Ok(Compared { lines: lines(&ran), pairs: ran.len(), study })
}

fn lines(ran: &[(Facts, Facts)]) -> Vec<Difference> {
    let mut lines = Vec::new();
    for metric in metrics::standard().iter().map(MetricSpec::build) {
        let declared = metric.declared();
        let read = |facts: &Facts| metric.measure(facts, &facts.all()).value();
        lines.push(line(Group::Metric, declared.label, declared.unit, ran, &read));
    }
    let (a, b) = &ran[0];
    let names = |read: fn(&Facts) -> &[String]| -> BTreeSet<String> {
        read(a).iter().chain(read(b)).cloned().collect()
    };
    for name in names(|facts| &facts.names.classes) {
        let of = |facts: &Facts, miner: usize| {
            facts.names.classes[facts.miners[miner].class.index()] == name
        };
        lines.push(line(Group::Class, name.clone(), "1", ran, &|f: &Facts| share(f, &of)));
    }
    for name in names(|facts| &facts.names.operators) {
        let of = |facts: &Facts, miner: usize| {
            facts.names.operators[facts.miners[miner].operator.index()] == name
        };
        lines.push(line(Group::Operator, name.clone(), "1", ran, &|f: &Facts| share(f, &of)));
    }
    for name in names(|facts| &facts.names.miners) {
        let of = |facts: &Facts, miner: usize| facts.names.miners[miner] == name;
        lines.push(line(Group::Miner, name.clone(), "1", ran, &|f: &Facts| share(f, &of)));
    }
    lines
}

/// Share of all miners' pay that goes to those meant; none when nobody is paid.
fn share(facts: &Facts, is_meant: &dyn Fn(&Facts, usize) -> bool) -> Option<f64> {
    let pot: Rao = facts.miners.iter().map(|m| m.pay).sum();
    let meant = (0..facts.miners.len()).filter(|place| is_meant(facts, *place));
    let part: Rao = meant.map(|place| facts.miners[place].pay).sum();
    (pot.0 > 0).then(|| crate::base::math::float(part.0) / crate::base::math::float(pot.0))
}

fn line(
    group: Group,
    name: String,
    unit: &'static str,
    ran: &[(Facts, Facts)],
    read: &dyn Fn(&Facts) -> Option<f64>,
) -> Difference {
    let each: Vec<_> = ran.iter().map(|(first, second)| (read(first), read(second))).collect();
    let mean = |values: Vec<f64>| Sample::of(&values).mean();
    let mut pairs = Pairs::default();
    let mut count = 0;
    for (before, after) in each.iter().filter_map(|(a, b)| Some(((*a)?, (*b)?))) {
        pairs.push(before, after);
        count += 1;
    }
    Difference {
        group,
        name,
        unit,
        before: mean(each.iter().filter_map(|(before, _)| *before).collect()),
        after: mean(each.iter().filter_map(|(_, after)| *after).collect()),
        difference: pairs.difference().mean(),
        interval: pairs.interval(COVERAGE),
        correlation: pairs.correlation(),
        variance_ratio: pairs.variance_ratio(),
        pairs: count,
    }
}
