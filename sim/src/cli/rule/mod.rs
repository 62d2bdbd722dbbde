//! `assay rule`: cases of off-chain rules in, the same document with `got` beside each `expected` out.

mod compare;
mod ema;
mod job_score;
mod orchestrator;
mod read;
mod router;
mod weights;

use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use anyhow::Context;
use anyhow::anyhow;
use clap::Args;
use read::At;
use serde_json::Map;
use serde_json::Value;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

/// Answers cases of off-chain rules, through the functions that the simulator calls.
///
/// The sections `router`, `job_score`, `ema`, `win_rate_weights`, `callback`, `health` and `dispatch` of a document like
/// vectors/offchain.json are answered with `got`; a case without `expected` is a question, no test.
#[derive(Debug, Args)]
pub(super) struct RuleArgs {
    /// Document of cases (JSON); "-" reads standard input.
    cases: PathBuf,
}

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
type Rule = fn(&At<'_>) -> Result<Got, String>;

/// The sections, in the order of the published document.
const SECTIONS: [(&str, Rule); 7] = [
    ("router", router::answer),
    ("job_score", job_score::answer),
    ("ema", ema::answer),
    ("win_rate_weights", weights::answer),
    ("callback", orchestrator::callback),
    ("health", orchestrator::health),
    ("dispatch", orchestrator::dispatch),
];

/// Largest document read [bytes].
const DOCUMENT_BYTES_MAX: u64 = 256 << 20;
/// Most problems told at once.
const TOLD_MAX: usize = 20;

/// Runs the verb.
pub(super) fn run(args: &RuleArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let name = args.cases.display().to_string();
    let text = read_document(&args.cases).map_err(Failure::Input)?;
    let mut document: Value = serde_json::from_str(&text)
        .with_context(|| format!("{name} is no JSON document"))
        .map_err(Failure::Input)?;
    let answered = answer_all(&mut document).map_err(|problems| refuse(&name, &problems))?;
    serde_json::to_writer_pretty(&mut *out, &document)
        .map_err(|e| Failure::machine(std::io::Error::from(e)))?;
    writeln!(out)?;
    tell(&answered)?;
    Ok(if answered.differences.is_empty() { Outcome::Done } else { Outcome::Different })
}

fn read_document(path: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    let input: Box<dyn Read> = if path == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        let file = std::fs::File::open(path);
        Box::new(file.with_context(|| format!("cannot open {}", path.display()))?)
    };
    let read = input.take(DOCUMENT_BYTES_MAX + 1).read_to_string(&mut text);
    let bytes = read.with_context(|| format!("cannot read {} as UTF-8", path.display()))?;
    if u64::try_from(bytes).is_ok_and(|bytes| bytes > DOCUMENT_BYTES_MAX) {
        return Err(anyhow!("{} is above {DOCUMENT_BYTES_MAX} bytes", path.display()));
    }
    Ok(text)
}

/// What came of a document.
#[derive(Debug, Default)]
struct Answered {
    /// Cases answered.
    cases: usize,
    /// Cases with an `expected`.
    judged: usize,
    /// Where `got` is not what was expected.
    differences: Vec<String>,
}

/// Puts `got` into every case, or says all that is malformed.
fn answer_all(document: &mut Value) -> Result<Answered, Vec<String>> {
    let Value::Object(sections) = document else {
        return Err(vec!["the document is no object".to_string()]);
    };
    let (mut answered, mut problems) = (Answered::default(), Vec::new());
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
    rule: Rule,
    answered: &mut Answered,
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

fn refuse(name: &str, problems: &[String]) -> Failure {
    let told: Vec<_> = problems.iter().take(TOLD_MAX).map(|p| format!("\n  {p}")).collect();
    Failure::Input(anyhow!("{name} has {} malformed case(s):{}", problems.len(), told.concat()))
}

/// Says on standard error what agrees and what does not.
fn tell(answered: &Answered) -> Result<(), Failure> {
    let mut err = std::io::stderr().lock();
    for difference in answered.differences.iter().take(TOLD_MAX) {
        writeln!(err, "differs: {difference}")?;
    }
    let more = answered.differences.len().saturating_sub(TOLD_MAX);
    if more > 0 {
        writeln!(err, "differs: and at {more} more places")?;
    }
    let (cases, judged) = (answered.cases, answered.judged);
    writeln!(
        err,
        "{cases} cases answered, {judged} with an expectation, {} differences",
        answered.differences.len()
    )?;
    Ok(())
}

#[cfg(test)]
mod tests;
