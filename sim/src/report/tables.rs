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
//! of replications fixed beforehand, quantiles, and the reason where there is no value.

use crate::base::math;
use crate::base::units::Rao;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::report::table::Cell;
use crate::report::table::Table;
use crate::scenario::Scenario;
use crate::statistics::Summary;
use crate::study::Study;

/// `miners.csv`.
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
    /// Kind of group.
    pub grouping: &'static str,
    /// The group; empty for all miners.
    pub group: String,
    /// Over the replications where it has a value.
    pub summary: Option<Summary>,
    /// Replications without a value, and why.
    pub undefined: Option<(usize, &'static str)>,
}

/// Every metric over every group it is printed for.
pub(crate) fn measure(study: &Study, metrics: &[Box<dyn Metric>]) -> Vec<MetricRow> {
    let mut rows = Vec::new();
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
                rows.push(MetricRow {
                    metric: declared.label.clone(),
                    unit: declared.unit,
                    grouping: Grouping::name(*grouping),
                    group: group.to_string(),
                    summary: Summary::of(&values),
                    undefined,
                });
            }
        }
    }
    rows
}

/// `metrics.csv`.
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
            of(|s| s.mean),
            row.summary.and_then(|s| s.half_width).into(),
            of(|s| s.p05),
            of(|s| s.p50),
            of(|s| s.p95),
            count(row.undefined.map_or(0, |(n, _)| n)),
            row.undefined.map_or("", |(_, reason)| reason).into(),
        ]
    });
    Table::new(HEADER.iter().copied()).with(cells)
}
