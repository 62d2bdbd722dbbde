//! Pages of families: every member with its sentence, source, example and what its source file says.

use assay_sim::simulation::FAMILIES;
use assay_sim::simulation::Family;
use assay_sim::simulation::FamilyMember;
use assay_sim::simulation::printed_metrics;
use assay_testing::root;
use std::fs;

/// The folder of a family's members below `sim/src`.
fn folder(family: &str) -> &str {
    match family {
        "arrivals" => "model/arrivals",
        "latency" => "model/latency",
        "behaviour" => "model/operator",
        "router" => "model/router",
        "scoring" => "model/scoring",
        "weighting" => "model/weighting",
        "metrics" => "metrics",
        other => panic!("family {other} has no folder here"),
    }
}

/// The module documentation of a source file below `sim/src`, links between items left as plain code.
fn module_doc(path: &str) -> String {
    let path = root().join("sim/src").join(path);
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    let text =
        lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n");
    let mut parts = text.split("[`");
    let mut plain = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (name, rest) = part.split_once("`]").unwrap_or((part, ""));
        let rest = match rest.strip_prefix('(') {
            Some(target) => target.split_once(')').map_or("", |(_, rest)| rest),
            None => rest,
        };
        plain += &format!("`{name}`{rest}");
    }
    plain.replace("\\[", "[").replace("\\]", "]").replace('<', "&lt;")
}

/// Every family but the metrics.
pub(super) fn families() -> String {
    let mut text =
        "# Families\n\nA family is a set of rules of which a scenario chooses one by its name. \
                    [Adding one of each](../how-to/add.md) tells how a new member comes in.\n"
            .to_string();
    for family in FAMILIES.iter().filter(|family| family.name != "metrics") {
        text += &format!("\n## {}\n\nStands at `{}`.\n", family.name, family.place);
        for member in family.members {
            text += &one(family, member, &[]);
        }
    }
    text
}

/// The metrics, with their symbols and labels.
pub(super) fn metrics() -> String {
    let mut text = format!("# Metrics\n\n{}\n", module_doc("metrics/mod.rs"));
    text += "\n## What `metrics.csv` prints\n\n| label | unit | range | for | asked for by |\n|---|---|---|---|---|\n";
    let printed = printed_metrics();
    for metric in &printed {
        let asked = metric.asked.trim().replace('\n', "; ");
        let range = if metric.range.is_empty() { "none" } else { &metric.range };
        text += &format!(
            "| `{}` | {} | {range} | {} | `{asked}` |\n",
            metric.label,
            metric.unit,
            metric.groups.join(", ")
        );
    }
    text += "\n## Every metric\n";
    let family = FAMILIES.iter().find(|family| family.name == "metrics").unwrap();
    for member in family.members {
        let own = printed.iter().filter(|metric| metric.member == member);
        let labels: Vec<&str> = own.map(|metric| metric.label.as_str()).collect();
        text += &one(family, member, &labels);
    }
    text
}

/// A member: its sentence, what its file says beyond it, labels, source, example.
fn one(family: &Family, member: &FamilyMember, labels: &[&str]) -> String {
    let doc = module_doc(&format!("{}/{}.rs", folder(family.name), member.name));
    let mut text = format!("\n### `{}`\n\n{}\n\n{doc}\n", member.name, member.about);
    if !labels.is_empty() {
        text += &format!("\nIn `metrics.csv` as `{}`.\n", labels.join("`, `"));
    }
    text += &format!(
        "\nSource: {}.\n\n```toml\n{}\n```\n",
        member.source.trim_end_matches('.'),
        member.example.trim()
    );
    text
}
