//! Short paths for `--set`: a section below another may be named alone, and a family's member may be left out.
//!
//! `scoring.require_image=true` means `orchestrator.scoring.v001.require_image=true` where the scenario scores by v001.

use crate::config::OrchestratorSettings;
use crate::config::schema::Schema;
use crate::config::tree::Node;
use crate::config::tree::Value;
use crate::model::rules::Version;
use serde_json::Value as Json;

/// The whole path that `steps` mean in `tree`; steps that mean nothing stay as they are, for the schema to refuse.
pub(super) fn expand(schema: Schema<'_>, tree: &Node, steps: &[&str]) -> Vec<String> {
    let mut whole = Vec::new();
    let (mut here, mut node, mut default) = (Some(schema), Some(tree), None);
    for (place, step) in steps.iter().enumerate() {
        let step = *step;
        if place == 0
            && let Some(section) = section_of(schema, step)
        {
            whole.push(section.to_string());
            default = schema.property_raw(section).and_then(|raw| raw.get("default"));
            here = schema.property(section);
            node = tree.get(section);
        }
        let members = here.and_then(Schema::members);
        let known = |members: &Vec<(&str, &Json)>| members.iter().any(|(name, _)| *name == step);
        if members.is_some_and(|members| !known(&members))
            && let Some(member) = member_of(node, default).or_else(|| own_scoring(tree, &whole))
        {
            here = here.and_then(|schema| schema.property(&member));
            node = node.and_then(|node| node.get(&member));
            default = None;
            whole.push(member);
        }
        whole.push(step.to_string());
        default = default
            .and_then(|json| json.get(step))
            .or_else(|| here.and_then(|s| s.property_raw(step)).and_then(|raw| raw.get("default")));
        node = node.and_then(|node| child(node, step));
        here = match here.and_then(Schema::items) {
            Some(items) => Some(items),
            None => here.and_then(|schema| schema.property(step)),
        };
    }
    whole
}

/// The one section that has a key `step`, when the scenario itself has none.
fn section_of<'s>(schema: Schema<'s>, step: &str) -> Option<&'s str> {
    if schema.property_raw(step).is_some() {
        return None;
    }
    let has = |section: &&str| {
        schema.property(section).is_some_and(|inner| inner.property_raw(step).is_some())
    };
    let mut found = schema.keys().into_iter().filter(has);
    found.next().filter(|_| found.next().is_none())
}

/// The member that a family has: in the file, else by default.
fn member_of(node: Option<&Node>, default: Option<&Json>) -> Option<String> {
    if let Some(Node { value: Value::Table(entries), .. }) = node {
        return entries.first().map(|(name, _)| name.clone());
    }
    default?.as_object()?.keys().next().cloned()
}

/// The rule by which the orchestrator's version scores, where the path stands at it and the file names none.
fn own_scoring(tree: &Node, path: &[String]) -> Option<String> {
    if path != ["orchestrator", "scoring"] {
        return None;
    }
    let written = tree.get("orchestrator").and_then(|node| node.get("version"));
    let version = written.and_then(Node::text).and_then(Version::parse);
    let own = OrchestratorSettings::default();
    let settings = OrchestratorSettings { version: version.unwrap_or(own.version), ..own };
    let rule = serde_json::to_value(settings.resolved().rules.scoring).expect("a rule is JSON");
    rule.as_object()?.keys().next().cloned()
}

/// The node that a step leads to: a key, or an item by its name or number.
fn child<'n>(node: &'n Node, step: &str) -> Option<&'n Node> {
    let Value::Array(items) = &node.value else { return node.get(step) };
    let named = items.iter().find(|item| item.get("name").and_then(Node::text) == Some(step));
    named.or_else(|| step.parse().ok().and_then(|index: usize| items.get(index)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::file::json_schema;
    use crate::config::tree;

    fn expanded(file: &str, path: &str) -> String {
        let json = json_schema();
        let tree = tree::parse(&"a.toml".into(), file).unwrap();
        let steps: Vec<_> = path.split('.').collect();
        expand(Schema::new(&json), &tree, &steps).join(".")
    }

    #[test]
    fn a_section_and_a_member_may_be_left_out() {
        let path = "scoring.require_image";
        assert_eq!(expanded("", path), "orchestrator.scoring.v001.require_image");
        let head = "[orchestrator.scoring.head]\nema_alpha = 0.3\n";
        assert_eq!(expanded(head, path), "orchestrator.scoring.head.require_image");
        assert_eq!(expanded("", "weighting.burn"), "validators.weighting.win_rate.burn");
    }

    #[test]
    fn a_whole_path_stays_as_it_is() {
        for path in [
            "orchestrator.scoring.head.require_image",
            "orchestrator.scoring.head",
            "scoring.head.ema_alpha",
            "run.seed",
            "cohort.a.count",
            "no.such.key",
        ] {
            let file = "[[cohort]]\nname = \"a\"\n";
            let tail = expanded(file, path);
            assert!(tail.ends_with(path), "{path}: {tail}");
        }
        assert_eq!(expanded("", "run.seed"), "run.seed");
    }
}
