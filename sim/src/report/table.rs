//! A table in memory: what a results folder keeps as csv.

use crate::report::figure::figure;
use std::fmt;
use std::io;
use std::io::Read;
use std::path::Path;

/// A cell of a table: a word, a whole number or a figure.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A word; empty where there is none to say.
    Text(String),
    /// A whole number, exact.
    Whole(i128),
    /// A figure; none where there is no value.
    Figure(Option<f64>),
}

impl Cell {
    /// The cell as a number; none for a word and where there is no value.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "nearest float; the whole number stands beside")]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Text(_) => None,
            Self::Whole(whole) => Some(*whole as f64),
            Self::Figure(figure) => *figure,
        }
    }
}

/// As csv has it: a figure with 12 significant digits, no value as nothing.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Whole(whole) => write!(f, "{whole}"),
            Self::Figure(x) => f.write_str(&figure(*x)),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_string())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Option<f64>> for Cell {
    fn from(figure: Option<f64>) -> Self {
        Self::Figure(figure)
    }
}

impl From<f64> for Cell {
    fn from(figure: f64) -> Self {
        Self::Figure(Some(figure))
    }
}

macro_rules! whole {
    ($($number:ty),+) => {
        $(impl From<$number> for Cell {
            fn from(number: $number) -> Self {
                Self::Whole(i128::from(number))
            }
        })+
    };
}
whole!(u16, u32, u64, i64, i128);

/// Rows under headings that carry their units.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    headings: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new<T: Into<String>>(headings: impl IntoIterator<Item = T>) -> Self {
        Self { headings: headings.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// The same with these rows below its own, each as long as the headings.
    #[must_use]
    pub(crate) fn with(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// The headings of the columns, in order.
    #[must_use]
    pub fn headings(&self) -> &[String] {
        &self.headings
    }

    /// The rows, from the first.
    #[must_use]
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// The cells of the column under `heading`; none where there is no such column.
    #[must_use]
    pub fn column(&self, heading: &str) -> Option<Vec<&Cell>> {
        let place = self.headings.iter().position(|own| own == heading)?;
        Some(self.rows.iter().map(|row| &row[place]).collect())
    }

    /// The table as csv text.
    ///
    /// # Panics
    /// Never: writing to memory does not fail, and every row is as long as the headings.
    #[must_use]
    pub fn csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.headings).expect("writing to memory");
        for row in &self.rows {
            let cells = row.iter().map(Cell::to_string);
            writer.write_record(cells).expect("rows are as long as the headings");
        }
        writer.into_inner().expect("writing to memory")
    }
}

/// Whether a file of this name is a table.
pub(crate) fn is_table(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "csv")
}

/// The headings of a table of csv text.
///
/// # Errors
/// When it cannot be read, or its first line is no csv.
pub(crate) fn headings(text: impl Read) -> io::Result<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text);
    let headings = reader.headers().map_err(io::Error::other)?;
    Ok(headings.iter().map(str::to_string).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_found_by_its_heading_and_csv_keeps_what_cells_say() {
        let row = vec![Cell::from("a,b"), Cell::from(u64::MAX), Cell::from(1.0 / 3.0)];
        let none = vec![Cell::from(""), Cell::from(0_u16), Cell::from(None)];
        let table = Table::new(["name", "pay_rao", "share"]).with([row, none]);
        let shares = table.column("share").unwrap();
        assert_eq!(shares[1].number(), None);
        assert!((shares[0].number().unwrap() - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(table.column("shares"), None);
        let csv = "name,pay_rao,share\n\"a,b\",18446744073709551615,0.333333333333\n,0,\n";
        assert_eq!(String::from_utf8(table.csv()).unwrap(), csv);
        assert_eq!(headings(csv.as_bytes()).unwrap(), table.headings());
    }
}
