//! `compare.csv`: a row a metric, class, operator or miner, in both scenarios.
//!
//! `before`, `after`: means over the pairs' replications; `difference`, `low`, `high`: mean of the paired differences
//! (after less before) and its 95 % Student interval; `correlation` of the pairs, and `variance_ratio`, so many times the
//! runs that unpaired ones would need. Pay of classes, operators and miners is a share of all miners' pay (0..=1).

use crate::report::table::Cell;
use crate::report::table::Table;
use crate::study::Compared;

/// The table.
pub(crate) fn comparison(compared: &Compared) -> Table {
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
            line.group.name().into(),
            line.name.clone().into(),
            line.unit.into(),
            line.before.into(),
            line.after.into(),
            line.difference.into(),
            line.interval.map(|interval| interval.low).into(),
            line.interval.map(|interval| interval.high).into(),
            line.correlation.into(),
            line.variance_ratio.into(),
            Cell::Whole(i128::try_from(line.pairs).expect("a length fits 64 bits")),
        ]
    });
    Table::new(HEADER.iter().copied()).with(rows)
}
