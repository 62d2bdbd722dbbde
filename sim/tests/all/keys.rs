//! Every key of a scenario that a text names is a key of the schema.

use crate::common::assay;
use assay_testing::root;
use assay_testing::sources;
use serde_json::Value;

/// Endings that make of `replay.csv` or `router.toml` a file.
const FILES: [&str; 5] = ["csv", "json", "md", "py", "toml"];

/// The schema that a reference or an optional value stands for.
fn resolved<'s>(document: &'s Value, mut schema: &'s Value) -> &'s Value {
    loop {
        let optional = schema["anyOf"].as_array().and_then(|each| each.first());
        let target = schema["$ref"].as_str().map(|target| target.trim_start_matches('#'));
        schema = match target.and_then(|target| document.pointer(target)).or(optional) {
            Some(inner) => inner,
            None => return schema,
        };
    }
}

/// Whether a path of keys leads somewhere; an item of a list may stand in it by its name or place.
fn leads(document: &Value, path: &str) -> bool {
    let mut here = document;
    let mut is_item = false;
    for key in path.split('.') {
        here = resolved(document, here);
        if let Some(items) = here.get("items") {
            (here, is_item) = (resolved(document, items), true);
        }
        let members = here["oneOf"].as_array().into_iter().flatten();
        let own = members.chain([here]).find_map(|schema| schema["properties"].get(key));
        let any = here.get("additionalProperties").filter(|schema| schema.is_object());
        here = match own.or(any) {
            Some(schema) => schema,
            None if std::mem::take(&mut is_item) => here,
            None => return false,
        };
    }
    true
}

/// What a line says between quotes, or as text of its own: a comment, a page.
fn told(line: &str, is_code: bool) -> String {
    let code = line.trim_start();
    if !is_code || code.starts_with("//") {
        return line.to_string();
    }
    line.split('"').skip(1).step_by(2).collect::<Vec<_>>().join(" ")
}

/// The dotted paths in a text that begin with one of these keys.
fn paths<'t>(text: &'t str, first: &[&str]) -> Vec<&'t str> {
    let is_path = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
    let words = text.split(|c: char| !is_path(c)).map(|word| word.trim_matches('.'));
    let begins = |word: &&str| word.split_once('.').is_some_and(|(key, _)| first.contains(&key));
    let is_file = |word: &&str| FILES.iter().any(|ending| word.ends_with(&format!(".{ending}")));
    words.filter(begins).filter(|word| !is_file(word)).collect()
}

#[test]
fn every_key_named_in_the_program_and_in_the_readme_exists() {
    let schema: Value = serde_json::from_str(&assay(&["schema"]).out).unwrap();
    let first: Vec<&str> =
        schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    let mut texts = sources("sim/src");
    texts.extend(sources("harness/src"));
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    texts.push(("README.md".into(), readme));
    let (mut named, mut unknown) = (0, Vec::new());
    for (file, text) in texts.iter().filter(|(file, _)| !file.ends_with("tests.rs")) {
        let is_code = file.extension().is_some_and(|ending| ending == "rs");
        for (number, line) in text.lines().enumerate() {
            if line.contains("mod tests {") {
                break;
            }
            for path in paths(&told(line, is_code), &first) {
                named += 1;
                if !leads(&schema, path) {
                    unknown.push(format!("{}:{}: {path}", file.display(), number + 1));
                }
            }
        }
    }
    assert!(named > 10, "only {named} keys found: the reader of paths is blind");
    assert!(unknown.is_empty(), "no such key:\n{}", unknown.join("\n"));
}

#[test]
fn a_key_that_does_not_exist_is_seen() {
    let schema: Value = serde_json::from_str(&assay(&["schema"]).out).unwrap();
    assert!(!leads(&schema, "chain.no_such_table"));
    assert!(!leads(&schema, "cohort.slow.no_such_key") && !leads(&schema, "cohort.a.b.speed"));
    assert!(leads(&schema, "cohort.slow.speed.factor") && leads(&schema, "cohort.speed"));
    assert!(leads(&schema, "orchestrator.audit") && leads(&schema, "router.v001.cap_alpha"));
    assert_eq!(paths("set run.seed. See replay.csv, run", &["run", "replay"]), ["run.seed"]);
}
