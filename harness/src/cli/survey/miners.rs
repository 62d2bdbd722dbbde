//! A scenario run on a device and the simulator judged by it, with work cut to the time there is.
//!
//! The scenario's steps and its score's scale are made for no device in particular. Here both follow from the times that
//! batches of its miners take: as many steps, up to the scenario's own, as the time allows, and a score of 0 at a fixed
//! multiple of the slowest batch.

use crate::backend::ImageRequest;
use crate::cli::backend_args::BackendArgs;
use crate::cli::bench_measure;
use crate::cli::bench_measure::BenchPlan;
use crate::cli::outcome::HarnessFailure;
use crate::cli::run::Worker;
use crate::cli::run::record_all;
use crate::cli::scenario_args::DeviceScenarioArgs;
use crate::model::shape::ModelShape;
use crate::model::weights::ModelWeights;
use anyhow::Context;
use anyhow::anyhow;
use assay_sim::miner::Alarm;
use assay_sim::simulation::EquivalenceMargins;
use assay_sim::simulation::Experiment;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Steps of the images by which the device is timed, where the scenario has as many.
const TRIAL_STEPS: u32 = 4;
/// The score is 0 at so many times the slowest batch. Source: scenarios/harness/small.toml, 64 ms for 25.6.
const SCALE: f64 = 2.5;
const MS: f64 = 1e3;

/// What is run, and within what.
#[derive(Debug)]
pub(super) struct Task<'a> {
    pub(super) scenario: &'a DeviceScenarioArgs,
    /// The scenario as it was asked for.
    pub(super) asked: &'a Experiment,
    pub(super) device: &'a BackendArgs,
    pub(super) weights: Arc<ModelWeights>,
    /// Time that all images may take \[s\].
    pub(super) seconds: f64,
    /// Folder into which recordings are written.
    pub(super) recordings: PathBuf,
}

/// A scenario that was run, and the verdict on the simulator.
#[derive(Debug, Serialize)]
pub(super) struct SurveyedMiners {
    /// Runs it again, but for the choice of model and adapter.
    command: String,
    model: ModelShape,
    steps: u32,
    /// Time of a batch when the device was tried, in those steps \[ms\].
    batch_ms: BTreeMap<u32, f64>,
    recordings: usize,
    /// Of the scenario's own number of replications, each replayed from its recording.
    digest: String,
    /// Invariants that did not hold.
    pub(super) broken: Vec<String>,
    pub(super) agrees: bool,
    /// Whether enough of the scores comes from measured time for the verdict to mean anything.
    pub(super) is_meaningful: bool,
    verdict: serde_json::Value,
    #[serde(skip)]
    text: String,
}

impl SurveyedMiners {
    /// Whether everything is as expected.
    pub(super) fn is_good(&self) -> bool {
        self.broken.is_empty() && self.agrees && self.is_meaningful
    }

    /// The part for people.
    pub(super) fn text(&self) -> String {
        let (steps, recordings, broken) = (self.steps, self.recordings, self.broken.join("; "));
        let broken = if broken.is_empty() { broken } else { format!("BROKEN  {broken}\n") };
        format!("{recordings} runs in {steps} steps an image\n{broken}{}", self.text.trim_end())
    }
}

/// Runs the scenario as often as a validation needs and validates.
///
/// # Errors
/// When the backend cannot be opened, the device or the disk fails, or the alarm was set off.
pub(super) fn validate(task: &Task<'_>, alarm: &Alarm) -> Result<SurveyedMiners, HarnessFailure> {
    let per_step = trial(task)?;
    let steps = steps(task, &per_step, alarm)?;
    let slowest = per_step.values().fold(0.0, |most: f64, s| most.max(*s));
    let scale_ms = (SCALE * slowest * f64::from(steps) * MS).max(1.0).round();
    let cut = task.scenario.with_sets(&[
        format!("kind.0.steps={steps}"),
        format!("orchestrator.scoring.v001.latency_max_ms={scale_ms:.1}"),
    ]);
    let experiment = cut.experiment(&[])?;
    let studio = Worker::open(task.device, task.weights.clone(), &experiment)?;
    let numbers = experiment.validation_replications();
    let ran = record_all(&experiment, &studio, (&task.recordings, numbers), alarm)?;
    let recordings = ran.len();
    let command = experiment.command(&["--backend".to_string(), task.device.name().to_string()]);
    let (digest, broken) = results(&experiment, &studio, (&task.recordings, &command), alarm)?;
    let verdict = experiment.validate(ran, &EquivalenceMargins::default(), alarm)?;
    let json = serde_json::from_slice(&verdict.json)
        .context("the verdict")
        .map_err(HarnessFailure::Machine)?;
    Ok(SurveyedMiners {
        command,
        model: task.weights.shape(),
        steps,
        batch_ms: per_step.into_iter().map(|(k, s)| (k, s * f64::from(steps) * MS)).collect(),
        recordings,
        digest,
        broken,
        agrees: verdict.agrees,
        is_meaningful: verdict.is_meaningful,
        verdict: json,
        text: verdict.text,
    })
}

/// By batch, the time of a step \[s\].
fn trial(task: &Task<'_>) -> Result<BTreeMap<u32, f64>, HarnessFailure> {
    /// Runs, and the time after which there is no further one. Source: ours.
    const ROUNDS: u16 = 5;
    const PATIENCE: Duration = Duration::from_secs(2);
    let mut opened = task.device.open(task.weights.clone())?;
    let steps = task.asked.steps().into_iter().fold(TRIAL_STEPS, u32::min);
    let request = ImageRequest::new(0, 0, steps, None).map_err(HarnessFailure::input)?;
    let plan = BenchPlan { request, batches: Vec::new(), rounds: ROUNDS, patience: PATIENCE };
    let mut found = BTreeMap::new();
    let batches: BTreeSet<u32> = task.asked.batches().into_iter().map(|n| n.max(1)).collect();
    for batch in batches {
        let size = usize::try_from(batch).expect("a batch fits memory");
        let requests = bench_measure::requests(&request, size);
        let took = bench_measure::fastest(opened.painter(), &requests, &plan)?;
        found.insert(batch, took.as_secs_f64() / f64::from(steps));
    }
    Ok(found)
}

/// As many steps as the time allows, up to the scenario's own, where every miner is asked as often as the others.
fn steps(
    task: &Task<'_>,
    step_s: &BTreeMap<u32, f64>,
    alarm: &Alarm,
) -> Result<u32, HarnessFailure> {
    let asked = task.asked;
    let batches = asked.batches();
    let all: f64 = batches.iter().map(|batch| step_s[&(*batch).max(1)]).sum();
    let numbers = asked.validation_replications();
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 jobs")]
    let (jobs, miners) =
        ((asked.jobs(alarm)? * (numbers.end - numbers.start)) as f64, batches.len() as f64);
    let one_step = jobs * all / miners;
    fit(task.seconds, one_step, asked.steps().into_iter().max().unwrap_or(1))
}

/// The most steps of `one_step` seconds each that fit into `seconds`.
fn fit(seconds: f64, one_step: f64, most: u32) -> Result<u32, HarnessFailure> {
    if one_step > seconds {
        let text = format!(
            "the images take {one_step:.0} s in a single step, allowed: {seconds:.0}; \
             give a smaller --size, fewer --epochs or more --seconds"
        );
        return Err(HarnessFailure::input(anyhow!(text)));
    }
    Ok((1..=most).rev().find(|steps| f64::from(*steps) * one_step <= seconds).unwrap_or(1))
}

/// The results of the scenario's own replications, replayed from their recordings: digest and broken invariants.
fn results(
    experiment: &Experiment,
    studio: &Worker<'_>,
    (recordings, command): (&Path, &str),
    alarm: &Alarm,
) -> Result<(String, Vec<String>), HarnessFailure> {
    let own = (recordings, experiment.replications());
    let ran = record_all(experiment, &studio.resumed(), own, alarm)?;
    let found = experiment.outcome(ran, command);
    Ok((found.digest().to_string(), found.broken()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_cut_to_the_time_and_never_beyond_the_scenarios_own() {
        // Two seconds a step: 5 steps take 10 s, 6 would take 12.
        assert_eq!(fit(11.0, 2.0, 50).unwrap(), 5);
        assert_eq!(fit(1000.0, 2.0, 50).unwrap(), 50);
        assert_eq!(fit(2.0, 2.0, 50).unwrap(), 1);
    }

    #[test]
    fn work_that_does_not_fit_at_all_is_refused_with_the_remedy() {
        let refused = fit(1.0, 2.0, 50);
        let Err(HarnessFailure::Input(why)) = refused else { panic!("{refused:?}") };
        assert!(why.to_string().contains("--seconds"), "{why}");
    }
}
