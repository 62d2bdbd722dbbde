//! `sweep.csv`: a row a cell. First `cell`, then a column for each key that the grid changes, then each metric over all
//! miners (the measures of fairness last; mean over replications; empty without a value), then each property's verdict.

use crate::metrics;
use crate::metrics::MetricSpec;
use crate::property::VerdictStatus;
use crate::report::Judged;
use crate::report::table::Cell;
use crate::report::table::Table;
use crate::report::tables::MetricRow;

/// One cell of a sweep.
#[derive(Debug)]
pub(crate) struct SweptCell {
    /// Name of the cell.
    pub(crate) name: String,
    /// The value of each key of the grid; empty for a cell beside the grid.
    pub(crate) values: Vec<String>,
    /// Every metric over every group.
    pub(crate) metrics: Vec<MetricRow>,
    /// The verdicts on the cell's properties.
    pub(crate) judged: Vec<Judged>,
}

/// Whether the table has a column `name` before those of the verdicts; `keys` are those of the grid.
pub(crate) fn is_sweep_column(keys: &[String], name: &str) -> bool {
    let is_metric = labels().iter().any(|label| label == name);
    name == "cell" || is_metric || keys.iter().any(|key| key == name)
}

/// The metrics of a cell.
fn labels() -> Vec<String> {
    let all = metrics::standard().into_iter().chain(metrics::fairness());
    all.map(|metric: MetricSpec| metric.build().declared().label).collect()
}

/// A verdict in a word, and whether that was expected where it is not what a claim says of itself.
fn word(judged: &Judged) -> String {
    let name = judged.status.name();
    match (judged.status, judged.as_expected) {
        (VerdictStatus::Fail, Some(true)) => format!("{name} (expected)"),
        (VerdictStatus::Pass, Some(false)) => format!("{name} (surprise)"),
        _ => name.to_string(),
    }
}

/// The table; `keys` are those of the grid.
pub(crate) fn sweep(keys: &[String], cells: &[SweptCell]) -> Table {
    let labels = labels();
    let mut ids: Vec<String> = Vec::new();
    for judged in cells.iter().flat_map(|cell| &cell.judged) {
        if !ids.contains(&judged.id) {
            ids.push(judged.id.clone());
        }
    }
    let mut header = vec!["cell".to_string()];
    header.extend(keys.iter().chain(&labels).chain(&ids).cloned());
    let rows = cells.iter().map(|cell| {
        let mut row: Vec<Cell> = vec![cell.name.clone().into()];
        row.extend((0..keys.len()).map(|k| cell.values.get(k).cloned().unwrap_or_default().into()));
        row.extend(labels.iter().map(|label| {
            let whole = |row: &&MetricRow| row.metric == *label && row.grouping == "whole";
            let found = cell.metrics.iter().find(whole);
            found.and_then(|row| row.summary.map(|summary| summary.mean)).into()
        }));
        row.extend(ids.iter().map(|id| {
            let found = cell.judged.iter().find(|judged| judged.id == *id);
            found.map(word).unwrap_or_default().into()
        }));
        row
    });
    Table::new(header).with(rows)
}
