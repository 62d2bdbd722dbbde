//! Families with two or three parameters, by maximum likelihood or by quantiles.

use crate::base::math;
use crate::base::random::Word;
use crate::trace::fit::joint::Matrix;
use crate::trace::fit::joint::diagonal;
use crate::trace::fit::parameter::FittedParameter;
use crate::trace::fit::parameter::short;
use crate::trace::measure::numbers;
use statrs::distribution::ContinuousCDF;
use statrs::distribution::Gamma;
use statrs::distribution::LogNormal;
use statrs::distribution::Weibull;
use statrs::function::gamma::digamma;

/// Of a Weibull law of shape 1 and one value: variance of the median's logarithm, its covariance with the shape's, variance
/// of that. Source: the inverse of the information matrix (Johnson, Kotz, Balakrishnan 1994, section 21), whose first
/// parameter was taken from the scale to the median.
const WEIBULL: [f64; 3] = [1.378_7, 0.479_8, 0.607_9];

/// A family with its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Simple {
    /// Median [ms], sigma of the logarithm.
    Lognormal(f64, f64),
    /// Shift [ms], median above it [ms], sigma.
    Shifted(f64, f64, f64),
    /// The gamma law: mean [ms] and shape.
    Gamma(f64, f64),
    /// The Weibull law: median [ms] and shape.
    Weibull(f64, f64),
}

/// Every family fitted to ascending positive values, lognormal first.
pub(super) fn fit(sorted: &[f64]) -> Vec<Simple> {
    if sorted[0] <= 0.0 {
        return Vec::new();
    }
    let (median, sigma) = lognormal(sorted);
    let mut all = vec![Simple::Lognormal(median, sigma)];
    all.extend(shifted(sorted));
    all.extend(gamma(sorted));
    all.extend(weibull(sorted));
    all
}

fn lognormal(values: &[f64]) -> (f64, f64) {
    let logs: Vec<f64> = values.iter().map(|ms| math::ln(*ms)).collect();
    let mean = numbers::mean(&logs).unwrap_or(0.0);
    (math::exp(mean), numbers::deviation(&logs).unwrap_or(0.0))
}

/// By three quantiles: the shift that makes the rest symmetric in its logarithm.
fn shifted(sorted: &[f64]) -> Option<Simple> {
    const TAIL: f64 = 0.05;
    let low = numbers::quantile(sorted, TAIL)?;
    let middle = numbers::quantile(sorted, 0.5)?;
    let high = numbers::quantile(sorted, 1.0 - TAIL)?;
    let bend = low + high - 2.0 * middle;
    if bend <= 0.0 {
        return None;
    }
    let shift = (low * high - middle * middle) / bend;
    let shift = shift.min(sorted[0] - 1.0);
    if shift <= 0.0 {
        return None;
    }
    let above: Vec<f64> = sorted.iter().map(|ms| ms - shift).collect();
    let (median, sigma) = lognormal(&above);
    Some(Simple::Shifted(shift, median, sigma))
}

/// Covariance of the logarithms of a shifted law's parameters, by resampling (Efron 1979); none where it is seldom found.
fn resampled(sorted: &[f64]) -> Option<Matrix> {
    const SAMPLES: u64 = 200;
    /// Larger lists are resampled by so many values, and the covariance is made smaller as theirs is. Source: Bickel, Götze,
    /// van Zwet 1997, the m out of n bootstrap.
    const VALUES_MAX: usize = 1000;
    const FOUND_MIN: usize = 100;
    let size = sorted.len().min(VALUES_MAX);
    let part = math::float_len(size) / math::float_len(sorted.len());
    let mut logs: Vec<Vec<f64>> = Vec::new();
    for sample in 0..SAMPLES {
        let mut draws = Word(sample).derive(0).expand();
        let mut value = || {
            let place = (u128::from(draws.bits()) * sorted.len() as u128) >> 64;
            sorted[usize::try_from(place).expect("a place in the list")]
        };
        let values = numbers::ascending((0..size).map(|_| value()).collect());
        if let Some(found) = shifted(&values) {
            logs.push(found.values().into_iter().map(|(_, value)| math::ln(value)).collect());
        }
    }
    if logs.len() < FOUND_MIN {
        return None;
    }
    let count = math::float_len(logs.len());
    let mean = |place: usize| logs.iter().map(|one| one[place]).sum::<f64>() / count;
    let means: Vec<f64> = (0..3).map(mean).collect();
    let cell = |row: usize, column: usize| {
        let sum: f64 =
            logs.iter().map(|one| (one[row] - means[row]) * (one[column] - means[column])).sum();
        part * sum / (count - 1.0)
    };
    Some((0..3).map(|row| (0..3).map(|column| cell(row, column)).collect()).collect())
}

/// By maximum likelihood: Newton's search from Minka's beginning.
pub(super) fn gamma(sorted: &[f64]) -> Option<Simple> {
    const ROUNDS: usize = 20;
    let mean = numbers::mean(sorted)?;
    let logs: f64 = sorted.iter().map(|ms| math::ln(*ms)).sum();
    let gap = math::ln(mean) - logs / math::float_len(sorted.len());
    if gap <= 0.0 {
        return None;
    }
    let mut shape = (3.0 - gap + ((gap - 3.0) * (gap - 3.0) + 24.0 * gap).sqrt()) / (12.0 * gap);
    for _ in 0..ROUNDS {
        let slope = 1.0 / shape - trigamma(shape);
        shape -= (math::ln(shape) - digamma(shape) - gap) / slope;
        if !shape.is_finite() || shape <= 0.0 {
            return None;
        }
    }
    Some(Simple::Gamma(mean, shape))
}

/// The derivative of the digamma function, by a difference.
fn trigamma(x: f64) -> f64 {
    let step = 1e-4 * x;
    (digamma(x + step) - digamma(x - step)) / (2.0 * step)
}

/// By maximum likelihood: bisection for the shape.
fn weibull(sorted: &[f64]) -> Option<Simple> {
    const ROUNDS: usize = 60;
    let largest = *sorted.last()?;
    let logs: Vec<f64> = sorted.iter().map(|ms| math::ln(ms / largest)).collect();
    let mean = numbers::mean(&logs)?;
    let slope = |shape: f64| {
        let powers: Vec<f64> = logs.iter().map(|log| math::exp(shape * log)).collect();
        let weighted: f64 = powers.iter().zip(&logs).map(|(power, log)| power * log).sum();
        weighted / powers.iter().sum::<f64>() - 1.0 / shape - mean
    };
    let (mut low, mut high) = (0.05, 2000.0);
    if slope(low) > 0.0 || slope(high) < 0.0 {
        return None;
    }
    for _ in 0..ROUNDS {
        let middle = (low * high).sqrt();
        if slope(middle) > 0.0 { high = middle } else { low = middle }
    }
    let powers: f64 = logs.iter().map(|log| math::exp(low * log)).sum();
    let scale = largest * math::pow(powers / math::float_len(sorted.len()), 1.0 / low);
    Some(Simple::Weibull(scale * math::pow(std::f64::consts::LN_2, 1.0 / low), low))
}

impl Simple {
    /// The family's name in a scenario.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Lognormal(..) => "lognormal",
            Self::Shifted(..) => "shifted_lognormal",
            Self::Gamma(..) => "gamma",
            Self::Weibull(..) => "weibull",
        }
    }

    /// Number of parameters that are estimated.
    pub(super) fn free(self) -> usize {
        if matches!(self, Self::Shifted(..)) { 3 } else { 2 }
    }

    /// Chance of a time below `ms`.
    pub(super) fn below(self, ms: f64) -> f64 {
        if ms <= 0.0 {
            return 0.0;
        }
        let lognormal = |ms: f64, median: f64, sigma: f64| {
            let law = LogNormal::new(math::ln(median), sigma.max(f64::MIN_POSITIVE));
            if ms > 0.0 { law.map_or(0.0, |law| law.cdf(ms)) } else { 0.0 }
        };
        match self {
            Self::Lognormal(median, sigma) => lognormal(ms, median, sigma),
            Self::Shifted(shift, median, sigma) => lognormal(ms - shift, median, sigma),
            Self::Gamma(mean, shape) => {
                Gamma::new(shape, shape / mean).map_or(0.0, |law| law.cdf(ms))
            }
            Self::Weibull(median, shape) => {
                let scale = median / math::pow(std::f64::consts::LN_2, 1.0 / shape);
                Weibull::new(shape, scale).map_or(0.0, |law| law.cdf(ms))
            }
        }
    }

    /// Estimates with standard errors, of `count` values with this covariance of their logarithms.
    pub(super) fn parameters(self, covariance: &Matrix) -> Vec<FittedParameter> {
        let error = |(place, (name, value)): (usize, (&'static str, f64))| {
            (name, value, Some(value * covariance[place][place].max(0.0).sqrt()))
        };
        self.values().into_iter().enumerate().map(error).collect()
    }

    /// Parameters by their keys in a scenario.
    pub(super) fn values(self) -> Vec<(&'static str, f64)> {
        match self {
            Self::Lognormal(median, sigma) => vec![("median_ms", median), ("sigma", sigma)],
            Self::Shifted(shift, median, sigma) => {
                vec![("shift_ms", shift), ("median_ms", median), ("sigma", sigma)]
            }
            Self::Gamma(mean, shape) => vec![("mean_ms", mean), ("shape", shape)],
            Self::Weibull(median, shape) => vec![("median_ms", median), ("shape", shape)],
        }
    }

    /// Covariance of the logarithms of the parameters, fitted to these ascending values: of the information matrix; of a
    /// shifted law, whose shift no likelihood finds, by resampling.
    pub(super) fn covariance(self, sorted: &[f64]) -> Matrix {
        let all = math::float_len(sorted.len());
        match self {
            Self::Lognormal(_, sigma) => diagonal(&[sigma / all.sqrt(), 1.0 / (2.0 * all).sqrt()]),
            Self::Gamma(_, shape) => {
                let information = (shape * trigamma(shape) - 1.0).max(f64::MIN_POSITIVE);
                diagonal(&[1.0 / (shape * all).sqrt(), 1.0 / (shape * information * all).sqrt()])
            }
            Self::Weibull(_, shape) => {
                // Of the information on logarithms of scale and shape; the median is `scale (ln 2)^(1/shape)`.
                let [median, both, own] = WEIBULL;
                let (median, both) = (median / (shape * shape), both / shape);
                vec![vec![median / all, both / all], vec![both / all, own / all]]
            }
            Self::Shifted(..) => resampled(sorted).unwrap_or_else(|| diagonal(&[1.0; 3])),
        }
    }

    /// As a scenario writes it.
    pub(super) fn text(self) -> String {
        let name = self.name();
        match self {
            Self::Lognormal(median, sigma) => {
                format!("{name} = {{ median_ms = {}, sigma = {} }}", short(median), short(sigma))
            }
            Self::Shifted(shift, median, sigma) => format!(
                "{name} = {{ shift_ms = {}, median_ms = {}, sigma = {} }}",
                short(shift),
                short(median),
                short(sigma)
            ),
            Self::Gamma(mean, shape) => {
                format!("{name} = {{ mean_ms = {}, shape = {} }}", short(mean), short(shape))
            }
            Self::Weibull(median, shape) => {
                format!("{name} = {{ median_ms = {}, shape = {} }}", short(median), short(shape))
            }
        }
    }
}
