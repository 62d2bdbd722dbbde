//! Two distributions of a part of a trace, real and simulated: how long jobs take, and how many each miner gets.

use crate::base::math;
use crate::trace::jobs::RecordedJob;
use crate::trace::jobs::RecordedJobs;
use crate::trace::measure::Frame;
use crate::trace::measure::numbers;
use crate::trace::validate::StatisticScope;
use crate::trace::validate::TAIL;

/// Latencies at which distributions are compared: from and to [ms], and how many.
const FROM_MS: f64 = 100.0;
const TO_MS: f64 = 60_000.0;
const PLACES: usize = 240;

/// One place of a distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct DistributionPlace {
    /// Latency [ms], or rank from 1.
    pub(crate) at: f64,
    /// The value in the recorded trace.
    pub(crate) real: f64,
    /// 2.5 %, 50 % and 97.5 % of the replications; none without replications.
    pub(crate) simulated: Option<[f64; 3]>,
}

/// Distributions of one part.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Distributions {
    /// The jobs that the distribution is over.
    pub(crate) over: StatisticScope,
    /// Share of successes up to a latency, `0.0..=1.0`.
    pub(crate) latency: Vec<DistributionPlace>,
    /// Requests of the miners, the most first.
    pub(crate) requests: Vec<DistributionPlace>,
}

/// The distributions of one trace, real or simulated.
#[derive(Clone, Debug, Default)]
pub(super) struct Curves {
    latency: Vec<f64>,
    requests: Vec<f64>,
}

/// Latency of a place [ms].
fn latency_ms(place: usize) -> f64 {
    let part = math::float_len(place) / math::float_len(PLACES - 1);
    FROM_MS * math::pow(TO_MS / FROM_MS, part)
}

/// The curves of the whole of `jobs` and of their last part.
pub(super) fn curves(jobs: &RecordedJobs, frame: &Frame) -> [Curves; 2] {
    [frame.begin_ms, frame.from_ms.max(frame.begin_ms)].map(|from_ms| {
        let first = jobs.rows.partition_point(|row| row.created_ms < from_ms);
        let rows = &jobs.rows[first..];
        let times = numbers::ascending(rows.iter().filter_map(RecordedJob::latency_ms).collect());
        let all = math::float_len(times.len().max(1));
        let share = |place| {
            let at_ms = latency_ms(place);
            math::float_len(times.partition_point(|time| *time <= at_ms)) / all
        };
        let mut requests = vec![0.0; jobs.miners.len()];
        for row in rows {
            requests[usize::from(row.miner)] += math::float(jobs.stride.max(1));
        }
        requests.retain(|count| *count > 0.0);
        requests.sort_by(|a, b| b.total_cmp(a));
        Curves { latency: (0..PLACES).map(share).collect(), requests }
    })
}

/// The real curves beside those of all replications.
pub(super) fn distributions(real: &[Curves; 2], simulated: &[&[Curves; 2]]) -> Vec<Distributions> {
    let one = |(part, over): (usize, StatisticScope)| {
        let own: Vec<&Curves> = simulated.iter().map(|both| &both[part]).collect();
        let ranks = own.iter().copied().chain([&real[part]]).map(|curves| curves.requests.len());
        let ranks = ranks.max().unwrap_or(0);
        let at = |values: &[f64], place: usize| values.get(place).copied().unwrap_or(0.0);
        let places = |count: usize, of: &dyn Fn(&Curves) -> &[f64], x: &dyn Fn(usize) -> f64| {
            let place = |place| DistributionPlace {
                at: x(place),
                real: at(of(&real[part]), place),
                simulated: quantiles(own.iter().map(|curves| at(of(curves), place)).collect()),
            };
            (0..count).map(place).collect()
        };
        Distributions {
            over,
            latency: places(PLACES, &|curves| &curves.latency, &latency_ms),
            requests: places(ranks, &|curves| &curves.requests, &|p| math::float_len(p + 1)),
        }
    };
    [StatisticScope::Whole, StatisticScope::Last].into_iter().enumerate().map(one).collect()
}

fn quantiles(values: Vec<f64>) -> Option<[f64; 3]> {
    let sorted = numbers::ascending(values);
    let at = |share: f64| numbers::quantile(&sorted, share);
    Some([at(TAIL)?, at(0.5)?, at(1.0 - TAIL)?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::Status;

    fn jobs(times: &[(u16, u32)]) -> RecordedJobs {
        let row = |(place, (miner, total)): (usize, &(u16, u32))| RecordedJob {
            created_ms: 1000 * u64::try_from(place).unwrap(),
            miner: *miner,
            total_ms: Some(*total),
            status: Status::Success,
            ..RecordedJob::default()
        };
        let rows = times.iter().enumerate().map(row).collect();
        let miners = (0..3).map(|number| format!("m{number}")).collect();
        RecordedJobs { rows, miners, stride: 1, ..RecordedJobs::default() }
    }

    /// Three of four jobs within a second; two miners of three with jobs, the one with most first.
    #[test]
    fn shares_rise_and_ranks_fall() {
        let trace = jobs(&[(0, 100), (2, 200), (2, 900), (2, 30_000)]);
        let frame = Frame {
            begin_ms: 0,
            from_ms: 2000,
            end_ms: 3000,
            pause_ms: 60_000,
            first_hour: 0,
            last_hour: 1,
            reference_ms: 0,
            phase_ms: 0,
        };
        let real = curves(&trace, &frame);
        let other = curves(&jobs(&[(0, 100), (1, 200), (2, 900), (2, 900)]), &frame);
        let found = distributions(&real, &[&other]);
        let whole = &found[0];
        let at_1_s = whole.latency.iter().find(|place| place.at > 1000.0).unwrap();
        assert_eq!((at_1_s.real, at_1_s.simulated), (0.75, Some([1.0; 3])));
        let real: Vec<f64> = whole.requests.iter().map(|place| place.real).collect();
        let median = |place: &DistributionPlace| place.simulated.unwrap()[1];
        assert_eq!(real, [3.0, 1.0, 0.0]);
        assert_eq!(whole.requests.iter().map(median).collect::<Vec<_>>(), [2.0, 1.0, 1.0]);
        assert_eq!(found[1].requests[0].real.to_bits(), 2.0_f64.to_bits());
        assert_eq!(whole.latency.last().unwrap().at.round().to_bits(), TO_MS.to_bits());
    }

    #[test]
    fn without_replications_there_is_nothing_simulated() {
        let real = [Curves::default(), Curves::default()];
        let found = distributions(&real, &[]);
        assert!(found[0].latency.iter().all(|place| place.simulated.is_none()));
        assert!(found[1].requests.is_empty());
    }
}
