//! The tables of a results folder. Every column's name carries its unit; an empty cell has no value.
//!
//! `miners.csv`, a row a replication and miner: `requests`, `successes`, `failures`, `open` [jobs]; `without_image` [jobs]
//! successes whose callback carried none; `useful_jobs` [jobs], `useful_steps` [steps] answered with the request's own
//! image in time; `score`, `win_rate` (0..=1), `wins` [neurons] at the last validator step; `weight_share` (0..=1) mean over
//! epochs, before u16 and chain; `weight_u16`, `incentive_u16` (65535 = 1) last sent and last paid; `pay_rao`;
//! `pay_share` (0..=1) of all miners' pay, after both; `cost_rao` of taking part, and `net_pay_rao` what is left.
//!
//! `true_speed_per_s` [1/s] is 1 / mean service of an honest 50-step job, empty where that is not known.
//!
//! `epochs.csv`, a row an epoch (at most 1,000; longer runs thinned evenly, each row then the sum of its epochs): for each
//! quantity `mean`, `p05`, `p95` over replications. `minted_rao` is the sum of `owner_rao`, `validators_rao`, `miners_rao`,
//! `burned_rao`, `recycled_rao` and `remainder_rao`; `jobs`, `useful_jobs` [jobs]; `gini_pay_by_miner` and
//! `gini_pay_by_operator` (0..=1) over those whose active time the row touches; `pay_rao.CLASS`; `pay_share.CLASS` and
//! `operator_pay_share.OPERATOR` (0..=1) of all miners' pay; `latency_ms.CLASS` [ms] mean total runtime of the successes
//! called back in the row.
//!
//! `metrics.csv`, a row a metric and group: mean over replications, half-width of the 95 % Student interval for the number
//! of replications fixed beforehand, quantiles, and the reason where there is no value. `low_95`, `high_95`: the 95 % interval,
//! and `interval` whose it is: Student's, or bootstrap-t for a metric without a finite range, whose numbers are skewed and
//! which Student's covers too little (`half_width_95` is empty then). Where latencies have a tail index of at most 2 by Hill's
//! estimate over all jobs, their mean has no finite variance: mean and interval are empty, the quantiles over replications
//! stand, and the reason says so.

use crate::base::ids::MinerId;
use crate::base::math;
use crate::base::units::Rao;
use crate::metrics::Grouping;
use crate::metrics::Latencies;
use crate::metrics::MEAN_OF_LATENCY;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::report::table::Cell;
use crate::report::table::Table;
use crate::scenario::Scenario;
use crate::statistics::FINITE_VARIANCE;
use crate::statistics::Interval;
use crate::statistics::Resamples;
use crate::statistics::RunningMoments;
use crate::statistics::Summary;
use crate::study::Study;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Two-sided coverage of the intervals. Source: ours, the customary one.
const COVERAGE: f64 = 0.95;

/// The table `miners.csv`: a row a replication and miner.
pub(crate) fn miners(scenario: &Scenario, study: &Study) -> Table {
    const HEADER: &[&str] = &[
        "replication",
        "miner",
        "uid",
        "class",
        "operator",
        "stake_alpha",
        "requests",
        "successes",
        "failures",
        "open",
        "without_image",
        "useful_jobs",
        "useful_steps",
        "runtime_ms_mean",
        "score",
        "wins",
        "win_rate",
        "weight_share",
        "weight_u16",
        "incentive_u16",
        "pay_rao",
        "pay_share",
        "cost_rao",
        "net_pay_rao",
        "true_speed_per_s",
    ];
    let rows = study.replications.iter().flat_map(|replication| {
        let pot: Rao = replication.facts.miners.iter().map(|m| m.pay).sum();
        scenario.miners.iter().enumerate().map(move |(place, miner)| {
            let facts = &replication.facts.miners[place];
            let standing = &replication.standing[place];
            vec![
                replication.number.into(),
                miner.name.clone().into(),
                miner.uid.0.into(),
                scenario.classes[miner.class.index()].clone().into(),
                scenario.operators[miner.operator.index()].clone().into(),
                miner.stake.tokens().into(),
                facts.requests.into(),
                facts.successes.into(),
                facts.failures.into(),
                facts.open.into(),
                facts.without_image.into(),
                facts.useful_jobs.into(),
                facts.useful_steps.into(),
                math::ratio(facts.runtime_ms, facts.successes).into(),
                standing.score.into(),
                standing.wins.into(),
                standing.win_rate.into(),
                facts.weight_share.into(),
                standing.weight_u16.into(),
                standing.incentive.into(),
                facts.pay.0.into(),
                math::ratio(facts.pay.0, pot.0).into(),
                facts.cost.0.into(),
                (i128::from(facts.pay.0) - i128::from(facts.cost.0)).into(),
                facts.true_speed.into(),
            ]
        })
    });
    Table::new(HEADER.iter().copied()).with(rows)
}

/// One metric over one group, over all replications.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricRow {
    /// The metric with its parameters.
    pub metric: String,
    /// Unit of its value.
    pub unit: &'static str,
    /// Kind of group: whole, class or operator.
    pub grouping: &'static str,
    /// The group; empty for all miners.
    pub group: String,
    /// Over the replications where it has a value.
    pub summary: Option<Summary>,
    /// Its 95 % interval for the number of replications fixed beforehand; none for one replication, and for a mean without
    /// finite variance.
    pub interval: Option<Interval>,
    /// Whether the interval is bootstrap-t's, not Student's.
    pub is_bootstrap: bool,
    /// The tail index that leaves the mean without a finite variance.
    pub tail_index: Option<f64>,
    /// Replications without a value, and why.
    pub undefined: Option<(usize, &'static str)>,
}

impl MetricRow {
    /// The mean over replications; none where it has no finite variance.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        self.summary.map(|summary| summary.mean).filter(|_| self.tail_index.is_none())
    }

    /// Why a cell of it is empty; nothing where none is.
    #[must_use]
    pub fn reason(&self) -> String {
        let undefined = self.undefined.map(|(_, reason)| reason.to_string());
        let heavy = self.tail_index.map(|index| {
            format!("tail index {index:.2} by Hill's estimate: the mean has no finite variance, see the quantiles")
        });
        undefined.into_iter().chain(heavy).collect::<Vec<_>>().join("; ")
    }
}

/// Every metric over every group it is printed for; resamples are drawn from the analysis stream of `seed`.
pub(crate) fn measure(study: &Study, metrics: &[Box<dyn Metric>], seed: u64) -> Vec<MetricRow> {
    let mut rows = Vec::new();
    let mut resamples: BTreeMap<usize, Resamples> = BTreeMap::new();
    let facts = &study.replications[0].facts;
    for metric in metrics {
        let declared = metric.declared();
        for grouping in declared.printed_for {
            for (group, miners) in grouping.groups(facts) {
                let mut values = Vec::new();
                let mut undefined: Option<(usize, &'static str)> = None;
                for replication in &study.replications {
                    match metric.measure(&replication.facts, &miners) {
                        Measured::Value(value) => values.push(value),
                        Measured::Undefined(reason) => {
                            undefined = Some((undefined.map_or(1, |(n, _)| n + 1), reason));
                        }
                    }
                }
                let is_mean = declared.label == MEAN_OF_LATENCY;
                let tail_index = if is_mean { heavy_tail(study, &miners) } else { None };
                let mut bootstrap = None;
                if declared.range.is_none() {
                    let count = values.len();
                    let own = resamples.entry(count).or_insert_with(|| Resamples::of(count, seed));
                    bootstrap = own.interval(&values, 1.0 - COVERAGE);
                }
                let interval = bootstrap.or_else(|| RunningMoments::of(&values).interval(COVERAGE));
                rows.push(MetricRow {
                    metric: declared.label.clone(),
                    unit: declared.unit,
                    grouping: Grouping::name(*grouping),
                    group: group.to_string(),
                    summary: Summary::of(&values),
                    interval: interval.filter(|_| tail_index.is_none()),
                    is_bootstrap: bootstrap.is_some(),
                    tail_index,
                    undefined,
                });
            }
        }
    }
    rows
}

/// The tail index of all the latencies of these miners' classes, where it leaves their mean without a finite variance.
fn heavy_tail(study: &Study, miners: &[MinerId]) -> Option<f64> {
    let mut all = Latencies::default();
    for replication in &study.replications {
        let facts = &replication.facts;
        let classes: BTreeSet<usize> =
            miners.iter().map(|miner| facts.miners[miner.index()].class.index()).collect();
        classes.iter().filter_map(|class| facts.latencies.get(*class)).for_each(|own| all.add(own));
    }
    all.tail_index().filter(|index| *index <= FINITE_VARIANCE)
}

/// The table `metrics.csv`: a row a metric and group.
pub(crate) fn metrics(rows: &[MetricRow]) -> Table {
    const HEADER: &[&str] = &[
        "metric",
        "unit",
        "grouping",
        "group",
        "replications",
        "mean",
        "half_width_95",
        "p05",
        "p50",
        "p95",
        "undefined",
        "reason",
        "low_95",
        "high_95",
        "interval",
    ];
    let count = |count: usize| Cell::Whole(i128::try_from(count).expect("a length fits 64 bits"));
    let cells = rows.iter().map(|row| {
        let of = |read: fn(&Summary) -> f64| Cell::Figure(row.summary.as_ref().map(read));
        vec![
            row.metric.clone().into(),
            row.unit.into(),
            row.grouping.into(),
            row.group.clone().into(),
            count(row.summary.map_or(0, |s| s.count)),
            row.mean().into(),
            row.interval
                .filter(|_| !row.is_bootstrap)
                .and(row.summary.and_then(|s| s.half_width))
                .into(),
            of(|s| s.p05),
            of(|s| s.p50),
            of(|s| s.p95),
            count(row.undefined.map_or(0, |(n, _)| n)),
            row.reason().into(),
            row.interval.map(|interval| interval.low).into(),
            row.interval.map(|interval| interval.high).into(),
            match row.interval {
                Some(_) if row.is_bootstrap => "bootstrap-t".into(),
                Some(_) => "Student".into(),
                None => "".into(),
            },
        ]
    });
    Table::new(HEADER.iter().copied()).with(cells)
}
