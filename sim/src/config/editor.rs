//! The JSON Schema for editors and other programs: it also accepts a file that extends another, in which everything that
//! the other one says may be left out.

use crate::config::file::json_schema;
use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

/// What the name of a definition ends with whose keys may all be left out.
const PART: &str = "-part";

/// The schema of a scenario file as it is written: whole, or what differs from the file that it extends.
pub(crate) fn file_schema() -> Json {
    let Json::Object(mut whole) = json_schema() else { unreachable!("a schema is an object") };
    let mut head = Map::new();
    for key in ["$schema", "title"] {
        head.extend(whole.shift_remove(key).map(|value| (key.to_string(), value)));
    }
    let definitions = whole.shift_remove("$defs").unwrap_or_else(|| json!({}));
    let mut both = definitions.as_object().cloned().unwrap_or_default();
    for (name, definition) in definitions.as_object().into_iter().flatten() {
        both.insert(format!("{name}{PART}"), part_of(definition));
    }
    let mut part = part_of(&Json::Object(whole.clone()));
    part["properties"]["extends"] = json!({
        "type": "string",
        "description": "A scenario file, by its path from this one, of which this file says what differs: tables are laid on \
                        its tables, items of lists on those of the same name."
    });
    let Json::Object(part) = part else { unreachable!("a part of an object is one") };
    head.extend(part);
    head.insert("if".to_string(), json!({ "required": ["extends"] }));
    head.insert("then".to_string(), json!(true));
    head.insert("else".to_string(), Json::Object(whole));
    head.insert("$defs".to_string(), Json::Object(both));
    Json::Object(head)
}

/// The same schema with no key needed, but for the tags that tell a family's members apart.
fn part_of(schema: &Json) -> Json {
    match schema {
        Json::Object(keys) => {
            let is_tag =
                keys.get("properties").and_then(Json::as_object).is_some_and(|properties| {
                    properties.len() == 1
                        && properties.values().all(|inner| inner.get("$ref").is_some())
                });
            let one = |(key, value): (&String, &Json)| match (key.as_str(), value) {
                ("required", Json::Array(_)) if !is_tag => None,
                ("$ref", Json::String(target)) => {
                    Some((key.clone(), json!(format!("{target}{PART}"))))
                }
                _ => Some((key.clone(), part_of(value))),
            };
            Json::Object(keys.iter().filter_map(one).collect())
        }
        Json::Array(items) => Json::Array(items.iter().map(part_of).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_extends_needs_nothing_and_what_does_not_needs_all() {
        let schema = file_schema();
        assert!(schema["properties"]["extends"].is_object());
        assert!(schema["else"]["properties"].get("extends").is_none());
        let (whole, part) = (&schema["$defs"]["Cohort"], &schema["$defs"]["Cohort-part"]);
        assert!(whole["required"].is_array() && part.get("required").is_none());
        assert_eq!(
            whole["properties"].as_object().unwrap().len(),
            part["properties"].as_object().unwrap().len()
        );
        let text = part.to_string();
        assert!(text.contains("-part\""), "parts are made of parts: {text}");
    }
}
