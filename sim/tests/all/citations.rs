//! What sources, scenarios and documents cite of the specifications stands there: `spec/chain.md 6.3`, `offchain.md section
//! 3.5`, `trace.md, oddity 6`.

use assay_testing::files;
use assay_testing::root;
use assay_testing::sources;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;

/// Where the specifications lie.
const SPECIFICATIONS: &str = "sim/docs/spec";
/// What may cite them: folder and ending.
const CITING: &[(&str, &str)] = &[
    ("sim", "rs"),
    ("sim", "md"),
    ("harness", "rs"),
    ("harness", "wgsl"),
    ("harness", "py"),
    ("scenarios", "toml"),
    ("results", "md"),
];
/// Fewest citations that the project makes: fewer, and the reader of this test has gone blind.
const CITATIONS_MIN: usize = 150;

/// A place of a specification as a text names it.
#[derive(Debug, PartialEq, Eq)]
struct Citation {
    /// The specification, as `chain`.
    of: String,
    /// Sections, appendices, oddities and quirks named; none where the whole file is meant.
    places: Vec<String>,
    /// Whether it stands as a constant's `Source:`.
    is_source: bool,
}

/// What a specification can be cited by: numbers of headings and of paragraphs in bold, appendices, listed oddities, quirks.
fn places(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut is_odd = false;
    for line in text.lines() {
        is_odd = is_odd && !line.is_empty() || line.starts_with("Oddities");
        let title = line.trim_start_matches(['#', '*', ' ']);
        let is_title = title.len() < line.len();
        if let Some(letter) = title.strip_prefix("Appendix ").and_then(|rest| rest.chars().next()) {
            found.insert(format!("appendix {letter}"));
        }
        let number = number(title);
        if is_title && !number.is_empty() {
            found.insert(number.to_string());
        }
        if is_odd && !number.is_empty() {
            found.insert(format!("oddity {number}"));
        }
        if let Some((quirk, _)) = line.trim_start().split_once(". ") {
            let digits = quirk.strip_prefix(|letter: char| letter.is_ascii_uppercase());
            if digits.is_some_and(|d| !d.is_empty() && d.chars().all(|c| c.is_ascii_digit())) {
                found.insert(format!("quirk {quirk}"));
            }
        }
    }
    found
}

/// The number of a section at the beginning of a text, as `4.10`; empty where there is none.
fn number(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text[..end].trim_end_matches('.')
}

/// The places named where a citation's text goes on after the file's name.
fn named(after: &str) -> Vec<String> {
    let mut rest = after.trim_start_matches('`').trim_start();
    let mut found = Vec::new();
    for kind in ["appendix", "oddity", "quirk"] {
        let own = rest.trim_start_matches([',', ' ']);
        if let Some(own) = own.strip_prefix(kind) {
            let word = own.trim_start().split(|c: char| !c.is_alphanumeric()).next();
            found.push(format!("{kind} {}", word.unwrap_or_default()));
        }
    }
    rest = rest.strip_prefix("sections ").unwrap_or(rest);
    rest = rest.strip_prefix("section ").unwrap_or(rest);
    while !number(rest).is_empty() {
        let own = number(rest);
        found.push(own.to_string());
        rest = &rest[own.len()..];
        let next = rest.strip_prefix(" and ").or_else(|| rest.strip_prefix(" to "));
        let Some(next) = next else {
            if let Some(quirk) = rest.strip_prefix(", quirk ") {
                found.push(format!("quirk {}", quirk.split([' ', '"', '.']).next().unwrap()));
            }
            break;
        };
        rest = next;
    }
    found
}

/// Every citation of one of the specifications `known` in a text, whose comments may break it over lines.
fn citations(text: &str, known: &BTreeMap<String, BTreeSet<String>>) -> Vec<Citation> {
    let mark =
        |line: &str| line.trim_start().trim_start_matches(['/', '!', '#']).trim().to_string();
    let text = text.lines().map(mark).collect::<Vec<_>>().join(" ");
    let mut found = Vec::new();
    let pieces: Vec<&str> = text.split(".md").collect();
    for pair in pieces.windows(2) {
        let [before, after] = pair else { continue };
        let begin = before.rfind(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
        let name = &before[begin.map_or(0, |place| place + 1)..];
        if known.contains_key(name) {
            let lead = before[..before.len() - name.len()].trim_end_matches("spec/");
            let is_source = lead.trim_end().ends_with("Source:");
            found.push(Citation { of: name.to_string(), places: named(after), is_source });
        }
    }
    found
}

/// The specifications by name, with their places.
fn specifications() -> BTreeMap<String, BTreeSet<String>> {
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_string();
        (name, places(&fs::read_to_string(path).unwrap()))
    };
    files(SPECIFICATIONS, "md").into_iter().map(read).collect()
}

#[test]
fn every_citation_points_at_a_place_that_exists() {
    let known = specifications();
    let mut bad = Vec::new();
    let mut count = 0;
    let texts = CITING.iter().flat_map(|(folder, ending)| files(folder, ending));
    for path in texts.chain([root().join("README.md")]) {
        // This file shows what a wrong one looks like.
        if path.ends_with("tests/all/citations.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for citation in citations(&text, &known) {
            count += 1;
            let lost = citation.places.iter().find(|place| !known[&citation.of].contains(*place));
            if let Some(place) = lost {
                bad.push(format!("{}: {}.md has no {place}", path.display(), citation.of));
            }
            let has_sections = known[&citation.of].contains("1");
            if citation.is_source && has_sections && citation.places.is_empty() {
                bad.push(format!(
                    "{}: a source in {}.md has a section",
                    path.display(),
                    citation.of
                ));
            }
        }
    }
    assert!(bad.is_empty(), "\n{}", bad.join("\n"));
    assert!(count >= CITATIONS_MIN, "{count} citations found");
}

/// A test that reads `../shared` would pass by doing nothing where the folder is absent, if it were not ignored there.
#[test]
fn what_reads_the_shared_folder_is_shown_as_ignored_without_it() {
    for folder in ["sim/src", "sim/tests", "sim/chain", "harness"] {
        for (file, text) in sources(folder) {
            let reads = text.lines().any(|line| line.trim() == "use assay_testing::shared;");
            let declares = text.contains(concat!("assay_testing::needs_shared", "!("));
            assert_eq!(reads, declares, "{folder}/{}", file.display());
        }
    }
}

#[test]
fn a_wrong_citation_is_seen() {
    let text =
        "# A\n## 3. One\n**4.10 Two.** x\n## Appendix B. Three\nL4. Four\nOddities\n1. Five\n";
    let known: BTreeMap<_, _> = [("chain".to_string(), places(text))].into();
    let all = ["3", "4.10", "appendix B", "oddity 1", "quirk L4"];
    assert_eq!(known["chain"], all.map(str::to_string).into());
    let of =
        |text: &str| citations(text, &known).into_iter().flat_map(|c| c.places).collect::<Vec<_>>();
    assert_eq!(of("/// Source: spec/chain.md\n/// section 3, 12 s."), ["3"]);
    assert_eq!(of("(chain.md 4.10 and 4.11 to 9)"), ["4.10", "4.11", "9"]);
    assert_eq!(
        of("chain.md, appendix B, `chain.md` 3; chain.md section 3, quirk L4"),
        ["appendix B", "3", "3", "quirk L4"]
    );
    assert_eq!(of("chain.md, oddity 6. offchain.md 3 and chain.mdx"), ["oddity 6"]);
    assert!(citations("Source: chain.md, 64 permits", &known)[0].is_source);
}
