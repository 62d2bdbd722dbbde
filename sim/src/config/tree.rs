//! A scenario file as a tree in which every value knows the file and line it came from.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use toml::de::DeTable;
use toml::de::DeValue;

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SourcePlace {
    /// File, or the option that set it.
    pub(crate) file: Arc<str>,
    /// Line in it, from 1; 0 when there are no lines.
    pub(crate) line: usize,
}

impl fmt::Display for SourcePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}", self.file),
            line => write!(f, "{}:{line}", self.file),
        }
    }
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    /// The value that is written there.
    pub(crate) value: Value,
    /// File and line where it is written.
    pub(crate) place: SourcePlace,
}

/// What can be written in a scenario file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A string (and a date, which no key takes).
    Text(String),
    /// A whole number, as TOML writes it.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// A truth value: true or false.
    Boolean(bool),
    /// A list of values, each with its place.
    Array(Vec<Node>),
    /// A table, in the order of the file.
    Table(Vec<(String, Node)>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number:?}"),
            Self::Boolean(truth) => write!(f, "{truth}"),
            Self::Array(items) => write!(f, "a list of {}", items.len()),
            Self::Table(entries) => {
                let keys: Vec<_> = entries.iter().map(|(key, _)| key.as_str()).collect();
                write!(
                    f,
                    "a table with {}",
                    if keys.is_empty() { "no keys".into() } else { keys.join(", ") }
                )
            }
        }
    }
}

impl Node {
    /// The node under `key`, when this is a table that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let Value::Table(entries) = &self.value else { return None };
        entries.iter().find(|(k, _)| k == key).map(|(_, node)| node)
    }

    /// The text, when this is one.
    pub(crate) fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// Takes the entry under `key` out of this table.
    pub(crate) fn take(&mut self, key: &str) -> Option<Self> {
        let Value::Table(entries) = &mut self.value else { return None };
        let index = entries.iter().position(|(k, _)| k == key)?;
        Some(entries.remove(index).1)
    }

    /// Puts `node` under `key` of this table.
    pub(crate) fn put(&mut self, key: &str, node: Self) {
        let Value::Table(entries) = &mut self.value else { return };
        match entries.iter_mut().find(|(k, _)| k == key) {
            Some((_, old)) => *old = node,
            None => entries.push((key.to_string(), node)),
        }
    }

    /// The same tree without its places.
    pub(crate) fn plain(&self) -> toml::Value {
        match &self.value {
            Value::Text(text) => toml::Value::String(text.clone()),
            Value::Integer(number) => toml::Value::Integer(*number),
            Value::Float(number) => toml::Value::Float(*number),
            Value::Boolean(truth) => toml::Value::Boolean(*truth),
            Value::Array(items) => toml::Value::Array(items.iter().map(Self::plain).collect()),
            Value::Table(entries) => toml::Value::Table(
                entries.iter().map(|(key, node)| (key.clone(), node.plain())).collect(),
            ),
        }
    }
}

/// A fault of spelling: where, and what the parser says.
pub(crate) type SpellingFault = (SourcePlace, String);

/// Reads TOML `text` of the file called `file`; all its faults of spelling at once.
///
/// # Errors
/// Every fault of spelling, with its line.
pub(crate) fn parse(file: &Arc<str>, text: &str) -> Result<Node, Vec<SpellingFault>> {
    let lines = LineFinder::new(file, text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        let root = SourcePlace { file: file.clone(), line: 1 };
        let mut faults = Vec::new();
        let value = lines.table(table.get_ref(), &mut faults);
        return if faults.is_empty() { Ok(Node { value, place: root }) } else { Err(faults) };
    }
    let fault = |e: &toml::de::Error| {
        (lines.place(&e.span().unwrap_or_default()), e.message().replace('\n', ", "))
    };
    Err(errors.iter().map(fault).collect())
}

/// Reads one TOML value, as on a command line; what is no TOML value is text.
pub(crate) fn parse_value(option: &Arc<str>, text: &str) -> Node {
    let place = SourcePlace { file: option.clone(), line: 0 };
    let as_text = Node { value: Value::Text(text.to_string()), place: place.clone() };
    let Ok(value) = DeValue::parse(text) else { return as_text };
    let mut faults = Vec::new();
    let mut node = LineFinder::new(option, text).node(value.get_ref(), 0..0, &mut faults);
    if !faults.is_empty() {
        return as_text;
    }
    node.replace_places(&place);
    node
}

impl Node {
    fn replace_places(&mut self, place: &SourcePlace) {
        self.place = place.clone();
        match &mut self.value {
            Value::Array(items) => items.iter_mut().for_each(|n| n.replace_places(place)),
            Value::Table(entries) => entries.iter_mut().for_each(|(_, n)| n.replace_places(place)),
            Value::Text(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => {}
        }
    }
}

/// Finds the line of a byte.
struct LineFinder {
    file: Arc<str>,
    starts: Vec<usize>,
}

impl LineFinder {
    fn new(file: &Arc<str>, text: &str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { file: file.clone(), starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    fn place(&self, span: &Range<usize>) -> SourcePlace {
        let line = self.starts.partition_point(|start| *start <= span.start);
        SourcePlace { file: self.file.clone(), line }
    }

    fn table(&self, table: &DeTable<'_>, faults: &mut Vec<SpellingFault>) -> Value {
        let entry = |(key, node): (&toml::Spanned<toml::de::DeString<'_>>, &toml::Spanned<_>)| {
            (key.get_ref().to_string(), self.node(node.get_ref(), key.span(), faults))
        };
        Value::Table(table.iter().map(entry).collect())
    }

    fn node(
        &self,
        value: &DeValue<'_>,
        span: Range<usize>,
        faults: &mut Vec<SpellingFault>,
    ) -> Node {
        let place = self.place(&span);
        let value = match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Boolean(truth) => Value::Boolean(*truth),
            DeValue::Datetime(date) => Value::Text(date.to_string()),
            DeValue::Integer(digits) => {
                let read = i64::from_str_radix(digits.as_str(), digits.radix());
                Value::Integer(read.unwrap_or_else(|_| {
                    faults
                        .push((place.clone(), format!("{} does not fit 64 bits", digits.as_str())));
                    0
                }))
            }
            DeValue::Float(digits) => Value::Float(digits.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Array(items) => Value::Array(
                items.iter().map(|item| self.node(item.get_ref(), item.span(), faults)).collect(),
            ),
            DeValue::Table(table) => self.table(table, faults),
        };
        Node { value, place }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_lines() {
        let node = parse(&"a.toml".into(), "x = 1\n[t]\n\ny = [2,\n 3]\n").unwrap();
        let y = node.get("t").unwrap().get("y").unwrap();
        assert_eq!(y.place.to_string(), "a.toml:4");
        let Value::Array(items) = &y.value else { panic!() };
        assert_eq!(items[1].place.line, 5);
    }

    #[test]
    fn all_faults_of_spelling_are_found_at_once() {
        let faults = parse(&"a.toml".into(), "x = = 1\ny = 2\nz = \"open\n").unwrap_err();
        let lines: Vec<_> = faults.iter().map(|(place, _)| place.line).collect();
        assert!(lines.contains(&1) && lines.contains(&3), "{faults:?}");
    }

    #[test]
    fn an_option_without_quotes_is_text() {
        assert_eq!(parse_value(&"--set".into(), "poisson").value, Value::Text("poisson".into()));
        assert_eq!(parse_value(&"--set".into(), "0.5").value, Value::Float(0.5));
    }
}
