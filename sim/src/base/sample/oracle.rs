//! For tests: how far a sampler may be from its law. Every test here has false-alarm rate [`ALARM`] and a written seed.

use crate::base::math;
use crate::base::random::Purpose;
use crate::base::random::Streams;
use crate::base::random::Word;

/// Chance that a right sampler fails one of these tests.
pub(crate) const ALARM: f64 = 1e-6;
/// Standard deviations that a normal variate leaves with probability [`ALARM`], two-sided.
const SIGMAS: f64 = 4.9;
/// Variates of one test of a law.
const COUNT: usize = 100_000;

/// The first `count` words of the stream of `seed`.
pub(crate) fn words(seed: u64, count: usize) -> impl Iterator<Item = Word> {
    let mut stream = Streams::new(seed, 0).stream(Purpose::Service, "oracle");
    (0..count).map(move |_| stream.word())
}

/// Largest distance between the empirical law of `values` and `cdf`. Source: Kolmogorov 1933.
pub(crate) fn distance(mut values: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let count = math::float_len(values.len());
    let gap = |(place, x): (usize, &f64)| {
        let (below, p) = (math::float_len(place), cdf(*x));
        (p - below / count).abs().max((p - (below + 1.0) / count).abs())
    };
    values.iter().enumerate().map(gap).fold(0.0, f64::max)
}

/// The distance that `count` variates of the law itself exceed with a probability of at most [`ALARM`].
///
/// `P(D > e) <= 2 exp(-2 n e^2)` for every n, without asymptotics. Source: Massart 1990.
pub(crate) fn distance_max(count: usize) -> f64 {
    (-math::ln(ALARM / 2.0) / (2.0 * math::float_len(count))).sqrt()
}

/// Asserts that `draw` has the law of `cdf`: 100,000 variates, distance at most 0.0085.
pub(crate) fn assert_follows(seed: u64, draw: impl Fn(Word) -> f64, cdf: impl Fn(f64) -> f64) {
    let got = distance(words(seed, COUNT).map(draw).collect(), cdf);
    assert!(got < distance_max(COUNT), "{got} is above {}", distance_max(COUNT));
}

/// Asserts that the mean of `draw` is `expected`, within [`SIGMAS`] standard errors of 100,000 variates.
pub(crate) fn assert_mean(seed: u64, draw: impl Fn(Word) -> f64, expected: f64) {
    let values: Vec<f64> = words(seed, COUNT).map(draw).collect();
    let count = math::float_len(COUNT);
    let mean = values.iter().sum::<f64>() / count;
    let square = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (count - 1.0);
    let error = SIGMAS * (square / count).sqrt() + 1e-9 * expected;
    assert!((mean - expected).abs() <= error, "{mean} is not {expected} within {error}");
}

/// Asserts that `got` of `count` trials is a share of `expected`, within [`SIGMAS`] standard errors.
pub(crate) fn assert_count(got: u32, count: usize, expected: f64) {
    let count = math::float_len(count);
    let error = SIGMAS * (count * expected * (1.0 - expected)).sqrt() + 0.5;
    assert!((f64::from(got) - count * expected).abs() <= error, "{got} of {count}: {expected}");
}

#[test]
fn a_law_whose_mean_is_a_twentieth_off_is_found_out() {
    let values = words(1, COUNT).map(|word| -1.05 * math::ln(word.unit())).collect();
    let got = distance(values, |x| 1.0 - math::exp(-x));
    assert!(got > 1.5 * distance_max(COUNT), "{got}");
}
