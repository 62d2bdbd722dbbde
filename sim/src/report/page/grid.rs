//! Tables of the page, ready to be written.

use crate::report::plot::number;
use crate::statistics::Summary;
use serde::Serialize;

/// A share in percent.
pub(super) const PERCENT: f64 = 100.0;

/// A table of the page: columns and rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Grid {
    /// The columns of the table, in order.
    pub(super) columns: Vec<GridColumn>,
    /// Its rows, a cell a column.
    pub(super) rows: Vec<Vec<GridCell>>,
}

/// Heading of a column, with how its cells stand.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct GridColumn {
    /// Its words, with the unit.
    pub(super) title: String,
    /// What it means, where the title does not say all.
    pub(super) about: String,
    /// Whether its cells are figures.
    pub(super) is_number: bool,
}

/// A cell of the table: text, and how it is sorted and shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct GridCell {
    /// Text that a reader sees in the cell.
    pub(super) text: String,
    /// What is sorted by.
    pub(super) value: String,
    /// A verdict's colour: `pass`, `fail`, `undecided`, or empty.
    pub(super) mark: String,
}

impl GridColumn {
    /// A column of words.
    pub(super) fn words(title: &str) -> Self {
        Self { title: title.to_string(), about: String::new(), is_number: false }
    }

    /// A column of figures.
    pub(super) fn figures(title: &str, about: &str) -> Self {
        Self { title: title.to_string(), about: about.to_string(), is_number: true }
    }
}

impl GridCell {
    /// A cell of words.
    pub(super) fn words(text: &str) -> Self {
        Self { text: text.to_string(), value: text.to_string(), mark: String::new() }
    }

    /// A figure rounded to `step`; empty without a value.
    pub(super) fn figure(x: Option<f64>, step: f64) -> Self {
        let text = x.map(|x| number(x, step)).unwrap_or_default();
        let value = x.map(sortable).unwrap_or_default();
        Self { text, value, mark: String::new() }
    }

    /// A share in percent with the half-width of its interval; empty without a value.
    pub(super) fn share(summary: Option<Summary>) -> Self {
        let value = summary.map(|s| sortable(s.mean)).unwrap_or_default();
        Self { text: summary.map(percent).unwrap_or_default(), value, mark: String::new() }
    }

    /// A cell that holds a verdict, in its colour.
    pub(super) fn verdict(word: &str) -> Self {
        let status = word.split(' ').next().unwrap_or_default();
        Self { mark: status.to_lowercase(), ..Self::words(word) }
    }
}

/// A mean share in percent, with the half-width of its 95 % interval where there is more than one replication.
pub(super) fn percent(summary: Summary) -> String {
    let spread = summary.half_width.map(|h| format!(" \u{b1} {:.1}", h * PERCENT));
    format!("{:.1}{}", summary.mean * PERCENT, spread.unwrap_or_default())
}

/// What a column is sorted by: eight significant digits, so that a page stays small.
fn sortable(x: f64) -> String {
    let rounded: f64 = format!("{x:.7e}").parse().unwrap_or(x);
    rounded.to_string()
}

/// Four significant digits, for people.
pub(super) fn short(x: f64) -> String {
    let rounded: f64 = format!("{x:.3e}").parse().unwrap_or(x);
    format!("{rounded}").replace('-', "\u{2212}")
}
