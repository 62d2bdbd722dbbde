//! Checks on words in the source text: one name a type, sentences for docs, a glossary that has every type's noun.

use assay_testing::sources;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Folders whose types are told apart by name. The chain's own tests are left out: they spell the specification's names a
/// second time, so that two readings of it can be compared.
const SOURCES: &[&str] = &[
    "sim/src",
    "sim/chain/src",
    "sim/testing/src",
    "sim/tests/all",
    "sim/examples",
    "harness/src",
    "harness/tests/all",
];
/// Folders whose docs are read.
const DOCUMENTED: &[&str] = &["sim/src", "sim/chain/src", "sim/testing/src", "harness/src"];
/// Folders of families: a member is one file, and what a scenario says of it is its file's `Spec`.
const FAMILIES: &[&str] = &[
    "model/arrivals",
    "model/latency",
    "model/operator",
    "model/router",
    "model/scoring",
    "model/weighting",
    "metrics",
];
/// The one name that every member of a family has: the registration asks for it.
const MEMBER: &str = "Spec";
/// Fewest words of a doc: a unit or a name in code counts as one.
const WORDS_MIN: usize = 4;
/// Words that declare a type.
const DECLARING: &[&str] = &["struct ", "enum ", "trait ", "type ", "union "];

/// A line without its visibility.
fn bare(line: &str) -> &str {
    let Some(rest) = line.strip_prefix("pub") else { return line };
    match rest.strip_prefix('(') {
        Some(rest) => rest.split_once(") ").map_or(line, |(_, rest)| rest),
        None => rest.trim_start(),
    }
}

/// The type that a line declares at the margin of its file or module; associated types are none of their own.
fn declared(line: &str) -> Option<&str> {
    let code = bare(line.trim_start());
    let word = DECLARING.iter().find(|word| code.starts_with(**word))?;
    if *word == "type " && line.starts_with(' ') {
        return None;
    }
    let name = &code[word.len()..];
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    (end > 0).then(|| &name[..end])
}

/// The lines of a file before its own tests, each with its number.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let end = text.find("\n#[cfg(test)]\nmod tests {").map_or(text.len(), |place| place + 1);
    text[..end].lines().enumerate().map(|(n, line)| (n + 1, line))
}

/// Every place at which each name of a type stands.
fn places() -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for folder in SOURCES {
        for (file, text) in sources(folder) {
            let is_member = FAMILIES.iter().any(|family| file.parent() == Some(Path::new(family)));
            let is_test = folder.ends_with("src") && file.ends_with("tests.rs");
            for (n, line) in lines(&text).filter(|_| !is_test) {
                let Some(name) = declared(line) else { continue };
                if !(is_member && *folder == "sim/src" && name == MEMBER) {
                    let place = format!("{folder}/{}:{n}", file.display());
                    found.entry(name.to_string()).or_default().push(place);
                }
            }
        }
    }
    found
}

#[test]
fn a_name_means_one_type() {
    let all = places();
    assert!(all.len() > 500, "{} names: the reader of this test has gone blind", all.len());
    let twice = all.iter().filter(|(_, places)| places.len() > 1);
    let told: Vec<_> =
        twice.map(|(name, places)| format!("{name}: {}", places.join(", "))).collect();
    assert!(told.is_empty(), "one name, two types:\n{}", told.join("\n"));
}

/// Whether a part of a doc is a word: it has a letter or a digit.
fn is_word(part: &str) -> bool {
    part.contains(char::is_alphanumeric)
}

#[test]
fn a_doc_is_a_sentence() {
    let mut short = Vec::new();
    for folder in DOCUMENTED {
        for (file, text) in sources(folder) {
            let mut doc = String::new();
            let mut begins = 0;
            for (n, line) in lines(&text) {
                let code = line.trim_start();
                if let Some(own) = code.strip_prefix("///") {
                    begins = if doc.is_empty() { n } else { begins };
                    doc += own;
                    doc += " ";
                    continue;
                }
                let words = doc.split_whitespace().filter(|part| is_word(part)).count();
                let place = format!("{folder}/{}:{begins}", file.display());
                if !doc.is_empty() && words < WORDS_MIN && !file.ends_with("tests.rs") {
                    short.push(format!("{place}: {doc}"));
                }
                doc.clear();
            }
        }
    }
    assert!(short.is_empty(), "fewer than {WORDS_MIN} words:\n{}", short.join("\n"));
}

/// What a function that `line` begins gives back; none where it begins none that others may call.
fn given_back(line: &str, below: &[&str]) -> Option<String> {
    let code = line.trim_start();
    let own = bare(code);
    let is_open = own.len() < code.len() && own.trim_start_matches("const ").starts_with("fn ");
    if !is_open {
        return None;
    }
    let end = below.iter().position(|line| line.contains('{') || line.contains(';'))?;
    let whole = below[..=end].join(" ");
    Some(whole.rsplit_once("-> ").map_or(String::new(), |(_, back)| back.to_string()))
}

#[test]
fn a_function_that_can_fail_says_when() {
    let mut silent = Vec::new();
    for folder in DOCUMENTED {
        for (file, text) in
            sources(folder).into_iter().filter(|(file, _)| !file.ends_with("tests.rs"))
        {
            let all: Vec<&str> = lines(&text).map(|(_, line)| line).collect();
            let (mut says, mut is_within) = (false, false);
            for (n, line) in all.iter().enumerate() {
                let code = line.trim_start();
                // An attribute may go on over lines.
                is_within = (is_within || code.starts_with("#[")) && !code.ends_with(']');
                if is_within || code.starts_with("///") || code.ends_with(']') {
                    says |= code.starts_with("/// # Errors");
                    continue;
                }
                let place = format!("{folder}/{}:{}", file.display(), n + 1);
                let back = given_back(line, &all[n..]);
                if back.is_some_and(|back| back.contains("Result<")) && !says {
                    silent.push(place);
                }
                says = false;
            }
        }
    }
    assert!(silent.is_empty(), "no `# Errors` in the doc of:\n{}", silent.join("\n"));
}

/// The words of the glossary in `sim/src/lib.rs`.
fn glossary() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().skip_while(|line| !line.starts_with("//! ## Glossary"));
    let rows = rows.skip_while(|line| !line.starts_with("//! |---")).skip(1);
    let words = rows.filter_map(|line| line.strip_prefix("//! | ")?.split(" |").next());
    words.map(str::to_string).collect()
}

/// The last word of a type's name, in lower case: `ReplayedMiner` is a miner.
fn noun(name: &str) -> String {
    let begins = name.rfind(|c: char| c.is_uppercase()).unwrap_or_default();
    name[begins..].to_lowercase()
}

/// What a noun may stand under: itself, its singular, or the thing of which it is the state (`judged`: judgement).
fn entries(noun: &str) -> Vec<String> {
    let mut words = vec![noun.to_string()];
    let ends = [("ies", "y"), ("s", ""), ("ed", ""), ("ted", ""), ("ed", "e"), ("ed", "ement")];
    let ends = ends.iter().chain(&[("ied", "ication"), ("ated", "ation"), ("ed", "ation")]);
    words.extend(
        ends.filter_map(|(end, other)| Some(format!("{}{other}", noun.strip_suffix(end)?))),
    );
    words
}

/// Every word that DESIGN asks for, in section 2: the field's own terms.
const TERMS: &[&str] = &[
    "accumulator",
    "backend",
    "buffer",
    "command",
    "completion",
    "diagnostic",
    "distribution",
    "event",
    "experiment",
    "generation",
    "job",
    "margin",
    "observer",
    "operator",
    "output",
    "recording",
    "request",
    "scenario",
    "server",
    "span",
    "summary",
    "time",
    "worker",
];

#[test]
fn the_glossary_has_every_public_noun() {
    let known = glossary();
    let mut lost: Vec<String> =
        TERMS.iter().filter(|term| !known.contains(**term)).map(ToString::to_string).collect();
    for (file, text) in sources("sim/src") {
        for (n, line) in lines(&text).filter(|(_, line)| line.starts_with("pub ")) {
            let Some(name) = declared(line) else { continue };
            if !entries(&noun(name)).iter().any(|entry| known.contains(entry)) {
                lost.push(format!("{name} ({}:{n})", file.display()));
            }
        }
    }
    assert!(lost.is_empty(), "not in the glossary of sim/src/lib.rs: {}", lost.join(", "));
}

#[test]
fn the_readers_see_names_and_nouns() {
    assert_eq!(declared("pub(in crate::epoch) struct Case {"), Some("Case"));
    assert_eq!(declared("pub trait Router: Debug + Send {"), Some("Router"));
    assert_eq!(declared("    type Output = Self;"), None);
    assert_eq!(declared("    struct Inner;"), Some("Inner"));
    let back = |line: &str| given_back(line, &[line]);
    assert!(
        back("    pub(super) fn read() -> Result<Self, Error> {").unwrap().starts_with("Result")
    );
    assert_eq!(back("    fn read() -> Result<Self, Error> {"), None);
    assert_eq!(back("pub fn count() {"), Some(String::new()));
    assert_eq!(noun("ReplayedMiner"), "miner");
    assert!(entries("fitted").contains(&"fit".to_string()));
    assert!(entries("validated").contains(&"validation".to_string()));
    let text = "struct A;\n\n#[cfg(test)]\nmod tests {\n    struct A;\n}\n";
    assert_eq!(lines(text).filter_map(|(_, line)| declared(line)).count(), 1);
}
