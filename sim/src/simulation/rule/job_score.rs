//! Section `job_score`: the worth of one job.

use crate::model::scoring::MAX_LATENCY_MS;
use crate::model::scoring::ScoredKind;
use crate::model::scoring::sample_score;
use crate::model::scoring::weighted_score;
use crate::simulation::rule::Got;
use crate::simulation::rule::read::At;
use crate::simulation::rule::read::number_or;
use crate::simulation::rule::read::rules;
use crate::simulation::rule::read::text_or;
use serde_json::Value;
use serde_json::json;

/// The sample, weighted or not, and what is known of the job's kind.
///
/// # Errors
/// What of the case is missing or malformed, with its place.
pub(super) fn answer(case: &At<'_>) -> Result<Got, String> {
    let job = case.need("input")?;
    job.entries()?;
    let most = number_or(case, "max_latency_ms", MAX_LATENCY_MS)?;
    let kind = ScoredKind::weighed(text_or(&job, "job_type", "")?, rules(case)?.kind_weights);
    let sample = sample_score(latency_ms(&job), most);
    let score = match text_or(case, "fn", "job_to_score")? {
        "job_to_score" => sample,
        "job_to_weighted_score" => weighted_score(kind.weight, sample),
        _ => {
            let at = case.need("fn")?;
            return Err(at.malformed("job_to_score or job_to_weighted_score"));
        }
    };
    Ok(Got {
        answer: number(score),
        facts: vec![
            ("passes_filter", json!(kind.weight > 0.0)),
            ("is_kontext", json!(kind.is_kontext)),
        ],
    })
}

/// A number as JSON has it: what is none is null.
pub(super) fn number(x: f64) -> Value {
    serde_json::Number::from_f64(x).map_or(Value::Null, Value::Number)
}

/// The first latency that is a number: on the job, then in its response, then in its metrics.
fn latency_ms(job: &At<'_>) -> Option<f64> {
    let response = job.get("response_payload");
    let metrics = job.get("metrics");
    let places = [Some(job.clone()), response, metrics];
    let found = |place: At<'_>| {
        ["execution_duration_ms", "total_runtime_ms", "latency_ms"]
            .into_iter()
            .find_map(|key| place.get(key).and_then(|at| at.parsable()))
    };
    places.into_iter().flatten().find_map(found)
}
