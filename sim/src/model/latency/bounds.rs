//! The bounds of every law: no draw is longer than a year, and a mean is given only where that changes nothing.

use crate::base::math;
use crate::base::units::NANOS_PER_MS;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;

/// Shortest scale of a law [ms]: a nanosecond.
pub(super) const SHORTEST_MS: f64 = 0.000_001;
/// Longest draw of any law [ms]: a year. What a law puts beyond it is drawn as a year.
pub(super) const LONGEST_MS: f64 = 31_536_000_000.0;
/// Latest start of a regime [h]: a century and more.
pub(super) const LATEST_H: f64 = 1_000_000.0;
/// Largest part of its mean that a law may lose to the bound and still state the mean.
const LOSS_MAX: f64 = 1e-9;

/// The instant `hour` hours after the start.
pub(super) fn instant(hour: f64) -> SimTime {
    const SECONDS_PER_HOUR: f64 = 3600.0;
    SimTime(0) + SimSpan::from_seconds(hour * SECONDS_PER_HOUR)
}

/// A drawn time; negative is no time at all, infinite is a year.
#[inline]
pub(super) fn span(ms: f64) -> SimSpan {
    SimSpan::from_ms_f64(ms.min(LONGEST_MS))
}

/// A time in nanoseconds [ns].
pub(super) fn ns(ms: f64) -> f64 {
    ms * math::float(NANOS_PER_MS)
}

/// The mean [ns] of a law that has `mean_ms` without the bound, of which it loses at most the part `loss` to it.
pub(super) fn mean_ns(mean_ms: f64, loss: f64) -> Option<f64> {
    let exact = loss <= LOSS_MAX && mean_ms <= LONGEST_MS;
    exact.then(|| ns(mean_ms))
}
