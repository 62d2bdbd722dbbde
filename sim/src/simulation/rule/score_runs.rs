//! Section `score_runs`: the stored records of all miners after several score runs.

use crate::base::math;
use crate::model::scoring::AverageSettings;
use crate::model::scoring::FinishedJob;
use crate::model::scoring::Record;
use crate::model::scoring::Scoring;
use crate::model::scoring::ScoringSpec;
use crate::model::scoring::Start;
use crate::simulation::rule::Got;
use crate::simulation::rule::ema::IN_FORCE;
use crate::simulation::rule::ema::read_settings;
use crate::simulation::rule::job_score::number;
use crate::simulation::rule::read::At;
use crate::simulation::rule::read::count_or;
use crate::simulation::rule::read::number_or;
use crate::simulation::rule::read::rules;
use crate::simulation::rule::read::text_or;
use crate::simulation::rule::read::truth_or;
use crate::subnet::orchestrator::scores::Held;
use crate::subnet::orchestrator::scores::HeldJob;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;

/// Milliseconds in a second.
const MS_PER_S: f64 = 1000.0;
/// Microseconds in a second: stored times are kept to one. Source: spec/offchain.md section 3.5.
const US_PER_S: f64 = 1e6;

/// The stored record of one miner, and the jobs that the relay holds.
#[derive(Debug, Default)]
struct StoredRecord {
    held: Held,
    jobs: Vec<Value>,
    /// None before the first run that stores it.
    record: Option<Record>,
    is_slashed: bool,
    last_job: Option<Value>,
}

/// All records after each run.
///
/// # Errors
/// What of the case is missing or malformed, with its place.
pub(super) fn answer(case: &At<'_>) -> Result<Got, String> {
    let spec = rules(case)?.scoring;
    let input = case.need("input")?;
    let mut miners: BTreeMap<&str, StoredRecord> = BTreeMap::new();
    let plain = build(&spec, IN_FORCE, case)?;
    for (name, jobs) in input.need("jobs")?.entries()? {
        let stored = miners.entry(name).or_default();
        for job in jobs.items()? {
            stored.hold(&job, plain.as_ref())?;
        }
    }
    if let Some(records) = input.get("stored") {
        for (name, record) in records.entries()? {
            miners.entry(name).or_default().read(&record)?;
        }
    }
    let mut settings = IN_FORCE;
    if let Some(at) = case.get("settings") {
        settings = read_settings(&at, settings)?;
    }
    let (mut runs, mut before_ms) = (Vec::new(), 0);
    for run in input.need("runs")?.items()? {
        let own = run.get("settings").map(|at| read_settings(&at, settings)).transpose()?;
        let rule = build(&spec, own.unwrap_or(settings), case)?;
        let at = run.need("t_ms")?;
        let now_ms = at.count()?;
        if now_ms < before_ms {
            return Err(at.malformed("no earlier than the run before"));
        }
        before_ms = now_ms;
        let lost = names(&run, "lost")?;
        for name in names(&run, "valid")? {
            miners.entry(name).or_default().run(rule.as_ref(), now_ms, lost.contains(&name));
        }
        let shown =
            |(name, stored): (&&str, &StoredRecord)| Some((name.to_string(), stored.shown()?));
        let records: Map<String, Value> = miners.iter().filter_map(shown).collect();
        runs.push(json!({ "t_ms": now_ms, "records": records }));
    }
    Ok(Got::from(json!({ "runs": runs })))
}

/// The version's rule with these settings. Only rules that go on from the stored record are answered.
fn build(
    spec: &ScoringSpec,
    settings: AverageSettings,
    case: &At<'_>,
) -> Result<Box<dyn Scoring>, String> {
    let rule = spec.with_settings(settings).build();
    if rule.terms().start == Start::Nothing {
        let allowed = "v001 or 2bd4f1b: later versions begin each run with nothing";
        return Err(case.need("version")?.malformed(allowed));
    }
    Ok(rule)
}

fn names<'v>(run: &At<'v>, key: &str) -> Result<Vec<&'v str>, String> {
    let Some(list) = run.get(key) else { return Ok(Vec::new()) };
    list.items()?.iter().map(At::text).collect()
}

impl StoredRecord {
    /// Takes in a job as the relay holds it; one that is still pending counts in no run.
    fn hold(&mut self, job: &At<'_>, rule: &dyn Scoring) -> Result<(), String> {
        let updated_ms = job.need("last_updated_ms")?.count()?;
        let success = match text_or(job, "status", "success")? {
            "success" => true,
            "failed" | "timeout" => false,
            _ => return Ok(()),
        };
        let event = FinishedJob {
            at_ms: count_or(job, "completed_ms", updated_ms)?,
            success,
            total_runtime_ms: job.get("total_runtime_ms").map(|at| at.count()).transpose()?,
            kind_weight: 1.0,
            ..FinishedJob::default()
        };
        let Some(sample) = rule.judge(&event) else { return Ok(()) };
        self.held.push(HeldJob {
            at_ms: event.at_ms,
            number: u64::try_from(self.jobs.len()).expect("a length fits 64 bits"),
            visible_ms: count_or(job, "seen_from_ms", updated_ms)?,
            gone_ms: count_or(job, "seen_to_ms", u64::MAX)?,
            sample,
        });
        self.jobs.push(job.get("job_id").map_or(Value::Null, |at| at.value.clone()));
        Ok(())
    }

    /// The record before the first run.
    fn read(&mut self, at: &At<'_>) -> Result<(), String> {
        let scores = number_or(at, "scores", 0.0)?;
        let ema = number_or(at, "ema_score", scores)?.clamp(0.0, 1.0);
        let successes = count_or(at, "success_count", 0)?;
        let second = |key: &str| -> Result<Option<f64>, String> {
            at.get(key).map(|at| at.number().map(|ms| ms / MS_PER_S)).transpose()
        };
        let keys = ["decay_half_life_seconds", "failure_penalty_weight", "ema_alpha"];
        let has_settings = keys.iter().any(|key| at.get(key).is_some());
        self.record = Some(Record {
            scores: if scores > 0.0 { scores } else { 0.0 },
            ema,
            success_count: successes,
            failure_count: count_or(at, "failure_count", 0)?,
            sample_count: count_or(at, "sample_count", successes)?,
            last_update: second("ema_last_update_ms")?,
            last_success: second("last_sample_ms")?,
            settings: has_settings.then(|| read_settings(at, IN_FORCE)).transpose()?,
        });
        self.is_slashed = truth_or(at, "is_slashed", false)?;
        self.last_job = at.get("last_job_id").map(|at| at.value.clone());
        Ok(())
    }

    fn run(&mut self, rule: &dyn Scoring, now_ms: u64, is_lost: bool) {
        let record = self.record.get_or_insert_with(Record::default);
        if is_lost {
            return Held::run_blind(rule, record, now_ms);
        }
        self.held.run(rule, record, now_ms);
        let last = self.held.last_seen().map(|number| usize::try_from(number).expect("a place"));
        self.last_job = last.map(|number| self.jobs[number].clone());
    }

    /// The stored record; keys without a value are absent.
    fn shown(&self) -> Option<Value> {
        let record = self.record.as_ref()?;
        let settings = record.settings.unwrap_or(IN_FORCE);
        let failures = math::float(record.failure_count);
        let legacy = math::float(record.success_count) - settings.penalty * failures;
        let mut shown = json!({
            "scores": number(record.scores),
            "ema_score": number(record.ema),
            "legacy_score": number(if legacy > 0.0 { legacy } else { 0.0 }),
            "success_count": record.success_count,
            "failure_count": record.failure_count,
            "sample_count": record.sample_count,
            "is_slashed": self.is_slashed,
            "decay_half_life_seconds": number(settings.half_life_s),
            "failure_penalty_weight": number(settings.penalty),
            "ema_alpha": number(settings.alpha),
        });
        let ms = |second: Option<f64>| {
            second.map(|second| number((second * US_PER_S).round() / (US_PER_S / MS_PER_S)))
        };
        let optional = [
            ("last_job_id", self.last_job.clone()),
            ("last_sample_ms", ms(record.last_success)),
            ("ema_last_update_ms", ms(record.last_update)),
        ];
        for (key, value) in optional {
            if let Some(value) = value {
                shown[key] = value;
            }
        }
        Some(shown)
    }
}
