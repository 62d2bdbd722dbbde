//! `columns.json`: what stands in the tables of a results folder, so that the folder explains itself.
//!
//! A key a table; below it every column in its order: name, unit, meaning and, where it is worked out from other figures, the
//! formula. A column whose cells are names (metrics, statistics) has them as `values`, explained alike.

use crate::report;
use crate::report::TableColumn;
use crate::simulation::keys::key;
use crate::simulation::topics::TopicEntry;
use crate::simulation::topics::labels;
use crate::simulation::topics::statistics;
use serde::Serialize;
use std::collections::BTreeMap;

/// The file that explains the tables of a results folder.
pub(super) const LEGEND: &str = "columns.json";

/// A name that stands in a table, explained.
#[derive(Debug, Serialize)]
struct Explained {
    name: String,
    unit: String,
    meaning: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    formula: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<Explained>,
}

impl Explained {
    fn of_entry(entry: TopicEntry) -> Self {
        let TopicEntry { name, unit, about, formula } = entry;
        Self { name, unit, meaning: about, formula, values: Vec::new() }
    }
}

/// The legend of tables with these names and headings; none without a table.
pub(super) fn legend(tables: impl IntoIterator<Item = (String, Vec<String>)>) -> Option<Vec<u8>> {
    let all = report::columns();
    let mut told = BTreeMap::new();
    for (name, headings) in tables {
        let columns = explained(&name, &headings, &all);
        told.insert(name, columns);
    }
    (!told.is_empty()).then(|| report::json(&told))
}

/// The legend of one table that stands in the file `file` by itself.
pub(super) fn legend_of(file: &str, table: &str, headings: &[String]) -> Vec<u8> {
    report::json(&BTreeMap::from([(file, explained(table, headings, &report::columns()))]))
}

/// The columns of a table, in their order.
fn explained(table: &str, headings: &[String], all: &[TableColumn]) -> Vec<Explained> {
    if table == "sweep.csv" {
        return swept(headings, all);
    }
    let column = |heading: &str| all.iter().find(|column| column.explains(table, heading));
    let each = headings.iter().filter_map(|heading| Some(one(heading, column(heading)?)));
    each.collect()
}

/// A column with the heading `heading`, which `column` explains.
fn one(heading: &str, column: &TableColumn) -> Explained {
    let mut meaning = vec![column.about.to_string()];
    let (quantity, taken) = report::quantity_of(heading);
    if column.name.contains('.') {
        let named = quantity.split_once('.').map_or("", |(_, named)| named);
        meaning.push(format!("Here: {named}."));
    }
    if column.name != heading && !taken.is_empty() {
        meaning.push(format!("In this column: {taken}."));
    }
    let values = match (column.table, column.name) {
        ("metrics.csv", "metric") => labels(),
        ("validation.csv", "statistic") => statistics(),
        _ => Vec::new(),
    };
    Explained {
        name: heading.to_string(),
        unit: column.unit.to_string(),
        meaning: meaning.join(" "),
        formula: column.formula.to_string(),
        values: values.into_iter().map(Explained::of_entry).collect(),
    }
}

/// The columns of a sweep: the cell, then keys of the grid, then metrics by their labels, then properties by their ids.
fn swept(headings: &[String], all: &[TableColumn]) -> Vec<Explained> {
    let labels = labels();
    let of = |name: &str| {
        all.iter().find(|column| column.table == "sweep.csv" && column.name == name).copied()
    };
    let is_label = |heading: &String| labels.iter().any(|label| label.name == *heading);
    let metrics_from = headings.iter().position(is_label);
    let each = headings.iter().enumerate().filter_map(|(place, heading)| {
        if let Some(label) = labels.iter().find(|label| label.name == *heading) {
            let about = format!("{} Over all miners, mean over replications.", label.about);
            return Some(Explained::of_entry(TopicEntry { about, ..label.clone() }));
        }
        let form = if place == 0 {
            of("cell")?
        } else if metrics_from.is_none_or(|from| place < from) {
            of("KEY")?
        } else {
            of("PROPERTY")?
        };
        let mut plain = one(heading, &form);
        if let Some(key) = (form.name == "KEY").then(|| key(heading)).flatten() {
            (plain.unit, plain.meaning) = (key.allowed, key.about);
        }
        Some(plain)
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn of(name: &str, headings: &str) -> Value {
        let headings = headings.split(',').map(str::to_string).collect();
        let legend = legend([(name.to_string(), headings)]).unwrap();
        serde_json::from_slice(&legend).unwrap()
    }

    #[test]
    fn a_table_is_explained_column_by_column() {
        let all = of("miners.csv", "replication,pay_share");
        let columns = all["miners.csv"].as_array().unwrap();
        assert_eq!(columns.len(), 2);
        assert_eq!(columns[1]["formula"], "pay_rao / sum of pay_rao over all miners");
        assert_eq!(columns[0].get("formula"), None);
    }

    #[test]
    fn a_column_of_a_form_says_whose_it_is_and_what_is_taken() {
        let all = of("epochs.csv", "epoch,pay_rao.fast_p05");
        let meaning = all["epochs.csv"][1]["meaning"].as_str().unwrap();
        assert!(meaning.ends_with("Here: fast. In this column: 5 % quantile over replications."));
    }

    #[test]
    fn metrics_are_explained_by_every_label() {
        let all = of("metrics.csv", "metric,unit");
        let values = all["metrics.csv"][0]["values"].as_array().unwrap();
        assert_eq!(values.len(), labels().len());
        assert!(values.iter().all(|value| value["formula"].as_str().is_some()));
    }

    #[test]
    fn a_sweep_has_keys_metrics_and_verdicts() {
        let headings = "cell,cohort.fast.count,router.v001.cap_alpha,burned_share,R1_gini";
        let all = of("sweep.csv", headings);
        let columns = all["sweep.csv"].as_array().unwrap();
        let text = |place: usize, key: &str| columns[place][key].as_str().unwrap().to_string();
        assert_eq!(columns.len(), 5);
        assert!(text(1, "unit").contains("whole number"), "{}", text(1, "unit"));
        assert!(text(2, "unit").starts_with("a number"), "{}", text(2, "unit"));
        assert!(text(3, "formula").contains("burned / (burned"), "{}", text(3, "formula"));
        assert!(text(4, "meaning").contains("PASS"));
    }

    #[test]
    fn without_a_table_there_is_nothing_to_explain() {
        assert_eq!(legend([]), None);
    }
}
