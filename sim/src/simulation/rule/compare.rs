//! Whether `got` agrees with `expected`: numbers within a tolerance, all else exactly.

use serde_json::Value;

/// Absolute difference allowed between numbers. Source: spec/offchain.md section 9.
const ABSOLUTE: f64 = 1e-12;
/// Relative difference allowed to numbers that were computed in f32. Source: spec/offchain.md section 9.
const RELATIVE_F32: f64 = 2e-6;

/// `got` with the keys of `expected` only, in their order, where both are objects: a case may ask for less than a rule
/// knows.
pub(super) fn shaped_like(got: Value, expected: &Value) -> Value {
    let (Value::Object(mut keys), Value::Object(wanted)) = (got.clone(), expected) else {
        return got;
    };
    let kept = wanted.keys().filter_map(|key| keys.remove_entry(key));
    Value::Object(kept.collect())
}

/// Every place below `expected` at which `got` does not agree, with both values.
pub(super) fn differences(got: &Value, expected: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(got, expected, "", &mut found);
    found
}

fn walk(got: &Value, expected: &Value, path: &str, found: &mut Vec<String>) {
    match (got, expected) {
        (Value::Object(got), Value::Object(expected)) => {
            for (key, value) in expected {
                let inner = format!("{path}.{key}");
                walk(got.get(key).unwrap_or(&Value::Null), value, &inner, found);
            }
            for key in got.keys().filter(|key| !expected.contains_key(*key)) {
                found.push(format!("{path}.{key}: got {}, expected no such key", got[key]));
            }
        }
        (Value::Array(got), Value::Array(expected)) if got.len() == expected.len() => {
            for (index, (got, expected)) in got.iter().zip(expected).enumerate() {
                walk(got, expected, &format!("{path}[{index}]"), found);
            }
        }
        _ if agree(got, expected, path) => {}
        _ => found.push(format!("{path}: got {got}, expected {expected}")),
    }
}

fn agree(got: &Value, expected: &Value, path: &str) -> bool {
    let whole = |value: &Value| value.is_u64() || value.is_i64();
    match (got.as_f64(), expected.as_f64()) {
        _ if whole(got) && whole(expected) => got == expected,
        (Some(got), Some(expected)) => {
            let relative = if path.contains("_f32") { RELATIVE_F32 * expected.abs() } else { 0.0 };
            let difference = (got - expected).abs();
            difference <= ABSOLUTE || difference <= relative
        }
        _ => got == expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn doubles_agree_to_twelve_places_and_singles_to_six_figures() {
        assert!(differences(&json!({"a": 0.1}), &json!({"a": 0.1 + 1e-13})).is_empty());
        assert_eq!(differences(&json!({"a": 0.1}), &json!({"a": 0.1 + 1e-11})).len(), 1);
        assert!(differences(&json!({"a_f32": 100.0}), &json!({"a_f32": 100.000_1})).is_empty());
        assert_eq!(differences(&json!({"a_f32": 100.0}), &json!({"a_f32": 100.001})).len(), 1);
    }

    #[test]
    fn a_whole_number_agrees_with_the_same_number_and_its_float() {
        assert!(differences(&json!(100.0), &json!(100)).is_empty());
        assert_eq!(
            differences(&json!(9_007_199_254_740_993_u64), &json!(9_007_199_254_740_992_u64)).len(),
            1
        );
    }

    #[test]
    fn everything_else_must_be_equal() {
        for (got, expected) in [
            (json!(null), json!(0.0)),
            (json!("-inf"), json!(-1.0)),
            (json!([1.0]), json!([1.0, 2.0])),
            (json!({"a": 1, "b": 2}), json!({"a": 1})),
            (json!(true), json!(1)),
        ] {
            assert_eq!(differences(&got, &expected).len(), 1, "{got} {expected}");
        }
        assert!(differences(&json!([null]), &json!([null])).is_empty());
    }

    #[test]
    fn what_was_not_asked_for_is_left_out() {
        let got = shaped_like(json!({"a": 1, "b": 2, "c": 3}), &json!({"c": 0, "a": 0}));
        assert_eq!(got.to_string(), r#"{"c":3,"a":1}"#);
    }
}
