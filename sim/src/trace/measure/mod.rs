//! Statistics of a trace, real or simulated: one code for both.
//!
//! The names are those of the published statistics of October 2025: A arrivals, R routing, L latency, F outcomes, S scores
//! and shares. Each is taken over the whole trace and over its last part.

pub(crate) mod answers;
mod arrivals;
mod latency;
pub(crate) mod numbers;
mod outcomes;
mod routing;
mod scores;
mod volume;

use crate::trace::jobs::HOUR_MS;
use crate::trace::jobs::RecordedJob;
use crate::trace::jobs::RecordedJobs;
use answers::AnswerClass;
use answers::SuccessContent;
use scores::Needs;

/// Rows before a gap of so many median gaps are an isolated beginning, if they are few. Source: trace.md, oddity 1.
const GAPS: u64 = 100;
/// Gaps of so many median gaps are pauses. Source: ours; October's one pause is 11 (trace.md, oddity 1), of exponential gaps
/// one in a thousand is as long.
const PAUSE_GAPS: u64 = 10;
/// That gap is so many times as long as any later one. Source: ours; October's is 210 times as long.
const ALONE: u64 = 5;
/// So few of a thousand rows. Source: ours.
const FEW_PER_MILLE: usize = 10;
/// The scores at the end are those of this long after the last full hour [ms]. Source: trace.md, golden.csv is of
/// 318,300,000 ms, hourly runs end at 316,800,000.
const REFERENCE_AFTER_MS: u64 = 1_500_000;

/// What is measured: name and unit, in order.
pub(crate) const STATISTICS: [(&str, &str); 52] = [
    ("A1_interarrival_median_s", "s"),
    ("A3_interarrival_cv", "1"),
    ("A4_think_time_median_s", "s"),
    ("A5_corr_interarrival_ack", "1"),
    ("A6_ack_median_s", "s"),
    ("A7_ack_p95_s", "s"),
    ("A8_requests", "requests"),
    ("A9_requests_cv_of_twelfths", "1"),
    ("A10_requests_in_the_fullest_twelfth", "requests"),
    ("A11_requests_first_half_share", "1"),
    ("R1_gini_requests", "1"),
    ("R3_top10_share", "1"),
    ("R4_max_share", "1"),
    ("R5_plateau_miners", "miners"),
    ("R6_plateau_chi2_per_df", "1"),
    ("R7_router_score_exponent_beta", "1"),
    ("R7_se", "1"),
    ("R10_newcomer_first_hour_rate_ratio", "1"),
    ("R9_active_miners_6h_first", "miners"),
    ("R9_active_miners_6h_last", "miners"),
    ("L1_total_ms_p05", "ms"),
    ("L1_total_ms_p50", "ms"),
    ("L1_total_ms_p75", "ms"),
    ("L1_total_ms_p95", "ms"),
    ("L1_total_ms_p99", "ms"),
    ("L2_var_log_total", "1"),
    ("L3_within_miner_var_frac", "1"),
    ("L5_median_total_ms_phantom", "ms"),
    ("L5_median_total_ms_phantom_cached", "ms"),
    ("L5_median_total_ms_tiny_switch", "ms"),
    ("L5_median_total_ms_canned", "ms"),
    ("L5_median_total_ms_image", "ms"),
    ("L5_median_total_ms_mixed_noimg", "ms"),
    ("L6_median_total_h20_32", "ms"),
    ("L9_median_miner_cv", "1"),
    ("F1_success_frac", "1"),
    ("F2_failed_frac", "1"),
    ("F3_pending_frac", "1"),
    ("F4_success_without_image_frac", "1"),
    ("F5_tiny_image_frac", "1"),
    ("F6_truncated_image_frac", "1"),
    ("F9_success_under_3s_with_full_image_frac", "1"),
    ("S1_gini_score_v001", "1"),
    ("S2_gini_share_v001_final", "1"),
    ("S4_top10_share_v001_hourly_mean", "1"),
    ("S5_flagged29_share_v001_hourly_mean", "1"),
    ("S6_flagged29_share_has_image_hourly_mean", "1"),
    ("S7_spearman_score_vs_neg_median_latency", "1"),
    ("S9_spearman_requests_vs_score", "1"),
    ("S11_median_score_v001", "1"),
    ("S12_scored_miners_none", "miners"),
    ("S12_scored_miners_hasimage", "miners"),
];

/// The one more that has no place in the list above: it is worked out from the strict rule.
pub(crate) const STRICT: (&str, &str) = ("S12_scored_miners_strict", "miners");

/// Statistics with a constant of October 2025 in them, in hours, milliseconds, levels or jobs: of another trace, or of
/// another part of that one, they say little, and so decide nothing.
pub(crate) const OF_OCTOBER: [&str; 7] = [
    "R5_plateau_miners",
    "R6_plateau_chi2_per_df",
    "R10_newcomer_first_hour_rate_ratio",
    "L6_median_total_h20_32",
    "F9_success_under_3s_with_full_image_frac",
    "S5_flagged29_share_v001_hourly_mean",
    "S6_flagged29_share_has_image_hourly_mean",
];

/// Values in the order of [`STATISTICS`] and [`STRICT`]; none where one has no value.
pub(crate) type Values = Vec<Option<f64>>;

/// The instants at which real and simulated jobs are looked at, taken from the real ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// First job that is looked at [ms]; those before it are isolated.
    pub(crate) begin_ms: u64,
    /// Beginning of the last part [ms].
    pub(crate) from_ms: u64,
    /// The last job [ms].
    pub(crate) end_ms: u64,
    /// Gaps so long are pauses and belong to no rhythm [ms].
    pub(crate) pause_ms: u64,
    /// First and last full hour of a score run.
    pub(crate) first_hour: u64,
    /// Last full hour of a score run.
    pub(crate) last_hour: u64,
    /// Instant of the scores at the end [ms].
    pub(crate) reference_ms: u64,
    /// Score runs of the router's multipliers: past the hour [ms].
    pub(crate) phase_ms: u64,
}

impl Frame {
    /// The frame of a trace whose last part begins at the share `from` of its time, with score runs at `phase_ms` past the
    /// hour.
    pub(crate) fn of(jobs: &RecordedJobs, from: f64, phase_ms: u64) -> Self {
        let begin_ms = jobs.rows.get(isolated(jobs)).map_or(0, |row| row.created_ms);
        let from_ms = share_of_time(jobs, from);
        let last_ms = jobs.rows.last().map_or(0, |row| row.created_ms);
        let last_hour = last_ms / HOUR_MS + 1;
        Self {
            begin_ms,
            from_ms,
            end_ms: last_ms,
            pause_ms: pause_ms(jobs),
            first_hour: begin_ms / HOUR_MS + 1,
            last_hour,
            reference_ms: last_hour * HOUR_MS + REFERENCE_AFTER_MS,
            phase_ms,
        }
    }
}

/// The instant at which the share `from` of a trace's time has passed [ms].
pub(crate) fn share_of_time(jobs: &RecordedJobs, from: f64) -> u64 {
    let first = jobs.rows.first().map_or(0, |row| row.created_ms);
    let last = jobs.rows.last().map_or(0, |row| row.created_ms);
    first + crate::base::math::round_to_u64(crate::base::math::float(last - first) * from)
}

/// From which length on a gap is a pause [ms].
fn pause_ms(jobs: &RecordedJobs) -> u64 {
    let mut gaps: Vec<_> = jobs.rows.iter().filter_map(|row| row.gap_ms).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).map_or(u64::MAX, |median| PAUSE_GAPS * median.max(&1))
}

/// Number of rows at the beginning that stand alone before a long gap: far longer than any later one, so that the silence
/// between two bursts isolates nothing.
pub(crate) fn isolated(jobs: &RecordedJobs) -> usize {
    let mut gaps: Vec<_> = jobs.rows.iter().filter_map(|row| row.gap_ms).collect();
    gaps.sort_unstable();
    let Some(median) = gaps.get(gaps.len() / 2) else { return 0 };
    let few = (jobs.rows.len() * FEW_PER_MILLE / 1000).min(jobs.rows.len() - 1);
    let gap_of = |row: &RecordedJob| row.gap_ms.unwrap_or(0);
    let mut later = jobs.rows[few + 1..].iter().map(gap_of).max().unwrap_or(0);
    for place in (1..=few).rev() {
        let own = gap_of(&jobs.rows[place]);
        if own > GAPS * median && own > ALONE * later {
            return place;
        }
        later = later.max(own);
    }
    0
}

/// All statistics of `jobs`, of the whole and of the last part.
pub(crate) fn measure(jobs: &RecordedJobs, frame: &Frame) -> [Values; 2] {
    let answers = answers::answers(&jobs.rows);
    let counts = answers::counts(jobs, &answers);
    let classes: Vec<_> = counts.iter().map(|counts| AnswerClass::of(*counts)).collect();
    let scored = [Needs::Nothing, Needs::Image, Needs::Strict]
        .map(|needs| scores::scores(jobs, frame, needs));
    [frame.begin_ms, frame.from_ms.max(frame.begin_ms)].map(|from_ms| {
        let first = jobs.rows.partition_point(|row| row.created_ms < from_ms);
        let part = TracePart {
            jobs,
            rows: &jobs.rows[first..],
            answers: &answers[first..],
            classes: &classes,
            counts: &counts,
            from_ms,
            is_whole: from_ms == frame.begin_ms,
        };
        let mut values = Values::new();
        values.extend(arrivals::values(&part, frame));
        values.extend(volume::values(&part, frame));
        values.extend(routing::values(&part, frame));
        values.extend(latency::values(&part));
        values.extend(outcomes::values(&part));
        values.extend(outcomes::score_values(&part, &scored));
        values
    })
}

/// Rows of one part of a trace, and what is known of all of it.
struct TracePart<'j> {
    jobs: &'j RecordedJobs,
    rows: &'j [RecordedJob],
    answers: &'j [Option<SuccessContent>],
    classes: &'j [AnswerClass],
    counts: &'j [[u32; answers::KINDS]],
    from_ms: u64,
    is_whole: bool,
}

impl TracePart<'_> {
    /// Whether the size of every image is known.
    fn knows_sizes(&self) -> bool {
        self.rows.iter().all(|row| row.has_image != Some(true) || row.image_bytes.is_some())
    }

    /// Latencies of successes by miner [ms].
    fn latencies(&self) -> Vec<Vec<f64>> {
        let mut by_miner = vec![Vec::new(); self.jobs.miners.len()];
        for row in self.rows {
            by_miner[usize::from(row.miner)].extend(row.latency_ms());
        }
        by_miner
    }

    /// Requests of each miner in this part.
    fn requests(&self) -> Vec<f64> {
        let mut requests = vec![0.0; self.jobs.miners.len()];
        for row in self.rows {
            requests[usize::from(row.miner)] += 1.0;
        }
        requests
    }
}

#[cfg(test)]
mod tests;
