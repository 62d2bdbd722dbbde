//! The vectors of the specification, through the command.

use crate::cases::answer_of;
use assay_testing::files;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// Every key that stands in `expected`, place by place.
fn differences(place: &str, expected: &Value, got: &Value, out: &mut Vec<String>) {
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => {
            for (key, value) in expected {
                let place = format!("{place}.{key}");
                differences(&place, value, got.get(key).unwrap_or(&Value::Null), out);
            }
        }
        (expected, got) if expected == got => {}
        (expected, got) => out.push(format!("{place}: expected {expected}, got {got}")),
    }
}

/// What `assay epoch` gives for files, against what stands in them.
fn assert_reproduced(files: &[PathBuf]) {
    let mut wrong = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_string();
        let case: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let expected = case.get("expected").unwrap_or(&case);
        differences(&name, expected, &answer_of(file), &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_vector_is_reproduced_exactly() {
    assert_reproduced(&files("sim/tests/vectors/chain", "json"));
}

#[test]
fn every_vector_of_the_other_runtimes_is_reproduced_exactly() {
    let files = files("sim/tests/vectors/chain-runtimes", "json");
    assert_eq!(files.len(), 29);
    assert_reproduced(&files);
}
