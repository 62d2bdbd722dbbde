//! How requests arrive: one client in a closed loop, a Poisson process, or something between.
//!
//! Models are compared by the likelihood of the gaps and by the Kolmogorov-Smirnov distance.

use crate::base::math;
use crate::trace::fit::laws;
use crate::trace::fit::parameter::Parameter;
use crate::trace::fit::parameter::spread;
use crate::trace::fit::simple;
use crate::trace::jobs::Jobs;
use crate::trace::measure::numbers;

/// Longer gaps are pauses, so many medians long. Source: ours; October's one pause is 11 medians.
const PAUSE_MEDIANS: f64 = 5.0;
/// A correlation of so many standard errors is none by chance. Source: ours.
const CORRELATED: f64 = 5.0;
/// Gaps that vary less than this are a fixed interval. Source: ours.
const FIXED_CV: f64 = 0.002;
/// Recorded times are whole milliseconds: a difference of two is this uncertain [ms].
const ROUNDING_MS: f64 = 0.3;
/// Milliseconds in an hour.
const HOUR_MS: f64 = 3_600_000.0;
/// Quartiles of an exponential variate of mean 1.
const QUARTILES: [f64; 3] = [0.287_682, std::f64::consts::LN_2, 2.0 * std::f64::consts::LN_2];

/// A model of arrivals against the gaps.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Model {
    /// Its name.
    pub(crate) name: &'static str,
    /// Number of its parameters.
    pub(crate) free: u32,
    /// Logarithm of the likelihood, a gap.
    pub(crate) log_likelihood_per_gap: f64,
    /// Kolmogorov-Smirnov distance.
    pub(crate) ks: f64,
    /// Its p-value.
    pub(crate) p: f64,
}

/// Which process a scenario takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Process {
    /// Think time and mean of the exponential on top [ms].
    ClosedLoop(f64, f64),
    /// Requests an hour.
    Poisson(f64),
    /// Every so many [ms].
    Interval(f64),
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arrivals {
    /// The process taken.
    pub(crate) process: Process,
    /// Its parameters with errors.
    pub(crate) parameters: Vec<Parameter>,
    /// Gaps looked at.
    pub(crate) gaps: usize,
    /// Pauses left out.
    pub(crate) pauses: usize,
    /// Correlation of a gap with the answer before it.
    pub(crate) correlation: Option<f64>,
    /// Standard deviation over mean.
    pub(crate) cv: Option<f64>,
    /// All models, the least BIC first.
    pub(crate) models: Vec<Model>,
}

/// The arrivals of `jobs` after the first `skip`; none of fewer than three gaps.
pub(super) fn arrivals(jobs: &Jobs, skip: usize) -> Option<Arrivals> {
    let rows = jobs.rows.iter().skip(skip + 1);
    let all: Vec<(f64, Option<f64>)> = rows
        .filter_map(|row| Some((math::float(row.gap_ms?), row.ack_before_ms.map(f64::from))))
        .collect();
    let median = numbers::median(all.iter().map(|(gap, _)| *gap).collect())?;
    let correlated: Vec<(f64, f64)> = all
        .iter()
        .filter(|(gap, _)| *gap <= PAUSE_MEDIANS * median)
        .filter_map(|(gap, ack)| ack.map(|ack| (*gap, ack)))
        .collect();
    let correlation = numbers::correlation(&correlated);
    let closed = closed_loop(correlated.iter().map(|(gap, ack)| gap - ack).collect());
    // One client that waits: gaps follow answers, and knowing the answer tells more than any law of gaps.
    let near: Vec<f64> = correlated.iter().map(|(gap, _)| *gap).collect();
    let of_near = renewal(&spread(numbers::ascending(near.clone())), numbers::mean(&near)?);
    let best = of_near.iter().map(|model| model.log_likelihood_per_gap).fold(f64::MIN, f64::max);
    let follows = correlation.is_some_and(|r| r * math::float_len(near.len()).sqrt() > CORRELATED);
    let closed = closed.filter(|found| follows && found.3.log_likelihood_per_gap > best);
    // A gap of a Poisson process may be many medians long: only where a client waits is a long one a pause.
    let is_kept = |gap: &f64| closed.is_none() || *gap <= PAUSE_MEDIANS * median;
    let kept: Vec<f64> = all.iter().map(|(gap, _)| *gap).filter(is_kept).collect();
    if kept.len() < 3 {
        return None;
    }
    let cv = numbers::deviation(&kept).zip(numbers::mean(&kept)).map(|(sd, mean)| sd / mean);
    let sorted = spread(numbers::ascending(kept.clone()));
    let mean = numbers::mean(&kept)?;
    let mut models = renewal(&sorted, mean);
    models.extend(closed.as_ref().map(|found| found.3.clone()));
    // By BIC: a parameter more must earn half the logarithm of the number of gaps.
    let half = 0.5 * math::ln(math::float_len(kept.len())) / math::float_len(kept.len());
    let worth = |model: &Model| model.log_likelihood_per_gap - half * f64::from(model.free);
    models.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    let root = math::float_len(kept.len()).sqrt();
    let rate = HOUR_MS / mean;
    let (process, parameters) = match closed {
        Some((think, jitter, errors, _)) => (
            Process::ClosedLoop(think, jitter),
            vec![("think_ms", think, Some(errors.0)), ("jitter_ms", jitter, Some(errors.1))],
        ),
        _ if cv.is_some_and(|cv| cv < FIXED_CV) => {
            (Process::Interval(mean), vec![("every_ms", mean, Some(ROUNDING_MS / root))])
        }
        _ => (Process::Poisson(rate), vec![("rate_per_h", rate, Some(rate / root))]),
    };
    let (gaps, pauses) = (kept.len(), all.len() - kept.len());
    Some(Arrivals { process, parameters, gaps, pauses, correlation, cv, models })
}

/// Think time, mean jitter, their errors, and how well that describes the gaps.
///
/// By quartiles, for a few gaps of seconds more say nothing of the usual ones.
fn closed_loop(thinking: Vec<f64>) -> Option<(f64, f64, (f64, f64), Model)> {
    let sorted = spread(numbers::ascending(thinking));
    let at = |share: f64| numbers::quantile(&sorted, share);
    let (low, middle, high) = (at(0.25)?, at(0.5)?, at(0.75)?);
    let [q1, q2, q3] = QUARTILES;
    let jitter = ((high - low) / (q3 - q1)).max(0.0);
    // Both times are cut to whole milliseconds; spreading ties adds half of one.
    let think = (middle - 0.5 - q2 * jitter).max(0.0);
    let root = math::float_len(sorted.len()).sqrt();
    // Asymptotic errors of the quartiles of an exponential law: 1.65 and 1.36 of its mean.
    let errors =
        ((1.36 * jitter / root).hypot(ROUNDING_MS), (1.65 * jitter / root).hypot(ROUNDING_MS));
    let scale = jitter.max(ROUNDING_MS);
    let begin = think - ROUNDING_MS;
    let below = |ms: f64| if ms > begin { 1.0 - math::exp(-(ms - begin) / scale) } else { 0.0 };
    let model = judged(("closed loop: answer, think time, exponential jitter", 2), &sorted, &below);
    Some((think, jitter, errors, model))
}

/// Renewal processes: gaps of their own law, whatever the answers.
fn renewal(sorted: &[f64], mean: f64) -> Vec<Model> {
    let exponential = |ms: f64| 1.0 - math::exp(-ms / mean);
    let mut models = vec![judged(("Poisson", 1), sorted, &exponential)];
    let least = sorted[0] - 0.5;
    let above = (mean - least).max(0.5);
    let shifted = |ms: f64| 1.0 - math::exp(-(ms - least).max(0.0) / above);
    models.push(judged(("shortest gap + exponential", 2), sorted, &shifted));
    let beyond: Vec<f64> = sorted.iter().map(|ms| ms - least).collect();
    for family in simple::fit(&beyond) {
        let name = match family {
            simple::Simple::Lognormal(..) => "shortest gap + lognormal",
            simple::Simple::Gamma(..) => "shortest gap + gamma",
            simple::Simple::Weibull(..) => "shortest gap + Weibull",
            simple::Simple::Shifted(..) => continue,
        };
        models.push(judged((name, 3), sorted, &|ms: f64| family.below(ms - least)));
    }
    models
}

fn judged((name, free): (&'static str, u32), sorted: &[f64], below: &dyn Fn(f64) -> f64) -> Model {
    /// A gap outside a model's range has this chance, so that one outlier does not decide alone. Source: ours.
    const OUTLIER: f64 = 1e-4;
    let one = |ms: &f64| math::ln((below(ms + 0.5) - below(ms - 0.5)).max(OUTLIER * 1e-3));
    let sum: f64 = sorted.iter().map(one).sum();
    let (ks, p) = laws::ks(sorted.iter().map(|ms| below(*ms)).collect());
    Model { name, free, log_likelihood_per_gap: sum / math::float_len(sorted.len()), ks, p }
}
