//! The verdict on the simulator: fitted to some real runs, does it pay miners as other real runs did?
//!
//! Not tested, because real work here is done one after another on one device: contention between miners on a device,
//! and networks, which are laws on both sides.

use crate::base::math;
use crate::base::units::NANOS_PER_MS;
use crate::config;
use crate::config::Loaded;
use crate::engine;
use crate::engine::Backends;
use crate::miner::Alarm;
use crate::miner::Backend;
use crate::miner::Speed;
use crate::model::latency;
use crate::observe::Nobody;
use crate::report::Findings;
use crate::scenario::Scenario;
use crate::simulation::error::Error;
use crate::simulation::experiment::Experiment;
use crate::simulation::experiment::RecordedRun;
use crate::study;
use crate::study::Cut;
use crate::study::Margins;
use crate::study::SeedTrio;
use crate::study::Watched;
use crate::subnet::orchestrator::audit;
use crate::work::Completion;
use crate::work::ImageWork;
use crate::work::Work;

/// Least number of pairs that are judged. Source: the project's own demand.
const PAIRS_MIN: usize = 30;
/// Of so many recordings in the order of their numbers the last one calibrates, the others are judged. Taken from in
/// between, calibration sees the device in the states in which the judged runs saw it.
const CALIBRATING: usize = 4;
/// Recordings that give enough of both.
const RECORDINGS_MIN: u64 = 40;
/// Least share of score variance that must come from measured time. Source: the project's own demand.
const MEASURED_MIN: f64 = 0.5;
/// Use of a job's service word that draws its other service time.
const AGAIN_USE: u64 = 3;

/// How far apart real and simulated pay may be, and what is altered on purpose.
#[derive(Clone, Debug, PartialEq)]
pub struct EquivalenceMargins {
    /// Margin of a class's pay share, `0.0..=1.0`.
    pub share_margin: f64,
    /// Margin of the excess of total variation, `0.0..=1.0`.
    pub variation_margin: f64,
    /// Margin of the excess of rank disagreement, `0.0..=1.0`.
    pub rank_margin: f64,
    /// Cohorts whose fitted service times are multiplied, to see that a wrong model is rejected.
    pub slower: Vec<(String, f64)>,
}

impl Default for EquivalenceMargins {
    fn default() -> Self {
        Self { share_margin: 0.01, variation_margin: 0.02, rank_margin: 0.1, slower: Vec::new() }
    }
}

/// What is known of the simulator now.
#[derive(Clone, Debug)]
pub struct EquivalenceVerdict {
    /// Whether the simulator pays as real work was paid.
    pub agrees: bool,
    /// Whether enough of the scores comes from measured time for that to mean anything.
    pub is_meaningful: bool,
    /// The verdict in words and figures.
    pub text: String,
    /// The same for machines, as JSON.
    pub json: Vec<u8>,
    /// The same as a page with a plot, whole in itself.
    #[cfg(feature = "report")]
    pub page: Vec<u8>,
}

impl Experiment {
    /// Numbers of the replications that a validation records where it is given none.
    #[must_use]
    pub fn validation_replications(&self) -> std::ops::Range<u64> {
        let first = self.scenario.run.first_replication;
        first..first + RECORDINGS_MIN
    }

    /// Fits the simulator to every fourth of the real runs and judges it on the others.
    ///
    /// # Errors
    /// When there are too few runs, the scenario has what is not fitted, or the alarm was set off.
    pub fn validate(
        &self,
        mut ran: Vec<RecordedRun>,
        margins: &EquivalenceMargins,
        alarm: &Alarm,
    ) -> Result<EquivalenceVerdict, Error> {
        self.refuse_unfitted(margins)?;
        ran.sort_by_key(|ran| ran.kept.header.replication);
        let mut calibrating = Vec::new();
        let mut judged = Vec::new();
        for (place, ran) in ran.into_iter().enumerate() {
            let is_calibrating = place % CALIBRATING == CALIBRATING - 1;
            if is_calibrating { calibrating.push(ran) } else { judged.push(ran) }
        }
        if judged.len() < PAIRS_MIN || calibrating.is_empty() {
            return Err(Error::Input(format!(
                "{} recordings leave {} to judge and {} to calibrate on: record at least {RECORDINGS_MIN}",
                judged.len() + calibrating.len(),
                judged.len(),
                calibrating.len()
            )));
        }
        let fit = self.fit(&calibrating, margins)?;
        let stopped = |cut: Cut| Error::of_cut(&cut, alarm);
        let mut trios = Vec::new();
        let (mut with, mut without) = (0.0, 0.0);
        for ran in &judged {
            let number = ran.kept.header.replication;
            let run = |scenario: &Scenario, again: bool| -> Result<Watched, Error> {
                let backends = again.then(|| redrawn(scenario));
                study::watched(scenario, number, backends, &mut Nobody, alarm.flag())
                    .map_err(stopped)
            };
            let (simulated, again) = (run(&fit.scenario, false)?.0, run(&fit.scenario, true)?.0);
            with += variance_of_scores(&simulated);
            without += variance_of_scores(&run(&fit.flat, false)?.0);
            let real = ran.watched.0.facts.clone();
            trios.push(SeedTrio { real, simulated: simulated.facts, again: again.facts });
        }
        let bounds = Margins {
            share: margins.share_margin,
            variation: margins.variation_margin,
            rank: margins.rank_margin,
        };
        let share = if with > 0.0 { (1.0 - without / with).clamp(0.0, 1.0) } else { 0.0 };
        let findings = Findings {
            scenario: self.scenario.name.clone(),
            device: judged[0].kept.header.device.clone(),
            calibrated_on: calibrating.iter().map(|ran| ran.kept.header.replication).collect(),
            fitted: fit.means,
            slower: margins.slower.clone(),
            measured_share_of_score_variance: share,
            measured_share_needed: MEASURED_MIN,
            agreement: study::agreement(&trios, bounds),
        };
        Ok(EquivalenceVerdict {
            agrees: findings.agreement.agrees,
            is_meaningful: findings.is_meaningful(),
            text: findings.text(),
            json: findings.json(),
            #[cfg(feature = "report")]
            page: crate::report::agreement_page(&findings).into_bytes(),
        })
    }

    fn refuse_unfitted(&self, margins: &EquivalenceMargins) -> Result<(), Error> {
        let refuse = |text: String| Err(Error::Input(text));
        if self.scenario.kinds.len() > 1 {
            return refuse(
                "validation fits one law a cohort: the scenario must have one [[kind]]".into(),
            );
        }
        if !self.scenario.phases.is_empty() {
            return refuse(
                "validation fits one law a cohort: the scenario must have no [[schedule]]".into(),
            );
        }
        let known: Vec<_> = self.scenario.cohorts.iter().map(String::as_str).collect();
        for (name, factor) in &margins.slower {
            if !known.contains(&name.as_str()) {
                return refuse(format!(
                    "there is no cohort {name}; there are: {}",
                    known.join(", ")
                ));
            }
            if !(0.001..=1000.0).contains(factor) {
                return refuse(format!(
                    "{name}: {factor} times slower, allowed: from 0.001 to 1000"
                ));
            }
        }
        Ok(())
    }

    fn fit(
        &self,
        calibrating: &[RecordedRun],
        margins: &EquivalenceMargins,
    ) -> Result<FittedWork, Error> {
        let mut times = vec![Vec::new(); self.scenario.cohorts.len()];
        for ran in calibrating {
            for (place, _, produced) in ran.kept.works() {
                let place = usize::try_from(place).expect("few miners");
                if let Some(miner) = self.scenario.miners.get(place) {
                    times[miner.cohort].push(ms(produced));
                }
            }
        }
        let measured = &calibrating[0].kept.header.measured;
        let (mut fitted, mut flat) =
            (self.simulation.loaded.clone(), self.simulation.loaded.clone());
        let all: Vec<f64> = times.iter().flatten().copied().collect();
        let mut means = Vec::new();
        for (place, times) in times.into_iter().enumerate() {
            let cohort = &mut fitted.scenario.cohort[place];
            if !measured.contains(&cohort.name) {
                continue;
            }
            if times.is_empty() {
                let text = format!("cohort {} has no work in the calibrating runs", cohort.name);
                return Err(Error::Input(text));
            }
            means.push((cohort.name.clone(), mean(&times)));
            let slower = margins.slower.iter().find(|(name, _)| *name == cohort.name);
            let factor = slower.map_or(1.0, |(_, factor)| 1.0 / factor);
            cohort.speed = Speed { factor, ..Speed::default() };
            cohort.service = latency::measured(times);
            let cohort_flat = &mut flat.scenario.cohort[place];
            cohort_flat.speed = Speed::default();
            cohort_flat.service = latency::measured(vec![mean(&all)]);
            for cohort in [cohort, cohort_flat] {
                cohort.offer.clear();
                for single in &mut cohort.miner {
                    single.speed_factor = None;
                }
            }
        }
        let resolved =
            |loaded: &Loaded| config::resolve(&self.scenario.name, &self.scenario.question, loaded);
        Ok(FittedWork { scenario: resolved(&fitted), flat: resolved(&flat), means })
    }
}

/// The scenario with laws fitted to real work.
struct FittedWork {
    scenario: Scenario,
    /// The same with one time for all work of all cohorts that were measured.
    flat: Scenario,
    means: Vec<(String, f64)>,
}

fn ms(produced: Completion) -> f64 {
    math::float(produced.took.0) / math::float(NANOS_PER_MS)
}

fn mean(xs: &[f64]) -> f64 {
    xs.iter().sum::<f64>() / math::float_len(xs.len())
}

/// Variance of the published scores between miners.
fn variance_of_scores(replication: &engine::Replication) -> f64 {
    let scores: Vec<f64> = replication.standing.iter().map(|standing| standing.score).collect();
    let mean = mean(&scores);
    scores.iter().map(|score| (score - mean) * (score - mean)).sum::<f64>()
}

/// The simulator's own backends with another service time for every job.
fn redrawn(scenario: &Scenario) -> Backends {
    let one = |inner| -> Box<dyn Backend> { Box::new(Redrawn(Box::new(inner))) };
    Backends {
        miners: scenario.miners.iter().map(engine::drawn).map(one).collect(),
        trusted: audit::drawn(&scenario.orchestrator),
    }
}

/// Draws a job's service time from another word.
#[derive(Debug)]
struct Redrawn(Box<dyn Backend>);

impl Backend for Redrawn {
    fn compute(&mut self, batch: &[Work], out: &mut Vec<Completion>) {
        let again = |work: &Work| {
            let Work::Image(work) = work;
            Work::Image(ImageWork { service: work.service.derive(AGAIN_USE), ..*work })
        };
        let batch: Vec<Work> = batch.iter().map(again).collect();
        self.0.compute(&batch, out);
    }
}
