//! Statistics of how long successes take.

use crate::base::math;
use crate::trace::jobs::HOUR_MS;
use crate::trace::measure::TracePart;
use crate::trace::measure::answers::AnswerClass;
use crate::trace::measure::numbers;

/// Quantiles of all successes.
const QUANTILES: [f64; 5] = [0.05, 0.5, 0.75, 0.95, 0.99];
/// Classes whose median is taken, in the order of the list.
const CLASSES: [AnswerClass; 6] = [
    AnswerClass::Phantom,
    AnswerClass::PhantomCached,
    AnswerClass::TinySwitch,
    AnswerClass::Canned,
    AnswerClass::Image,
    AnswerClass::MixedNoImage,
];
/// Fewest successes of a miner whose spread counts. Source: trace-findings.md section 3.
const SUCCESSES_MIN: usize = 30;
/// The early hours [h since job 0]. Source: statistics.json, L6.
const EARLY_H: (u64, u64) = (20, 32);

/// The values of L1 to L9 in the order of the list.
pub(super) fn values(part: &TracePart<'_>) -> Vec<Option<f64>> {
    let by_miner = part.latencies();
    let all = numbers::ascending(by_miner.iter().flatten().copied().collect());
    let logs: Vec<f64> = all.iter().map(|ms| math::ln(ms.max(1.0))).collect();
    let mut values: Vec<_> =
        QUANTILES.iter().map(|share| numbers::quantile(&all, *share)).collect();
    values.push(numbers::deviation(&logs).map(|deviation| deviation * deviation));
    let within: f64 = by_miner
        .iter()
        .map(|own| {
            numbers::squares(&own.iter().map(|ms| math::ln(ms.max(1.0))).collect::<Vec<_>>())
        })
        .sum();
    let squares = numbers::squares(&logs);
    values.push((squares > 0.0).then(|| within / squares));
    for class in CLASSES {
        let own = by_miner.iter().zip(part.classes).filter(|(_, own)| **own == class);
        values.push(numbers::median(own.flat_map(|(times, _)| times.iter().copied()).collect()));
    }
    let early = part
        .rows
        .iter()
        .filter(|row| (EARLY_H.0 * HOUR_MS..EARLY_H.1 * HOUR_MS).contains(&row.created_ms));
    values.push(numbers::median(
        early.filter_map(super::super::jobs::RecordedJob::latency_ms).collect(),
    ));
    let spreads = by_miner.iter().filter(|own| own.len() >= SUCCESSES_MIN).filter_map(|own| {
        // The published figure divides by n.
        let spread = (numbers::squares(own) / math::float_len(own.len())).sqrt();
        Some(spread / numbers::mean(own)?)
    });
    values.push(numbers::median(spreads.collect()));
    values
}
