//! The check of a scenario against a trace: what a statistic is in the trace, and in many replications.
//!
//! A predictive check with plugged-in estimates: each statistic's two-sided rank p-value says how often the scenario
//! gives one as far out as the real one. Over the whole trace these warn. Over the last part, which a scenario fitted on
//! the first has not seen, they give the verdict, together by Westfall and Young's step-down. Error: the chance to reject a scenario
//! that is true is at most alpha; estimates are taken as known, so that their own errors count against the scenario.

mod distributions;
mod resample;
mod statistic;
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
use crate::trace::jobs::RecordedJobs;
use crate::trace::measure;
use crate::trace::measure::Frame;
use crate::trace::measure::Values;
use statistic::decides;
use statistic::entry;
use statistic::half_width;
use statistic::null_of;
use statistic::rounded;

#[cfg(feature = "report")]
pub(crate) use distributions::DistributionPlace;
pub(crate) use distributions::Distributions;
pub use statistic::StatisticScope;
pub use statistic::ValidatedStatistic;
pub(crate) use table::to_csv;
pub(crate) use table::words;

/// Samples of each bootstrap. Source: ours, for widths and a median.
pub(crate) const BOOTSTRAPS: u64 = 200;
/// Fewest replications. Source: the contract of this verb.
pub(crate) const REPLICATIONS_MIN: u64 = 200;
/// Half of the usual level on either side.
const TAIL: f64 = 0.025;

/// How a scenario is judged against a trace: parts, replications, level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct JudgingSettings {
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
    /// Too few replications to reject at the level asked for.
    #[error(
        "{given} replications cannot reject anything: {statistics} statistics at alpha {alpha} need at least {least} (2 k / alpha); ask for so many with --replications, or leave it out"
    )]
    TooFew {
        /// Replications that were asked for.
        given: u64,
        /// Fewest replications with which a verdict is possible.
        least: u64,
        /// Statistics that share the level of the verdict.
        statistics: usize,
        /// Chance to reject a true scenario, `0.0..1.0`.
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
        /// Epochs that the scenario would have to run.
        epochs: u64,
    },
}

/// The statistics of a trace beside those of a scenario, and the verdict.
#[derive(Clone, Debug)]
pub(crate) struct ValidationResult {
    /// All statistics, first over the whole trace, then over its last part.
    pub(crate) entries: Vec<ValidatedStatistic>,
    /// Replications of the scenario that were run.
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
    jobs: &RecordedJobs,
    scenario: &Scenario,
    settings: JudgingSettings,
    pace: Pace<'_>,
) -> Result<ValidationResult, ValidateError> {
    covers(scenario, jobs)?;
    let frame = Frame::of(jobs, settings.from, phase_ms(scenario));
    let real = measure::measure(jobs, &frame);
    let replications = replications(settings, &real[1])?;
    let simulated = study::each(replications, pace, &|number| {
        // What the scenario asks for after the trace's end is of no interest.
        let jobs = RecordedJobs::simulated(scenario, (number, jobs.stride), pace.stop)?;
        let jobs = jobs.before(frame.end_ms + 1);
        Ok((measure::measure(&jobs, &frame), distributions::curves(&jobs, &frame)))
    })?;
    let curves: Vec<_> = simulated.iter().map(|(_, curves)| curves).collect();
    let distributions = distributions::distributions(&distributions::curves(jobs, &frame), &curves);
    let sampled = bootstraps(jobs, &frame, pace)?;
    let mut entries = Vec::new();
    for (part, over) in [StatisticScope::Whole, StatisticScope::Last].into_iter().enumerate() {
        for (place, (name, unit)) in names().enumerate() {
            let column = |values: &Values| values[place];
            let own: Vec<_> = simulated.iter().map(|(pair, _)| column(&pair[part])).collect();
            let width: Vec<_> = sampled.iter().filter_map(|each| column(&each[part])).collect();
            let null: Vec<_> = sampled.iter().map(|each| column(&each[2])).collect();
            let mut entry = entry((*name, *unit), over, real[part][place], &own);
            entry.half_width = half_width(name, width);
            entry.null =
                (over == StatisticScope::Last).then(|| null_of(entry.real, &null)).flatten();
            entries.push(entry);
        }
    }
    let rows: Vec<&Values> = simulated.iter().map(|(pair, _)| &pair[1]).collect();
    let rejected = decide(&mut entries, &rows, settings.alpha);
    let (from_ms, alpha) = (frame.from_ms, settings.alpha);
    Ok(ValidationResult { entries, replications, from_ms, rejected, alpha, distributions })
}

/// All statistics, in the order of their values.
fn names() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    measure::STATISTICS.iter().chain([&measure::STRICT])
}

/// Whether a scenario goes on until the trace's last request.
fn covers(scenario: &Scenario, jobs: &RecordedJobs) -> Result<(), ValidateError> {
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
fn replications(settings: JudgingSettings, real: &Values) -> Result<u64, ValidateError> {
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

/// Statistics of the trace resampled: of the whole, of the last part, and of the last part made from the first.
fn bootstraps(
    jobs: &RecordedJobs,
    frame: &Frame,
    pace: Pace<'_>,
) -> Result<Vec<[Values; 3]>, StudyError> {
    let end_ms = frame.end_ms + 1;
    let (whole, last) = (frame.begin_ms..end_ms, frame.from_ms..end_ms);
    let first = frame.begin_ms..frame.from_ms.max(frame.begin_ms);
    study::each(BOOTSTRAPS, pace, &|seed| {
        let of = |source, target| resample::resample(jobs, source, target, seed);
        let values = |jobs: &RecordedJobs| measure::measure(jobs, frame);
        let [of_whole, _] = values(&of(&whole, &whole));
        let [_, of_last] = values(&of(&last, &last));
        let [_, of_null] = values(&of(&first, &last));
        Ok([of_whole, of_last, of_null])
    })
}

/// Westfall and Young's step-down over the last part: whether any statistic is out. `rows` are the replications' values.
fn decide(entries: &mut [ValidatedStatistic], rows: &[&Values], alpha: f64) -> bool {
    let last = entries.iter_mut().filter(|entry| entry.over == StatisticScope::Last).enumerate();
    let mut deciding: Vec<(usize, &mut ValidatedStatistic)> =
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

    /// Of 399 replications the first statistic spreads over 1 to 399 and the second over as many: a real one beyond all is
    /// out, one inside is not; over the whole trace nothing decides.
    #[test]
    fn one_statistic_out_rejects_and_many_inside_do_not() {
        let values: Vec<Values> =
            (1..=399).map(|n| vec![Some(f64::from(n)), Some(f64::from(400 - n))]).collect();
        let rows: Vec<&Values> = values.iter().collect();
        let judge = |over: StatisticScope, first: f64, second: f64| {
            let entry = |place: usize, real: f64| {
                let own: Vec<_> = values.iter().map(|row| row[place]).collect();
                entry(("A", "s"), over, Some(real), &own)
            };
            decide(&mut [entry(0, first), entry(1, second)], &rows, 0.05)
        };
        assert!(judge(StatisticScope::Last, 1000.0, 200.5));
        assert!(!judge(StatisticScope::Last, 30.5, 200.5));
        assert!(!judge(StatisticScope::Whole, 1000.0, 200.5));
    }

    #[test]
    fn too_few_replications_are_refused_with_the_number_needed() {
        let settings = |replications| JudgingSettings { from: 0.75, replications, alpha: 0.05 };
        let real: Values = names().map(|_| Some(1.0)).collect();
        let statistics = real.len() - measure::OF_OCTOBER.len();
        let least = 40 * u64::try_from(statistics).unwrap();
        assert_eq!(replications(settings(None), &real), Ok(least));
        let refused = replications(settings(Some(least - 1)), &real).unwrap_err().to_string();
        assert!(refused.contains(&least.to_string()), "{refused}");
        assert_eq!(replications(settings(Some(least + 7)), &real), Ok(least + 7));
    }
}
