//! Everything that committed results name (columns, metrics, statistics, plots, properties, keys of scenarios) is found by
//! `assay list`, and stands in the book's reference.

use crate::common::assay;
use assay_sim::simulation::FAMILIES;
use assay_sim::simulation::Family;
use assay_sim::simulation::columns;
use assay_sim::simulation::keys;
use assay_testing::TextTable;
use assay_testing::files;
use assay_testing::root;
use std::collections::BTreeSet;
use std::fs;
use toml::Table;
use toml::Value;

/// Fewest names that the committed results hold: fewer, and this test has gone blind.
const NAMES_MIN: usize = 150;

/// The name of a file without its ending.
fn stem(path: &std::path::Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_string()
}

/// Headings of every table, and the metrics and statistics that stand in their rows.
fn of_tables(found: &mut BTreeSet<String>) {
    for file in files("results", "csv") {
        let table = TextTable::read(&file);
        found.extend(table.headings().iter().cloned());
        let column = match stem(&file).as_str() {
            "metrics" => "metric",
            "validation" => "statistic",
            _ => continue,
        };
        found.extend(table.rows().map(|row| row.text(column).to_string()));
    }
}

/// Properties by the ids of their verdicts, and plots.
fn of_verdicts_and_plots(found: &mut BTreeSet<String>) {
    for file in files("results", "json").iter().filter(|file| file.ends_with("verdicts.json")) {
        let verdicts: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let ids = verdicts.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap());
        found.extend(ids.map(str::to_string));
    }
    found.extend(files("results", "svg").iter().map(|file| stem(file)));
}

/// The family of which `member` stands at `place`: the one whose place it is, else the one below whose name it stands.
fn family_at(place: &str, member: &str) -> Option<&'static Family> {
    let own = |family: &&Family| family.members.iter().any(|one| one.name == member);
    let stands = |family: &&Family| family.place.split(", ").any(|known| known == place);
    let above = |family: &&Family| place.starts_with(&format!("{}.", family.name));
    let of = || FAMILIES.iter().filter(own);
    of().find(stands).or_else(|| of().find(above)).or_else(|| of().next())
}

/// Adds the keys of a table that stands at `place`; a member of a family is known by the family's name.
fn walk(table: &Table, place: &str, known: &BTreeSet<String>, found: &mut BTreeSet<String>) {
    for (key, value) in table {
        let below = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
        let family = if known.contains(&below) { None } else { family_at(place, key) };
        let below = match family {
            Some(family) => format!("{}.{key}", family.name),
            None => below,
        };
        if family.is_none() {
            found.insert(below.clone());
        }
        let items = match value {
            Value::Array(items) => items.as_slice(),
            other => std::slice::from_ref(other),
        };
        for inner in items.iter().filter_map(Value::as_table) {
            walk(inner, &below, known, found);
        }
    }
}

/// Keys of the scenarios that the manifests hold.
fn of_scenarios(found: &mut BTreeSet<String>) {
    let known: BTreeSet<String> = keys().into_iter().map(|key| key.name).collect();
    for file in files("results", "json").iter().filter(|file| file.ends_with("manifest.json")) {
        let manifest: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        // A validation keeps the scenario's hash alone.
        if let Some(text) = manifest["scenario_text"].as_str() {
            walk(&text.parse().unwrap(), "", &known, found);
        }
    }
}

/// What a name is looked for in the book as: itself, or the form of which it is made.
fn in_the_book(name: &str, book: &str) -> bool {
    let own = |name: &str| book.contains(&format!("`{name}`"));
    let made = columns()
        .into_iter()
        .any(|column| !column.is_free() && column.explains(column.table, name) && own(column.name));
    // Keys stand there below the table they are in, invariants as the key names them.
    let key = name.rsplit_once('.').is_some_and(|(table, key)| own(table) && own(key));
    own(name) || made || key || own(&name.replace('-', "_"))
}

#[test]
fn whatever_committed_results_name_is_listed_and_in_the_book() {
    let mut found = BTreeSet::new();
    of_tables(&mut found);
    of_verdicts_and_plots(&mut found);
    of_scenarios(&mut found);
    assert!(found.len() > NAMES_MIN, "{} names", found.len());
    let book: String = files("sim/docs/reference", "md")
        .iter()
        .map(|page| fs::read_to_string(page).unwrap())
        .collect();
    let unlisted: Vec<_> = found.iter().filter(|name| assay(&["list", name]).code != 0).collect();
    assert!(unlisted.is_empty(), "not in `assay list`, below {}: {unlisted:?}", root().display());
    let untold: Vec<_> = found.iter().filter(|name| !in_the_book(name, &book)).collect();
    assert!(untold.is_empty(), "not in sim/docs/reference: {untold:?}");
}
