//! Pages that are tables: keys, columns, and the lists of `assay list`.

use assay_sim::simulation::columns as all_columns;
use assay_sim::simulation::keys as all_keys;
use assay_sim::simulation::topics;
use std::collections::BTreeMap;

/// Text as a cell of a table.
pub(super) fn cell(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|").replace('<', "&lt;")
}

/// A name as code in a cell; nothing for nothing.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{}`", text.replace('|', "\\|")) }
}

/// Keys of scenario files, a table for each table of TOML and each family's member.
pub(super) fn keys() -> String {
    let mut text = "# Keys of a scenario\n\nA key that is missing has its default. `--set KEY=VALUE` changes one on the \
                    command line; a list's items are named there (`cohort.fast.count`). Where a key takes a family, its \
                    member stands below it: `[router.head]`.\n"
        .to_string();
    let all = all_keys();
    let mut tables: Vec<(&str, Vec<usize>)> = Vec::new();
    let mut places = BTreeMap::new();
    for (place, key) in all.iter().enumerate() {
        let table = key.name.rsplit_once('.').map_or("", |(table, _)| table);
        let own = *places.entry(table).or_insert_with(|| {
            tables.push((table, Vec::new()));
            tables.len() - 1
        });
        tables[own].1.push(place);
    }
    for (table, keys) in tables {
        let title =
            if table.is_empty() { "The file itself".to_string() } else { format!("`{table}`") };
        text +=
            &format!("\n## {title}\n\n| key | allowed | default | meaning |\n|---|---|---|---|\n");
        for key in keys.into_iter().map(|place| &all[place]) {
            let own = key.name.rsplit('.').next().unwrap();
            text += &format!(
                "| `{own}` | {} | {} | {} |\n",
                cell(&key.allowed),
                code(&key.default),
                cell(&key.about)
            );
        }
    }
    text
}

/// Columns, a table for each file.
pub(super) fn columns() -> String {
    let mut text = "# Columns\n\nEvery column of every table that the commands write; `columns.json` in a results folder says the same of its \
                    own tables. An empty cell has no value. Words in capitals stand for a name. A column without a formula is \
                    counted, measured or copied.\n"
        .to_string();
    let mut table = "";
    for column in all_columns() {
        if column.table != table {
            table = column.table;
            text += &format!(
                "\n## `{table}`\n\n| column | unit | meaning | formula |\n|---|---|---|---|\n"
            );
        }
        text += &format!(
            "| `{}` | {} | {} | {} |\n",
            column.name,
            column.unit,
            cell(column.about),
            cell(column.formula)
        );
    }
    text
}

/// A list of `assay list`.
pub(super) fn topic(name: &str, title: &str) -> String {
    let topics = topics();
    let topic = topics.iter().find(|topic| topic.name == name).unwrap();
    let has_unit = topic.entries.iter().any(|entry| !entry.unit.is_empty());
    let mut text = format!("# {title}\n\nThey stand in: {}.\n\n", topic.place);
    text += if has_unit {
        "| name | unit | meaning |\n|---|---|---|\n"
    } else {
        "| name | meaning |\n|---|---|\n"
    };
    for entry in &topic.entries {
        let unit = if has_unit { format!(" {} |", cell(&entry.unit)) } else { String::new() };
        text += &format!("| `{}` |{unit} {} |\n", entry.name, cell(&entry.about));
    }
    text
}
