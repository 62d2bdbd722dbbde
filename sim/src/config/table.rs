//! Numbers that a scenario keeps in a file beside it, CSV or JSON lines: `csv = "times.csv"`, `column = "total_ms"`.
//!
//! The column's numbers are put in the table's list (`values_ms` or `times_ms`), so that families see plain vectors and
//! never open a file.

use crate::base::cell;
use crate::base::instant;
use crate::base::instant::Unit;
use crate::base::reading;
use crate::config::problem::Diagnostic;
use crate::config::tree::Node;
use crate::config::tree::SourcePlace;
use crate::config::tree::Value;
use serde_json::Value as Json;
use std::io::BufRead;
use std::path::Path;
use std::path::PathBuf;

/// The key of times that follow each other.
const TIMES: &str = "times_ms";
/// Most numbers of a column that are read; with 8 bytes each they take 80 MB.
const NUMBERS_MAX: usize = 10_000_000;

/// Members whose numbers may come from a column, and the key that takes them.
const TAKERS: &[(&str, &str)] = &[("empirical", "values_ms"), ("trace", TIMES)];

/// Fills every table of `tree` that names a column.
pub(crate) fn fill(
    tree: &mut Node,
    scenario: &Path,
    troubles: &mut Vec<Diagnostic>,
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

/// The first table of `tree` that names a file whose numbers have not been read.
pub(crate) fn unread(tree: &Node) -> Option<&Node> {
    match &tree.value {
        Value::Array(items) => items.iter().find_map(unread),
        Value::Table(entries) => entries.iter().find_map(|(name, node)| {
            let taker = TAKERS.iter().find(|(member, _)| member == name);
            let is_unread = |key| node.get("csv").is_some() && node.get(key).is_none();
            if taker.is_some_and(|(_, key)| is_unread(key)) { Some(node) } else { unread(node) }
        }),
        Value::Text(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => None,
    }
}

fn fill_one(
    node: &mut Node,
    key: &str,
    scenario: &Path,
    files: &mut Vec<PathBuf>,
) -> Result<(), Diagnostic> {
    let place = node.get("csv").map_or_else(|| node.place.clone(), |n| n.place.clone());
    let trouble =
        |key: &str, text: String| Diagnostic { place: place.clone(), key: key.to_string(), text };
    let file = node.get("csv").and_then(Node::text);
    let file = file.ok_or_else(|| trouble("csv", "allowed: a path from this file".into()))?;
    let column = node.get("column").and_then(Node::text);
    let column = column.ok_or_else(|| trouble("column", "missing: the column's name".into()))?;
    if node.get(key).is_some() {
        return Err(trouble(key, "stands beside csv: keep one of the two".into()));
    }
    let path = beside(&place, scenario).join(file);
    files.push(path.clone());
    let unit = match node.get("unit").and_then(Node::text) {
        None => None,
        // The schema tells what is wrong with a word that is no unit.
        Some(word) => match serde_json::from_value(word.into()) {
            Ok(unit) => Some(unit),
            Err(_) => return Ok(()),
        },
    };
    let numbers = read_column(&path, column, unit, key).map_err(|text| trouble("csv", text))?;
    let item = |number| Node { value: Value::Float(number), place: place.clone() };
    let list =
        Node { value: Value::Array(numbers.into_iter().map(item).collect()), place: place.clone() };
    node.put(key, list);
    Ok(())
}

/// The folder of the file in which a value was written; of the scenario when it came from an option.
fn beside(place: &SourcePlace, scenario: &Path) -> PathBuf {
    let file = if place.line == 0 { scenario } else { Path::new(place.file.as_ref()) };
    file.parent().unwrap_or_else(|| Path::new("")).to_path_buf()
}

/// The numbers of a column, in milliseconds; instants since 1970 count from the first.
fn read_column(
    path: &Path,
    column: &str,
    unit: Option<Unit>,
    key: &str,
) -> Result<Vec<f64>, String> {
    let place = path.display();
    let input = reading::stream(path).map_err(|error| format!("{place}: {error}"))?;
    let mut numbers = Vec::new();
    let mut take = |line: u64, text: &str| {
        let text = cell::filled(text);
        if text.is_empty() {
            return Ok(());
        }
        if numbers.len() == NUMBERS_MAX {
            return Err(format!("{place}:{line}: there are more than {NUMBERS_MAX} numbers"));
        }
        let wrong =
            |allowed: &str| format!("{place}:{line}: {column} is {text:?}, allowed: {allowed}");
        let number = if let Some(unit) = unit {
            instant::real_ms(text, unit).map_err(|allowed| wrong(&allowed))?
        } else {
            let dates = "a number, or a date with unit = \"iso\"";
            let number = text.parse().map_err(|_| wrong(dates))?;
            if key == TIMES && numbers.is_empty() && instant::is_unclear(number) {
                return Err(wrong("a number in the unit that `unit` says: ms, s, us or ns"));
            }
            number
        };
        numbers.push(number);
        Ok(())
    };
    each_cell(input, (path, column), &mut take)?;
    if key == TIMES
        && let Some(first) = numbers.first().copied().filter(|first| instant::is_since_1970(*first))
    {
        for number in &mut numbers {
            *number -= first;
        }
    }
    Ok(numbers)
}

/// Hands on the cells of a column, with their lines: of CSV with a header, or of a JSON object a line.
fn each_cell(
    mut input: Box<dyn BufRead>,
    (path, column): (&Path, &str),
    take: &mut dyn FnMut(u64, &str) -> Result<(), String>,
) -> Result<(), String> {
    let place = path.display();
    let first = input.fill_buf().map_err(|e| format!("cannot read {place}: {e}"))?;
    if first.trim_ascii_start().first() == Some(&b'{') {
        for (line, text) in (1..).zip(input.lines()) {
            let text = text.map_err(|e| format!("cannot read {place}: {e}"))?;
            if text.trim().is_empty() {
                continue;
            }
            let object: serde_json::Map<String, Json> = serde_json::from_str(&text)
                .map_err(|_| format!("{place}:{line}: is no JSON object"))?;
            let known = || object.keys().cloned().collect::<Vec<_>>().join(", ");
            let found = object.get(column).ok_or_else(|| {
                format!("{place}:{line}: has no key {column}; it has {}", known())
            })?;
            match found {
                Json::Null => {}
                Json::String(text) => take(line, text)?,
                other => take(line, &other.to_string())?,
            }
        }
        return Ok(());
    }
    let say = |e: csv::Error| format!("cannot read {place}: {e}");
    let mut reader = csv::Reader::from_reader(input);
    let headers = reader.headers().map_err(say)?.clone();
    let index = headers.iter().position(|name| name == column).ok_or_else(|| {
        let known: Vec<_> = headers.iter().collect();
        format!("{place} has no column {column}; it has {}", known.join(", "))
    })?;
    for record in reader.records() {
        let record = record.map_err(say)?;
        let line = record.position().map_or(0, csv::Position::line);
        take(line, record.get(index).unwrap_or_default())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write;

    fn read(name: &str, text: &[u8], unit: Option<Unit>) -> Result<Vec<f64>, String> {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join(name);
        fs::write(&file, text).unwrap();
        read_column(&file, "t", unit, TIMES)
    }

    #[test]
    fn times_come_in_units_dates_json_lines_and_packed() {
        let plain = b"t\n0.5\n\n2\n";
        assert_eq!(read("a.csv", plain, None), Ok(vec![0.5, 2.0]));
        assert_eq!(read("a.csv", plain, Some(Unit::S)), Ok(vec![500.0, 2000.0]));
        let dates = b"t\n2025-10-27T05:35:01.5Z\n2025-10-27 07:35:03+02:00\n";
        assert_eq!(read("a.csv", dates, Some(Unit::Iso)), Ok(vec![0.0, 1500.0]));
        let lines = b"{\"t\": 1761543301, \"x\": 1}\n{\"t\": null}\n{\"t\": \"1761543302.25\"}\n";
        assert_eq!(read("a.jsonl", lines, Some(Unit::S)), Ok(vec![0.0, 1250.0]));
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(plain).unwrap();
        assert_eq!(read("a.csv.gz", &packer.finish().unwrap(), None), Ok(vec![0.5, 2.0]));
    }

    #[test]
    fn what_is_no_time_is_told_with_its_line() {
        for (text, unit, told) in [
            ("t\n2025-10-27T05:35:01Z\n", None, ":2: t is \"2025-10-27T05:35:01Z\""),
            ("t\n1\nx\n", None, ":3: t is \"x\""),
            ("t\n1761543301\n", None, "the unit that `unit` says"),
            ("t\n2025-02-30T05:35:01Z\n", Some(Unit::Iso), "a day that there is"),
            ("u\n1\n", None, "no column t"),
            ("{\"u\": 1}\n", None, "no key t"),
            ("{\"t\"\n", None, ":1: is no JSON object"),
        ] {
            let error = read("a.csv", text.as_bytes(), unit).unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
    }
}
