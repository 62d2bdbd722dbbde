//! Cases of off-chain rules in, the same document with `got` beside each `expected` out, through the functions that the
//! simulator calls.

mod compare;
mod ema;
mod job_score;
mod orchestrator;
mod read;
mod router;
mod score_runs;
mod set_weights;
mod weights;

use read::At;
use serde_json::Map;
use serde_json::Value;

/// What a rule says of one case.
#[derive(Debug)]
struct Got {
    /// What stands beside `expected`.
    answer: Value,
    /// Further facts that a case of this section may state: each under its key.
    facts: Vec<(&'static str, Value)>,
}

impl From<Value> for Got {
    fn from(answer: Value) -> Self {
        Self { answer, facts: Vec::new() }
    }
}

/// The rule of a section.
type SectionRule = fn(&At<'_>) -> Result<Got, String>;

/// The sections, in the order of the published document.
const SECTIONS: [(&str, SectionRule); 9] = [
    ("router", router::answer),
    ("job_score", job_score::answer),
    ("ema", ema::answer),
    ("win_rate_weights", weights::answer),
    ("callback", orchestrator::callback),
    ("health", orchestrator::health),
    ("dispatch", orchestrator::dispatch),
    ("score_runs", score_runs::answer),
    ("set_weights", set_weights::answer),
];

/// What came of a document of cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleAnswers {
    /// Number of cases that were answered.
    pub cases: usize,
    /// Cases with an `expected`.
    pub judged: usize,
    /// Where `got` is not what was expected.
    pub differences: Vec<String>,
}

/// Puts `got` into every case of a document like vectors/offchain.json.
///
/// # Errors
/// All that is malformed, each with its place.
pub fn answer_rules(document: &mut Value) -> Result<RuleAnswers, Vec<String>> {
    let Value::Object(sections) = document else {
        return Err(vec!["the document is no object".to_string()]);
    };
    let (mut answered, mut problems) = (RuleAnswers::default(), Vec::new());
    let mut known = 0;
    for (name, rule) in SECTIONS {
        let Some(section) = sections.get_mut(name) else { continue };
        known += 1;
        let Value::Array(cases) = section else {
            problems.push(format!("{name}: is no list of cases"));
            continue;
        };
        for (index, case) in cases.iter_mut().enumerate() {
            let path = place(name, index, case);
            match answer_one(case, &path, rule, &mut answered) {
                Ok(()) => answered.cases += 1,
                Err(problem) => problems.push(problem),
            }
        }
    }
    if known == 0 {
        let names: Vec<_> = SECTIONS.iter().map(|(name, _)| *name).collect();
        problems.push(format!("no section is known, allowed: {}", names.join(", ")));
    }
    if problems.is_empty() { Ok(answered) } else { Err(problems) }
}

/// The case's place in the document: section, number from 0, and its id.
fn place(section: &str, index: usize, case: &Value) -> String {
    let id = case.get("id").or_else(|| case.get("job_type")).and_then(Value::as_str);
    id.map_or_else(|| format!("{section}[{index}]"), |id| format!("{section}[{index}] {id}"))
}

fn answer_one(
    case: &mut Value,
    path: &str,
    rule: SectionRule,
    answered: &mut RuleAnswers,
) -> Result<(), String> {
    let got = rule(&At::new(case, path))?;
    let Value::Object(keys) = case else { return Err(format!("{path}: is no object")) };
    if !keys.contains_key("expected") {
        keys.insert("got".to_string(), got.answer);
        return Ok(());
    }
    answered.judged += 1;
    let facts = got.facts.into_iter().map(|(key, value)| (key, format!("got_{key}"), value));
    let all = std::iter::once(("expected", "got".to_string(), got.answer)).chain(facts);
    for (wanted, named, value) in all {
        let Some(expected) = keys.get(wanted) else { continue };
        let shaped = compare::shaped_like(value, expected);
        for difference in compare::differences(&shaped, expected) {
            answered.differences.push(format!("{path}: {wanted}{difference}"));
        }
        *keys = beside(std::mem::take(keys), wanted, &named, shaped);
    }
    Ok(())
}

/// The same keys with `named` right after `wanted`; an older one is dropped.
fn beside(keys: Map<String, Value>, wanted: &str, named: &str, value: Value) -> Map<String, Value> {
    let mut value = Some(value);
    let mut out = Map::new();
    for (key, old) in keys {
        if key == named {
            continue;
        }
        let here = key == wanted;
        out.insert(key, old);
        if let Some(value) = value.take_if(|_| here) {
            out.insert(named.to_string(), value);
        }
    }
    out
}

#[cfg(test)]
mod tests;
