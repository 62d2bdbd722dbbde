//! Checks on the source text itself: imports go down the floors, files stay short, constants name their source.

use assay_testing::sources;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Longest source file allowed, tests included.
const LINES_MAX: usize = 400;
/// Folders in which every number that is not 0, 1 or 2 is a constant that says where it comes from.
const SOURCED: &[&str] = &["sim/src/model/scoring", "sim/src/model/weighting", "sim/chain/src"];

/// The floors, lowest first, as the table in `sim/src/lib.rs` lists them: nowhere else do they stand.
pub(crate) fn floors() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().skip_while(|line| !line.starts_with("//! ## Floors"));
    let rows = rows.take_while(|line| !line.starts_with("//! ## Glossary"));
    let named = rows.filter_map(|line| line.strip_prefix("//! | `")?.split('`').next());
    named.map(str::to_string).collect()
}

/// The module that a file below `sim/src` belongs to.
pub(crate) fn module_of(file: &Path) -> String {
    file.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_string()
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// Every import of a module of the simulator: the file below `sim/src`, the module, the line's number.
pub(crate) fn imports() -> Vec<(PathBuf, String, usize)> {
    let mut found = Vec::new();
    for (file, text) in sources("sim/src") {
        for (n, line) in text.lines().enumerate().filter(|(_, line)| !is_comment(line)) {
            for part in line.split("crate::").skip(1) {
                let module: String =
                    part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if !module.is_empty() {
                    found.push((file.clone(), module, n + 1));
                }
            }
        }
    }
    found
}

#[test]
fn imports_go_down() {
    let mut bad = Vec::new();
    let floors = floors();
    assert!(floors.len() > 10, "the table of floors is gone: {floors:?}");
    let floor = |module: &str| {
        let found = floors.iter().position(|floor| floor == module);
        found.unwrap_or_else(|| panic!("module {module} is on no floor: add it to lib.rs"))
    };
    for (file, text) in sources("sim/src") {
        let lines = text.lines().enumerate().filter(|(_, line)| !is_comment(line));
        for (n, _) in lines.filter(|(_, line)| line.contains("crate::{")) {
            bad.push(format!("{}:{}: one `use crate::x` per line", file.display(), n + 1));
        }
    }
    for (file, target, line) in imports() {
        let own = module_of(&file);
        let is_root = matches!(own.as_str(), "lib" | "main");
        if !is_root && target != own && floor(&target) >= floor(&own) {
            bad.push(format!("{}:{line}: {own} must not import {target}", file.display()));
        }
    }
    assert!(bad.is_empty(), "\n{}", bad.join("\n"));
}

/// What a module of the command line may ask: the public modules, so that whoever uses the library can do all it does.
const PUBLIC: &[&str] = &["base", "cli", "metrics", "simulation", "statistics"];

#[test]
fn commands_stand_on_the_public_face() {
    let mut bad = Vec::new();
    for (file, text) in sources("sim/src/cli") {
        // The chain by itself has a package of its own.
        if file.starts_with("epoch") {
            continue;
        }
        for (n, line) in text.lines().enumerate().filter(|(_, line)| !is_comment(line)) {
            for part in line.split("crate::").skip(1) {
                let target: String = part.chars().take_while(|c| c.is_alphanumeric()).collect();
                if !PUBLIC.contains(&target.as_str()) {
                    bad.push(format!("{}:{}: {target}", file.display(), n + 1));
                }
            }
        }
    }
    assert!(bad.is_empty(), "below the public face:\n{}", bad.join("\n"));
}

#[test]
fn files_hold_one_idea() {
    let mut long = Vec::new();
    for dir in [
        "sim/src",
        "sim/examples",
        "sim/tests",
        "sim/benches",
        "sim/chain",
        "sim/testing",
        "harness",
    ] {
        for (file, text) in sources(dir) {
            let lines = text.lines().count();
            if lines > LINES_MAX {
                long.push(format!("{dir}/{}: {lines} lines", file.display()));
            }
        }
    }
    assert!(long.is_empty(), "longer than {LINES_MAX} lines:\n{}", long.join("\n"));
}

/// The numbers of a line of code, comments and strings left out: `(text, value)` of each literal.
fn numbers(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap_or_default();
    let mut out = Vec::new();
    let (mut quoted, mut word) = (false, String::new());
    for c in code.chars().chain([' ']) {
        if c == '"' {
            quoted = !quoted;
        }
        if !quoted && (c.is_alphanumeric() || c == '_' || (c == '.' && !word.is_empty())) {
            word.push(c);
            continue;
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            out.push(std::mem::take(&mut word));
        }
        word.clear();
    }
    out
}

fn is_plain(number: &str) -> bool {
    let digits: String = number.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let digits = digits.trim_end_matches('.');
    matches!(digits, "0" | "1" | "2" | "0.0" | "1.0" | "2.0")
        || number.contains("..")
        || digits.split('.').count() > 2
}

#[test]
fn constants_name_their_source() {
    let mut bad = Vec::new();
    for (file, text) in SOURCED.iter().flat_map(|folder| sources(folder)) {
        let mut doc = String::new();
        for (n, line) in text.lines().enumerate() {
            let code = line.trim_start();
            if code.starts_with("#[cfg(test)]") {
                break;
            }
            if is_comment(line) {
                doc.push_str(code);
                continue;
            }
            let constant = code.contains("const ") && code.contains(": ");
            let sourced = doc.contains("Source:") || line.contains("Source:");
            if constant && !sourced && numbers(line).iter().any(|x| !is_plain(x)) {
                bad.push(format!("{}:{}: constant without `Source:`", file.display(), n + 1));
            }
            if !constant && !code.starts_with('#') && !numbers(code).iter().all(|x| is_plain(x)) {
                bad.push(format!("{}:{}: name this number: {code}", file.display(), n + 1));
            }
            if !code.starts_with('#') {
                doc.clear();
            }
        }
    }
    assert!(bad.is_empty(), "\n{}", bad.join("\n"));
}

/// What a version means is said once: the two files that make versions into rules, and the list of versions.
#[test]
fn versions_are_compared_in_one_place() {
    let mut bad = Vec::new();
    let homes =
        ["orchestrator.rs", "validator.rs", "version.rs"].map(|f| format!("model/rules/{f}"));
    for (file, text) in sources("sim/src") {
        if homes.iter().any(|home| file.ends_with(home)) {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (n, line) in code.lines().enumerate().filter(|(_, line)| !is_comment(line)) {
            let compares = [">= Version::", "< Version::", "== Version::", "match version"];
            if compares.iter().any(|ladder| line.contains(ladder)) {
                bad.push(format!("{}:{}: {}", file.display(), n + 1, line.trim()));
            }
        }
    }
    assert!(bad.is_empty(), "a version is told apart outside its rules:\n{}", bad.join("\n"));
}

/// A scenario has two forms: what simulates, studies and replays knows only the one that `scenario` holds.
#[test]
fn the_written_form_is_read_by_the_face_alone() {
    let mut bad = Vec::new();
    for (file, text) in sources("sim/src") {
        let module = module_of(&file);
        let is_below = ["subnet", "observe", "engine", "study", "trace"].contains(&module.as_str());
        if !is_below || file.ends_with("tests.rs") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        if code.contains("crate::config") {
            bad.push(file.display().to_string());
        }
    }
    assert!(bad.is_empty(), "these read the scenario as it is written: {}", bad.join(", "));
}

/// A file that no module names is compiled by nobody, and its tests pass by never running.
#[test]
fn every_file_belongs_to_a_module() {
    let mut lost = Vec::new();
    for folder in ["sim/src", "sim/chain/src", "harness/src", "sim/tests/all", "harness/tests/all"]
    {
        let files = sources(folder);
        let named = |parent: &Path, module: &str| {
            let own = parent.with_extension("rs");
            let roots = ["mod.rs", "lib.rs", "main.rs"].map(|root| parent.join(root));
            let line = format!("mod {module};");
            let holds = |(file, text): &(PathBuf, String)| {
                (roots.contains(file) || *file == own) && text.contains(&line)
            };
            files.iter().any(holds)
        };
        for (file, _) in &files {
            let name = file.file_stem().unwrap().to_str().unwrap();
            let parent = file.parent().unwrap();
            let is_named = match name {
                "lib" | "main" => true,
                "mod" => {
                    let module = parent.file_name().unwrap().to_str().unwrap();
                    named(parent.parent().unwrap(), module)
                }
                module => named(parent, module),
            };
            if !is_named {
                lost.push(format!("{folder}/{}", file.display()));
            }
        }
    }
    assert!(lost.is_empty(), "no module names: {}", lost.join(", "));
}

#[test]
fn the_number_reader_sees_literals_only() {
    assert_eq!(numbers("let x1 = 42 + 0x1f; // 7"), ["42", "0x1f"]);
    assert_eq!(numbers("say(\"12\", 3.5)"), ["3.5"]);
    assert!(is_plain("2.0") && is_plain("1") && !is_plain("0.05") && !is_plain("60"));
}
