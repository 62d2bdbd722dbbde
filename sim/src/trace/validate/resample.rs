//! A bootstrap of jobs by blocks of an hour: what came together stays together.
//!
//! Source: Künsch 1989, the moving block bootstrap.

use crate::base::random::Draws;
use crate::base::random::Word;
use crate::trace::jobs::HOUR_MS;
use crate::trace::jobs::RecordedJob;
use crate::trace::jobs::RecordedJobs;
use std::ops::Range;

/// `jobs` before `target`, and in `target` blocks from anywhere in `source`, by chance from `seed`.
///
/// Times are those of the blocks, moved; a job's own times stay what they were.
pub(super) fn resample(
    jobs: &RecordedJobs,
    source: &Range<u64>,
    target: &Range<u64>,
    seed: u64,
) -> RecordedJobs {
    let kept = jobs.rows.partition_point(|row| row.created_ms < target.start);
    let mut rows = jobs.rows[..kept].to_vec();
    // Derived, for a word's first draw is the word itself, and seeds are small: all samples would begin alike.
    let mut draws: Draws = Word(seed).derive(0).expand();
    let room = (source.end - source.start).saturating_sub(HOUR_MS);
    let mut at_ms = target.start;
    while at_ms < target.end {
        let place = (u128::from(draws.bits()) * u128::from(room + 1)) >> 64;
        let begin = source.start + u64::try_from(place).expect("below a 64-bit room");
        let length = HOUR_MS.min(target.end - at_ms);
        let first = jobs.rows.partition_point(|row| row.created_ms < begin);
        let block = jobs.rows[first..].iter().take_while(|row| row.created_ms < begin + length);
        rows.extend(block.map(|row| moved(row, begin, at_ms)));
        at_ms += length;
    }
    RecordedJobs { rows, miners: jobs.miners.clone(), ..*jobs }
}

fn moved(row: &RecordedJob, from_ms: u64, to_ms: u64) -> RecordedJob {
    let shift = |at_ms: u64| at_ms - from_ms + to_ms;
    RecordedJob {
        created_ms: shift(row.created_ms),
        event_ms: shift(row.event_ms),
        updated_ms: shift(row.updated_ms),
        ..*row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_the_source_fill_the_target_in_order() {
        let row = |number: u64| RecordedJob {
            created_ms: number * 600_000,
            event_ms: number * 600_000 + 5,
            updated_ms: number * 600_000 + 5,
            ..RecordedJob::default()
        };
        let jobs = RecordedJobs { rows: (0..120).map(row).collect(), ..RecordedJobs::default() };
        let (source, target) = (0..10 * HOUR_MS, 10 * HOUR_MS..20 * HOUR_MS);
        let made = resample(&jobs, &source, &target, 7);
        assert_eq!(made.rows[..60], jobs.rows[..60]);
        assert!(made.rows.len().abs_diff(120) <= 10);
        assert!(made.rows.windows(2).all(|pair| pair[0].created_ms <= pair[1].created_ms));
        assert!(made.rows.iter().all(|row| row.event_ms == row.created_ms + 5));
        assert_eq!(made.rows.len(), resample(&jobs, &source, &target, 7).rows.len());
    }

    #[test]
    fn samples_of_small_seeds_begin_with_different_blocks() {
        let row = |number: u64| RecordedJob {
            created_ms: number * 600_000,
            event_ms: 600_000 * number,
            updated_ms: 600_000 * number,
            image_bytes: u32::try_from(number).ok(),
            ..RecordedJob::default()
        };
        let jobs = RecordedJobs { rows: (0..120).map(row).collect(), ..RecordedJobs::default() };
        let first =
            |seed| resample(&jobs, &(0..20 * HOUR_MS), &(0..HOUR_MS), seed).rows[0].image_bytes;
        let mut firsts: Vec<_> = (0..20).map(first).collect();
        firsts.sort_unstable();
        firsts.dedup();
        assert!(firsts.len() > 10, "{firsts:?}");
    }
}
