//! Checks on the source text: imports go down the floors of `lib.rs`.

use assay_testing::sources;

/// Floors of the harness, lowest first; what only tests import does not count.
const FLOORS: [&str; 8] =
    ["kernels", "model", "gpu", "backend", "picture", "receipt", "timed", "cli"];

#[test]
fn imports_go_down() {
    let mut bad = Vec::new();
    for (file, text) in sources("harness/src") {
        let name = file.display().to_string();
        let own = name.split(['/', '.']).next().unwrap();
        if matches!(own, "lib" | "main")
            || name.ends_with("tests.rs")
            || name.ends_with("testing.rs")
        {
            continue;
        }
        let floor =
            FLOORS.iter().position(|f| *f == own).unwrap_or_else(|| panic!("{own}: no floor"));
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
