//! Statistics of what became of jobs, and of what the rules make of it.

use crate::base::math;
use crate::trace::measure::TracePart;
use crate::trace::measure::answers::SuccessContent;
use crate::trace::measure::numbers;
use crate::trace::measure::scores::MeasuredScores;
use crate::work::Status;

/// A full image sooner than this is implausible [ms]. Source: trace-findings.md section 3.
const FAST_MS: u32 = 3000;
/// Successes without image from which the subnet's report flags a miner. Source: trace-findings.md section 5.
const FLAGGED_FROM: u32 = 50;
/// Miners whose share is summed.
const TOP: usize = 10;

/// The values of F1 to F9.
pub(super) fn values(part: &TracePart<'_>) -> [Option<f64>; 7] {
    let share =
        |of: usize, all: usize| (all > 0).then(|| math::float_len(of) / math::float_len(all));
    let status = |status: Status| {
        let count = part.rows.iter().filter(|row| row.status == status).count();
        share(count, part.rows.len())
    };
    // What the trace does not say of a success is left out: a missing column is not "no image".
    let successes =
        part.answers.iter().flatten().filter(|own| **own != SuccessContent::Unknown).count();
    let sized = if part.knows_sizes() { successes } else { 0 };
    let came = |answer: SuccessContent, of: usize| {
        share(part.answers.iter().flatten().filter(|own| **own == answer).count(), of)
    };
    let fast = part.rows.iter().zip(part.answers).filter(|(row, answer)| {
        **answer == Some(SuccessContent::Full) && row.total_ms.is_some_and(|ms| ms < FAST_MS)
    });
    [
        status(Status::Success),
        status(Status::Failed),
        status(Status::Pending),
        came(SuccessContent::Nothing, successes),
        came(SuccessContent::Tiny, sized),
        came(SuccessContent::Truncated, sized),
        share(fast.count(), sized),
    ]
}

/// The values of S1 to S12.
pub(super) fn score_values(part: &TracePart<'_>, scored: &[MeasuredScores; 3]) -> Vec<Option<f64>> {
    let [plain, image, strict] = scored;
    let mean = |scores: &MeasuredScores| {
        if part.is_whole { scores.mean.clone() } else { scores.mean_last_part.clone() }
    };
    let flagged = |shares: Vec<f64>| {
        let sum: f64 = shares.iter().sum();
        let own = shares.iter().zip(part.counts).filter(|(_, counts)| counts[0] >= FLAGGED_FROM);
        (sum > 0.0).then(|| own.map(|(share, _)| share).sum::<f64>() / sum)
    };
    let latencies = part.latencies();
    let median = |miner: usize| numbers::median(latencies[miner].clone());
    let known: Vec<usize> =
        (0..plain.last.len()).filter(|miner| plain.last[*miner] > 0.0).collect();
    let speeds: Vec<_> =
        known.iter().filter_map(|m| median(*m).map(|ms| (plain.last[*m], -ms))).collect();
    // The published figure counts the isolated job too.
    let mut requests = part.requests();
    let isolated = part.jobs.rows.len() - part.rows.len();
    for row in part.jobs.rows[..isolated].iter().filter(|_| part.is_whole) {
        requests[usize::from(row.miner)] += 1.0;
    }
    let asked = (0..requests.len()).filter(|miner| requests[*miner] > 0.0);
    let asked: Vec<_> = asked.map(|miner| (requests[miner], plain.last[miner])).collect();
    let of_asked: Vec<f64> = asked.iter().map(|(_, score)| *score).collect();
    let knows_images = !part.answers.contains(&Some(SuccessContent::Unknown));
    let if_known = |known: bool, value: Option<f64>| value.filter(|_| known);
    let scored = |scores: &MeasuredScores| {
        Some(math::float_len(scores.last.iter().filter(|score| **score > 0.0).count()))
    };
    let shares = plain.shares.as_ref().map(|shares| {
        shares.iter().zip(&requests).filter(|(_, n)| **n > 0.0).map(|(share, _)| *share).collect()
    });
    vec![
        numbers::gini_published(of_asked.clone()),
        shares.and_then(numbers::gini_published),
        numbers::top_share(mean(plain), TOP),
        if_known(knows_images, flagged(mean(plain))),
        if_known(knows_images, flagged(mean(image))),
        numbers::spearman(&speeds),
        numbers::spearman(&asked),
        numbers::median(of_asked),
        scored(plain),
        if_known(knows_images, scored(image)),
        if_known(knows_images && part.knows_sizes(), scored(strict)),
    ]
}
