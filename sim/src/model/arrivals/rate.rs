//! Rates of requests: how many an hour.

/// Smallest rate [1/h]: one request in a century or so.
pub(super) const PER_H_MIN: f64 = 0.000_001;
/// Largest rate [1/h]: three a microsecond, more than any clock of requests has to tell apart.
pub(super) const PER_H_MAX: f64 = 1e10;
/// Seconds in an hour.
pub(super) const SECONDS_PER_H: f64 = 3600.0;

/// Mean time between requests [s].
pub(super) fn mean_gap_s(rate_per_h: f64) -> f64 {
    SECONDS_PER_H / rate_per_h
}
