//! Section `ema`: a miner's record after a run over its jobs.

use crate::model::rules::OrchestratorRules;
use crate::model::scoring::AverageSettings;
use crate::model::scoring::MAX_LATENCY_MS;
use crate::model::scoring::Record;
use crate::model::scoring::Sample;
use crate::model::scoring::ScoredKind;
use crate::model::scoring::Scoring;
use crate::model::scoring::ScoringSpec;
use crate::model::scoring::head_sample;
use crate::model::scoring::sample_score;
use crate::model::scoring::weighted_score;
use crate::simulation::rule::Got;
use crate::simulation::rule::job_score::number;
use crate::simulation::rule::read::At;
use crate::simulation::rule::read::count_or;
use crate::simulation::rule::read::number_or;
use crate::simulation::rule::read::rules;
use crate::simulation::rule::read::text_or;
use serde_json::Value;
use serde_json::json;

/// The settings in force unless a case says otherwise. Source: spec/offchain.md section 3.3.
pub(super) const IN_FORCE: AverageSettings =
    AverageSettings { alpha: 1.0, half_life_s: 604_800.0, penalty: 0.2 };
/// Look-back of a run since orchestrator 1f6be52 [s].
const LOOKBACK_S: f64 = 604_800.0;

/// A finished job at its event time [s]; none for one that does not count.
type TimedSample = (f64, Option<Sample>);

/// The record after each event and at the reference time.
///
/// # Errors
/// What of the case is missing or malformed, with its place.
pub(super) fn answer(case: &At<'_>) -> Result<Got, String> {
    let rules = rules(case)?;
    let rule = rules.scoring.build();
    let lookback = rule.terms().lookback_ms.is_some();
    let history = EmaHistory { rule, start: start(case, lookback)?, lookback };
    let input = case.need("input")?;
    let is_weighted = is_weighted(case, &rules)?;
    let (mut events, mut times) = (Vec::new(), Vec::new());
    for event in input.need("events")?.items()? {
        let at = event.need("t")?;
        events.push((at.number()?, sample(&event, &rules, is_weighted)?));
        times.push(at.value.clone());
    }
    let reference = input.need("reference_time")?.number()?;
    let after = |(index, time): (usize, &Value)| {
        let record = history.run(&events[..=index], events[index].0);
        let mut entry = json!({ "t": time });
        if let (Value::Object(entry), Value::Object(shown)) = (&mut entry, shown(&record)) {
            entry.extend(shown);
        }
        entry
    };
    let each: Vec<_> = times.iter().enumerate().map(after).collect();
    let last = shown(&history.run(&events, reference));
    Ok(Got::from(json!({ "after_each_event": each, "final": last })))
}

/// What a run begins with and goes by.
struct EmaHistory {
    rule: Box<dyn Scoring>,
    start: Record,
    lookback: bool,
}

impl EmaHistory {
    /// The record that a run at `now` [s] makes of these events.
    fn run(&self, events: &[TimedSample], now: f64) -> Record {
        let inside = |(at, _): &&TimedSample| !self.lookback || *at >= now - LOOKBACK_S;
        let mut events: Vec<TimedSample> = events.iter().filter(inside).copied().collect();
        events.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut record = self.start;
        for (at, sample) in events {
            if sample.is_some() {
                self.rule.advance(&mut record, at, sample);
            }
        }
        self.rule.advance(&mut record, now, None);
        record
    }
}

fn shown(record: &Record) -> Value {
    json!({
        "scores": number(record.scores),
        "ema": number(record.ema),
        "success": record.success_count,
        "failures": record.failure_count,
    })
}

fn is_weighted(case: &At<'_>, rules: &OrchestratorRules) -> Result<bool, String> {
    let own = if rules.weighs_kinds { "job_to_weighted_score" } else { "job_to_score" };
    match text_or(case, "score_fn", own)? {
        "job_to_score" => Ok(false),
        "job_to_weighted_score" => Ok(true),
        _ => Err(case.need("score_fn")?.malformed("job_to_score or job_to_weighted_score")),
    }
}

/// What the version makes of one job.
fn sample(
    event: &At<'_>,
    rules: &OrchestratorRules,
    weighted: bool,
) -> Result<Option<Sample>, String> {
    let status = text_or(event, "status", "success")?.to_lowercase();
    let success = match status.as_str() {
        "success" => true,
        "failed" | "timeout" => false,
        _ => return Ok(None),
    };
    let callback_ms = event.get("lat").and_then(|at| at.parsable());
    let latency_ms = event.get("ms").and_then(|at| at.parsable()).or(callback_ms);
    let mut kind = ScoredKind::weighed(text_or(event, "jt", "")?, rules.kind_weights);
    if !weighted {
        kind.weight = 1.0;
    }
    if matches!(rules.scoring, ScoringSpec::Head(_)) {
        let limited = rules.callback.edit_latency_ms_max.is_some();
        return Ok(head_sample(kind, success, latency_ms, callback_ms.filter(|_| limited)));
    }
    if weighted && kind.weight <= 0.0 {
        return Ok(None);
    }
    let score = weighted_score(kind.weight, sample_score(latency_ms, MAX_LATENCY_MS));
    Ok(Some(if success { Sample::Success(score) } else { Sample::Failure }))
}

/// The record a run begins with: since 1f6be52 an existing one gives its settings only.
fn start(case: &At<'_>, lookback: bool) -> Result<Record, String> {
    let mut settings = IN_FORCE;
    if let Some(at) = case.get("settings") {
        settings = read_settings(&at, settings)?;
    }
    let Some(existing) = case.need("input")?.get("existing") else {
        return Ok(Record { settings: Some(settings), ..Record::default() });
    };
    existing.entries()?;
    let settings = Some(read_settings(&existing, settings)?);
    if lookback {
        return Ok(Record { settings, ..Record::default() });
    }
    let first =
        |keys: &[&'static str]| keys.iter().copied().find(|key| existing.get(key).is_some());
    let real =
        |keys: &[&'static str]| first(keys).map(|key| existing.need(key)?.number()).transpose();
    let count = |keys: &[&'static str], default| {
        first(keys).map_or(Ok(default), |key| count_or(&existing, key, default))
    };
    let scores = real(&["scores"])?.unwrap_or(0.0);
    let ema = real(&["ema", "ema_score"])?.unwrap_or(scores).clamp(0.0, 1.0);
    let successes = count(&["success", "success_count", "n_succ"], 0)?;
    Ok(Record {
        scores: if scores > 0.0 { scores } else { ema },
        ema,
        success_count: successes,
        failure_count: count(&["failures", "failure_count", "n_fail"], 0)?,
        sample_count: count(&["samples", "sample_count", "n_samples"], successes)?,
        last_update: real(&["last_update", "ema_last_update_at", "last_score_update_at"])?,
        last_success: real(&["last_success", "last_sample_at"])?,
        settings,
    })
}

/// Settings over others: a stored half-life of 0 or less and a negative penalty are passed over.
///
/// # Errors
/// What of the settings is malformed, with its place.
pub(super) fn read_settings(at: &At<'_>, base: AverageSettings) -> Result<AverageSettings, String> {
    let half_life = number_or(at, "ema_half_life_seconds", base.half_life_s)?;
    let half_life = number_or(at, "decay_half_life_seconds", half_life)?;
    let penalty = number_or(at, "failure_penalty_weight", base.penalty)?;
    Ok(AverageSettings {
        alpha: number_or(at, "ema_alpha", base.alpha)?.clamp(0.0, 1.0),
        half_life_s: if half_life > 0.0 { half_life } else { base.half_life_s },
        penalty: if penalty >= 0.0 { penalty } else { base.penalty },
    })
}
