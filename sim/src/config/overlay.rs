//! One tree laid over another: `extends`, and `--set path.to.key=value`.
//!
//! Tables merge key by key; a family's member is replaced when the other names another member; lists whose items have
//! names merge by name; everything else is replaced.

use crate::config::problem::Diagnostic;
use crate::config::schema::Schema;
use crate::config::tree;
use crate::config::tree::Node;
use crate::config::tree::SourcePlace;
use crate::config::tree::Value;
use std::sync::Arc;

/// Lays `over` on `base`.
pub(crate) fn lay(schema: Option<Schema<'_>>, base: &mut Node, over: Node) {
    let family = schema.and_then(Schema::members).is_some();
    match (&mut base.value, over.value) {
        (Value::Table(old), Value::Table(new)) => {
            if family && old.first().map(|(name, _)| name) != new.first().map(|(name, _)| name) {
                *old = new;
                base.place = over.place;
                return;
            }
            for (key, node) in new {
                let inner = schema.and_then(|s| s.property(&key));
                match old.iter_mut().find(|(name, _)| *name == key) {
                    Some((_, target)) => lay(inner, target, node),
                    None => old.push((key, node)),
                }
            }
        }
        (Value::Array(old), Value::Array(new)) if named(old) && named(&new) => {
            let items = schema.and_then(Schema::items);
            for node in new {
                let same = |n: &&mut Node| name_of(n) == name_of(&node);
                match old.iter_mut().find(same) {
                    Some(target) => lay(items, target, node),
                    None => old.push(node),
                }
            }
        }
        (old, new) => {
            *old = new;
            base.place = over.place;
        }
    }
}

fn named(items: &[Node]) -> bool {
    !items.is_empty() && items.iter().all(|n| name_of(n).is_some())
}

/// What a list's item goes by: its `name`, or the `id` of a property.
pub(super) fn name_of(item: &Node) -> Option<&str> {
    item.get("name").or_else(|| item.get("id")).and_then(Node::text)
}

/// Lays one `path.to.key=value` on `base`; a step through a list is an item's name or its number from 0.
///
/// # Errors
/// When the text is no assignment, the path leads to no key, or the value cannot be read.
pub(crate) fn set(schema: Schema<'_>, base: &mut Node, assignment: &str) -> Result<(), Diagnostic> {
    let option: Arc<str> = format!("--set {assignment}").into();
    let trouble = |key: &str, text: String| Diagnostic {
        place: SourcePlace { file: option.clone(), line: 0 },
        key: key.to_string(),
        text,
    };
    let Some((path, text)) = assignment.split_once('=') else {
        return Err(trouble("", "is no assignment, allowed: path.to.key=value".to_string()));
    };
    let steps: Vec<&str> = path.trim().split('.').map(str::trim).collect();
    if steps.iter().any(|step| step.is_empty()) {
        return Err(trouble(path, "has an empty step, allowed: path.to.key=value".to_string()));
    }
    let value = tree::parse_value(&option, text.trim());
    if let [OPERATOR, operator, rest @ ..] = steps.as_slice() {
        let cohorts = cohorts_of(base, operator);
        if cohorts.is_empty() {
            return Err(trouble(path.trim(), format!("there is no operator {operator}")));
        }
        for cohort in cohorts {
            let steps = [&["cohort", cohort.as_str()], rest].concat();
            walk(Some(schema), base, &steps, value.clone())
                .map_err(|text| trouble(path.trim(), text))?;
        }
        return Ok(());
    }
    let whole = crate::config::shorthand::expand(schema, base, &steps);
    let steps: Vec<&str> = whole.iter().map(String::as_str).collect();
    walk(Some(schema), base, &steps, value).map_err(|text| trouble(path.trim(), text))
}

/// First step of a path that means all cohorts of an operator.
const OPERATOR: &str = "operator";

/// Names of the cohorts that an operator runs.
fn cohorts_of(tree: &Node, operator: &str) -> Vec<String> {
    let Some(Value::Array(cohorts)) = tree.get("cohort").map(|node| &node.value) else {
        return Vec::new();
    };
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::text).map(str::to_string);
    let of = |cohort: &Node| {
        let name = text(cohort, "name")?;
        let own = text(cohort, "operator").filter(|own| !own.is_empty());
        (own.as_ref().unwrap_or(&name) == operator).then_some(name)
    };
    cohorts.iter().filter_map(of).collect()
}

fn walk(
    schema: Option<Schema<'_>>,
    base: &mut Node,
    steps: &[&str],
    value: Node,
) -> Result<(), String> {
    let Some((step, rest)) = steps.split_first() else {
        lay(schema, base, value);
        return Ok(());
    };
    let place = value.place.clone();
    if let Value::Array(items) = &mut base.value {
        let names: Vec<_> = items.iter().filter_map(name_of).map(str::to_string).collect();
        let by_name = names.iter().position(|name| name == step);
        let index = by_name.or_else(|| step.parse().ok()).filter(|index| *index < items.len());
        let Some(index) = index else {
            return Err(format!("there is no item {step}; there are {}", names.join(", ")));
        };
        return walk(schema.and_then(Schema::items), &mut items[index], rest, value);
    }
    let Value::Table(entries) = &mut base.value else {
        return Err(format!("{step} lies below {}, which has no keys", base.value));
    };
    if schema.and_then(Schema::members).is_some() {
        entries.retain(|(name, _)| name == step);
    }
    let inner = schema.and_then(|s| s.property(step));
    if let Some((_, target)) = entries.iter_mut().find(|(name, _)| name == step) {
        return walk(inner, target, rest, value);
    }
    let mut fresh = Node { value: Value::Table(Vec::new()), place };
    if rest.is_empty() {
        fresh = value;
    } else {
        walk(inner, &mut fresh, rest, value)?;
    }
    entries.push(((*step).to_string(), fresh));
    Ok(())
}
