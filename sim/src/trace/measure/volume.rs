//! Statistics of how much is asked, in all and over time.

use crate::base::math;
use crate::trace::measure::Frame;
use crate::trace::measure::TracePart;
use crate::trace::measure::numbers;

/// Pieces of equal length that a part of a trace is cut into. Source: ours; October's last quarter in hours and a half.
const PIECES: usize = 12;

/// Time is looked at from one whole unit to another, the largest of which a part holds as many as pieces [ms].
const UNITS_MS: [u64; 4] = [3_600_000, 600_000, 60_000, 1000];

/// The values of A8 to A11.
///
/// A trace ends with a request, and a simulated one has none at that instant: so counts are taken over whole units of time,
/// whose ends no request decides.
pub(super) fn values(part: &TracePart<'_>, frame: &Frame) -> [Option<f64>; 4] {
    let pieces_of = |unit: u64| PIECES as u64 * unit;
    let length = frame.end_ms.saturating_sub(part.from_ms);
    let Some(unit) = UNITS_MS.into_iter().find(|unit| length >= pieces_of(*unit)) else {
        return [None; 4];
    };
    let (from, end) = (part.from_ms.div_ceil(unit) * unit, frame.end_ms / unit * unit);
    let span = math::float(end.saturating_sub(from));
    if span <= 0.0 {
        return [None; 4];
    }
    let stride = math::float(part.jobs.stride.max(1));
    let mut pieces = vec![0.0; PIECES];
    for row in part.rows.iter().filter(|row| (from..end).contains(&row.created_ms)) {
        let way = math::float(row.created_ms - from) / span;
        let place = math::trunc_to_u64(way * math::float_len(PIECES));
        let place = usize::try_from(place).unwrap_or(PIECES).min(PIECES - 1);
        pieces[place] += stride;
    }
    let all: f64 = pieces.iter().sum();
    let mean = all / math::float_len(PIECES);
    let most = pieces.iter().copied().fold(0.0, f64::max);
    let first: f64 = pieces[..PIECES / 2].iter().sum();
    let spread = numbers::deviation(&pieces).filter(|_| all > 0.0).map(|sd| sd / mean);
    [Some(all), spread, Some(most), (all > 0.0).then(|| first / all)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::jobs::RecordedJob;
    use crate::trace::jobs::RecordedJobs;
    use crate::trace::measure::measure;

    /// Twelve hours: two requests in the first, one in the fourth, three in the last, one at the end that is no more counted.
    #[test]
    fn requests_are_counted_in_all_and_by_the_twelfth() {
        let hour = crate::trace::jobs::HOUR_MS;
        let at = [0, 1000, 3 * hour, 11 * hour, 11 * hour + 1, 12 * hour - 1, 12 * hour];
        let rows =
            at.map(|created_ms| RecordedJob { created_ms, ..RecordedJob::default() }).to_vec();
        let jobs = RecordedJobs {
            rows,
            miners: vec!["m".to_string()],
            stride: 1,
            ..RecordedJobs::default()
        };
        let frame = Frame::of(&jobs, 0.5, 0);
        let place = |name: &str| {
            crate::trace::measure::STATISTICS.iter().position(|(own, _)| *own == name).unwrap()
        };
        let [whole, last] = measure(&jobs, &frame);
        assert_eq!(whole[place("A8_requests")], Some(6.0));
        assert_eq!(whole[place("A10_requests_in_the_fullest_twelfth")], Some(3.0));
        assert_eq!(whole[place("A11_requests_first_half_share")], Some(0.5));
        assert_eq!(last[place("A8_requests")], Some(3.0));
        assert_eq!(last[place("A11_requests_first_half_share")], Some(0.0));
    }
}
