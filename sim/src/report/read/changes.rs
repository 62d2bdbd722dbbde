//! `compare.csv` read back: who gains and who loses.

use crate::report::read::ReadError;
use crate::report::read::table::Table;

/// A quantity of a class, an operator, a miner or the whole, before and after.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Change {
    /// What it is a quantity of: metric, class, operator or miner.
    pub(crate) kind: String,
    /// Which of them.
    pub(crate) name: String,
    /// The quantity.
    pub(crate) quantity: String,
    /// Its unit; `1` for a pure number.
    pub(crate) unit: String,
    /// Mean in the first scenario.
    pub(crate) before: Option<f64>,
    /// Mean in the second.
    pub(crate) after: Option<f64>,
    /// Mean paired difference, second less first.
    pub(crate) difference: Option<f64>,
    /// Lower end of its interval.
    pub(crate) low: Option<f64>,
    /// Upper end of its interval.
    pub(crate) high: Option<f64>,
}

/// Reads the table; columns that describe, rather than count, may be missing.
///
/// # Errors
/// When a column of figures is missing or a cell is no number.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Vec<Change>, ReadError> {
    let table = Table::read(file, bytes)?;
    let first = |names: &[&str]| names.iter().find_map(|name| table.find(name));
    let kind = first(&["kind", "grouping", "of"]);
    let name = first(&["name", "group"]);
    let quantity = first(&["quantity", "metric"]);
    let unit = first(&["unit"]);
    let (before, after) = (table.column("before")?, table.column("after")?);
    let difference = table.column("difference")?;
    let (low, high) = (table.column("low")?, table.column("high")?);
    let line = |row| {
        let text = |column: Option<usize>| {
            column.map(|column| table.text(row, column).to_string()).unwrap_or_default()
        };
        Ok(Change {
            kind: text(kind),
            name: text(name),
            quantity: text(quantity),
            unit: text(unit),
            before: table.number(row, before)?,
            after: table.number(row, after)?,
            difference: table.number(row, difference)?,
            low: table.number(row, low)?,
            high: table.number(row, high)?,
        })
    };
    (0..table.len()).map(line).collect()
}

impl Change {
    /// Whether the interval leaves no doubt about the sign: 1 gains, -1 loses, 0 open.
    pub(crate) fn sign(&self) -> i8 {
        match (self.low, self.high) {
            (Some(low), _) if low > 0.0 => 1,
            (_, Some(high)) if high < 0.0 => -1,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gain_is_one_whose_interval_is_above_zero() {
        let text = "kind,name,before,after,difference,low,high\n\
            class,a,1,2,1,0.5,1.5\nclass,b,1,1,0,-1,1\nminer,c,2,1,-1,-2,-0.5\nminer,d,,,,,\n";
        let changes = read("compare.csv", text.as_bytes()).unwrap();
        assert_eq!(changes.iter().map(Change::sign).collect::<Vec<_>>(), [1, 0, -1, 0]);
        assert_eq!(changes[0].quantity, "");
    }

    #[test]
    fn figures_have_to_be_there() {
        assert!(read("compare.csv", b"kind,before\na,1\n").is_err());
    }
}
