//! Statistics of when jobs come, and of when they are answered.

use crate::trace::measure::Frame;
use crate::trace::measure::TracePart;
use crate::trace::measure::numbers;

/// Milliseconds in a second.
const SECOND_MS: f64 = 1000.0;
/// Quantile of a long answer.
const LONG: f64 = 0.95;

/// The values of A1 to A7.
pub(super) fn values(part: &TracePart<'_>, frame: &Frame) -> [Option<f64>; 6] {
    let seconds = |ms: u64| crate::base::math::float(ms) / SECOND_MS;
    // The first row's gap reaches back before this part.
    let later = part.rows.iter().skip(1);
    let rhythm: Vec<_> = later
        .filter_map(|row| {
            row.gap_ms.filter(|gap| *gap < frame.pause_ms).map(|gap| (gap, row.ack_before_ms))
        })
        .collect();
    let all: Vec<f64> =
        part.rows.iter().skip(1).filter_map(|row| row.gap_ms).map(seconds).collect();
    let gaps: Vec<f64> = rhythm.iter().map(|(gap, _)| seconds(*gap)).collect();
    let answered: Vec<(f64, f64)> = rhythm
        .iter()
        .filter_map(|(gap, ack)| ack.map(|ack| (seconds(*gap), seconds(u64::from(ack)))))
        .collect();
    let thinking = answered.iter().map(|(gap, ack)| gap - ack).collect();
    let acks = part.rows.iter().filter_map(|row| row.ack_ms).map(|ack| seconds(u64::from(ack)));
    let acks = numbers::ascending(acks.collect());
    let spread = || Some(numbers::deviation(&gaps)? / numbers::mean(&gaps)?);
    [
        numbers::median(all),
        spread(),
        numbers::median(thinking),
        numbers::correlation(&answered),
        numbers::quantile(&acks, 0.5),
        numbers::quantile(&acks, LONG),
    ]
}
