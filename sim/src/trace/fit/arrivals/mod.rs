//! How requests arrive: which process of a scenario the gaps bear out.
//!
//! Every family of arrivals that a scenario knows is fitted by maximum likelihood, and ranked by Schwarz's criterion (BIC)
//! on the same gaps. Of those that the gaps do not refute the least BIC is taken; where they refute all, nothing is.

mod closed_loop;
mod diurnal;
mod judge;
mod on_off;
mod optimum;
mod renewal;
mod requests;

use crate::trace::fit::joint::Matrix;
use crate::trace::jobs::RecordedJobs;
use crate::trace::measure::numbers;
use judge::GapsJudged;
use requests::Requests;

pub(crate) use judge::ProcessModel;

/// An arrival process with its parameters, as a scenario writes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Process {
    /// Clients that wait for the answer.
    ClosedLoop {
        /// Number of clients that ask and wait.
        clients: usize,
        /// Least time from an answer to the next request [ms].
        think_ms: f64,
        /// Mean of the exponential on top [ms].
        jitter_ms: f64,
    },
    /// A Poisson process: exponential gaps between requests.
    Poisson {
        /// Requests an hour, in the mean [1/h].
        rate_per_h: f64,
    },
    /// Always the same gap.
    Interval {
        /// Gap between two requests [ms].
        every_ms: f64,
    },
    /// A renewal process: gaps of a gamma law.
    RenewalGamma {
        /// Requests an hour, in the mean [1/h].
        rate_per_h: f64,
        /// Shape of the gaps.
        shape: f64,
    },
    /// Busy and quiet spells in turn, each with its own rate.
    OnOff {
        /// Requests an hour in a busy spell.
        on_rate_per_h: f64,
        /// Requests an hour in a quiet one; 0: silence.
        off_rate_per_h: f64,
        /// Mean length of a busy spell [s].
        mean_on_s: f64,
        /// Mean length of a quiet one [s].
        mean_off_s: f64,
    },
    /// A rate that rises and falls with a period.
    Diurnal {
        /// Requests an hour in the mean.
        mean_rate_per_h: f64,
        /// Swing about it, `0.0..1.0`.
        depth: f64,
        /// Hour of the peak.
        peak_h: f64,
        /// Length of the period [h].
        period_h: f64,
        /// Whether that is a day, not an estimate.
        is_day: bool,
    },
}

/// A parameter of a process: its key, its value, whether it errs on the log scale.
pub(crate) type ProcessKey = (&'static str, f64, bool);

impl Process {
    /// Its name in a scenario.
    pub(crate) fn family(&self) -> &'static str {
        match self {
            Self::ClosedLoop { .. } => "closed_loop",
            Self::Poisson { .. } => "poisson",
            Self::Interval { .. } => "interval",
            Self::RenewalGamma { .. } => "renewal_gamma",
            Self::OnOff { .. } => "on_off",
            Self::Diurnal { .. } => "diurnal",
        }
    }

    /// Number of clients that the process stands for.
    pub(crate) fn clients(&self) -> usize {
        if let Self::ClosedLoop { clients, .. } = self { *clients } else { 1 }
    }

    /// Its keys in a scenario: first those that were estimated, in the order of the covariance, then the others.
    pub(crate) fn keys(&self) -> Vec<ProcessKey> {
        match *self {
            Self::ClosedLoop { think_ms, jitter_ms, .. } => {
                vec![("think_ms", think_ms, true), ("jitter_ms", jitter_ms, true)]
            }
            Self::Poisson { rate_per_h } => vec![("rate_per_h", rate_per_h, true)],
            Self::Interval { every_ms } => vec![("every_ms", every_ms, true)],
            Self::RenewalGamma { rate_per_h, shape } => {
                vec![("rate_per_h", rate_per_h, true), ("shape", shape, true)]
            }
            Self::OnOff { on_rate_per_h, off_rate_per_h, mean_on_s, mean_off_s } => {
                let on = ("on_rate_per_h", on_rate_per_h, true);
                let off = ("off_rate_per_h", off_rate_per_h, true);
                let spells = [("mean_on_s", mean_on_s, true), ("mean_off_s", mean_off_s, true)];
                if off_rate_per_h > 0.0 {
                    [on, off].into_iter().chain(spells).collect()
                } else {
                    [on].into_iter().chain(spells).chain([off]).collect()
                }
            }
            Self::Diurnal { mean_rate_per_h, depth, peak_h, period_h, .. } => vec![
                ("mean_rate_per_h", mean_rate_per_h, true),
                ("depth", depth, true),
                ("peak_h", peak_h, false),
                ("period_h", period_h, true),
            ],
        }
    }
}

/// A process fitted to the gaps.
struct Candidate {
    process: Process,
    /// Of its estimated keys, on the log scale where they err on it; none where the likelihood does not bend.
    covariance: Option<Matrix>,
    told: GapsJudged,
}

/// The process that a trace's requests make likeliest, and the others beside it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FittedArrivals {
    /// The process that the scenario takes.
    pub(crate) process: Process,
    /// Joint errors of its estimated keys, the first of [`Process::keys`].
    pub(crate) covariance: Matrix,
    /// Gaps between requests that were looked at.
    pub(crate) gaps: usize,
    /// Correlation of a gap with the answer before it.
    pub(crate) correlation: Option<f64>,
    /// All models, the least BIC first.
    pub(crate) models: Vec<ProcessModel>,
}

/// The arrivals of `jobs` after the first `skip`.
///
/// # Errors
/// None of fewer than three gaps; the models, where the gaps refute all of them.
pub(super) fn arrivals(
    jobs: &RecordedJobs,
    skip: usize,
) -> Result<FittedArrivals, Vec<ProcessModel>> {
    let Some(requests) = Requests::of(jobs, skip) else { return Err(Vec::new()) };
    let found = [
        Some(renewal::poisson(&requests)),
        renewal::interval(&requests),
        renewal::gamma(&requests),
        on_off::bursts(&requests, true),
        on_off::bursts(&requests, false),
        diurnal::daily(&requests),
        diurnal::of_any_period(&requests),
        closed_loop::one(&requests),
        closed_loop::several(&requests),
    ];
    let mut ranked: Vec<(ProcessModel, Process, Option<Matrix>)> = found
        .into_iter()
        .flatten()
        .map(|one| (ProcessModel::of(one.told, requests.gaps.len()), one.process, one.covariance))
        .collect();
    ranked.sort_by(|a, b| a.0.bic.total_cmp(&b.0.bic));
    let taken = ranked.iter().find(|(model, ..)| !model.is_refuted);
    let taken = taken.map(|(_, process, covariance)| (*process, covariance.clone()));
    let models: Vec<ProcessModel> = ranked.into_iter().map(|(model, ..)| model).collect();
    let Some((process, Some(covariance))) = taken else { return Err(models) };
    let correlation = correlation(&requests);
    Ok(FittedArrivals { process, covariance, gaps: requests.gaps.len(), correlation, models })
}

/// Correlation of a gap with the answer before it; none where answers are unknown.
fn correlation(requests: &Requests) -> Option<f64> {
    /// Longer gaps are pauses, so many medians long, and follow no answer. Source: ours; October's one pause is 11 medians.
    const PAUSE_MEDIANS: f64 = 5.0;
    let known = requests.recorded.iter().filter_map(|(gap, ack)| Some((*gap, (*ack)?)));
    let known: Vec<(f64, f64)> = known.collect();
    let longest = PAUSE_MEDIANS * numbers::median(known.iter().map(|(gap, _)| *gap).collect())?;
    numbers::correlation(&known.into_iter().filter(|(gap, _)| *gap <= longest).collect::<Vec<_>>())
}
