//! `sweep.csv`: a row a cell. First `cell`, then a column for each key that the grid changes, then each metric over all
//! miners (mean over replications; empty without a value), then each property's verdict.

use crate::metrics;
use crate::metrics::MetricSpec;
use crate::report::Judged;
use crate::report::figure::figure;
use crate::report::tables;
use crate::report::tables::csv;
use crate::study::Study;

/// One cell of a sweep.
#[derive(Debug)]
pub(crate) struct SweptCell {
    /// What it is called.
    pub(crate) name: String,
    /// The value of each key of the grid; empty for a cell beside the grid.
    pub(crate) values: Vec<String>,
    /// What it ran.
    pub(crate) study: Study,
    /// What was judged.
    pub(crate) judged: Vec<Judged>,
}

/// The table; `keys` are those of the grid.
pub(crate) fn sweep(keys: &[String], cells: &[SweptCell]) -> Vec<u8> {
    let standard: Vec<_> = metrics::standard().iter().map(MetricSpec::build).collect();
    let labels: Vec<String> = standard.iter().map(|metric| metric.declared().label).collect();
    let mut ids: Vec<String> = Vec::new();
    for judged in cells.iter().flat_map(|cell| &cell.judged) {
        if !ids.contains(&judged.id) {
            ids.push(judged.id.clone());
        }
    }
    let mut header = vec!["cell".to_string()];
    header.extend(keys.iter().chain(&labels).chain(&ids).cloned());
    let rows = cells.iter().map(|cell| {
        let mut row = vec![cell.name.clone()];
        row.extend((0..keys.len()).map(|k| cell.values.get(k).cloned().unwrap_or_default()));
        let measured = tables::measure(&cell.study, &standard);
        row.extend(labels.iter().map(|label| {
            let whole = |row: &&tables::MetricRow| row.metric == *label && row.grouping == "whole";
            let found = measured.iter().find(whole);
            figure(found.and_then(|row| row.summary.map(|summary| summary.mean)))
        }));
        row.extend(ids.iter().map(|id| {
            let found = cell.judged.iter().find(|judged| judged.id == *id);
            found.map(|judged| judged.status.name().to_string()).unwrap_or_default()
        }));
        row
    });
    csv(&header.iter().map(String::as_str).collect::<Vec<_>>(), rows)
}
