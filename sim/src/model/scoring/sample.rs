//! The worth of one answered job: from its latency and the weight of its kind.

use crate::base::math;
use crate::model::scoring::FinishedJob;
use crate::model::scoring::clamp01;

/// Latency at which a sample is worth nothing [ms]. Source: orchestrator b164b3e, `job_scoring.py`.
pub(crate) const MAX_LATENCY_MS: f64 = 60_000.0;

/// 1 at no latency, 0 at `max_latency_ms` and beyond; 0 without a latency. A negative latency counts as none at all.
///
/// A `max_latency_ms` of 0 or less leaves 1 for an instant answer only.
pub(crate) fn sample_score(latency_ms: Option<f64>, max_latency_ms: f64) -> f64 {
    let Some(latency_ms) = latency_ms else { return 0.0 };
    let latency_ms = if latency_ms < 0.0 { 0.0 } else { latency_ms };
    if max_latency_ms <= 0.0 {
        return if latency_ms > 0.0 { 0.0 } else { 1.0 };
    }
    let ratio = latency_ms / max_latency_ms;
    1.0 - if ratio > 1.0 { 1.0 } else { ratio }
}

/// The latency that makes a job's sample [ms]: creation to callback, else answer to callback.
pub(super) fn latency_ms(event: &FinishedJob) -> Option<f64> {
    event.total_runtime_ms.or(event.latency_ms).map(math::float)
}

/// The sample times the weight of the job's kind, into `0.0..=1.0`.
pub(crate) fn weighted_score(weight: f64, sample: f64) -> f64 {
    clamp01(weight * sample)
}

/// A numeric string as production reads it: blanks around it, digits grouped by single underscores, `inf`, `nan`.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let bytes = text.as_bytes();
    let is_digit = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_digit);
    let grouped = bytes
        .iter()
        .enumerate()
        .all(|(i, byte)| *byte != b'_' || (i > 0 && is_digit(i - 1) && is_digit(i + 1)));
    if grouped { text.replace('_', "").parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(latency_ms: f64) -> f64 {
        sample_score(Some(latency_ms), MAX_LATENCY_MS)
    }

    /// 1 - 13532/60000 = 0.774466...
    #[test]
    fn the_sample_falls_linearly_to_nothing_at_a_minute() {
        assert!((score(13_532.0) - 0.774_466_666_666_666_6).abs() < 1e-12);
        assert!((score(0.0) - 1.0).abs() < 1e-12);
        assert!(score(60_000.0).abs() < 1e-12);
        assert!(score(95_226_245.0).abs() < 1e-12);
    }

    #[test]
    fn a_missing_latency_is_worth_nothing_and_a_negative_one_everything() {
        assert!(sample_score(None, MAX_LATENCY_MS).abs() < 1e-12);
        assert!((score(-20.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn numbers_are_read_as_production_reads_them() {
        assert_eq!(parse_number(" 734 "), Some(734.0));
        assert_eq!(parse_number("1_000.5"), Some(1000.5));
        assert_eq!(parse_number("1e3"), Some(1000.0));
        assert!(parse_number("nan").is_some_and(f64::is_nan));
        for text in ["", "12ms", "_1", "1__0", "0x10"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
    }
}
