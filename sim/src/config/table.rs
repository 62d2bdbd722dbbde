//! Numbers that a scenario keeps in a CSV file beside it: `csv = "times.csv"`, `column = "total_ms"`.
//!
//! The column's numbers are put in the table's list (`values_ms` or `times_ms`), so that families see plain vectors and
//! never open a file.

use crate::config::problem::Trouble;
use crate::config::tree::Node;
use crate::config::tree::Place;
use crate::config::tree::Value;
use std::path::Path;
use std::path::PathBuf;

/// Members whose numbers may come from a column, and the key that takes them.
const TAKERS: &[(&str, &str)] = &[("empirical", "values_ms"), ("trace", "times_ms")];

/// Fills every table of `tree` that names a column.
pub(crate) fn fill(
    tree: &mut Node,
    scenario: &Path,
    troubles: &mut Vec<Trouble>,
    files: &mut Vec<PathBuf>,
) {
    match &mut tree.value {
        Value::Array(items) => items.iter_mut().for_each(|n| fill(n, scenario, troubles, files)),
        Value::Table(entries) => {
            for (name, node) in entries {
                let taker = TAKERS.iter().find(|(member, _)| member == name);
                if let Some((_, key)) = taker
                    && node.get("csv").is_some()
                {
                    if let Err(trouble) = fill_one(node, key, scenario, files) {
                        troubles.push(trouble);
                    }
                } else {
                    fill(node, scenario, troubles, files);
                }
            }
        }
        Value::Text(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => {}
    }
}

fn fill_one(
    node: &mut Node,
    key: &str,
    scenario: &Path,
    files: &mut Vec<PathBuf>,
) -> Result<(), Trouble> {
    let place = node.get("csv").map_or_else(|| node.place.clone(), |n| n.place.clone());
    let trouble =
        |key: &str, text: String| Trouble { place: place.clone(), key: key.to_string(), text };
    let file = node.get("csv").and_then(Node::text);
    let file = file.ok_or_else(|| trouble("csv", "allowed: a path from this file".into()))?;
    let column = node.get("column").and_then(Node::text);
    let column = column.ok_or_else(|| trouble("column", "missing: the column's name".into()))?;
    if node.get(key).is_some() {
        return Err(trouble(key, "stands beside csv: keep one of the two".into()));
    }
    let path = beside(&place, scenario).join(file);
    files.push(path.clone());
    let numbers = read_column(&path, column).map_err(|text| trouble("csv", text))?;
    let item = |number| Node { value: Value::Float(number), place: place.clone() };
    let list =
        Node { value: Value::Array(numbers.into_iter().map(item).collect()), place: place.clone() };
    node.put(key, list);
    Ok(())
}

/// The folder of the file in which a value was written; of the scenario when it came from an option.
fn beside(place: &Place, scenario: &Path) -> PathBuf {
    let file = if place.line == 0 { scenario } else { Path::new(place.file.as_ref()) };
    file.parent().unwrap_or_else(|| Path::new("")).to_path_buf()
}

fn read_column(path: &Path, column: &str) -> Result<Vec<f64>, String> {
    let say = |e: csv::Error| format!("cannot read {}: {e}", path.display());
    let mut reader = csv::Reader::from_path(path).map_err(say)?;
    let headers = reader.headers().map_err(say)?.clone();
    let index = headers.iter().position(|name| name == column).ok_or_else(|| {
        let known: Vec<_> = headers.iter().collect();
        format!("{} has no column {column}; it has {}", path.display(), known.join(", "))
    })?;
    let mut numbers = Vec::new();
    for record in reader.records() {
        let record = record.map_err(say)?;
        let line = record.position().map_or(0, csv::Position::line);
        let text = record.get(index).unwrap_or_default();
        if text.is_empty() {
            continue;
        }
        let number: f64 = text.parse().map_err(|_| {
            format!("{}:{line}: {column} is {text:?}, allowed: a number", path.display())
        })?;
        numbers.push(number);
    }
    Ok(numbers)
}
