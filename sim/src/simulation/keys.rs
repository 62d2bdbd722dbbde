//! Every key of a scenario file, read off its schema.

use crate::config;
use crate::config::Schema;
use crate::simulation::catalogue::FAMILIES;
use crate::simulation::catalogue::Family;
use serde_json::Value;

/// A key that may stand in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioKey {
    /// Its name with the tables above it, dotted; a member's key begins with the family's name.
    pub name: String,
    /// Type and range of the value, in words.
    pub allowed: String,
    /// What holds where it is missing, as TOML has it; `required` where it must be there, empty where nothing holds.
    pub default: String,
    /// What it is, with the default's source.
    pub about: String,
}

/// Every key of a scenario: those of its tables, then those of each family's members.
///
/// # Panics
/// Never: a test asks for every family's place in the schema.
#[must_use]
pub fn keys() -> Vec<ScenarioKey> {
    let json = config::json_schema();
    let schema = Schema::new(&json);
    let mut found = Vec::new();
    walk(schema, "", &mut found);
    for family in FAMILIES {
        let of_family = definition(&json, family.definition);
        for member in family.members {
            let place = format!("{}.{}", family.name, member.name);
            let inner = schema.at(of_family).property(member.name);
            walk(inner.expect("a member stands in its family's schema"), &place, &mut found);
        }
    }
    found
}

/// The key that `--set` and a sweep call `name`, where an item of a list stands between its table and its key
/// (`cohort.fast.count`); none where there is no such key.
#[must_use]
pub fn key(name: &str) -> Option<ScenarioKey> {
    let steps: Vec<&str> = name.split('.').collect();
    let without = |left_out: usize| {
        let kept = steps.iter().enumerate().filter(|(place, _)| *place != left_out);
        kept.map(|(_, step)| *step).collect::<Vec<_>>().join(".")
    };
    let all = keys();
    let names = [name.to_string(), without(1)];
    names.iter().find_map(|name| all.iter().find(|key| key.name == *name)).cloned()
}

/// The keys of one type of the schema, under its own name: `Property`.
pub(super) fn keys_of(name: &str) -> Vec<ScenarioKey> {
    let json = config::json_schema();
    let mut found = Vec::new();
    walk(Schema::new(&json).at(definition(&json, name)), "", &mut found);
    found
}

fn definition<'s>(json: &'s Value, name: &str) -> &'s Value {
    let found = json.get("$defs").and_then(|all| all.get(name));
    found.expect("a test asks for every definition")
}

/// Whether these are the members of a family, which are listed by themselves.
fn is_family(members: &[(&str, &Value)]) -> bool {
    let has = |family: &Family| family.members.iter().any(|member| member.name == members[0].0);
    FAMILIES.iter().any(|family| has(family) && family.members.len() == members.len())
}

/// Adds the forms that a value may have, each under a key of its own (`burn.fixed`), and the keys of those that are tables.
fn alternatives(
    schema: Schema<'_>,
    members: &[(&str, &Value)],
    place: &str,
    found: &mut Vec<ScenarioKey>,
) {
    for (member, inner) in members {
        let (name, own) = (format!("{place}.{member}"), schema.at(inner));
        found.push(ScenarioKey {
            name: name.clone(),
            allowed: own.allowed(),
            default: String::new(),
            about: schema.member_about(member).unwrap_or_default().replace('\n', " "),
        });
        walk(own, &name, found);
    }
}

/// Adds the keys of a table, and of the tables in it. A family ends the walk: its members are listed by themselves.
fn walk(schema: Schema<'_>, place: &str, found: &mut Vec<ScenarioKey>) {
    for key in schema.keys() {
        let (Some(raw), Some(own)) = (schema.property_raw(key), schema.property(key)) else {
            continue;
        };
        let name = if place.is_empty() { key.to_string() } else { format!("{place}.{key}") };
        let text = |value: &Value| value.as_str().map(|text| text.replace('\n', " "));
        let default = match raw.get("default") {
            // A table's default stands at its keys.
            Some(Value::Object(_) | Value::Null) => String::new(),
            Some(value) => value.to_string(),
            None if schema.is_required(key) => "required".to_string(),
            None => String::new(),
        };
        found.push(ScenarioKey {
            name: name.clone(),
            allowed: own.allowed(),
            default,
            about: raw.get("description").and_then(text).unwrap_or_default(),
        });
        match own.members() {
            None => walk(own.items().unwrap_or(own), &name, found),
            Some(members) if is_family(&members) => {}
            Some(members) => alternatives(own, &members, &name, found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_says_what_it_is_and_what_may_stand_there() {
        let all = keys();
        assert!(all.len() > 200, "{}", all.len());
        let silent: Vec<&str> =
            all.iter().filter(|k| k.about.is_empty()).map(|k| k.name.as_str()).collect();
        assert!(silent.is_empty(), "{silent:?}");
        assert!(all.iter().all(|key| !key.allowed.is_empty()));
        let cap = all.iter().find(|key| key.name == "router.head.cap_alpha").unwrap();
        assert_eq!(cap.default, "500.0");
        assert!(cap.allowed.starts_with("a number"), "{}", cap.allowed);
        for name in ["cohort.offer.kind", "weighting.win_rate.burn.fixed", "property.event.at_most"]
        {
            assert!(all.iter().any(|key| key.name == name), "{name}");
        }
        assert_eq!(key("cohort.fast.count").unwrap().name, "cohort.count");
        assert!(keys_of("Property").iter().any(|key| key.name == "over.classes"));
    }
}
