//! `epochs.csv`: the course of a run. Its columns are explained beside the other tables'.

use crate::base::math;
use crate::base::units::Rao;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::engine::Replication;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::MetricSpec;
use crate::metrics::RunSummary;
use crate::observe::SeriesRow;
use crate::report::table::Cell;
use crate::report::table::Table;
use crate::report::warm_up::MeanCourse;
use crate::report::warm_up::WarmUp;
use crate::scenario::Scenario;
use crate::statistics::Summary;
use crate::study::Study;

/// Metrics of pay that are measured row by row.
const BY_ROW: &[&str] = &["[gini]\nof = \"pay\"", "[gini]\nof = \"pay\"\nby = \"operator\""];
/// Seconds between blocks. Source: chain.md section 1, 12 s.
const BLOCK_S: f64 = 12.0;

/// A quantity: a value a replication and row.
struct EpochQuantity {
    name: String,
    cells: Vec<Vec<Option<f64>>>,
}

/// The table `epochs.csv` of a study.
pub(crate) fn table(scenario: &Scenario, study: &Study) -> Table {
    let quantities = quantities(scenario, study);
    let mut header = vec!["epoch".to_string(), "block".to_string(), "epochs_in_row".to_string()];
    for quantity in &quantities {
        header.extend(["mean", "p05", "p95"].map(|which| format!("{}_{which}", quantity.name)));
    }
    let first = &study.replications[0].series;
    let rows = first.rows.iter().enumerate().map(|(index, own)| {
        let before = index.checked_sub(1).map_or(0, |i| first.rows[i].epoch + 1);
        let mut cells: Vec<Cell> =
            vec![own.epoch.into(), own.block.into(), (own.epoch + 1 - before).into()];
        for quantity in &quantities {
            let each = quantity.cells.iter().filter_map(|rows| rows[index]);
            let summary = Summary::of(&each.collect::<Vec<_>>());
            cells.extend([
                summary.map(|s| s.mean).into(),
                summary.map(|s| s.p05).into(),
                summary.map(|s| s.p95).into(),
            ]);
        }
        cells
    });
    Table::new(header).with(rows)
}

/// Everything that has a course.
fn quantities(scenario: &Scenario, study: &Study) -> Vec<EpochQuantity> {
    let mut quantities = flows(study);
    quantities.extend(concentration(scenario, study));
    quantities.extend(classes(scenario, study));
    quantities.extend(operators(scenario, study));
    quantities
}

/// What MSER-5 says of the run's beginning.
pub(crate) fn warm_up(scenario: &Scenario, study: &Study) -> WarmUp {
    let quantities = quantities(scenario, study);
    let epochs: Vec<u32> = study.replications[0].series.rows.iter().map(|row| row.epoch).collect();
    let mean = |quantity: &EpochQuantity, row: usize| {
        let each = quantity.cells.iter().filter_map(|rows| rows[row]);
        Summary::of(&each.collect::<Vec<_>>()).map(|s| s.mean)
    };
    let course = |quantity: EpochQuantity| {
        let means = (0..epochs.len()).map(|row| mean(&quantity, row)).collect();
        (quantity.name, means)
    };
    let courses: Vec<MeanCourse> = quantities.into_iter().map(course).collect();
    WarmUp::of(&courses, &epochs, scenario.run.warm_up_epochs)
}

impl EpochQuantity {
    /// Read from every row of every replication.
    fn of(name: &str, study: &Study, read: impl Fn(&SeriesRow) -> Option<f64>) -> Self {
        let rows = |r: &Replication| r.series.rows.iter().map(&read).collect();
        Self { name: name.to_string(), cells: study.replications.iter().map(rows).collect() }
    }
}

/// Where the minted alpha went, and how much was done.
fn flows(study: &Study) -> Vec<EpochQuantity> {
    let rao = |name: &str, read: fn(&SeriesRow) -> Rao| {
        EpochQuantity::of(name, study, |row| Some(math::float(read(row).0)))
    };
    vec![
        rao("minted_rao", |r| r.minted),
        rao("owner_rao", |r| r.owner),
        rao("validators_rao", |r| r.validators),
        rao("miners_rao", |r| r.miners),
        rao("burned_rao", |r| r.burned),
        rao("recycled_rao", |r| r.recycled),
        EpochQuantity::of("remainder_rao", study, |r| Some(math::signed(r.remainder_rao))),
        EpochQuantity::of("jobs", study, |r| Some(math::float(r.jobs))),
        EpochQuantity::of("useful_jobs", study, |r| Some(math::float(r.useful_jobs))),
    ]
}

/// Pay by class, as an amount and as a share of all miners' pay.
fn classes(scenario: &Scenario, study: &Study) -> Vec<EpochQuantity> {
    let own = |row: &SeriesRow, class: usize| row.class_pay.get(class).copied().unwrap_or_default();
    let named = || scenario.classes.iter().enumerate();
    let pay = named().map(|(class, name)| {
        let name = format!("pay_rao.{name}");
        EpochQuantity::of(&name, study, |row| Some(math::float(own(row, class).0)))
    });
    let share = named().map(|(class, name)| {
        EpochQuantity::of(&format!("pay_share.{name}"), study, |row| {
            let pot: Rao = row.class_pay.iter().copied().sum();
            math::ratio(own(row, class).0, pot.0)
        })
    });
    let latency = named().map(|(class, name)| {
        EpochQuantity::of(&format!("latency_ms.{name}"), study, |row| {
            let answered = row.class_answered.get(class).copied().unwrap_or_default();
            math::ratio(answered.runtime_ms, answered.successes)
        })
    });
    pay.chain(share).chain(latency).collect()
}

/// Pay by operator, as a share of all miners' pay.
fn operators(scenario: &Scenario, study: &Study) -> Vec<EpochQuantity> {
    let share = |(operator, name): (usize, &String)| {
        EpochQuantity::of(&format!("operator_pay_share.{name}"), study, |row| {
            let miners = scenario.miners.iter().zip(&row.miner_pay);
            let own = miners.filter(|(miner, _)| miner.operator.index() == operator);
            let own: Rao = own.map(|(_, pay)| *pay).sum();
            let pot: Rao = row.miner_pay.iter().copied().sum();
            math::ratio(own.0, pot.0)
        })
    };
    scenario.operators.iter().enumerate().map(share).collect()
}

/// How unevenly each row's pay is spread over those who took part in it.
fn concentration(scenario: &Scenario, study: &Study) -> Vec<EpochQuantity> {
    let read = |text: &&str| -> Box<dyn Metric> {
        let spec: MetricSpec = toml::from_str(text).expect("a constant that the tests read");
        spec.build()
    };
    let metrics: Vec<_> = BY_ROW.iter().map(read).collect();
    let mut quantities: Vec<_> = metrics
        .iter()
        .map(|metric| EpochQuantity { name: metric.declared().label, cells: Vec::new() })
        .collect();
    let start_block = scenario.chain.start_block;
    let instant = |block: u64| {
        let blocks = math::float(block.saturating_sub(start_block));
        SimTime(SimSpan::from_seconds(blocks * BLOCK_S).0)
    };
    for replication in &study.replications {
        let mut facts = RunSummary {
            latencies: Vec::new(),
            open_ages: None,
            names: replication.facts.names.clone(),
            miners: replication.facts.miners.clone(),
            totals: replication.facts.totals,
        };
        for quantity in &mut quantities {
            quantity.cells.push(Vec::new());
        }
        let all = facts.all();
        let mut begin = SimTime(0);
        for row in &replication.series.rows {
            let end = instant(row.block);
            for (place, miner) in scenario.miners.iter().enumerate() {
                let touches = miner.from < end && miner.until > begin;
                let own = &mut facts.miners[place];
                own.pay = row.miner_pay[place];
                own.active = if touches { end.since(begin).max(SimSpan(1)) } else { SimSpan::ZERO };
            }
            for (metric, quantity) in metrics.iter().zip(&mut quantities) {
                let value = match metric.measure(&facts, &all) {
                    Measured::Value(value) => Some(value),
                    Measured::Undefined(_) => None,
                };
                quantity.cells.last_mut().expect("one was just pushed").push(value);
            }
            begin = end;
        }
    }
    quantities
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_by_row_are_read_and_have_names_of_their_own() {
        let labels = BY_ROW.iter().map(|text| {
            let spec: MetricSpec = toml::from_str(text).unwrap();
            assert_eq!(spec.check(), []);
            spec.build().declared().label
        });
        assert_eq!(labels.collect::<Vec<_>>(), ["gini_pay_by_miner", "gini_pay_by_operator"]);
    }
}
