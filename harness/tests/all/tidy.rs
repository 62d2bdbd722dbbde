//! Checks on the source text: imports go down the floors of `lib.rs`.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Floors of the harness, lowest first; what only tests import does not count.
const FLOORS: [&str; 8] =
    ["kernels", "model", "gpu", "backend", "picture", "receipt", "timed", "cli"];

fn collect(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

#[test]
fn imports_go_down() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let mut bad = Vec::new();
    for file in files {
        let name = file.strip_prefix(&root).unwrap().display().to_string();
        let own = name.split(['/', '.']).next().unwrap();
        if matches!(own, "lib" | "main")
            || name.ends_with("tests.rs")
            || name.ends_with("testing.rs")
        {
            continue;
        }
        let floor =
            FLOORS.iter().position(|f| *f == own).unwrap_or_else(|| panic!("{own}: no floor"));
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for target in code.split("use crate::").skip(1) {
            let target = target.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
            if FLOORS[floor + 1..].contains(&target) || target.is_empty() {
                bad.push(format!("{name}: {own} must not import {target:?}"));
            }
        }
    }
    assert!(bad.is_empty(), "\n{}", bad.join("\n"));
}
