//! Bursts: a Poisson process whose rate switches between two at exponential times.
//!
//! The likelihood is exact: whether the spell is busy is not seen, so after each request only the chance of it is kept.
//! Source: Fischer, Meier-Hellstern 1993, "The Markov-modulated Poisson process (MMPP) cookbook", section 3.

use crate::base::math;
use crate::trace::fit::arrivals::Candidate;
use crate::trace::fit::arrivals::Process;
use crate::trace::fit::arrivals::judge::GapsJudged;
use crate::trace::fit::arrivals::optimum;
use crate::trace::fit::arrivals::requests::Requests;
use crate::trace::jobs::HOUR_MS;

/// Most gaps that the search looks at, the first ones, and most that its last steps do. Source: ours, for time; errors are
/// those of the gaps looked at.
const SEARCHED_MAX: usize = 1 << 13;
const LOOKED_AT_MAX: usize = 1 << 17;
/// Where searches begin: rate of a busy spell over the mean rate, that of a quiet one, mean gaps in a busy and a quiet
/// spell together. Source: ours.
const BUSY: [f64; 3] = [1.5, 3.0, 10.0];
const QUIET: [f64; 2] = [0.03, 0.5];
const CYCLES: [f64; 4] = [10.0, 50.0, 300.0, 2000.0];
/// Searches that are followed to their end. Source: ours.
const FOLLOWED: usize = 2;
/// How far a search reaches at first, on the log scale.
const REACH: f64 = 0.4;
/// Milliseconds in a second.
const SECOND_MS: f64 = 1000.0;

/// Rates [1/ms] and mean lengths of spells [ms].
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spells {
    on: f64,
    off: f64,
    mean_on: f64,
    mean_off: f64,
}

impl Spells {
    /// From logarithms: both rates where there are four, else a quiet spell is silent.
    fn of(at: &[f64]) -> Self {
        let value = |place: usize| math::exp(at[place]);
        match at.len() {
            3 => Self { on: value(0), off: 0.0, mean_on: value(1), mean_off: value(2) },
            _ => Self { on: value(0), off: value(1), mean_on: value(2), mean_off: value(3) },
        }
    }

    fn logs(&self, is_silent: bool) -> Vec<f64> {
        let all = [self.on, self.off, self.mean_on, self.mean_off];
        let kept = all.iter().enumerate().filter(|(place, _)| !(is_silent && *place == 1));
        kept.map(|(_, value)| math::ln(*value)).collect()
    }

    /// Logarithm of the likelihood of the gaps; `told` is given the place of each in its law.
    fn log_likelihood(&self, gaps: &[f64], told: &mut dyn FnMut(f64)) -> f64 {
        let Self { on, off, mean_on, mean_off } = *self;
        let (leave, come) = (1.0 / mean_on, 1.0 / mean_off);
        let middle = -0.5 * (leave + on + come + off);
        let half = 0.5 * (come + off - leave - on);
        let root = (half * half + leave * come).sqrt();
        // After a request: the chance of each spell in proportion to its time and rate.
        let (busy, quiet) = (mean_on * on, mean_off * off);
        let mut chance = busy / (busy + quiet);
        let mut sum = 0.0;
        for gap in gaps {
            let faded = math::exp(-2.0 * root * gap);
            let (same, other) = (0.5 * (1.0 + faded), 0.5 * (1.0 - faded) / root);
            let (a, b) = (chance, 1.0 - chance);
            let still_busy = a * (same + other * half) + b * other * come;
            let still_quiet = a * other * leave + b * (same - other * half);
            let (in_busy, in_quiet) = (still_busy * on, still_quiet * off);
            let all = in_busy + in_quiet;
            let decay = (middle + root) * gap;
            sum += math::ln(all) + decay;
            told(1.0 - (still_busy + still_quiet) * math::exp(decay));
            chance = in_busy / all;
        }
        sum
    }
}

/// Bursts, with silence between them or without; none where no search ends.
pub(super) fn bursts(requests: &Requests, is_silent: bool) -> Option<Candidate> {
    if !requests.is_whole {
        return None;
    }
    let gaps = &requests.gaps[..requests.gaps.len().min(LOOKED_AT_MAX)];
    let searched = &gaps[..gaps.len().min(SEARCHED_MAX)];
    let mean = searched.iter().sum::<f64>() / math::float_len(searched.len());
    let worth_of = |at: &[f64], gaps: &[f64]| Spells::of(at).log_likelihood(gaps, &mut |_| {});
    let mut starts: Vec<(Vec<f64>, f64)> = starts(mean)
        .map(|spells| spells.logs(is_silent))
        .map(|at| (at.clone(), worth_of(&at, searched)))
        .filter(|(_, worth)| worth.is_finite())
        .collect();
    starts.sort_by(|a, b| b.1.total_cmp(&a.1));
    let search = |at: &[f64]| worth_of(at, searched);
    let ends = starts.iter().take(FOLLOWED).map(|(at, _)| optimum::climb(&search, at, REACH));
    let best = ends.max_by(|a, b| a.1.total_cmp(&b.1))?;
    let whole = |at: &[f64]| worth_of(at, gaps);
    let worth = whole(&best.0);
    let ((at, worth), covariance) = optimum::polish(&whole, (best.0, worth));
    let mut spells = Spells::of(&at);
    let mut order: Vec<usize> = (0..at.len()).collect();
    if spells.off > spells.on {
        spells = Spells {
            on: spells.off,
            off: spells.on,
            mean_on: spells.mean_off,
            mean_off: spells.mean_on,
        };
        order = vec![1, 0, 3, 2];
    }
    let sorted = |covariance: Vec<Vec<f64>>| -> Vec<Vec<f64>> {
        order
            .iter()
            .map(|row| order.iter().map(|column| covariance[*row][*column]).collect())
            .collect()
    };
    let mut places = Vec::with_capacity(gaps.len());
    spells.log_likelihood(gaps, &mut |place| places.push(place.clamp(0.0, 1.0)));
    let per_h = |rate: f64| rate * math::float(HOUR_MS);
    let process = Process::OnOff {
        on_rate_per_h: per_h(spells.on),
        off_rate_per_h: per_h(spells.off),
        mean_on_s: spells.mean_on / SECOND_MS,
        mean_off_s: spells.mean_off / SECOND_MS,
    };
    let name = if is_silent { "on-off, silent between bursts" } else { "on-off" };
    let free = if is_silent { 3 } else { 4 };
    let told = GapsJudged {
        name: (name.to_string(), free),
        log_likelihood_per_gap: worth / math::float_len(gaps.len()),
        places,
        part: 1.0,
        is_row: true,
    };
    (worth.is_finite() && covariance.is_some()).then(|| Candidate {
        process,
        covariance: covariance.map(sorted),
        told,
    })
}

/// Where searches begin, for requests with this mean gap [ms].
fn starts(mean: f64) -> impl Iterator<Item = Spells> {
    let pairs = BUSY.iter().flat_map(|busy| QUIET.iter().map(move |quiet| (*busy, *quiet)));
    pairs.flat_map(move |(busy, quiet)| {
        // The share of busy time that keeps the mean rate.
        let share = (1.0 - quiet) / (busy - quiet);
        CYCLES.iter().map(move |cycle| Spells {
            on: busy / mean,
            off: quiet / mean,
            mean_on: share * cycle * mean,
            mean_off: (1.0 - share) * cycle * mean,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Equal rates are a Poisson process whatever the spells: `sum(ln r - r gap)`, places `1 - exp(-r gap)`.
    #[test]
    fn equal_rates_are_a_poisson_process() {
        let spells = Spells { on: 0.01, off: 0.01, mean_on: 70.0, mean_off: 900.0 };
        let gaps = [5.0, 130.0, 2000.0];
        let mut places = Vec::new();
        let found = spells.log_likelihood(&gaps, &mut |place| places.push(place));
        let by_hand: f64 = gaps.iter().map(|gap| math::ln(0.01) - 0.01 * gap).sum();
        assert!((found - by_hand).abs() < 1e-9, "{found} {by_hand}");
        for (place, gap) in places.iter().zip(gaps) {
            assert!((place - (1.0 - math::exp(-0.01 * gap))).abs() < 1e-12);
        }
    }

    /// With silent spells after a request the spell is busy for sure, and the next comes at once at the rate of the busy one:
    /// the density of a gap of nothing is that rate.
    #[test]
    fn a_burst_goes_on_after_a_request() {
        let spells = Spells { on: 0.02, off: 0.0, mean_on: 500.0, mean_off: 5000.0 };
        let found = spells.log_likelihood(&[1e-9, 1e-9], &mut |_| {});
        assert!((found - 2.0 * math::ln(0.02)).abs() < 1e-6, "{found}");
    }
}
