//! The check of a scenario against a trace: what a statistic is in the trace, and in many replications.
//!
//! A predictive check with plugged-in estimates: each statistic's two-sided rank p-value says how often the scenario
//! gives one as far out as the real one. Over the whole trace these warn. Over the last part, which a scenario fitted on
//! the first has not seen, they give the verdict, together by Westfall and Young's step-down. Error: the chance to reject a scenario
//! that is true is at most alpha; estimates are taken as known, so that their own errors count against the scenario.

mod distributions;
mod resample;
mod table;

use crate::base::math;
use crate::base::units::SimSpan;
use crate::scenario::BLOCK_NS;
use crate::scenario::Scenario;
use crate::statistics::least_replications;
use crate::statistics::westfall_young;
use crate::study;
use crate::study::Pace;
use crate::study::StudyError;
use crate::trace::jobs::HOUR_MS;
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
/// Fewest replications. Source: the contract of this verb.
pub(crate) const REPLICATIONS_MIN: u64 = 200;
/// A statistic that has no value in more than this share of replications is not judged. Source: ours.
const UNDEFINED_MAX: f64 = 0.1;
/// Half of the usual level on either side.
const TAIL: f64 = 0.025;

/// How to check.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Settings {
    /// Share of the trace's time at which the last part begins, `0.0..=1.0`.
    pub(crate) from: f64,
    /// Number of replications; none: as many as the statistics need.
    pub(crate) replications: Option<u64>,
    /// Chance to reject a true scenario.
    pub(crate) alpha: f64,
}

/// Why there is no verdict.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(crate) enum ValidateError {
    /// The replications were not all made.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// Too few replications.
    #[error(
        "{given} replications cannot reject anything: {statistics} statistics at alpha {alpha} need at least {least} (2 k / alpha); ask for so many with --replications, or leave it out"
    )]
    TooFew {
        /// Those asked for.
        given: u64,
        /// Those needed.
        least: u64,
        /// Statistics judged together.
        statistics: usize,
        /// The level.
        alpha: f64,
    },
    /// The scenario ends before the trace does.
    #[error(
        "the scenario ends at hour {ends_h:.2}, the trace's last request comes at hour {last_h:.2}; raise run.epochs to at least {epochs}"
    )]
    TooShort {
        /// End of the scenario [h].
        ends_h: f64,
        /// Last request of the trace [h].
        last_h: f64,
        /// Epochs needed.
        epochs: u64,
    },
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
    /// The same adjusted for all that decide (Westfall and Young), where it decides.
    pub p_adjusted: Option<f64>,
    /// Why it is not judged; none where it is.
    pub unjudged: Option<&'static str>,
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

/// Checks `scenario` against `jobs`. Progress is told after every replication and every bootstrap sample.
///
/// # Errors
/// When the scenario ends before the trace, fewer replications were asked for than can reject, it was stopped before the
/// end, or there are no threads to be had.
pub(crate) fn validate(
    jobs: &Jobs,
    scenario: &Scenario,
    settings: Settings,
    pace: Pace<'_>,
) -> Result<Validated, ValidateError> {
    covers(scenario, jobs)?;
    let frame = Frame::of(jobs, settings.from, phase_ms(scenario));
    let real = measure::measure(jobs, &frame);
    let replications = replications(settings, &real[1])?;
    let simulated = study::each(replications, pace, &|number| {
        // What the scenario asks for after the trace's end is of no interest.
        let jobs = Jobs::simulated(scenario, (number, jobs.stride), pace.stop)?;
        let jobs = jobs.before(frame.end_ms + 1);
        Some((measure::measure(&jobs, &frame), distributions::curves(&jobs, &frame)))
    })?;
    let curves: Vec<_> = simulated.iter().map(|(_, curves)| curves).collect();
    let distributions = distributions::distributions(&distributions::curves(jobs, &frame), &curves);
    let sampled = bootstraps(jobs, &frame, pace)?;
    let mut entries = Vec::new();
    for (part, over) in [Over::Whole, Over::Last].into_iter().enumerate() {
        for (place, (name, unit)) in names().enumerate() {
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
    let rows: Vec<&Values> = simulated.iter().map(|(pair, _)| &pair[1]).collect();
    let rejected = decide(&mut entries, &rows, settings.alpha);
    let (from_ms, alpha) = (frame.from_ms, settings.alpha);
    Ok(Validated { entries, replications, from_ms, rejected, alpha, distributions })
}

/// All statistics, in the order of their values.
fn names() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    measure::STATISTICS.iter().chain([&measure::STRICT])
}

/// Whether a scenario goes on until the trace's last request.
fn covers(scenario: &Scenario, jobs: &Jobs) -> Result<(), ValidateError> {
    let chain = &scenario.chain;
    let block_ms = |blocks: u64| SimSpan(blocks.saturating_mul(BLOCK_NS)).whole_ms();
    let first = if chain.first_epoch_block == 0 { chain.tempo } else { chain.first_epoch_block };
    let later = u64::from(scenario.run.epochs.saturating_sub(1));
    let ends_ms = block_ms(first.saturating_add(later.saturating_mul(chain.tempo)));
    let last_ms = jobs.rows.last().map_or(0, |row| row.created_ms);
    if last_ms <= ends_ms {
        return Ok(());
    }
    let hour = |ms: u64| math::float(ms) / math::float(HOUR_MS);
    let epochs = last_ms.saturating_sub(block_ms(first)).div_ceil(block_ms(chain.tempo)) + 1;
    Err(ValidateError::TooShort { ends_h: hour(ends_ms), last_h: hour(last_ms), epochs })
}

/// When the scenario runs scores, past the hour [ms].
fn phase_ms(scenario: &Scenario) -> u64 {
    scenario.orchestrator.score_runs.first.whole_ms() % HOUR_MS
}

/// Replications to make: as many as asked for, if these can reject, else as many as can.
fn replications(settings: Settings, real: &Values) -> Result<u64, ValidateError> {
    let own = names().zip(real);
    let statistics = own.filter(|((name, _), value)| value.is_some() && decides(name)).count();
    let alpha = settings.alpha;
    let least = least_replications(statistics, alpha);
    match settings.replications {
        Some(given) if given < least => {
            Err(ValidateError::TooFew { given, least, statistics, alpha })
        }
        Some(given) => Ok(given),
        None => Ok(least.max(REPLICATIONS_MIN)),
    }
}

fn decides(name: &str) -> bool {
    !measure::OF_OCTOBER.contains(&name)
}

/// Statistics of the trace resampled: of the whole, of the last part, and of the last part made from the first.
fn bootstraps(jobs: &Jobs, frame: &Frame, pace: Pace<'_>) -> Result<Vec<[Values; 3]>, StudyError> {
    let end_ms = frame.end_ms + 1;
    let (whole, last) = (frame.begin_ms..end_ms, frame.from_ms..end_ms);
    let first = frame.begin_ms..frame.from_ms.max(frame.begin_ms);
    study::each(BOOTSTRAPS, pace, &|seed| {
        let of = |source, target| resample::resample(jobs, source, target, seed);
        let values = |jobs: &Jobs| measure::measure(jobs, frame);
        let [of_whole, _] = values(&of(&whole, &whole));
        let [_, of_last] = values(&of(&last, &last));
        let [_, of_null] = values(&of(&first, &last));
        Some([of_whole, of_last, of_null])
    })
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
    let p = real.and_then(|real| rank_p(real, &sorted));
    let varies = || {
        let all = || sorted.iter().copied().chain(real).map(rounded);
        all().fold(f64::INFINITY, f64::min) < all().fold(f64::NEG_INFINITY, f64::max)
    };
    let unjudged = match real {
        None => Some("it has no value in the trace"),
        Some(_) if undefined > UNDEFINED_MAX => {
            Some("it has no value in more than a tenth of the replications")
        }
        Some(_) if over == Over::Last && !decides(name) => {
            Some("a constant of October 2025 cuts it")
        }
        Some(_) if !varies() => Some("it does not vary"),
        Some(_) => None,
    };
    Entry {
        name,
        unit,
        over,
        real,
        simulated: quantiles(),
        undefined,
        p: p.filter(|_| unjudged.is_none()),
        p_adjusted: None,
        unjudged,
        half_width: None,
        null: None,
    }
}

/// A figure without what the order of a sum changes in it: the last twelve of 52 binary digits.
fn rounded(x: f64) -> f64 {
    const DIGITS: u32 = 12;
    let half = 1_u64 << (DIGITS - 1);
    f64::from_bits((x.to_bits().saturating_add(half) >> DIGITS) << DIGITS)
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

/// Westfall and Young's step-down over the last part: whether any statistic is out. `rows` are the replications' values.
fn decide(entries: &mut [Entry], rows: &[&Values], alpha: f64) -> bool {
    let last = entries.iter_mut().filter(|entry| entry.over == Over::Last).enumerate();
    let mut deciding: Vec<(usize, &mut Entry)> =
        last.filter(|(_, entry)| entry.p.is_some()).collect();
    let observed: Vec<f64> =
        deciding.iter().filter_map(|(_, entry)| entry.real).map(rounded).collect();
    let row = |values: &&Values| deciding.iter().map(|(at, _)| values[*at].map(rounded)).collect();
    let replications: Vec<Vec<Option<f64>>> = rows.iter().map(row).collect();
    let adjusted = westfall_young(&observed, &replications).adjusted;
    for ((_, entry), p) in deciding.iter_mut().zip(&adjusted) {
        entry.p_adjusted = Some(*p);
    }
    adjusted.iter().any(|p| *p <= alpha)
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

    /// Of 399 replications the first statistic spreads over 1 to 399 and the second over as many: a real one beyond all is
    /// out, one inside is not; over the whole trace nothing decides.
    #[test]
    fn one_statistic_out_rejects_and_many_inside_do_not() {
        let values: Vec<Values> =
            (1..=399).map(|n| vec![Some(f64::from(n)), Some(f64::from(400 - n))]).collect();
        let rows: Vec<&Values> = values.iter().collect();
        let judge = |over: Over, first: f64, second: f64| {
            let entry = |place: usize, real: f64| {
                let own: Vec<_> = values.iter().map(|row| row[place]).collect();
                entry(("A", "s"), over, Some(real), &own)
            };
            decide(&mut [entry(0, first), entry(1, second)], &rows, 0.05)
        };
        assert!(judge(Over::Last, 1000.0, 200.5));
        assert!(!judge(Over::Last, 30.5, 200.5));
        assert!(!judge(Over::Whole, 1000.0, 200.5));
    }

    #[test]
    fn what_does_not_vary_or_is_of_october_is_not_judged() {
        let same = [Some(1.0), Some(1.0 + 1e-15), Some(1.0)];
        assert_eq!(entry(("A", "s"), Over::Last, Some(1.0), &same).p, None);
        // A real one that differs from all replications does vary.
        assert!(entry(("A", "s"), Over::Last, Some(2.0), &same).p.is_some());
        let values = [Some(1.0), Some(2.0), Some(3.0)];
        let hours = ("L6_median_total_h20_32", "ms");
        assert_eq!(entry(hours, Over::Last, Some(2.5), &values).p, None);
        assert!(entry(hours, Over::Whole, Some(2.5), &values).p.is_some());
    }

    #[test]
    fn too_few_replications_are_refused_with_the_number_needed() {
        let settings = |replications| Settings { from: 0.75, replications, alpha: 0.05 };
        let real: Values = names().map(|_| Some(1.0)).collect();
        let statistics = real.len() - measure::OF_OCTOBER.len();
        let least = 40 * u64::try_from(statistics).unwrap();
        assert_eq!(replications(settings(None), &real), Ok(least));
        let refused = replications(settings(Some(least - 1)), &real).unwrap_err().to_string();
        assert!(refused.contains(&least.to_string()), "{refused}");
        assert_eq!(replications(settings(Some(least + 7)), &real), Ok(least + 7));
    }

    #[test]
    fn what_is_undefined_too_often_is_not_judged() {
        let values = [Some(1.0), None, Some(2.0), None];
        let got = entry(("A", "s"), Over::Last, Some(1.0), &values);
        assert_eq!((got.p, got.undefined), (None, 0.5));
    }
}
