//! A scenario in words: every key with its value and what it means, from the one description that the schema keeps.

use crate::config::Node;
use crate::config::Schema;
use crate::config::Value;
use serde_json::Value as Json;

/// A line about a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioLine {
    /// Tables it stands in.
    pub depth: usize,
    /// Key and value, as TOML writes them.
    pub text: String,
    /// What the key means, and its unit.
    pub about: String,
    /// Where its default comes from; empty where nobody says. Of a value that is another than the default it says nothing.
    pub source: String,
    /// Whether it was written, rather than left to its default.
    pub is_written: bool,
    /// Whether its value is another than the default, where there is one.
    pub is_changed: bool,
}

/// A key and what the schema says of it.
struct ToldKey<'s> {
    key: &'s str,
    default: Option<&'s Json>,
    about: String,
}

/// The lines so far.
struct Words {
    lines: Vec<ScenarioLine>,
    items_max: usize,
}

/// What stands between a key's meaning and where its default comes from.
const SOURCE: &str = "Source:";
/// Values of a list of plain values that are shown.
const VALUES_SHOWN: usize = 8;

/// A line a key of a scenario, defaults too; of a list of tables at most `items_max` are told.
pub(crate) fn words(schema: Schema<'_>, tree: &Node, items_max: usize) -> Vec<ScenarioLine> {
    let mut words = Words { lines: Vec::new(), items_max };
    words.table(schema, Some(tree), 0);
    words.lines
}

impl Words {
    fn push(&mut self, depth: usize, text: String, told: &ToldKey<'_>, node: Option<&Node>) {
        let default = told.default.filter(|default| !default.is_null());
        let is_changed = match (node, default) {
            (Some(node), Some(default)) => !is_same(&node.value, default),
            (Some(_), None) => true,
            (None, _) => false,
        };
        let (about, source) = told.about.split_once(SOURCE).unwrap_or((&told.about, ""));
        self.lines.push(ScenarioLine {
            depth,
            text,
            about: about.trim_end().to_string(),
            source: source.trim().to_string(),
            is_written: node.is_some(),
            is_changed,
        });
    }

    fn table(&mut self, schema: Schema<'_>, node: Option<&Node>, depth: usize) {
        for key in schema.keys() {
            let Some(raw) = schema.property_raw(key) else { continue };
            let Some(inner) = schema.property(key) else { continue };
            let about = raw.get("description").and_then(Json::as_str).unwrap_or_default();
            let told =
                ToldKey { key, default: raw.get("default"), about: about.replace('\n', " ") };
            self.entry(inner, &told, node.and_then(|n| n.get(key)), depth);
        }
    }

    fn entry(&mut self, schema: Schema<'_>, told: &ToldKey<'_>, node: Option<&Node>, depth: usize) {
        let key = told.key;
        match node.map(|n| &n.value) {
            Some(Value::Array(items))
                if items.iter().all(|n| matches!(n.value, Value::Table(_))) =>
            {
                for item in items.iter().take(self.items_max) {
                    let name = item.get("name").and_then(Node::text).unwrap_or_default();
                    self.push(depth, format!("[[{key}]] {name}"), told, node);
                    if let Some(items) = schema.items() {
                        self.table(items, Some(item), depth + 1);
                    }
                }
                let more = items.len().saturating_sub(self.items_max);
                if more > 0 {
                    self.push(depth, format!("[[{key}]] and {more} more"), told, node);
                }
            }
            Some(Value::Array(items)) => {
                let shown: Vec<_> =
                    items.iter().take(VALUES_SHOWN).map(|n| n.value.to_string()).collect();
                let more = if items.len() > shown.len() { ", ..." } else { "" };
                let text = format!("{key} = [{}{more}]", shown.join(", "));
                self.push(depth, text, told, node);
            }
            Some(Value::Table(entries)) if schema.members().is_some() => {
                for (member, inner) in entries {
                    self.push(depth, format!("{key}: {member}"), told, node);
                    if let Some(member) = schema.property(member) {
                        self.table(member, Some(inner), depth + 1);
                    }
                }
            }
            Some(Value::Table(_)) => {
                self.push(depth, format!("{key}:"), told, node);
                self.table(schema, node, depth + 1);
            }
            Some(value) => self.push(depth, format!("{key} = {value}"), told, node),
            None => self.default(schema, told, depth),
        }
    }

    /// A key that the file leaves to its default.
    fn default(&mut self, schema: Schema<'_>, told: &ToldKey<'_>, depth: usize) {
        let key = told.key;
        match told.default {
            Some(Json::Object(entries)) if !entries.is_empty() => {
                let member = schema.members().and_then(|_| entries.iter().next());
                if let Some((member, inner)) = member {
                    self.push(depth, format!("{key}: {member} = {inner}"), told, None);
                } else {
                    self.push(depth, format!("{key}:"), told, None);
                    self.table(schema, None, depth + 1);
                }
            }
            Some(value) if !value.is_null() => {
                self.push(depth, format!("{key} = {value}"), told, None);
            }
            _ => {}
        }
    }
}

/// Whether a written value is the one that stands in the schema; 1 and 1.0 are the same.
fn is_same(written: &Value, default: &Json) -> bool {
    match (written, default) {
        (Value::Text(text), Json::String(other)) => text == other,
        (Value::Boolean(truth), Json::Bool(other)) => truth == other,
        (Value::Integer(number), other) => {
            other.as_i64() == Some(*number)
                || other.as_f64().is_some_and(|other| format!("{other}") == number.to_string())
        }
        (Value::Float(number), other) => {
            other.as_f64().is_some_and(|other| number.total_cmp(&other).is_eq())
        }
        (Value::Array(items), Json::Array(others)) => {
            let pairs = items.iter().zip(others);
            items.len() == others.len() && pairs.into_iter().all(|(a, b)| is_same(&a.value, b))
        }
        (Value::Table(entries), Json::Object(others)) => {
            let same = |(key, node): &(String, Node)| {
                others.get(key).is_some_and(|other| is_same(&node.value, other))
            };
            entries.len() == others.len() && entries.iter().all(same)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use std::sync::Arc;

    fn told(text: &str, items_max: usize) -> Vec<ScenarioLine> {
        let json = config::json_schema();
        let tree = config::parse(&Arc::from("test"), text).unwrap();
        words(Schema::new(&json), &tree, items_max)
    }

    #[test]
    fn what_differs_from_the_default_is_told_apart_from_what_is_only_written() {
        let lines = told("[run]\nseed = 11\nepochs = 7\n", usize::MAX);
        let line = |text: &str| {
            lines.iter().find(|l| l.text == text).unwrap_or_else(|| panic!("{text}: {lines:?}"))
        };
        assert!(line("seed = 11").is_written && !line("seed = 11").is_changed);
        assert!(line("epochs = 7").is_changed);
        assert!(!line("replications = 20").is_written);
        assert!(line("epochs = 7").about.contains("Epochs"));
        assert!(!line("epochs = 7").about.contains("Source"));
        assert!(line("replications = 20").source.contains("ours"));
    }

    #[test]
    fn long_lists_are_cut() {
        let cohort = "[[validator]]\nname = \"v\"\nstake_alpha = 1.0\n";
        let lines = told(&cohort.repeat(5), 2);
        assert!(lines.iter().any(|l| l.text == "[[validator]] and 3 more"));
        assert_eq!(lines.iter().filter(|l| l.text == "[[validator]] v").count(), 2);
    }
}
