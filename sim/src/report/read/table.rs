//! A csv table of a results folder, read by the names of its columns.

use crate::report::read::ReadError;
use csv::StringRecord;

/// A table with its headings.
#[derive(Clone, Debug)]
pub(crate) struct ReadTable {
    file: String,
    headings: Vec<String>,
    rows: Vec<StringRecord>,
}

impl ReadTable {
    /// Reads a table; `file` is its name in errors.
    ///
    /// # Errors
    /// When it is no csv, has no heading or names one twice, or a row has another length than the heading.
    pub(crate) fn read(file: &str, bytes: &[u8]) -> Result<Self, ReadError> {
        let damaged = |what: String| ReadError::Damaged { file: file.to_string(), what };
        let mut reader = csv::Reader::from_reader(bytes);
        let say = |e: csv::Error| damaged(e.to_string());
        let headings: Vec<String> =
            reader.headers().map_err(say)?.iter().map(str::to_string).collect();
        if headings.iter().all(String::is_empty) {
            return Err(damaged("it is empty".to_string()));
        }
        for (place, heading) in headings.iter().enumerate() {
            if headings[..place].contains(heading) {
                return Err(damaged(format!("column {heading} stands there twice")));
            }
        }
        let rows = reader.records().collect::<Result<_, _>>().map_err(say)?;
        Ok(Self { file: file.to_string(), headings, rows })
    }

    /// Its headings, in order.
    pub(crate) fn headings(&self) -> &[String] {
        &self.headings
    }

    /// Number of rows below the heading.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The place of a column.
    ///
    /// # Errors
    /// When there is none of this name.
    pub(crate) fn column(&self, heading: &str) -> Result<usize, ReadError> {
        let place = self.headings.iter().position(|h| h == heading);
        place.ok_or_else(|| self.damaged(None, format!("it has no column {heading}")))
    }

    /// The text of a cell.
    pub(crate) fn text(&self, row: usize, column: usize) -> &str {
        self.rows[row].get(column).unwrap_or_default()
    }

    /// The number in a cell; none when it is empty.
    ///
    /// # Errors
    /// When the cell holds something else.
    pub(crate) fn number(&self, row: usize, column: usize) -> Result<Option<f64>, ReadError> {
        let text = self.text(row, column);
        if text.is_empty() {
            return Ok(None);
        }
        let number = text.parse().ok().filter(|x: &f64| x.is_finite());
        number.map(Some).ok_or_else(|| {
            let heading = &self.headings[column];
            self.damaged(Some(row), format!("{heading} is {text:?}, which is no number"))
        })
    }

    /// A complaint about this table, or about a row of it.
    pub(crate) fn damaged(&self, row: Option<usize>, what: String) -> ReadError {
        let line = row.and_then(|row| self.rows[row].position()).map(csv::Position::line);
        let place = line.map(|line| format!(":{line}")).unwrap_or_default();
        ReadError::Damaged { file: format!("{}{place}", self.file), what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(text: &str) -> String {
        ReadTable::read("a.csv", text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn cells_are_found_by_heading_and_an_empty_one_has_no_number() {
        let table = ReadTable::read("a.csv", b"name,x\nm,1.5\nn,\n").unwrap();
        let x = table.column("x").unwrap();
        assert_eq!(table.number(0, x).unwrap(), Some(1.5));
        assert_eq!(table.number(1, x).unwrap(), None);
        assert_eq!(table.text(1, 0), "n");
    }

    #[test]
    fn damage_is_told_with_its_line() {
        let table = ReadTable::read("a.csv", b"x\n1\nsoon\nNaN\n").unwrap();
        let said = table.number(1, 0).unwrap_err().to_string();
        assert!(said.starts_with("a.csv:3 is damaged: x is \"soon\""), "{said}");
        assert!(table.number(2, 0).is_err(), "not a number is no number");
        assert!(table.column("y").unwrap_err().to_string().contains("no column y"));
    }

    #[test]
    fn a_torn_table_is_refused() {
        assert!(complaint("").contains("empty"));
        assert!(complaint("a,b\n1\n").contains("damaged"));
        assert!(complaint("a,a\n1,2\n").contains("twice"));
        assert!(ReadTable::read("a.csv", b"a\n\xff\n").is_err(), "not UTF-8");
    }
}
