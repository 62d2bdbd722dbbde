//! Statistics of who gets the jobs.

use crate::base::math;
use crate::trace::choice::Sees;
use crate::trace::choice::TraceChoices;
use crate::trace::jobs::HOUR_MS;
use crate::trace::measure::Frame;
use crate::trace::measure::TracePart;
use crate::trace::measure::numbers;
use crate::trace::plateau::Plateau;

/// Miners whose share is summed.
const TOP: usize = 10;
/// Levels of the published mixture. Source: trace-findings.md section 2.3.
const LEVELS: usize = 4;
/// Width of a window of activity [ms].
const WINDOW_MS: u64 = 6 * HOUR_MS;
/// A newcomer's first job comes after this [ms], and it has so many jobs in all. Source: statistics.json, R10.
const NEWCOMER_FROM_MS: u64 = 24 * HOUR_MS;
const NEWCOMER_JOBS: usize = 20;
/// Fewer newcomers give no ratio. Source: ours.
const NEWCOMERS_MIN: usize = 5;
/// The full rate is taken between these [ms after the first job]. Source: statistics.json, R10.
const FULL_RATE_MS: (u64, u64) = (3 * HOUR_MS, 27 * HOUR_MS);
const FULL_RATE_H: f64 = 24.0;

/// The values of R1 to R9 in the order of the list.
pub(super) fn values(part: &TracePart<'_>, frame: &Frame) -> Vec<Option<f64>> {
    let requests: Vec<f64> = part.requests().into_iter().filter(|count| *count > 0.0).collect();
    let choices = TraceChoices::of(part.jobs, frame.phase_ms, part.from_ms);
    let found = choices.weights(Sees::Scores(1.0));
    let plateau = Plateau::of(&found, Some(LEVELS));
    let exponent = choices.exponent();
    let (first, last) = active(part);
    vec![
        numbers::gini_published(requests.clone()),
        numbers::top_share(requests.clone(), TOP),
        numbers::top_share(requests, 1),
        (choices.count() > 0).then(|| math::float_len(plateau.members)),
        plateau.chi2_per_df,
        exponent.map(|(power, _)| power),
        exponent.map(|(_, error)| error),
        newcomers(part),
        first,
        last,
    ]
}

/// Miners with a job in the first and in the last window of six hours.
fn active(part: &TracePart<'_>) -> (Option<f64>, Option<f64>) {
    let window = |created_ms: u64| created_ms / WINDOW_MS;
    let (Some(first), Some(last)) = (part.rows.first(), part.rows.last()) else {
        return (None, None);
    };
    let count = |number: u64| {
        let mut seen = vec![false; part.jobs.miners.len()];
        for row in part.rows.iter().filter(|row| window(row.created_ms) == number) {
            seen[usize::from(row.miner)] = true;
        }
        Some(math::float_len(seen.into_iter().filter(|seen| *seen).count()))
    };
    // A part that begins inside a window has its first whole one after it.
    let begin = if part.is_whole { window(first.created_ms) } else { window(part.from_ms) + 1 };
    (count(begin), count(window(last.created_ms)))
}

/// Further jobs of newcomers in the hour after their first, over what their later rate would give.
fn newcomers(part: &TracePart<'_>) -> Option<f64> {
    let mut created = vec![Vec::new(); part.jobs.miners.len()];
    let begin_ms = part.jobs.rows.first().map_or(0, |row| row.created_ms);
    for row in &part.jobs.rows {
        created[usize::from(row.miner)].push(row.created_ms);
    }
    let (mut early, mut full, mut newcomers) = (0.0, 0.0, 0);
    for times in created {
        let Some(first) = times.first().copied() else { continue };
        let late = first > begin_ms + NEWCOMER_FROM_MS && first >= part.from_ms;
        if !late || times.len() < NEWCOMER_JOBS {
            continue;
        }
        let within = |from: u64, until: u64| {
            let inside = |at: &&u64| **at > first + from && **at <= first + until;
            math::float_len(times.iter().filter(inside).count())
        };
        newcomers += 1;
        early += within(0, HOUR_MS);
        full += within(FULL_RATE_MS.0, FULL_RATE_MS.1) / FULL_RATE_H;
    }
    (full > 0.0 && newcomers >= NEWCOMERS_MIN).then(|| early / full)
}
