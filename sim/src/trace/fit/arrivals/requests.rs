//! What a trace says of its requests: instants, gaps, and the answers that a client may wait for.

use crate::base::math;
use crate::base::random::Word;
use crate::trace::jobs::RecordedJobs;
use crate::trace::measure::numbers;
use crate::work::Status;

/// The requests of a trace, in order.
#[derive(Clone, Debug)]
pub(super) struct Requests {
    /// Instants, somewhere inside their recorded milliseconds [ms].
    pub(super) times: Vec<f64>,
    /// From one to the next, in the same way [ms].
    pub(super) gaps: Vec<f64>,
    /// The same in whole milliseconds, each with the time the answer to the request before it took [ms]; none: unknown.
    pub(super) recorded: Vec<(f64, Option<f64>)>,
    /// When each request was answered, unknown ones after the usual time [ms].
    pub(super) answered: Vec<f64>,
    /// Whether every request is there: of a thinned trace gaps are true, but they do not follow on one another.
    pub(super) is_whole: bool,
}

impl Requests {
    /// The requests of `jobs` after the first `skip`; none of fewer than three gaps.
    pub(super) fn of(jobs: &RecordedJobs, skip: usize) -> Option<Self> {
        const GAPS_MIN: usize = 3;
        let rows = &jobs.rows[skip..];
        let acks = rows.iter().filter_map(|row| row.ack_ms).map(f64::from).collect();
        let usual = numbers::median(acks).unwrap_or(0.0);
        let answer = |row: &crate::trace::jobs::RecordedJob| {
            let refused = (row.status == Status::Failed)
                .then(|| math::float(row.updated_ms.saturating_sub(row.created_ms)));
            row.ack_ms.map(f64::from).or(refused).unwrap_or(usual)
        };
        // Several in one millisecond keep their order.
        let mut times: Vec<f64> = (0_u64..)
            .zip(rows)
            .map(|(number, row)| math::float(row.created_ms) + inside(number))
            .collect();
        times.sort_by(f64::total_cmp);
        let is_whole = jobs.stride <= 1;
        let gap_of = |place: usize| {
            let own = times[place] - times[place - 1];
            if is_whole {
                return Some(own);
            }
            let number = u64::try_from(place).ok()?;
            let spread = inside(2 * number) - inside(2 * number + 1);
            Some((math::float(rows[place].gap_ms?) + spread).abs())
        };
        let gaps: Vec<f64> = (1..rows.len()).filter_map(gap_of).collect();
        let recorded = rows
            .iter()
            .skip(1)
            .filter_map(|row| Some((math::float(row.gap_ms?), row.ack_before_ms.map(f64::from))));
        let recorded: Vec<_> = recorded.collect();
        let answered = rows.iter().map(|row| math::float(row.created_ms) + answer(row)).collect();
        let enough = gaps.len() >= GAPS_MIN && recorded.len() >= GAPS_MIN;
        enough.then_some(Self { times, gaps, recorded, answered, is_whole })
    }

    /// Mean gap between two requests [ms].
    pub(super) fn mean_ms(&self) -> f64 {
        numbers::mean(&self.gaps).unwrap_or(0.0).max(f64::MIN_POSITIVE)
    }
}

/// Where in its millisecond the `number`-th thing happened: evenly, by no chance.
pub(super) fn inside(number: u64) -> f64 {
    Word(number).derive(0).unit()
}
