//! `compare.csv` read back: who gains and who loses.

use crate::report::read::ReadError;
use crate::report::read::table::Table;

/// A metric, or the pay share of a class, an operator or a miner, before and after.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Change {
    /// What it is about: metric, class, operator or miner.
    pub(crate) group: String,
    /// The metric, or the class, operator or miner whose pay share it is.
    pub(crate) name: String,
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

/// Reads the table.
///
/// # Errors
/// When a column is missing or a cell is no number.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Vec<Change>, ReadError> {
    let table = Table::read(file, bytes)?;
    let (group, name) = (table.column("group")?, table.column("name")?);
    let unit = table.column("unit")?;
    let (before, after) = (table.column("before")?, table.column("after")?);
    let difference = table.column("difference")?;
    let (low, high) = (table.column("low")?, table.column("high")?);
    let line = |row| {
        let text = |column| table.text(row, column).to_string();
        Ok(Change {
            group: text(group),
            name: text(name),
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
        let text = "group,name,unit,before,after,difference,low,high\n\
            class,a,1,1,2,1,0.5,1.5\nclass,b,1,1,1,0,-1,1\nminer,c,1,2,1,-1,-2,-0.5\nminer,d,1,,,,,\n";
        let changes = read("compare.csv", text.as_bytes()).unwrap();
        assert_eq!(changes.iter().map(Change::sign).collect::<Vec<_>>(), [1, 0, -1, 0]);
    }

    #[test]
    fn figures_have_to_be_there() {
        assert!(read("compare.csv", b"group,name,unit,before\na,b,1,1\n").is_err());
    }
}
