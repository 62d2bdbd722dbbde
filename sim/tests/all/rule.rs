//! `assay rule` from outside: exit codes, and what comes out.

use crate::common::assay;
use assay_testing::TestFolder;
use assay_testing::vectors;
use std::fs;

/// Answers the document `text`: exit code, standard output, standard error.
fn rule(text: &str) -> (i32, String, String) {
    let place = TestFolder::new();
    let ended = assay(&["rule", &place.write("cases.json", text)]);
    (ended.code, ended.out, ended.err)
}

const QUESTION: &str = r#"{"dispatch": [{"job_type": "lora"}]}"#;

#[test]
fn the_published_documents_come_out_with_got_beside_expected() {
    for name in ["offchain.json", "offchain-2.json"] {
        comes_out(&fs::read_to_string(vectors(name)).unwrap());
    }
}

fn comes_out(text: &str) {
    let (code, out, err) = rule(text);
    assert_eq!(code, 0, "{err}");
    let expected = text.matches("\"expected\":").count();
    assert_eq!(out.matches("\"got\":").count(), expected);
    let answered: serde_json::Value = serde_json::from_str(&out).unwrap();
    let asked: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(answered["meta"].to_string(), asked["meta"].to_string());
}

#[test]
fn a_question_is_answered() {
    let (code, out, _) = rule(QUESTION);
    assert_eq!(code, 0);
    assert!(out.contains("\"timeout_s\": 20"), "{out}");
}

#[test]
fn a_difference_exits_with_one_and_prints_the_document() {
    let text = r#"{"dispatch": [{"job_type": "lora", "expected": {"timeout_s": 21}}]}"#;
    let (code, out, err) = rule(text);
    assert_eq!(code, 1);
    assert!(out.contains("\"got\""), "{out}");
    assert!(err.contains("dispatch[0] lora: expected.timeout_s: got 20, expected 21"), "{err}");
}

#[test]
fn what_is_malformed_exits_with_two_and_prints_nothing() {
    for text in ["", "{", "[]", "{\"meta\": 1}", r#"{"router": [{}]}"#, r#"{"ema": 5}"#] {
        let (code, out, err) = rule(text);
        assert_eq!((code, out.as_str()), (2, ""), "{text}: {err}");
    }
    assert_eq!(assay(&["rule", "no/such.json"]).code, 2);
}

#[test]
fn answering_an_answered_document_changes_nothing() {
    let text = r#"{"callback": [{"id": "a", "expected": "success", "got": "old",
        "input": {"job_type": "img-h100_pcie", "total_runtime_ms": 8000}}]}"#;
    let (code, once, _) = rule(text);
    assert_eq!(code, 0);
    assert_eq!(rule(&once).1, once);
    assert!(!once.contains("old"));
}
