//! Section `router`: the weights of one draw.

use crate::model::router::Payload;
use crate::model::router::RoutedStanding;
use crate::model::router::WeightRule;
use crate::model::router::is_uniform;
use crate::simulation::rule::Got;
use crate::simulation::rule::read::At;
use crate::simulation::rule::read::count_or;
use crate::simulation::rule::read::number_or;
use crate::simulation::rule::read::rules;
use crate::simulation::rule::read::truth_or;
use serde_json::Value;
use serde_json::json;

/// Weights and probabilities of the candidates, in their order.
///
/// # Errors
/// What of the case is missing or malformed, with its place.
pub(super) fn answer(case: &At<'_>) -> Result<Got, String> {
    let (rule, filters) = rule(case)?;
    let input = case.need("input")?;
    let asked = input.get("task_type").filter(|_| filters);
    let asked = asked.map(|at| at.text()).transpose()?;
    let mut weights = Vec::new();
    for miner in input.need("miners")?.items()? {
        let weight = weight(&rule, &miner)?;
        let offers = match asked {
            Some(kind) => offers(&miner, kind)?,
            None => true,
        };
        if offers && truth_or(&miner, "valid", true)? {
            weights.push(weight);
        }
    }
    let none = weights.is_empty();
    let uniform = !none && is_uniform(&weights);
    let sum: f64 = weights.iter().sum();
    let drawn = !none && !uniform;
    let probabilities: Vec<_> = weights.iter().map(|weight| weight / sum).collect();
    Ok(Got::from(json!({
        "weights": if drawn { json!(weights) } else { Value::Null },
        "probabilities": if drawn { json!(probabilities) } else { Value::Null },
        "uniform_fallback": uniform,
        "none": none,
    })))
}

/// The version's rule, with what the case says itself, and whether candidates must offer the kind.
fn rule(case: &At<'_>) -> Result<(WeightRule, bool), String> {
    let named = case.get("version").map(|at| at.text()).transpose()?;
    let first = named.and_then(|text| text.split_whitespace().next());
    let (mut rule, filters) = if matches!(first, Some("a51cdf8" | "pinned" | "pinned_faq")) {
        (WeightRule::PINNED, false)
    } else {
        let rules = rules(case)?;
        (rules.routing, rules.asks_offers_only)
    };
    rule.cap = number_or(case, "cap", rule.cap)?;
    rule.floor = number_or(case, "floor", rule.floor)?;
    rule.score_weighted = truth_or(case, "score_weighted", rule.score_weighted)?;
    if let Some(at) = case.get("failure_penalty") {
        // The published cases name the formula; there is one.
        rule.failure_penalty = at.value.as_bool().map_or_else(|| at.text().map(|_| true), Ok)?;
    }
    Ok((rule, filters))
}

fn weight(rule: &WeightRule, miner: &At<'_>) -> Result<f64, String> {
    let payload = miner.get("scores").map(|scores| payload(miner, &scores)).transpose()?;
    let failures = count_or(miner, "failed_audits", 0)?;
    Ok(rule.weight(&RoutedStanding {
        alpha_stake: miner.need("alpha_stake")?.number()?,
        payload: payload.as_ref(),
        failed_audits: u32::try_from(failures).unwrap_or(u32::MAX),
    }))
}

fn payload(miner: &At<'_>, scores: &At<'_>) -> Result<Payload, String> {
    scores.entries()?;
    let failures = count_or(miner, "failure_count", 0)?;
    Ok(Payload {
        scores: scores.get("scores").and_then(|at| at.parsable()),
        ema_score: scores.get("ema_score").and_then(|at| at.parsable()),
        is_slashed: truth_or(scores, "is_slashed", false)?,
        failure_count: count_or(scores, "failure_count", failures)?,
    })
}

/// Whether the miner's capacity has the kind: as a truth, or in the list `inference`.
fn offers(miner: &At<'_>, kind: &str) -> Result<bool, String> {
    let Some(capacity) = miner.get("capacity") else { return Ok(false) };
    if capacity.get(kind).is_some_and(|at| at.value == &Value::Bool(true)) {
        return Ok(true);
    }
    let Some(listed) = capacity.get("inference").filter(|at| at.value.is_array()) else {
        return Ok(false);
    };
    Ok(listed.items()?.iter().any(|item| item.value.as_str() == Some(kind)))
}
