//! The check of a scenario against a trace: what a statistic is in the trace, and in many replications.
//!
//! A predictive check with plugged-in estimates: each statistic's two-sided rank p-value says how often the scenario
//! gives one as far out as the real one. Over the whole trace these warn. Over the last part, which a scenario fitted on
//! the first has not seen, they give the verdict, together by Holm's rule. Error: the chance to reject a scenario that is
//! true is at most alpha; estimates are taken as known, so that their own errors count against the scenario.

mod distributions;
mod resample;
mod table;

use crate::base::math;
use crate::scenario::Scenario;
use crate::statistics::holm;
use crate::study;
use crate::study::Pace;
use crate::study::StudyError;
use crate::trace::jobs::Jobs;
use crate::trace::measure;
use crate::trace::measure::Frame;
use crate::trace::measure::Values;
use crate::trace::measure::numbers;

pub(crate) use distributions::Distributions;
#[cfg(feature = "report")]
pub(crate) use distributions::Place;
pub(crate) use table::to_csv;
pub(crate) use table::words;

/// Samples of each bootstrap. Source: ours, for widths and a median.
pub(crate) const BOOTSTRAPS: u64 = 200;
/// A statistic that has no value in more than this share of replications is not judged. Source: ours.
const UNDEFINED_MAX: f64 = 0.1;
/// Half of the usual level on either side.
const TAIL: f64 = 0.025;

/// How to check.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Settings {
    /// Share of the trace's time at which the last part begins, `0.0..=1.0`.
    pub(crate) from: f64,
    /// Least number of replications.
    pub(crate) replications: u64,
    /// Chance to reject a true scenario.
    pub(crate) alpha: f64,
}

/// Which jobs a statistic is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// The whole trace: warns.
    Whole,
    /// The last part: decides.
    Last,
}

/// One statistic, real and simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Over which jobs.
    pub over: Over,
    /// In the trace; none where it has no value.
    pub real: Option<f64>,
    /// 2.5 %, 50 % and 97.5 % of the replications.
    pub simulated: Option<[f64; 3]>,
    /// Share of replications in which it has no value.
    pub undefined: f64,
    /// Two-sided rank p-value.
    pub p: Option<f64>,
    /// The same by Holm's rule, where it decides.
    pub p_holm: Option<f64>,
    /// Half of the bootstrap's 95 % interval of the real one.
    pub half_width: Option<f64>,
    /// Median and rank p-value of the null model: the first part, resampled.
    pub null: Option<(f64, f64)>,
}

impl Entry {
    /// Distance of the simulated median from the real one in half-widths.
    #[must_use]
    pub fn distance(&self) -> Option<f64> {
        self.distance_of(self.simulated?[1])
    }

    /// Distance of the null model's median.
    #[must_use]
    pub fn null_distance(&self) -> Option<f64> {
        self.distance_of(self.null?.0)
    }

    fn distance_of(&self, median: f64) -> Option<f64> {
        /// A width that is only rounding is none.
        const ROUNDING: f64 = 1e-9;
        let real = self.real?;
        let half = self.half_width.filter(|half| *half > ROUNDING * real.abs())?;
        Some((median - real) / half)
    }
}

/// What was found.
#[derive(Clone, Debug)]
pub(crate) struct Validated {
    /// All statistics, first over the whole trace, then over its last part.
    pub(crate) entries: Vec<Entry>,
    /// Replications made.
    pub(crate) replications: u64,
    /// Instant at which the last part begins [ms].
    pub(crate) from_ms: u64,
    /// Whether a statistic of the last part is out.
    pub(crate) rejected: bool,
    /// Chance to reject a true scenario.
    pub(crate) alpha: f64,
    /// Distributions, over the whole trace and over its last part.
    #[cfg_attr(not(feature = "report"), expect(dead_code, reason = "plots read them"))]
    pub(crate) distributions: Vec<Distributions>,
}

/// Number of replications from which the smallest p-value can decide by Holm's rule among `statistics`.
pub(crate) fn least_replications(statistics: usize, alpha: f64) -> u64 {
    math::trunc_to_u64(2.0 * math::float_len(statistics) / alpha) + 1
}

/// Checks `scenario` against `jobs`. Progress is told after every replication and every bootstrap sample.
///
/// # Errors
/// When it was stopped before the end, or there are no threads to be had.
pub(crate) fn validate(
    jobs: &Jobs,
    scenario: &Scenario,
    settings: Settings,
    pace: Pace<'_>,
) -> Result<Validated, StudyError> {
    let frame = Frame::of(jobs, settings.from, &|_| {});
    let real = measure::measure(jobs, &frame);
    let deciding = real[1].iter().flatten().count();
    let replications = settings.replications.max(least_replications(deciding, settings.alpha));
    let simulated = study::each(replications, pace, &|number| {
        let jobs = Jobs::simulated(scenario, (number, jobs.stride), pace.stop)?;
        Some((measure::measure(&jobs, &frame), distributions::curves(&jobs, &frame)))
    })?;
    let curves: Vec<_> = simulated.iter().map(|(_, curves)| curves).collect();
    let distributions = distributions::distributions(&distributions::curves(jobs, &frame), &curves);
    let end_ms = jobs.rows.last().map_or(0, |row| row.created_ms + 1);
    let (whole, last) = (frame.begin_ms..end_ms, frame.from_ms..end_ms);
    let first = frame.begin_ms..frame.from_ms.max(frame.begin_ms);
    let sampled = study::each(BOOTSTRAPS, pace, &|seed| {
        let of = |source, target| resample::resample(jobs, source, target, seed);
        let values = |jobs: &Jobs| measure::measure(jobs, &frame);
        let [of_whole, _] = values(&of(&whole, &whole));
        let [_, of_last] = values(&of(&last, &last));
        let [_, of_null] = values(&of(&first, &last));
        Some([of_whole, of_last, of_null])
    })?;
    let mut entries = Vec::new();
    for (part, over) in [Over::Whole, Over::Last].into_iter().enumerate() {
        let names = measure::STATISTICS.iter().chain([&measure::STRICT]);
        for (place, (name, unit)) in names.enumerate() {
            let column = |values: &Values| values[place];
            let own: Vec<_> = simulated.iter().map(|(pair, _)| column(&pair[part])).collect();
            let width: Vec<_> = sampled.iter().filter_map(|each| column(&each[part])).collect();
            let null: Vec<_> = sampled.iter().map(|each| column(&each[2])).collect();
            let mut entry = entry((*name, *unit), over, real[part][place], &own);
            entry.half_width = half_width(name, width);
            entry.null = (over == Over::Last).then(|| null_of(entry.real, &null)).flatten();
            entries.push(entry);
        }
    }
    let rejected = decide(&mut entries, settings.alpha);
    let (from_ms, alpha) = (frame.from_ms, settings.alpha);
    Ok(Validated { entries, replications, from_ms, rejected, alpha, distributions })
}

fn entry(
    (name, unit): (&'static str, &'static str),
    over: Over,
    real: Option<f64>,
    own: &[Option<f64>],
) -> Entry {
    let sorted = numbers::ascending(own.iter().flatten().copied().collect());
    let at = |share: f64| numbers::quantile(&sorted, share);
    let quantiles = || Some([at(TAIL)?, at(0.5)?, at(1.0 - TAIL)?]);
    let undefined = 1.0 - math::float_len(sorted.len()) / math::float_len(own.len().max(1));
    let judged = real.filter(|_| undefined <= UNDEFINED_MAX);
    Entry {
        name,
        unit,
        over,
        real,
        simulated: quantiles(),
        undefined,
        p: judged.and_then(|real| rank_p(real, &sorted)),
        p_holm: None,
        half_width: None,
        null: None,
    }
}

/// Twice the smaller share of values at least as far out, the real one among them; none of no values.
fn rank_p(real: f64, sorted: &[f64]) -> Option<f64> {
    /// Sums in another order differ by so much.
    const ROUNDING: f64 = 1e-12;
    let reach = ROUNDING * real.abs();
    let up_to = sorted.partition_point(|x| *x <= real + reach);
    let from = sorted.len() - sorted.partition_point(|x| *x < real - reach);
    let outer = math::float_len(up_to.min(from) + 1);
    (!sorted.is_empty()).then(|| (2.0 * outer / math::float_len(sorted.len() + 1)).min(1.0))
}

/// Half of the middle 95 %, of statistics for which a bootstrap of jobs means something.
fn half_width(name: &str, values: Vec<f64>) -> Option<f64> {
    let plain = ["A", "L", "F", "R1_", "R3_", "R4_"].iter().any(|start| name.starts_with(start));
    if !plain {
        return None;
    }
    let sorted = numbers::ascending(values);
    let at = |share: f64| numbers::quantile(&sorted, share);
    Some(0.5 * (at(1.0 - TAIL)? - at(TAIL)?))
}

fn null_of(real: Option<f64>, values: &[Option<f64>]) -> Option<(f64, f64)> {
    let sorted = numbers::ascending(values.iter().flatten().copied().collect());
    Some((numbers::quantile(&sorted, 0.5)?, rank_p(real?, &sorted)?))
}

/// Holm's rule over the last part: whether any statistic is out.
fn decide(entries: &mut [Entry], alpha: f64) -> bool {
    let mut deciding: Vec<_> =
        entries.iter_mut().filter(|entry| entry.over == Over::Last && entry.p.is_some()).collect();
    let adjusted = holm(&deciding.iter().filter_map(|entry| entry.p).collect::<Vec<_>>());
    for (entry, p) in deciding.iter_mut().zip(&adjusted) {
        entry.p_holm = Some(*p);
    }
    adjusted.iter().any(|p| *p < alpha)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_count_the_real_one_and_ties_on_both_sides() {
        let sorted = [1.0, 2.0, 3.0, 4.0];
        // Below all: (0 + 1) of 5 on one side, twice.
        assert_eq!(rank_p(0.0, &sorted), Some(0.4));
        assert_eq!(rank_p(2.0, &sorted), Some(1.0));
        assert_eq!(rank_p(9.0, &sorted), Some(0.4));
        assert_eq!(rank_p(1.0, &[]), None);
        assert_eq!(rank_p(5.0, &[5.0; 9]), Some(1.0));
    }

    #[test]
    fn there_are_enough_replications_to_reject() {
        for (statistics, alpha) in [(45, 0.05), (1, 0.05), (40, 0.01)] {
            let count = least_replications(statistics, alpha);
            let least = 2.0 / (math::float(count) + 1.0);
            assert!(least * math::float_len(statistics) < alpha, "{statistics} {count}");
        }
    }

    #[test]
    fn one_statistic_out_rejects_and_many_inside_do_not() {
        let one = |p: f64| Entry { p: Some(p), ..entry(("A", "s"), Over::Last, Some(1.0), &[]) };
        assert!(decide(&mut [one(0.4), one(0.001), one(0.3)], 0.05));
        assert!(!decide(&mut [one(0.4), one(0.02), one(0.3)], 0.05));
        let whole = Entry { over: Over::Whole, ..one(0.001) };
        assert!(!decide(&mut [whole, one(0.9)], 0.05));
    }

    #[test]
    fn what_is_undefined_too_often_is_not_judged() {
        let values = [Some(1.0), None, Some(2.0), None];
        let got = entry(("A", "s"), Over::Last, Some(1.0), &values);
        assert_eq!((got.p, got.undefined), (None, 0.5));
    }
}
