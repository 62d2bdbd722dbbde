//! Every column of every table that the commands write: what it means, its unit, how it is worked out.
//!
//! They stand in `columns.txt`: a table's name after `#`, then a line a column: name, unit, meaning and, where it is worked out
//! from other figures, the formula. The book's reference, `assay list columns` and the `columns.json` of every results folder
//! are made from this list; a test holds it against every committed table.

/// A column of a table, or several of one form: words in capitals stand for a name (`pay_rao.CLASS`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableColumn {
    /// The file's name, as `miners.csv`.
    pub table: &'static str,
    /// Heading of the column, or the form of several.
    pub name: &'static str,
    /// Unit of its figures; "1" for a pure number, "text" for words.
    pub unit: &'static str,
    /// What it is, with its range.
    pub about: &'static str,
    /// How it is worked out from other figures; empty for what is counted, measured or copied.
    pub formula: &'static str,
}

impl TableColumn {
    /// Whether this is the column with the heading `heading` of the table `table`.
    #[must_use]
    pub fn explains(&self, table: &str, heading: &str) -> bool {
        if self.table != table {
            return false;
        }
        let heading = if table == EPOCHS { quantity_of(heading).0 } else { heading };
        match self.name.split_once('.') {
            // The cells of a sweep have the names of keys, metrics and properties.
            None if self.is_free() => true,
            None => self.name == heading,
            Some((begin, _)) => heading.split_once('.').is_some_and(|(own, _)| own == begin),
        }
    }

    /// Whether the whole name stands for others.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.name.chars().all(|letter| letter.is_ascii_uppercase())
    }
}

/// The table whose columns stand three times: mean and two quantiles over replications.
const EPOCHS: &str = "epochs.csv";

/// The quantity of a heading of `epochs.csv`, and what of it the column holds, in words; nothing of what is no quantity.
pub(crate) fn quantity_of(heading: &str) -> (&str, &'static str) {
    [
        ("_mean", "mean over replications"),
        ("_p05", "5 % quantile over replications"),
        ("_p95", "95 % quantile over replications"),
    ]
    .iter()
    .find_map(|(end, words)| Some((heading.strip_suffix(end)?, *words)))
    .unwrap_or((heading, ""))
}

/// Every column, in the order of the tables.
///
/// # Panics
/// Never: the text is a constant, and a test reads it.
#[must_use]
pub fn columns() -> Vec<TableColumn> {
    let mut table = "";
    let mut all = Vec::new();
    for line in include_str!("columns.txt").lines().filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix("# ") {
            table = name;
            continue;
        }
        let mut parts = line.splitn(4, " | ");
        let mut part = || parts.next().expect("a line has three parts");
        let (name, unit, about) = (part(), part(), part());
        all.push(TableColumn {
            table,
            name,
            unit,
            about,
            formula: parts.next().unwrap_or_default(),
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_column_is_told_once_in_a_sentence() {
        let all = columns();
        let names: BTreeSet<_> = all.iter().map(|column| (column.table, column.name)).collect();
        assert_eq!(names.len(), all.len());
        for column in &all {
            let text = format!("{}{}{}", column.table, column.name, column.unit);
            assert!(!column.unit.is_empty() && !text.contains('|'), "{column:?}");
            assert!(column.about.ends_with(['.', ')']), "{column:?}");
            assert!(!column.formula.ends_with('.'), "{column:?}");
        }
    }

    #[test]
    fn a_form_explains_the_columns_made_of_it() {
        let of = |table, name| TableColumn { table, name, unit: "1", about: "", formula: "" };
        let pay = of("epochs.csv", "pay_rao.CLASS");
        assert!(pay.explains("epochs.csv", "pay_rao.fast_p05"));
        assert!(!pay.explains("epochs.csv", "pay_share.fast_p05"));
        assert!(!pay.explains("miners.csv", "pay_rao.fast"));
        assert!(of("epochs.csv", "jobs").explains("epochs.csv", "jobs_mean"));
        assert!(of("sweep.csv", "KEY").explains("sweep.csv", "router.v001.cap_alpha"));
        assert!(!of("miners.csv", "uid").explains("miners.csv", "uid_mean"));
    }
}
