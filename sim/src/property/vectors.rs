//! The published vectors of spec/theory.md, section 1.

use crate::metrics::Measured;
use crate::property::ClaimShape;
use crate::property::Judge;
use crate::property::MeanClaim;
use crate::property::Relation;
use crate::statistics::Bounds;
use crate::statistics::CarriedSequence;
use crate::statistics::LowerSequence;
use crate::statistics::Method;
use crate::statistics::RestartDetector;
use crate::statistics::asymptotic_half_width;
use crate::statistics::asymptotic_spread;
use crate::statistics::relative_difference;
use serde_json::Value;
use serde_json::json;
use std::fs;
use std::path::Path;

/// Smallest level: nothing is ever excluded at it.
const NEVER: f64 = 1e-300;

fn cases() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/theory.json");
    let text = fs::read_to_string(path).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    let of_verdicts = |case: &&Value| case["section"] == "1";
    all["cases"].as_array().unwrap().iter().filter(of_verdicts).cloned().collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("a number: {value}"))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn range(input: &Value) -> (f64, f64) {
    let ends = numbers(&input["range"]);
    (ends[0], ends[1])
}

/// Numbers and a line as shares of the range.
fn scaled(input: &Value, x: f64) -> f64 {
    let (low, high) = range(input);
    (x - low) / (high - low)
}

fn carried(input: &Value, xs: &[f64], sequence: &mut CarriedSequence) -> Vec<f64> {
    let one = |x: &f64| {
        sequence.push(scaled(input, *x));
        sequence.capital(0).unwrap()
    };
    xs.iter().map(one).collect()
}

fn against_line(input: &Value, method: Method) -> CarriedSequence {
    CarriedSequence::new(method, NEVER, &[scaled(input, number(&input["line"]))]).unwrap()
}

fn claim(input: &Value) -> MeanClaim {
    let (threshold, margin) = (number(&input["threshold"]), number(&input["margin"]));
    let method = match input["method"].as_str() {
        Some("beta_binomial") => Method::BetaBinomial,
        _ => Method::Betting,
    };
    let side = |relation| ClaimShape::Side { relation, threshold, margin };
    let of_range = |key: &str| input.get(key).map(number);
    MeanClaim {
        shape: match input["relation"].as_str() {
            Some("at_most") => side(Relation::AtMost),
            Some("at_least") => side(Relation::AtLeast),
            _ if input.get("lo").is_some() => side(Relation::AtLeast),
            _ => ClaimShape::Within { threshold, margin },
        },
        event: None,
        range: match (of_range("lo"), of_range("hi")) {
            (Some(low), Some(high)) => (low, high),
            _ => range(input),
        },
        method,
        alpha: number(&input["alpha"]),
        beta: number(&input["beta"]),
        max_replications: input.get("runs_at_most").map_or(1, |n| n.as_u64().unwrap()),
    }
}

fn judged(input: &Value) -> Value {
    let mut judge = Judge::new(claim(input), 0);
    let pattern = numbers(&input["pattern"]);
    for x in pattern.iter().cycle() {
        if !judge.wants_more() {
            break;
        }
        judge.push(Measured::Value(*x));
    }
    let verdict = judge.verdict();
    let (status, label) = (verdict.status.name(), verdict.finding.name());
    let plain = json!({ "status": status, "runs": verdict.runs, "label": label });
    let Value::Object(mut entries) = plain else { unreachable!("an object was made") };
    if input.get("relation").is_none() {
        // The vectors of equivalences say no more than these.
        entries.remove("label");
    }
    Value::Object(entries)
}

fn needed(input: &Value, expected: &Value) -> Value {
    let need = claim(input).need();
    let mut found = json!({ "floor": need.floor });
    if expected.get("at_threshold").is_some() {
        found["at_threshold"] = json!(need.at_threshold);
    }
    found
}

fn half_width(input: &Value) -> Value {
    let [n, sd, level, n_opt] = ["n", "sd", "level", "n_opt"].map(|key| number(&input[key]));
    let is_two_sided = input["sides"] == 2;
    let half = asymptotic_half_width(n, sd, level, n_opt, is_two_sided);
    let rho2 = asymptotic_spread(level, n_opt, is_two_sided);
    json!({ "rho2": rho2, "half_width": half })
}

fn found(case: &Value) -> Value {
    let input = &case["input"];
    match case["fn"].as_str().unwrap() {
        "betting_capital" => {
            let mut sequence = against_line(input, Method::Betting);
            json!(carried(input, &numbers(&input["x"]), &mut sequence))
        }
        "betting_bounds" => {
            let level = number(&input["level"]);
            let mut bounds = Bounds::new(Method::Betting, range(input), (level, level));
            for x in numbers(&input["x"]) {
                bounds.push(x);
            }
            json!({ "lower": bounds.lower(), "upper": bounds.upper() })
        }
        "beta_binomial_capital" => {
            let line = number(&input["line"]);
            let mut sequence = CarriedSequence::new(Method::BetaBinomial, NEVER, &[line]).unwrap();
            let count = |key: &str| input[key].as_u64().unwrap();
            (0..count("ones")).for_each(|_| sequence.push(1.0));
            (0..count("zeros")).for_each(|_| sequence.push(0.0));
            json!(sequence.capital(0))
        }
        "verdict" | "verdict_equivalence" => judged(input),
        "least_runs" => needed(input, &case["expected"]),
        "relative_difference" => {
            let pairs = input["pairs"].as_array().unwrap().iter().map(numbers);
            json!(pairs.map(|pair| relative_difference(pair[0], pair[1])).collect::<Vec<_>>())
        }
        "asymptotic_half_width" => half_width(input),
        "ledger" => {
            let mut sequence = against_line(input, Method::Betting);
            let first = carried(input, &numbers(&input["night_1"]), &mut sequence);
            let text = serde_json::to_string(&sequence).unwrap();
            let mut again: CarriedSequence = serde_json::from_str(&text).unwrap();
            let second = carried(input, &numbers(&input["night_2"]), &mut again);
            json!({ "after_1": first.last(), "after_2": second.last() })
        }
        "restart_detector" => {
            let mut detector = RestartDetector::new(scaled(input, number(&input["line"])));
            let xs = numbers(&input["x"]).into_iter();
            json!(xs.map(|x| detector.push(scaled(input, x))).collect::<Vec<_>>())
        }
        other => panic!("no answer to {other}"),
    }
}

/// Equal, numbers up to the case's tolerance, absolute and relative together.
fn is_same(found: &Value, expected: &Value, tolerance: f64) -> bool {
    match (found, expected) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b, tolerance))
        }
        (Value::Object(a), Value::Object(b)) => {
            let same = |(key, value)| a.get(key).is_some_and(|own| is_same(own, value, tolerance));
            a.len() == b.len() && b.iter().all(same)
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= tolerance * b.abs().max(1.0)
        }
        (a, b) => a == b,
    }
}

#[test]
fn every_vector_of_section_1_is_met() {
    let cases = cases();
    assert!(cases.len() > 20, "{}", cases.len());
    let differ = cases.iter().filter_map(|case| {
        let found = found(case);
        let tolerance = number(&case["tolerance"]);
        let same = is_same(&found, &case["expected"], tolerance);
        (!same).then(|| format!("{}: found {found}, expected {}", case["id"], case["expected"]))
    });
    let differ: Vec<String> = differ.collect();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn another_value_is_another() {
    assert!(!is_same(&json!([1.0, 2.0]), &json!([1.0, 2.1]), 1e-10));
    assert!(!is_same(&json!({ "a": 1 }), &json!({ "a": 1, "b": 2 }), 0.0));
    assert!(is_same(&json!(1.0), &json!(1), 0.0));
}
