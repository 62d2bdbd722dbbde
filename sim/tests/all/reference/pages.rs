//! Pages of properties, commands and exit codes.

use super::tables::cell;
use super::tables::topic;
use crate::common::assay;
use assay_sim::cli::EXIT_CODES;
use assay_testing::files;
use assay_testing::root;
use std::collections::BTreeMap;
use std::fs;

/// A claim that a shipped scenario makes.
#[derive(Default)]
struct ShippedClaim {
    text: String,
    scenarios: Vec<String>,
}

/// The claims of the shipped scenarios, by their ids.
fn claims() -> BTreeMap<String, ShippedClaim> {
    let mut claims: BTreeMap<String, ShippedClaim> = BTreeMap::new();
    for path in files("scenarios", "toml") {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        let mut own = Vec::new();
        let mut id = String::new();
        for line in fs::read_to_string(&path).unwrap().lines() {
            let text = |key: &str| {
                let value = line.strip_prefix(key)?.trim_start().strip_prefix('=')?.trim();
                Some(value.trim_matches('"').to_string())
            };
            if line == "[[property]]" {
                id = String::new();
            } else if let Some(found) = text("id") {
                own.push(found.clone());
                id = found;
            } else if let (Some(found), false) = (text("claim"), id.is_empty()) {
                let claim = claims.entry(id.clone()).or_default();
                // Where two scenarios word a claim differently the first stands here.
                if claim.text.is_empty() {
                    claim.text = found;
                }
            }
        }
        for id in own {
            claims.entry(id).or_default().scenarios.push(name.clone());
        }
    }
    claims
}

/// The list behind `assay list claims`: a line a property of a shipped scenario.
pub(super) fn claims_listed() -> String {
    let mut text = String::new();
    for (id, claim) in claims() {
        text += &format!("{id} | {}\n", claim.text);
    }
    text
}

/// The keys of a property, and every shipped one.
pub(super) fn properties() -> String {
    let mut text = topic("properties", "Properties");
    text = text.replace("# Properties\n", "# Properties\n\nA property is a claim that `assay check` judges. What a verdict says stands in [Statistics](../explanation/statistics.md).\n");
    text = text.replace("| name | unit |", "| key | allowed |");
    text +=
        "\n## Properties of the shipped scenarios\n\n| id | claim | stands in |\n|---|---|---|\n";
    for (id, claim) in claims() {
        let folded = match claim.scenarios.as_slice() {
            [one] => format!("`{one}`"),
            [one, rest @ ..] => format!("`{one}` and {} more", rest.len()),
            [] => String::new(),
        };
        text += &format!("| `{id}` | {} | {folded} |\n", cell(&claim.text));
    }
    text
}

/// What every command says of itself.
pub(super) fn commands() -> String {
    let help = assay(&["--help"]);
    let verbs = help.out.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1);
    let verbs = verbs.take_while(|line| line.starts_with("  "));
    // A line that goes on stands further in.
    let verbs = verbs.filter(|line| !line.starts_with("   "));
    let verbs: Vec<&str> = verbs.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(verbs.len() > 10, "{verbs:?}");
    let mut text = "# Commands\n\n`assay VERB --help` prints these.\n".to_string();
    for verb in verbs.into_iter().filter(|verb| *verb != "help") {
        let ended = assay(&[verb, "--help"]);
        assert_eq!(ended.code, 0, "{ended:?}");
        text += &format!("\n## assay {verb}\n\n```text\n{}\n```\n", ended.out.trim_end());
    }
    text
}

/// What exit codes mean.
pub(super) fn exit_codes() -> String {
    let mut text = "# Exit codes\n\nWhere several apply, the first in the order 4, 2, 1, 3 is given.\n\n| code | means |\n|---|---|\n".to_string();
    for (code, means) in EXIT_CODES {
        text += &format!("| {code} | {means} |\n");
    }
    text
}
