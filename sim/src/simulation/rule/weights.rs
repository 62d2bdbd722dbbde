//! Section `win_rate_weights`: a validator's step.

use crate::model::rules::ValidatorRules;
use crate::model::rules::ValidatorVersion;
use crate::model::weighting::Board;
use crate::simulation::rule::Got;
use crate::simulation::rule::job_score::number;
use crate::simulation::rule::read::At;
use crate::simulation::rule::read::count_or;
use crate::simulation::rule::read::text_or;
use crate::simulation::rule::read::truth_or;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;

/// The subnet owner's uid. Source: spec/offchain.md section 7.
const OWNER_UID: u64 = 74;
/// What a step keeps of the weights it makes. Source: spec/offchain.md section 7.
const STEP_SHARE: f64 = 0.1;

/// Wins, win rates and weights, with the weights' sum after the step's factor.
///
/// # Errors
/// What of the case is missing or malformed, with its place.
pub(super) fn answer(case: &At<'_>) -> Result<Got, String> {
    let commit = case.need("commit")?;
    let word = commit.text()?.split_whitespace().next().unwrap_or_default();
    let version = ValidatorVersion::parse(word).ok_or_else(|| {
        commit.malformed("a commit of the validator in spec/offchain.md section 0")
    })?;
    let rule = ValidatorRules::of(version).weighting.build();
    let neurons = read_neurons(case)?;
    let owner_uid = count_or(case, "owner_uid", OWNER_UID)?;
    let block = count_or(case, "block", 0)?;
    let weighing = rule.weigh(&Board {
        scores: &neurons.scores,
        invalid: &neurons.invalid,
        banned: &neurons.banned,
        coldkeys: &neurons.coldkeys,
        owner: neurons.uids.iter().position(|uid| *uid == owner_uid),
        block,
    });
    let by_uid = |value: &dyn Fn(usize) -> Value| {
        let entry = |(index, uid): (usize, &u64)| (uid.to_string(), value(index));
        Value::Object(neurons.uids.iter().enumerate().map(entry).collect::<Map<_, _>>())
    };
    let rate = |index: usize| {
        let rate: f64 = weighing.win_rates[index];
        if rate.is_finite() { number(rate) } else { json!("-inf") }
    };
    let weights: Vec<_> = weighing.weights.iter().map(|weight| number(*weight)).collect();
    let kept = weighing.weights.iter().filter(|weight| !weight.is_nan());
    Ok(Got::from(json!({
        "wins": by_uid(&|index| json!(weighing.wins[index])),
        "win_rate": by_uid(&rate),
        "burn_rate": number(rule.burn_rate(block)),
        "step_weights_f32": weights,
        "self_weights_sum_f32": number(kept.map(|weight| STEP_SHARE * weight).sum()),
        "uids": neurons.uids,
        "step_weights_f64": weights,
    })))
}

/// The metagraph of a case, in the order of its uids.
struct CaseNeurons {
    uids: Vec<u64>,
    scores: Vec<f64>,
    invalid: Vec<bool>,
    banned: Vec<bool>,
    coldkeys: Vec<Option<u32>>,
}

fn read_neurons(case: &At<'_>) -> Result<CaseNeurons, String> {
    let mut banned = Vec::new();
    if let Some(list) = case.get("banned") {
        for item in list.items()? {
            banned.push(item.text()?);
        }
    }
    let mut by_uid = BTreeMap::new();
    for (key, entry) in case.need("input")?.entries()? {
        let uid: u64 = key.parse().map_err(|_| entry.malformed("an entry under a uid"))?;
        if by_uid.insert(uid, entry.clone()).is_some() {
            return Err(entry.malformed("one entry a uid"));
        }
    }
    let mut neurons = CaseNeurons {
        uids: by_uid.keys().copied().collect(),
        scores: Vec::new(),
        invalid: Vec::new(),
        banned: Vec::new(),
        coldkeys: Vec::new(),
    };
    let mut numbers = BTreeMap::new();
    for entry in by_uid.values() {
        let score = entry.need("total_score")?.number()?;
        let completed = text_or(entry, "status", "COMPLETED")? == "COMPLETED";
        neurons.scores.push(if completed { score } else { 0.0 });
        neurons.invalid.push(truth_or(entry, "invalid", false)?);
        let coldkey = text_or(entry, "coldkey", "")?;
        let listed = |key: &str| !key.is_empty() && banned.contains(&key);
        neurons.banned.push(listed(coldkey) || listed(text_or(entry, "hotkey", "")?));
        let next = u32::try_from(numbers.len()).map_err(|_| entry.malformed("fewer entries"))?;
        let known = || *numbers.entry(coldkey).or_insert(next);
        neurons.coldkeys.push((!coldkey.is_empty()).then(known));
    }
    Ok(neurons)
}
