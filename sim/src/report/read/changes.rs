//! `compare.csv` read back: who gains and who loses.

use crate::report::read::ReadError;
use crate::report::read::table::ReadTable;

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
    /// Share of sign patterns that reach as far.
    pub(crate) p: Option<f64>,
    /// What was said of it: gains, loses, rises, falls, or nothing.
    pub(crate) named: String,
    /// What is to be known of the row.
    pub(crate) note: String,
    /// Pairs in which both have a value.
    pub(crate) pairs: Option<f64>,
}

/// Reads the table.
///
/// # Errors
/// When a column is missing or a cell is no number.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Vec<Change>, ReadError> {
    let table = ReadTable::read(file, bytes)?;
    let (group, name) = (table.column("group")?, table.column("name")?);
    let unit = table.column("unit")?;
    let (before, after) = (table.column("before")?, table.column("after")?);
    let difference = table.column("difference")?;
    let (low, high, pairs) = (table.column("low")?, table.column("high")?, table.column("pairs")?);
    // Results from before names were judged have none of these, and name nobody.
    let later = |heading: &str| table.headings().iter().position(|own| own == heading);
    let (p, named, note) = (later("p"), later("named"), later("note"));
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
            p: p.map(|p| table.number(row, p)).transpose()?.flatten(),
            named: named.map(text).unwrap_or_default(),
            note: note.map(text).unwrap_or_default(),
            pairs: table.number(row, pairs)?,
        })
    };
    (0..table.len()).map(line).collect()
}

impl Change {
    /// What it was named: 1 gains, -1 loses, 0 open.
    pub(crate) fn sign(&self) -> i8 {
        match self.named.as_str() {
            "gains" | "rises" => 1,
            "loses" | "falls" => -1,
            _ => 0,
        }
    }

    /// Whether the row has this note.
    pub(crate) fn has(&self, note: &str) -> bool {
        self.note.split("; ").any(|own| own == note)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gain_is_what_was_named_one() {
        let text = "group,name,unit,before,after,difference,low,high,pairs,p,named,note\n\
            class,a,1,1,2,1,0.5,1.5,8,0.01,gains,\nclass,b,1,1,1,0,-1,1,8,0.4,,exact; repeated\n\
            miner,c,1,2,1,-1,-2,-0.5,8,0.02,loses,\nminer,d,1,,,,,,7,,,\n";
        let changes = read("compare.csv", text.as_bytes()).unwrap();
        assert_eq!(changes.iter().map(Change::sign).collect::<Vec<_>>(), [1, 0, -1, 0]);
        assert!(changes[1].has("repeated") && changes[1].has("exact") && !changes[0].has("exact"));
    }

    #[test]
    fn results_from_before_name_nobody() {
        let text =
            "group,name,unit,before,after,difference,low,high,pairs\nclass,a,1,1,2,1,0.5,1.5,8\n";
        assert_eq!(read("compare.csv", text.as_bytes()).unwrap()[0].sign(), 0);
    }

    #[test]
    fn figures_have_to_be_there() {
        assert!(read("compare.csv", b"group,name,unit,before\na,b,1,1\n").is_err());
    }
}
