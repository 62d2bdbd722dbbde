//! A csv file as a test reads it.

use std::path::Path;

/// A table: headings, and rows of text.
#[derive(Clone, Debug)]
pub struct TextTable {
    headings: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

/// A row of a [`TextTable`], read by the names of its columns.
#[derive(Clone, Copy, Debug)]
pub struct TableRow<'t> {
    table: &'t TextTable,
    place: usize,
}

impl TextTable {
    /// Reads a table.
    ///
    /// # Panics
    /// When it cannot be read or is no csv.
    #[must_use]
    pub fn read(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let read = || -> csv::Result<Self> {
            let mut reader = csv::Reader::from_path(path)?;
            let headings = reader.headers()?.iter().map(str::to_string).collect();
            Ok(Self { headings, rows: reader.into_records().collect::<csv::Result<_>>()? })
        };
        read().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The headings of the table, in order.
    #[must_use]
    pub fn headings(&self) -> &[String] {
        &self.headings
    }

    /// Its rows, in order.
    #[must_use]
    pub fn rows(&self) -> impl ExactSizeIterator<Item = TableRow<'_>> + DoubleEndedIterator {
        (0..self.rows.len()).map(|place| TableRow { table: self, place })
    }

    /// Its columns of these names, as text.
    ///
    /// # Panics
    /// When there is no such column.
    #[must_use]
    pub fn columns(&self, names: &[&str]) -> Vec<Vec<String>> {
        let cells =
            |row: TableRow<'_>| names.iter().map(|name| row.text(name).to_string()).collect();
        self.rows().map(cells).collect()
    }
}

impl<'t> TableRow<'t> {
    /// The text of a cell.
    ///
    /// # Panics
    /// When there is no such column.
    #[must_use]
    pub fn text(self, column: &str) -> &'t str {
        let place = self.table.headings.iter().position(|heading| heading == column);
        &self.table.rows[self.place][place.unwrap_or_else(|| panic!("no column {column}"))]
    }

    /// The number in a cell.
    ///
    /// # Panics
    /// When there is no such column, or it holds none.
    #[must_use]
    pub fn number(self, column: &str) -> f64 {
        let text = self.text(column);
        text.parse().unwrap_or_else(|_| panic!("{column} is {text:?}"))
    }
}
