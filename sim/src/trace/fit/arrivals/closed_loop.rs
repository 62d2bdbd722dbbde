//! Clients that ask, wait for the answer, think, and ask again: one, or several alike.
//!
//! A client that has thought its least time asks at the rate `1 / jitter`, whatever it was before; so of `n` such clients
//! the next asks at the rate `n / jitter`, and who it is does not matter. `n` follows from requests and answers:
//! with `c` clients it is `c` less the requests so far, and one more for each answer that is a think time old.

use crate::base::math;
use crate::trace::fit::arrivals::Candidate;
use crate::trace::fit::arrivals::Process;
use crate::trace::fit::arrivals::judge::GapsJudged;
use crate::trace::fit::arrivals::requests::Requests;
use crate::trace::fit::arrivals::requests::inside;
use crate::trace::fit::joint::Matrix;
use crate::trace::fit::joint::diagonal;
use crate::trace::fit::joint::log_error;
use crate::trace::fit::parameter::spread;
use crate::trace::measure::numbers;

/// Most clients tried. Source: ours: so many clients that wait are hardly told from as many that do not.
const CLIENTS_MAX: usize = 64;
/// Requests by which the number of clients is chosen, the first ones. Source: ours, for time.
const SEARCHED_MAX: usize = 1 << 14;
/// Recorded times are whole milliseconds: a difference of two is this uncertain [ms].
const ROUNDING_MS: f64 = 0.41;
/// Quartiles of an exponential variate of mean 1.
const QUARTILES: [f64; 3] = [0.287_682, std::f64::consts::LN_2, 2.0 * std::f64::consts::LN_2];
/// Variances of least time and mean beyond it by quartiles, and their covariance, in squares of that mean, times the
/// number of values. Source: the joint law of three order statistics of an exponential variate.
const BY_QUARTILES: [f64; 3] = [1.220_4, 2.209_6, -0.924_6];
/// A gap outside a model's range has this chance, so that one outlier does not decide alone. Source: ours.
const OUTLIER: f64 = 1e-7;
/// So many of a thousand requests may come before their time. Source: ours.
const EARLY_PER_MILLE: usize = 1;
/// The density of waits at their least is that of so many for each passed over, and a root of all. Source: ours.
const NEAR: usize = 4;
/// Answers are known of so many of a hundred requests, or nobody can be seen to wait for them. Source: ours.
const KNOWN_PER_CENT: usize = 90;

/// One client that waits; none where answers are unknown.
pub(super) fn one(requests: &Requests) -> Option<Candidate> {
    let known = requests.recorded.iter().filter_map(|(gap, ack)| Some(gap - (*ack)?));
    let thinking: Vec<f64> = known.collect();
    if thinking.len() * 100 < requests.recorded.len() * KNOWN_PER_CENT {
        return None;
    }
    let count = math::float_len(thinking.len());
    let sorted = spread(numbers::ascending(thinking.clone()));
    let at = |share: f64| numbers::quantile(&sorted, share);
    let (low, middle, high) = (at(0.25)?, at(0.5)?, at(0.75)?);
    let [q1, q2, q3] = QUARTILES;
    let jitter = ((high - low) / (q3 - q1)).max(0.0);
    // By quartiles, for a few gaps of seconds more say nothing of the usual ones. Both times are cut to whole
    // milliseconds; spreading ties adds half of one.
    let think = (middle - 0.5 - q2 * jitter).max(0.0);
    let scale = jitter.max(ROUNDING_MS);
    let begin = think - ROUNDING_MS;
    let below = |ms: f64| if ms > begin { 1.0 - math::exp(-(ms - begin) / scale) } else { 0.0 };
    let (mut sum, mut places) = (0.0, Vec::with_capacity(thinking.len()));
    for (number, ms) in (0_u64..).zip(&thinking) {
        let (low, high) = (below(ms - 0.5), below(ms + 0.5));
        sum += math::ln((high - low).max(OUTLIER));
        places.push(low + (high - low) * inside(number));
    }
    let told = GapsJudged {
        name: (NAME.to_string(), 2),
        log_likelihood_per_gap: sum / count,
        places,
        part: scale / requests.mean_ms(),
        is_row: requests.is_whole,
    };
    let square = jitter * jitter / count;
    let [of_think, of_jitter, both] = BY_QUARTILES.map(|part| part * square);
    let rounding = ROUNDING_MS * ROUNDING_MS;
    let covariance = vec![vec![of_think + rounding, both], vec![both, of_jitter + rounding]];
    let process = Process::ClosedLoop { clients: 1, think_ms: think, jitter_ms: jitter };
    Some(Candidate { covariance: Some(on_logs(&covariance, think, jitter)), process, told })
}

const NAME: &str = "closed loop: answer, think time, exponential jitter";

/// The same errors on the log scale.
fn on_logs(covariance: &Matrix, think: f64, jitter: f64) -> Matrix {
    let scale = [think, jitter].map(|value| value.max(ROUNDING_MS));
    let cell = |row: usize, column: usize| covariance[row][column] / scale[row] / scale[column];
    (0..2).map(|row| (0..2).map(|column| cell(row, column)).collect()).collect()
}

/// Several clients that wait, alike, as many as make the requests likeliest; none where no number does, or the trace does
/// not show every request.
pub(super) fn several(requests: &Requests) -> Option<Candidate> {
    let unknown = requests.recorded.iter().filter(|(_, ack)| ack.is_none()).count();
    if !requests.is_whole || unknown * 100 > requests.recorded.len() * (100 - KNOWN_PER_CENT) {
        return None;
    }
    let answers = numbers::ascending(requests.answered.clone());
    let times = &requests.times;
    let most = CLIENTS_MAX.min(times.len() / 4);
    let first = &times[..times.len().min(SEARCHED_MAX)];
    let each = (2..=most).filter_map(|clients| Crowd::of(first, &answers, clients));
    let best = each.max_by(|a, b| a.log_likelihood.total_cmp(&b.log_likelihood))?;
    let best = Crowd::of(times, &answers, best.clients)?;
    let count = math::float_len(best.places.len());
    let told = GapsJudged {
        name: (format!("closed loop of {} clients", best.clients), 3),
        log_likelihood_per_gap: best.log_likelihood / count,
        places: best.places,
        part: (best.jitter / requests.mean_ms()).min(1.0),
        is_row: true,
    };
    let errors = [
        log_error(best.think.max(ROUNDING_MS), best.error.hypot(ROUNDING_MS)),
        log_error(best.jitter, (best.jitter / count.sqrt()).hypot(ROUNDING_MS)),
    ];
    let process =
        Process::ClosedLoop { clients: best.clients, think_ms: best.think, jitter_ms: best.jitter };
    Some(Candidate { process, covariance: Some(diagonal(&errors)), told })
}

/// A number of clients that think and wait, with what the gaps say of it.
struct Crowd {
    clients: usize,
    think: f64,
    /// Standard error of that.
    error: f64,
    jitter: f64,
    log_likelihood: f64,
    places: Vec<f64>,
}

impl Crowd {
    /// The likeliest think time and jitter of `clients` clients; none where nobody could have asked in time.
    fn of(times: &[f64], answers: &[f64], clients: usize) -> Option<Self> {
        // The first requests are of clients whose past is unknown. Whoever asks after them has had its answer: the
        // `k`-th request comes a think time after the `k - c`-th answer at the soonest.
        let waited: Vec<f64> =
            times.iter().skip(clients).zip(answers).map(|(at, answer)| at - answer).collect();
        let (think, error) = least(&numbers::ascending(waited.clone()))?;
        let count = math::float_len(waited.len());
        let beyond = waited.iter().map(|wait| (wait - think).max(0.0)).sum::<f64>() / count;
        if think < 0.0 || beyond <= 0.0 {
            return None;
        }
        let (mut log_likelihood, mut places) = (0.0, Vec::with_capacity(waited.len()));
        let mut ready = 0;
        let mut now = times[clients - 1];
        for (number, at) in times.iter().enumerate().skip(clients) {
            // Clients that may ask, from one return to the next, and what that adds up to.
            let mut mass = 0.0;
            loop {
                let free = math::float_len((clients + ready).saturating_sub(number));
                let next = answers.get(ready).map_or(f64::INFINITY, |answer| answer + think);
                if next >= *at {
                    mass += free * (at - now);
                    now = *at;
                    log_likelihood +=
                        if free > 0.0 { math::ln(free / beyond) } else { math::ln(OUTLIER) };
                    break;
                }
                if next > now {
                    mass += free * (next - now);
                    now = next;
                }
                ready += 1;
            }
            log_likelihood -= mass / beyond;
            places.push(1.0 - math::exp(-mass / beyond));
        }
        Some(Self { clients, think, error, jitter: beyond, log_likelihood, places })
    }
}

/// Where ascending waits begin, and the standard error of that; none of too few.
///
/// Waits are about as dense just above their least as there, so the `r`-th of them lies `r` mean distances above it, which
/// is a gamma variate of that shape. Some may come before their time: the first are passed over.
fn least(sorted: &[f64]) -> Option<(f64, f64)> {
    let passed = sorted.len() * EARLY_PER_MILLE / 1000;
    let root = math::trunc_to_u64(math::float_len(sorted.len()).sqrt());
    let near = (passed + 1) * NEAR + usize::try_from(root).ok()?;
    let (first, last) = (*sorted.get(passed)?, *sorted.get(near)?);
    let distance = (last - first) / math::float_len(near - passed);
    let rank = math::float_len(passed + 1);
    Some((first - rank * distance, rank.sqrt() * distance))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 4,000 memoryless waits above 500 ms with a mean of 100 ms, a few early ones: within three errors in all of ten lists.
    #[test]
    fn the_least_wait_is_found_with_its_error() {
        for seed in 0..10 {
            let wait = |n: u64| 500.0 - 100.0 * math::ln(inside(100_000 * (seed + 1) + n));
            let mut waits: Vec<f64> = (0..4000).map(wait).collect();
            let (found, error) = least(&numbers::ascending(waits.clone())).unwrap();
            assert!((found - 500.0).abs() < 3.0 * error && error < 0.2, "{found} ± {error}");
            waits.extend([1.0, 2.0]);
            let (found, error) = least(&numbers::ascending(waits)).unwrap();
            assert!((found - 500.0).abs() < 4.0 * error, "{found} ± {error}");
        }
    }
}
