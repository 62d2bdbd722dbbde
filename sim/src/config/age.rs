//! Keys that came or went after version 0.1.0: old files go on meaning what they meant.
//!
//! A key that came later says so beside its type, `#[schemars(extend("x-since" = "0.2.0"))]`; said of a table's type it
//! holds for all its keys. Such a key is left out of every text and hash while it has its default, so that no results and
//! no recording become foreign by it. Its default may not change: a text without the key means that value.
//!
//! A key that went stands in [`REMOVED`]. Results that have it are read, and told of; the hash in recordings has it where it
//! stood, with the default it had; a scenario file that has it is refused.

use crate::config::file::ScenarioFile;
use crate::config::file::json_schema;
use crate::config::problem::Diagnostic;
use crate::config::schema::Schema;
use crate::config::tree::Node;
use crate::config::tree::Value;
use serde::Serialize;
use serde_json::Value as Json;
use toml::Table;

/// What the schema of a later key or table says beside its type: the version it came with.
const SINCE: &str = "x-since";
/// Step of a path that means every item of a list.
const EACH: &str = "*";

/// A key that scenarios had once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Removed {
    /// Path to it from the whole scenario; a step `*` is every item of a list.
    path: &'static str,
    /// How its default was written; none where it was not.
    written: Option<WrittenDefault>,
    /// First version without it.
    since: &'static str,
    /// The key or rule that holds in its place.
    instead: &'static str,
}

/// How the default of a key was written.
#[derive(Clone, Copy, Debug)]
struct WrittenDefault {
    /// Key of the same table that stood before it; empty: none did.
    after: &'static str,
    /// The default, as TOML.
    value: &'static str,
}

/// Every key that went.
const REMOVED: &[Removed] = &[];

/// The keys of today, and those that are no more.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownKeys<'k> {
    /// The schema of today's.
    pub(super) schema: Schema<'k>,
    removed: &'k [Removed],
}

impl<'k> KnownKeys<'k> {
    /// Those of a scenario file written today, which may have none that went.
    pub(super) fn of_files(schema: Schema<'k>) -> Self {
        Self { schema, removed: &[] }
    }

    /// Those of results and recordings of any age.
    pub(super) fn of_all_ages(schema: Schema<'k>) -> Self {
        Self { schema, removed: REMOVED }
    }

    /// `value` as manifests keep it: later keys stand there only with another value than their default.
    fn written(self, value: &impl Serialize) -> Table {
        let table = Table::try_from(value);
        let mut table = table.expect("a scenario read from TOML can be written as TOML");
        leave_out(self.schema, &mut table, false);
        table
    }

    /// `value` as the hash in recordings has it: the same, with the keys that went where they stood.
    fn hashed(self, value: &impl Serialize) -> Table {
        let mut table = self.written(value);
        for removed in self.removed {
            if let Some(written) = removed.written {
                put_back(&mut table, &steps(removed), written);
            }
        }
        table
    }

    /// The keys that went, with what holds in their place, as a list in words; empty when there are none.
    fn gone(self) -> String {
        let one = |removed: &Removed| {
            format!("{} (since version {}: {})", removed.path, removed.since, removed.instead)
        };
        self.removed.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    /// Takes the keys that went out of `tree`, and says where they stood.
    pub(super) fn take_removed(self, tree: &mut Node) -> Vec<Diagnostic> {
        let mut told = Vec::new();
        for removed in self.removed {
            take(tree, &steps(removed), "", &mut |key, old| {
                let Removed { since, instead, .. } = removed;
                let text = format!("is {}, not heeded since version {since}: {instead}", old.value);
                told.push(Diagnostic { place: old.place, key, text });
            });
        }
        told
    }
}

/// The scenario as manifests keep it, as TOML.
pub(crate) fn text(scenario: &ScenarioFile) -> String {
    let json = json_schema();
    as_text(&KnownKeys::of_all_ages(Schema::new(&json)).written(scenario))
}

/// The scenario as the hash in recordings has it, as TOML.
pub(super) fn hashed_text(scenario: &ScenarioFile) -> String {
    let json = json_schema();
    as_text(&KnownKeys::of_all_ages(Schema::new(&json)).hashed(scenario))
}

/// The keys that went, in words; empty when there are none.
pub(crate) fn gone() -> String {
    let json = json_schema();
    KnownKeys::of_all_ages(Schema::new(&json)).gone()
}

/// Whether `tree`, from which the keys that went have been taken, says what manifests keep of `scenario`.
pub(crate) fn is_text_of(tree: &Node, scenario: &ScenarioFile) -> bool {
    let json = json_schema();
    let written = KnownKeys::of_all_ages(Schema::new(&json)).written(scenario);
    tree.plain() == toml::Value::Table(written)
}

fn as_text(table: &Table) -> String {
    toml::to_string(table).expect("a table of TOML can be written as TOML")
}

fn steps(removed: &Removed) -> Vec<&'static str> {
    removed.path.split('.').collect()
}

/// Whether a key, or the type of what stands there, says that it came later.
fn came_later(schema: Schema<'_>, key: &str) -> bool {
    let says = schema.property_raw(key).is_some_and(|raw| raw.get(SINCE).is_some());
    says || schema.property(key).is_some_and(|inner| inner.says(SINCE))
}

/// Takes the later keys that have their default out of a table; `is_later` says that the whole table came later.
fn leave_out(schema: Schema<'_>, table: &mut Table, is_later: bool) {
    table.retain(|key, value| {
        let is_later = is_later || came_later(schema, key);
        let default = schema.property_raw(key).and_then(|raw| raw.get("default"));
        if is_later && default.is_some_and(|default| is_default(value, default)) {
            return false;
        }
        if let Some(inner) = schema.property(key) {
            leave_out_below(inner, value, is_later);
        }
        true
    });
}

fn leave_out_below(schema: Schema<'_>, value: &mut toml::Value, is_later: bool) {
    match value {
        toml::Value::Table(table) => leave_out(schema, table, is_later),
        toml::Value::Array(items) => {
            let Some(inner) = schema.items() else { return };
            for item in items {
                leave_out_below(inner, item, is_later);
            }
        }
        _ => {}
    }
}

/// Whether a value is the one that the schema gives; what is absent is `null` there.
fn is_default(value: &toml::Value, default: &Json) -> bool {
    serde_json::to_value(value).is_ok_and(|value| value == without_nulls(default))
}

fn without_nulls(json: &Json) -> Json {
    match json {
        Json::Object(entries) => {
            let kept = entries.iter().filter(|(_, value)| !value.is_null());
            kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect()
        }
        Json::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// Puts a key back into every table that `steps` lead to.
fn put_back(table: &mut Table, steps: &[&str], written: WrittenDefault) {
    match steps {
        [] => {}
        [key] => {
            let line = format!("value = {}", written.value);
            let mut read: Table = line.parse().expect("a default of ours is TOML");
            let value = read.remove("value").expect("it was just written");
            *table = inserted(table, written.after, (key, value));
        }
        [step, EACH, rest @ ..] => {
            let items = table.get_mut(*step).and_then(toml::Value::as_array_mut);
            let tables = items.into_iter().flatten().filter_map(toml::Value::as_table_mut);
            for table in tables {
                put_back(table, rest, written);
            }
        }
        [step, rest @ ..] => {
            if let Some(table) = table.get_mut(*step).and_then(toml::Value::as_table_mut) {
                put_back(table, rest, written);
            }
        }
    }
}

/// The table with a new key behind the key `after`.
fn inserted(table: &Table, after: &str, (key, value): (&str, toml::Value)) -> Table {
    let place = table.keys().position(|own| own == after).map_or(0, |place| place + 1);
    let mut entries: Vec<_> = table.clone().into_iter().collect();
    entries.insert(place, (key.to_string(), value));
    entries.into_iter().collect()
}

/// Takes every node that `steps` lead to out of `node`, which stands at `path`, and hands each with its key to `told`.
fn take(node: &mut Node, steps: &[&str], path: &str, told: &mut dyn FnMut(String, Node)) {
    let join =
        |step: &str| if path.is_empty() { step.to_string() } else { format!("{path}.{step}") };
    match (steps, &mut node.value) {
        ([EACH, rest @ ..], Value::Array(items)) => {
            for (place, item) in items.iter_mut().enumerate() {
                let name = item.get("name").and_then(Node::text).map(str::to_string);
                let name = name.unwrap_or_else(|| place.to_string());
                take(item, rest, &join(&name), told);
            }
        }
        ([key], Value::Table(_)) => {
            if let Some(old) = node.take(key) {
                told(join(key), old);
            }
        }
        ([step, rest @ ..], Value::Table(entries)) => {
            if let Some((_, inner)) = entries.iter_mut().find(|(name, _)| name == step) {
                take(inner, rest, &join(step), told);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
