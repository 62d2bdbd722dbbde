//! `compare.csv`: a row a metric, class, operator or miner, in both scenarios.
//!
//! `before`, `after`: means over the pairs' replications; `difference`, `low`, `high`: mean of the paired differences
//! (after less before) and its 95 % Student interval; `correlation` of the pairs, and `variance_ratio`, so many times the
//! runs that unpaired ones would need. Pay of classes, operators and miners is a share of all miners' pay (0..=1).

use crate::report::figure::figure;
use crate::report::tables::csv;
use crate::study::Compared;

/// The table.
pub(crate) fn comparison(compared: &Compared) -> Vec<u8> {
    const HEADER: &[&str] = &[
        "group",
        "name",
        "unit",
        "before",
        "after",
        "difference",
        "low",
        "high",
        "correlation",
        "variance_ratio",
        "pairs",
    ];
    let rows = compared.lines.iter().map(|line| {
        vec![
            line.group.name().to_string(),
            line.name.clone(),
            line.unit.to_string(),
            figure(line.before),
            figure(line.after),
            figure(line.difference),
            figure(line.interval.map(|interval| interval.low)),
            figure(line.interval.map(|interval| interval.high)),
            figure(line.correlation),
            figure(line.variance_ratio),
            line.pairs.to_string(),
        ]
    });
    csv(HEADER, rows)
}
