//! The rows of a snapshot: CSV with any of the usual separators, or JSON as a list of objects, as lists by name, or as either
//! held in an object that says more of the subnet.

use serde_json::Map;
use serde_json::Value;
use std::collections::BTreeMap;

/// A neuron's cells by name: headings in lower case, letters only.
pub(super) type NeuronRow = BTreeMap<String, NeuronCell>;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum NeuronCell {
    /// Text, as people or programs write it.
    Text(String),
    /// A number of JSON, which can be read in one way only.
    Number(f64, String),
}

impl NeuronCell {
    /// The text of it.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text(text) => text.trim(),
            Self::Number(_, text) => text,
        }
    }
}

/// A snapshot as it is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Snapshot {
    /// Neurons with their places.
    pub(super) rows: Vec<(String, NeuronRow)>,
    /// What it says of the subnet, by name.
    pub(super) subnet: NeuronRow,
    /// What could have been meant otherwise.
    pub(super) guesses: Vec<String>,
}

/// Deepest nesting of objects that is searched for neurons.
const DEPTH_MAX: usize = 4;

impl Snapshot {
    /// Reads a snapshot; `is_known` says whether a heading is one of a neuron's.
    ///
    /// # Errors
    /// Text that names the place, what stands there and what may.
    pub(super) fn read(text: &str, is_known: &dyn Fn(&str) -> bool) -> Result<Self, String> {
        let first = text.trim_start().chars().next();
        let first = first.ok_or("the file is empty, allowed: neurons")?;
        if first == '{' || first == '[' { json(text, is_known) } else { csv(text) }
    }
}

fn csv(text: &str) -> Result<Snapshot, String> {
    let head = text.trim_start().lines().next().unwrap_or_default();
    let count = |sign: char| head.matches(sign).count();
    let signs = [(',', b','), (';', b';'), ('\t', b'\t'), ('|', b'|')];
    let (_, separator) =
        signs.into_iter().rev().max_by_key(|(sign, _)| count(*sign)).expect("there are some");
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|error| error.to_string())?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell =
            |(heading, text): (&str, &str)| (plain(heading), NeuronCell::Text(text.to_string()));
        rows.push((format!("line {line}"), headings.iter().zip(record.iter()).map(cell).collect()));
    }
    Ok(Snapshot { rows, ..Snapshot::default() })
}

fn json(text: &str, is_known: &dyn Fn(&str) -> bool) -> Result<Snapshot, String> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| format!("line {}: {error}", error.line()))?;
    match &value {
        Value::Array(list) => objects(list),
        Value::Object(object) => held(object, is_known, 0).unwrap_or_else(|| {
            Err("has no list of neurons, allowed: a list, or lists by name".into())
        }),
        _ => Err("is no list of neurons".to_string()),
    }
}

/// The neurons that an object holds; none where it holds none.
fn held(
    object: &Map<String, Value>,
    is_known: &dyn Fn(&str) -> bool,
    depth: usize,
) -> Option<Result<Snapshot, String>> {
    // Lists of other things have keys of neurons too, but for these.
    let is_neuron = |value: &Value| {
        let mut keys = value.as_object().into_iter().flat_map(Map::keys).map(|key| plain(key));
        keys.any(|key| key == "uid" || key.contains("stake"))
    };
    let lists = object.values().filter_map(Value::as_array);
    let neurons = lists.filter(|list| list.first().is_some_and(is_neuron)).max_by_key(|l| l.len());
    let found = if let Some(list) = neurons {
        objects(list)
    } else if object.iter().any(|(key, value)| is_known(&plain(key)) && value.is_array()) {
        columns(object, is_known)
    } else if depth < DEPTH_MAX {
        let inner = object.values().filter_map(Value::as_object);
        return inner.into_iter().find_map(|inner| held(inner, is_known, depth + 1));
    } else {
        return None;
    };
    Some(found.map(|snapshot| {
        let plain_values = object.iter().filter(|(_, value)| !value.is_array());
        let subnet = plain_values.filter_map(|(key, value)| Some((plain(key), shown(value)?)));
        Snapshot { subnet: subnet.collect(), ..snapshot }
    }))
}

fn objects(list: &[Value]) -> Result<Snapshot, String> {
    let row = |(place, one): (usize, &Value)| {
        let place = format!("neuron {place}");
        let object = one.as_object().ok_or(format!("{place}: is no object"))?;
        let cells = object.iter().filter_map(|(key, value)| Some((plain(key), shown(value)?)));
        Ok((place, cells.collect()))
    };
    let rows: Result<Vec<_>, String> = list.iter().enumerate().map(row).collect();
    Ok(Snapshot { rows: rows?, ..Snapshot::default() })
}

/// Lists by name; those that are no neuron's may have any length. Without a list of uids a neuron's place is its uid.
fn columns(
    object: &Map<String, Value>,
    is_known: &dyn Fn(&str) -> bool,
) -> Result<Snapshot, String> {
    let lists = object.iter().filter_map(|(key, value)| Some((plain(key), value.as_array()?)));
    let lists: Vec<_> = lists.filter(|(key, _)| is_known(key)).collect();
    let longest = lists.iter().map(|(_, list)| list.len()).max().unwrap_or(0);
    if let Some((key, list)) = lists.iter().find(|(_, list)| list.len() != longest) {
        return Err(format!("{key} has {} entries, others {longest}", list.len()));
    }
    let has_uids = lists.iter().any(|(key, _)| key == "uid" || key == "uids");
    let row = |place: usize| {
        let cells =
            lists.iter().filter_map(|(key, list)| Some((key.clone(), shown(&list[place])?)));
        let mut row: NeuronRow = cells.collect();
        if !has_uids {
            row.insert("uid".to_string(), NeuronCell::Text(place.to_string()));
        }
        (format!("entry {place}"), row)
    };
    let guess = "it lists no uids: a neuron's place in the lists is taken for its uid".to_string();
    let guesses = if has_uids { Vec::new() } else { vec![guess] };
    Ok(Snapshot { rows: (0..longest).map(row).collect(), guesses, ..Snapshot::default() })
}

/// A value as a cell; none of a list. Of an address written in several ways the usual one is taken, of an amount its rao.
fn shown(value: &Value) -> Option<NeuronCell> {
    Some(match value {
        Value::Null => NeuronCell::Text(String::new()),
        Value::String(text) => NeuronCell::Text(text.clone()),
        Value::Bool(truth) => NeuronCell::Text(truth.to_string()),
        Value::Number(number) => NeuronCell::Number(number.as_f64()?, number.to_string()),
        Value::Object(object) => {
            shown(["ss58", "tao", "alpha"].iter().find_map(|key| object.get(*key))?)?
        }
        Value::Array(_) => return None,
    })
}

/// A heading in lower case, letters only.
pub(super) fn plain(heading: &str) -> String {
    heading.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect()
}
