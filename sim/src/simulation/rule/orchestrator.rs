//! Sections `callback`, `health` and `dispatch`: what the orchestrator does with a job and a miner.

use crate::model::rules::Answer;
use crate::model::rules::CallbackImage;
use crate::model::rules::CallbackOutcome;
use crate::model::rules::Capacity;
use crate::model::rules::Checked;
use crate::model::rules::Probe;
use crate::model::scoring::ScoredKind;
use crate::simulation::rule::Got;
use crate::simulation::rule::read::At;
use crate::simulation::rule::read::count_or;
use crate::simulation::rule::read::rules;
use crate::simulation::rule::read::text_or;
use crate::simulation::rule::read::truth_or;
use serde_json::Value;
use serde_json::json;

/// Steps asked for in the cases of `dispatch`. Source: spec/offchain.md section 9.
const STEPS: u32 = 60;
/// Nanoseconds in a second.
const NANOS: u64 = crate::base::units::NANOS_PER_SECOND;

/// What becomes of a job when its miner calls back.
///
/// # Errors
/// What of the case is missing or malformed, with its place.
pub(super) fn callback(case: &At<'_>) -> Result<Got, String> {
    let input = case.need("input")?;
    let ms = |key: &str| input.get(key).map(|at| at.whole_ms()).transpose();
    let image = match input.get("image_bytes") {
        None => CallbackImage::Absent,
        Some(at) if at.count()? == 0 => CallbackImage::Empty,
        Some(_) if truth_or(&input, "upload_fails", false)? => CallbackImage::NotUploaded,
        Some(_) => CallbackImage::Stored,
    };
    let rules = rules(case)?;
    let kind = ScoredKind::weighed(text_or(&input, "job_type", "")?, rules.kind_weights);
    let answer = Answer {
        secret_matches: truth_or(&input, "secret_matches", true)?,
        image,
        is_kontext: kind.is_kontext,
        is_audit: truth_or(&input, "is_audit", false)?,
        total_runtime_ms: ms("total_runtime_ms")?,
        latency_ms: ms("latency_ms")?,
        status: text_or(&input, "status", "completed")?.to_string(),
        error: text_or(&input, "error", "")?.to_string(),
    };
    let text = match rules.callback.judge(&answer) {
        CallbackOutcome::Success => "success".to_string(),
        CallbackOutcome::Failed(reason) => format!("failed:{reason}"),
        CallbackOutcome::Refused(reason) => format!("http_error_job_failed:{reason}"),
    };
    Ok(Got::from(Value::from(text)))
}

/// Whether a miner is valid after a health check.
///
/// # Errors
/// What of the case is missing or malformed, with its place.
pub(super) fn health(case: &At<'_>) -> Result<Got, String> {
    let input = case.need("input")?;
    let truth = |key: &str| input.get(key).map(|at| at.truth()).transpose();
    let stored = count_or(&input, "existing_failed_audits", 0)?;
    let audits = stored.max(count_or(&input, "incoming_failed_audits", 0)?);
    let has_address =
        input.get("address").map_or(Ok(true), |at| at.text().map(|t| !t.trim().is_empty()));
    let probe = Probe {
        was_valid: truth("existing_valid")?,
        reachable: truth("reachable")?.filter(|_| has_address.as_ref().is_ok_and(|has| *has)),
        capacity: input.get("capacity").map_or(Capacity::NotFetched, |at| capacity(at.value)),
        failed_audits: u32::try_from(audits).unwrap_or(u32::MAX),
    };
    has_address?;
    Ok(Got::from(match rules(case)?.health.check(probe) {
        Checked::Flag(valid) => json!({ "valid": valid, "failed_audits": audits }),
        Checked::RefreshFails => json!({ "refresh_fails": true }),
    }))
}

/// What an answer is to the question for a capacity; a text stands for one that is no JSON.
fn capacity(answer: &Value) -> Capacity {
    match answer {
        Value::String(_) => Capacity::NoJson,
        Value::Object(entries) if entries.values().all(Value::is_boolean) => Capacity::Readable,
        Value::Object(_) => Capacity::OtherValues,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => Capacity::NoObject,
    }
}

/// How a request is sent.
///
/// # Errors
/// What of the case is missing or malformed, with its place.
pub(super) fn dispatch(case: &At<'_>) -> Result<Got, String> {
    let input = case.get("input");
    let job_type = input.as_ref().unwrap_or(case).need("job_type")?;
    let sent = rules(case)?.dispatch.sent(job_type.text()?);
    Ok(Got::from(json!({
        "timeout_s": sent.timeout.0 / NANOS,
        "url_suffix": sent.path,
        "steps_60_capped_to": sent.steps(STEPS),
    })))
}
