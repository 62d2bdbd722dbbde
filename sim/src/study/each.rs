//! The same work for many numbers, in parallel, gathered in order.

use crate::study::Cut;
use crate::study::Pace;
use crate::study::StudyError;
use crate::study::pool;
use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;
use std::sync::atomic::Ordering;

/// What `work` makes of `0..count`; progress is told after each.
///
/// # Errors
/// When it was stopped before the end, when `work` could not be done, or there are no threads to be had.
pub(crate) fn each<T: Send>(
    count: u64,
    pace: Pace<'_>,
    work: &(dyn Fn(u64) -> Result<T, Cut> + Sync),
) -> Result<Vec<T>, StudyError> {
    let Pace { threads, stop, done } = pace;
    let pool = pool(threads)?;
    let one = |number| {
        if stop.load(Ordering::Relaxed) {
            return Err(Cut::Stopped);
        }
        let made = work(number);
        done();
        made
    };
    let gathered: Result<Vec<T>, Cut> =
        pool.install(|| (0..count).into_par_iter().map(one).collect());
    Ok(gathered?)
}
