//! The regimes of an operator: from when to when, how it answers, what it sends, how long that takes.

use crate::base::math;
use crate::trace::fit::groups::Lane;
use crate::trace::fit::groups::TimeCells;
use crate::trace::fit::groups::penalty;
use crate::trace::fit::laws::FittedDistribution;
use crate::trace::fit::symbols::Base;
use crate::trace::fit::symbols::Code;
use crate::trace::fit::symbols::Symbols;
use crate::trace::jobs::RecordedJob;
use crate::trace::measure::answers::KINDS;
use crate::trace::measure::answers::SuccessContent;
use crate::trace::measure::numbers;
use statrs::stats_tests::NaNPolicy;
use statrs::stats_tests::ks_test::KSTwoSampleAlternativeMethod;
use statrs::stats_tests::ks_test::ks_twosample;

/// Fewest jobs of a regime: fewer join their neighbour. Source: ours.
const JOBS_MIN: usize = 8;
/// Milliseconds in an hour.
const HOUR: f64 = 3_600_000.0;
/// Two kinds of answer have different laws below this p-value. Source: ours, so that it is rare by chance.
const SAME_P: f64 = 0.01;
/// Callbacks before the answer, as a share: from so many on an answer is held; from so many on it follows the callback.
/// Source: ours; a queue or a network never makes one.
const HELD_SHARE: f64 = 0.02;
const AFTER_SHARE: f64 = 0.9;
/// Totals are narrower than work by this much where answers are held [nats a job]. Source: ours.
const MARGIN: f64 = 0.2;
/// The way of a held answer, as a part of the shortest time seen. Source: ours: nothing tells it apart.
const WAY: f64 = 0.9;
/// Fewest times of a kind that are compared. Source: ours.
const COMPARED_MIN: usize = 4;
/// A list of times is told in so many groups, the last of them finer, for tails decide spreads. Source: ours.
const GROUPS: usize = 25;
const TAIL_ENDS: [f64; 3] = [0.98, 0.99, 0.995];

/// A time and how often.
pub(crate) type Weighted = Vec<(f64, f64)>;

/// Law of the acknowledgements of an operator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ack {
    /// The work begins when the answer is given: a total is the answer's time and the work's.
    First(FittedDistribution),
    /// The answer is held for its own time, whatever becomes of the work: the way [ms], then these delays [ms].
    Held(f64, Weighted, FittedDistribution),
    /// The answer follows the callback by these times [ms].
    After(Weighted, FittedDistribution),
}

/// Times of one kind of answer, without what the answer's way takes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Times {
    /// What came with the successes.
    pub(crate) answer: SuccessContent,
    /// The law of the service times.
    pub(crate) law: FittedDistribution,
    /// The same in a few weighted values.
    pub(crate) grouped: Weighted,
}

/// A regime of an operator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Regime {
    /// When it begins [ms]; 0 for the first.
    pub(crate) from_ms: u64,
    /// Standard error of that [h]; none for the first.
    pub(crate) from_error_h: Option<f64>,
    /// Jobs that fall into the regime.
    pub(crate) jobs: usize,
    /// Law of the acknowledgements in the regime.
    pub(crate) ack: Ack,
    /// Successes by what came, in the order of [`SuccessContent::ALL`].
    pub(crate) answers: [u32; KINDS],
    /// The law of all times; none when kinds differ.
    pub(crate) all: Option<FittedDistribution>,
    /// Service times for each kind of answer.
    pub(crate) times: Vec<Times>,
}

/// A job and what came of it.
pub(super) type Job = (RecordedJob, Option<SuccessContent>);

/// The regimes of the jobs of one operator, by creation. With `stationary` there is one.
pub(super) fn regimes(
    clock: &TimeCells,
    base: &Base,
    jobs: &[Job],
    stationary: bool,
) -> Vec<Regime> {
    let symbols: Vec<_> = jobs.iter().map(|(row, answer)| Symbols::of(row, *answer)).collect();
    let mut begins = vec![0];
    if !stationary {
        let cells = Lane::new(clock, &symbols).regimes(base, penalty()).0;
        let cell = u128::from(clock.cell_ms);
        let begin = |place: usize| {
            let at = u128::from(clock.begin_ms) + cell * (place as u128);
            symbols.partition_point(|one| u128::from(one.at_ms) < at)
        };
        begins = cells.into_iter().map(begin).collect();
        begins.dedup();
        begins.retain(|begin| *begin < jobs.len());
    }
    join_small(&mut begins, jobs.len());
    let mut errors = vec![None];
    for place in 1..begins.len() {
        let end = begins.get(place + 1).copied().unwrap_or(jobs.len());
        let (cut, error) = refine(&symbols, base, begins[place - 1], end);
        begins[place] = cut;
        errors.push(Some(error));
    }
    let ends = begins.iter().skip(1).copied().chain([jobs.len()]);
    let mut found: Vec<Regime> = Vec::new();
    for ((begin, end), from_error_h) in begins.iter().zip(ends).zip(errors) {
        let Some(mut regime) = describe(&jobs[*begin..end]) else { continue };
        if !found.is_empty() {
            // Between the last job of one and the first of the next.
            let before = jobs[begin - 1].0.created_ms;
            regime.from_ms = before + (jobs[*begin].0.created_ms - before) / 2;
            regime.from_error_h = from_error_h;
        }
        found.push(regime);
    }
    found
}

/// Leaves out beginnings that leave a regime too few jobs.
fn join_small(begins: &mut Vec<usize>, jobs: usize) {
    begins.retain(|begin| jobs - begin >= JOBS_MIN || *begin == 0);
    let mut last = 0;
    begins.retain(|begin| {
        let keep = *begin == 0 || *begin - last >= JOBS_MIN;
        if keep {
            last = *begin;
        }
        keep
    });
}

/// The cut between `begin` and `end` that makes the code shortest, and its standard error [h] by the other cuts' chances.
fn refine(symbols: &[Symbols], base: &Base, begin: usize, end: usize) -> (usize, f64) {
    let lengths = |order: &mut dyn Iterator<Item = usize>| {
        let mut code = Code::new(base);
        let mut lengths = vec![0.0];
        for place in order {
            code.push(&symbols[place]);
            lengths.push(code.length);
        }
        lengths
    };
    let left = lengths(&mut (begin..end));
    let mut right = lengths(&mut (begin..end).rev());
    right.reverse();
    let least_side = JOBS_MIN.min((end - begin) / 2).max(1);
    let cuts = least_side..=(end - begin - least_side);
    let length = |cut: &usize| left[*cut] + right[*cut];
    let best = cuts.clone().min_by(|a, b| length(a).total_cmp(&length(b))).unwrap_or(least_side);
    let (mut weight, mut sum, mut squares, mut gap) = (0.0, 0.0, 0.0, 0.0);
    let at = |cut: usize| math::float(symbols[begin + cut].at_ms) / HOUR;
    for cut in cuts {
        let chance = math::exp(length(&best) - length(&cut));
        // The switch itself lies anywhere between two jobs.
        let (low, high) = (at(cut - 1), at(cut));
        let middle = 0.5 * (low + high) - at(best);
        weight += chance;
        sum += chance * middle;
        squares += chance * middle * middle;
        gap += chance * (high - low) * (high - low) / 12.0;
    }
    let mean = sum / weight;
    let variance = squares / weight - mean * mean + gap / weight;
    (begin + best, variance.max(0.0).sqrt())
}

/// What the jobs of one regime say; none when none of them succeeded.
fn describe(jobs: &[Job]) -> Option<Regime> {
    let mut answers = [0; KINDS];
    let mut pairs = Vec::new();
    for (row, answer) in jobs {
        let Some(answer) = answer else { continue };
        answers[*answer as usize] += 1;
        if let (Some(total), Some(ack)) = (row.latency_ms(), row.ack_ms) {
            pairs.push((*answer, total, f64::from(ack)));
        }
    }
    let mut acks: Vec<f64> = jobs.iter().filter_map(|(row, _)| row.ack_ms).map(f64::from).collect();
    if acks.is_empty() {
        // Nothing is known of answers: the work is all that takes time.
        let timed = |(row, answer): &Job| Some(((*answer)?, row.latency_ms()?, 0.0));
        pairs = jobs.iter().filter_map(timed).collect();
        acks = vec![0.0; pairs.len()];
    }
    let (ack, shift) = ack(&pairs, acks)?;
    let after = |(answer, total, own): &(SuccessContent, f64, f64)| {
        let time = match shift {
            Some(way) => total - way,
            None => total - own,
        };
        (time >= 0.0).then_some((*answer, time))
    };
    let timed: Vec<_> = pairs.iter().filter_map(after).collect();
    let law_of = |keep: &dyn Fn(SuccessContent) -> bool| -> Vec<f64> {
        timed.iter().filter(|(answer, _)| keep(*answer)).map(|(_, time)| *time).collect()
    };
    let kinds: Vec<_> = SuccessContent::ALL
        .into_iter()
        .filter(|kind| *kind != SuccessContent::Truncated)
        .map(|kind| (kind, law_of(&|answer| kind_of(answer) == kind)))
        .filter(|(_, times)| !times.is_empty())
        .collect();
    let all = if are_one(&kinds) { FittedDistribution::of(law_of(&|_| true)) } else { None };
    let laws = kinds
        .into_iter()
        .filter_map(|(answer, times)| {
            Some(Times {
                answer,
                law: FittedDistribution::of(times.clone())?,
                grouped: grouped(times),
            })
        })
        .collect();
    Some(Regime {
        from_ms: 0,
        from_error_h: None,
        jobs: jobs.len(),
        ack,
        answers,
        all,
        times: laws,
    })
}

/// A truncated image is made as a full one.
pub(super) fn kind_of(answer: SuccessContent) -> SuccessContent {
    if answer == SuccessContent::Truncated { SuccessContent::Full } else { answer }
}

/// How requests are answered, and what to take from totals [ms]; none: each its own answer.
fn ack(pairs: &[(SuccessContent, f64, f64)], acks: Vec<f64>) -> Option<(Ack, Option<f64>)> {
    let law = FittedDistribution::of(acks.clone())?;
    let all = math::float_len(pairs.len().max(1));
    let early = pairs.iter().filter(|(_, total, ack)| total < ack).count();
    let early = math::float_len(early) / all;
    let totals: Vec<f64> = pairs.iter().map(|pair| pair.1).collect();
    if early >= AFTER_SHARE {
        let behind = pairs.iter().map(|(_, total, ack)| (ack - total).max(0.0)).collect();
        return Some((Ack::After(grouped(behind), law), Some(0.0)));
    }
    let work: Vec<f64> = pairs.iter().map(|(_, total, ack)| (total - ack).max(0.0)).collect();
    let is_narrower = width(totals.clone()) + MARGIN < width(work);
    if early <= HELD_SHARE && (!is_narrower || pairs.len() < JOBS_MIN) {
        return Some((Ack::First(law), None));
    }
    let least = acks.iter().chain(&totals).copied().fold(f64::INFINITY, f64::min);
    let way = WAY * least;
    let delays = acks.into_iter().map(|ack| ack - way).collect();
    Some((Ack::Held(way, grouped(delays), law), Some(way)))
}

/// How wide a list of times is: the mean logarithm of the distances between neighbours [nats].
fn width(values: Vec<f64>) -> f64 {
    let sorted = numbers::ascending(values);
    // A grid is narrow though its times lie far apart.
    let gaps: Vec<f64> = sorted.windows(2).map(|pair| math::ln(pair[1] - pair[0] + 1.0)).collect();
    numbers::mean(&gaps).unwrap_or(0.0)
}

/// Whether all kinds with enough times have one law.
fn are_one(kinds: &[(SuccessContent, Vec<f64>)]) -> bool {
    let Some((_, most)) = kinds.iter().max_by_key(|(_, times)| times.len()) else { return true };
    kinds.iter().filter(|(_, times)| times.len() >= COMPARED_MIN).all(|(_, times)| {
        if times == most {
            return true;
        }
        let method = KSTwoSampleAlternativeMethod::TwoSidedAsymptotic;
        let found = ks_twosample(times.clone(), most.clone(), method, NaNPolicy::Emit);
        found.is_ok_and(|(_, p)| p > SAME_P)
    })
}

/// A list of times in a few weighted values, which keep its mean and its tails.
fn grouped(values: Vec<f64>) -> Weighted {
    let sorted = numbers::ascending(values);
    let count = math::float_len(sorted.len());
    let mut begin = 0;
    let mut groups = Vec::new();
    let even = (1..GROUPS).map(|place| math::float_len(place) / math::float_len(GROUPS));
    for share in even.chain(TAIL_ENDS).chain([1.0]) {
        let end = usize::try_from(math::round_to_u64(share * count)).unwrap_or(sorted.len());
        let end = end.clamp(begin, sorted.len());
        if let Some(mean) = numbers::mean(&sorted[begin..end]) {
            groups.push((mean, math::float_len(end - begin) / count));
        }
        begin = end;
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::Status;

    fn job(at_ms: u64, ack: u32, total: u32) -> Job {
        let row = RecordedJob {
            created_ms: at_ms,
            ack_ms: Some(ack),
            total_ms: Some(total),
            status: Status::Success,
            has_image: Some(true),
            image_bytes: Some(1_000_000),
            ..RecordedJob::default()
        };
        (row, Some(SuccessContent::Full))
    }

    /// Six seconds until 30 min, then two: one switch, within a job's distance.
    #[test]
    fn a_switch_is_found_between_the_jobs_it_lies_between() {
        let jobs: Vec<Job> = (0..120)
            .map(|number| {
                let jitter = u32::try_from(number * 7 % 40).unwrap();
                job(number * 30_000, 300 + jitter, if number < 60 { 6_000 } else { 2_000 } + jitter)
            })
            .collect();
        let clock = TimeCells::new(0, 3_600_000);
        let symbols: Vec<_> = jobs.iter().map(|(row, answer)| Symbols::of(row, *answer)).collect();
        let base = Base::of(symbols.iter());
        let found = regimes(&clock, &base, &jobs, false);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!((1_770_000..1_800_000).contains(&found[1].from_ms));
        let error = found[1].from_error_h.unwrap();
        assert!(error > 0.001 && error < 0.01, "{error}");
        assert_eq!(regimes(&clock, &base, &jobs, true).len(), 1);
    }

    #[test]
    fn answers_are_first_held_or_after() {
        let of = |pair: &dyn Fn(u32) -> (u32, u32)| {
            let jobs: Vec<Job> = (0..60)
                .map(|number| {
                    let (ack, total) = pair(number * 37 % 60);
                    job(u64::from(number) * 30_000, ack, total)
                })
                .collect();
            describe(&jobs).unwrap().ack
        };
        assert!(matches!(of(&|x| (300 + 5 * x, 5_300 + 5 * x + x % 3)), Ack::First(_)));
        assert!(matches!(of(&|x| (300 + 35 * x, 731 + x % 7)), Ack::Held(..)));
        assert!(matches!(of(&|x| (250 + 5 * x, 210 + 5 * x)), Ack::After(..)));
    }

    #[test]
    fn groups_keep_the_mean() {
        let values: Vec<f64> = (0..1000).map(f64::from).collect();
        let groups = grouped(values);
        let mean: f64 = groups.iter().map(|(value, weight)| value * weight).sum();
        assert!((mean - 499.5).abs() < 1e-9 && groups.len() == 28);
        assert_eq!(grouped(vec![7.0]), [(7.0, 1.0)]);
    }
}
