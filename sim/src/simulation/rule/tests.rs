//! The rules answer the published cases, and small ones of our own when those are absent.

use super::*;
use serde_json::json;

fn answered(mut document: Value) -> (Value, RuleAnswers) {
    let answered = answer_rules(&mut document).unwrap();
    (document, answered)
}

fn problems(mut document: Value) -> Vec<String> {
    answer_rules(&mut document).unwrap_err()
}

/// 200 alpha without a record beside 500 x 0.5: 200 and 250, 4/9 and 5/9; the miner that is not valid is no candidate.
#[test]
fn a_draw_is_among_valid_miners() {
    let case = json!({"id": "a", "version": "v001", "input": {"miners": [
        {"alpha_stake": 200},
        {"alpha_stake": 500, "valid": false},
        {"alpha_stake": 900, "scores": {"scores": 0.5}},
    ]}});
    let (document, _) = answered(json!({ "router": [case] }));
    let got = &document["router"][0]["got"];
    assert_eq!(got["weights"], json!([200.0, 250.0]));
    assert_eq!(got["probabilities"], json!([200.0 / 450.0, 250.0 / 450.0]));
}

#[test]
fn without_candidates_there_is_no_draw() {
    let case =
        json!({"version": "head", "input": {"miners": [{"alpha_stake": 1, "valid": false}]}});
    let (document, _) = answered(json!({ "router": [case] }));
    let expected =
        json!({"weights": null, "probabilities": null, "uniform_fallback": false, "none": true});
    assert_eq!(document["router"][0]["got"], expected);
}

#[test]
fn since_autumn_a_candidate_must_offer_the_kind() {
    let miners = json!([
        {"alpha_stake": 1, "capacity": {"lora": true}},
        {"alpha_stake": 2, "capacity": {"inference": ["lora"]}},
        {"alpha_stake": 4, "capacity": {"lora": false}},
        {"alpha_stake": 8},
    ]);
    let input = json!({"miners": miners, "task_type": "lora"});
    let cases =
        json!([{"version": "503d738", "input": input}, {"version": "v001", "input": input}]);
    let (document, _) = answered(json!({ "router": cases }));
    assert_eq!(document["router"][0]["got"]["weights"], json!([1.0, 2.0]));
    assert_eq!(document["router"][1]["got"]["weights"], json!([1.0, 2.0, 4.0, 8.0]));
}

/// The record begins with 1 success and 0.8; one failure in the same second: 1 - 0.2 = 0.8 holds it there.
/// With head the existing record gives its settings only: alpha 0.5 of a first sample counts in full.
#[test]
fn an_existing_record_is_taken_up_by_the_first_version_only() {
    let existing =
        json!({"scores": 0.9, "ema": 0.9, "success": 1, "last_update": 0, "ema_alpha": 0.5});
    let case = |version: &str| {
        json!({"version": version, "score_fn": "job_to_score", "input": {
            "events": [{"t": 0, "status": "failed"}, {"t": 0, "ms": 6000}],
            "reference_time": 0, "existing": existing}})
    };
    let (document, _) = answered(json!({ "ema": [case("v001"), case("head")] }));
    let first = &document["ema"][0]["got"];
    assert_eq!(first["after_each_event"][0]["scores"], json!(0.8));
    assert_eq!(first["final"]["success"], json!(2));
    let head = &document["ema"][1]["got"];
    assert_eq!(head["after_each_event"][0]["scores"], json!(0.0));
    assert_eq!(head["final"], json!({"scores": 0.9, "ema": 0.9, "success": 1, "failures": 1}));
}

#[test]
fn got_stands_right_after_expected_and_the_rest_is_kept() {
    let case = json!({"id": "x", "expected": {"timeout_s": 20}, "job_type": "lora", "note": 1});
    let (document, answered) = answered(json!({ "meta": {"b": 1, "a": 2}, "dispatch": [case] }));
    let text = document.to_string();
    assert!(
        text.contains(r#""expected":{"timeout_s":20},"got":{"timeout_s":20},"job_type""#),
        "{text}"
    );
    assert!(text.starts_with(r#"{"meta":{"b":1,"a":2}"#), "{text}");
    assert!(answered.differences.is_empty());
}

#[test]
fn a_wrong_expectation_is_a_difference_with_its_place() {
    let case = json!({"id": "x", "version": "head", "expected": "failed:nothing",
        "input": {"job_type": "img-h100_pcie", "total_runtime_ms": 7999, "latency_ms": 1}});
    let (_, answered) = answered(json!({ "callback": [case] }));
    assert_eq!(answered.differences.len(), 1);
    assert!(answered.differences[0].starts_with("callback[0] x: expected: got "));
}

#[test]
fn what_is_malformed_is_named_all_at_once() {
    let found = problems(json!({
        "router": [{"version": "v9", "input": {"miners": []}}, {"input": {"miners": [{"alpha_stake": "5"}]}}],
        "ema": {},
        "job_score": [7],
    }));
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found[0].contains("version: is \"v9\"") || found[0].contains("version"), "{found:?}");
    assert!(found[1].contains("miners[0] alpha_stake: is \"5\""), "{found:?}");
    assert_eq!(problems(json!({ "routers": [] })).len(), 1);
    assert_eq!(problems(json!([])).len(), 1);
}

#[test]
fn a_latency_that_is_no_number_is_null() {
    let case = json!({"version": "v001", "fn": "job_to_score",
        "input": {"response_payload": {"total_runtime_ms": "nan"}}});
    let (document, _) = answered(json!({ "job_score": [case] }));
    assert_eq!(document["job_score"][0]["got"], Value::Null);
}
