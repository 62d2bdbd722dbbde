//! Processes whose gaps are independent: Poisson, gamma, always the same.

use crate::base::math;
use crate::trace::fit::arrivals::Candidate;
use crate::trace::fit::arrivals::Process;
use crate::trace::fit::arrivals::judge::GapsJudged;
use crate::trace::fit::arrivals::requests::Requests;
use crate::trace::fit::arrivals::requests::inside;
use crate::trace::fit::joint::diagonal;
use crate::trace::fit::simple;
use crate::trace::fit::simple::Simple;
use crate::trace::jobs::HOUR_MS;
use crate::trace::measure::numbers;
use statrs::distribution::ContinuousCDF;
use statrs::distribution::Normal;
use statrs::function::gamma::ln_gamma;

/// Gaps that vary less than this are a fixed interval. Source: ours.
const FIXED_CV: f64 = 0.002;
/// Standard deviation of a difference of two instants cut to whole milliseconds [ms]: `1/sqrt(6)`.
const ROUNDING_MS: f64 = 0.41;

/// The Poisson process of the same mean gap.
pub(super) fn poisson(requests: &Requests) -> Candidate {
    let mean = requests.mean_ms();
    let places = requests.gaps.iter().map(|gap| 1.0 - math::exp(-gap / mean)).collect();
    let rate = math::float(HOUR_MS) / mean;
    let root = math::float_len(requests.gaps.len()).sqrt();
    let told = GapsJudged {
        name: ("Poisson".to_string(), 1),
        log_likelihood_per_gap: -math::ln(mean) - 1.0,
        places,
        part: 1.0,
        is_row: requests.is_whole,
    };
    Candidate {
        process: Process::Poisson { rate_per_h: rate },
        covariance: Some(diagonal(&[1.0 / root])),
        told,
    }
}

/// Gaps of a gamma law; none where the likelihood has no top.
pub(super) fn gamma(requests: &Requests) -> Option<Candidate> {
    let sorted = numbers::ascending(requests.gaps.clone());
    let found = simple::gamma(&sorted)?;
    let Simple::Gamma(mean, shape) = found else { return None };
    let stage = mean / shape;
    let density = |gap: &f64| (shape - 1.0) * math::ln(gap / stage) - gap / stage;
    let count = math::float_len(requests.gaps.len());
    let sum: f64 = requests.gaps.iter().map(density).sum();
    let told = GapsJudged {
        name: ("renewal with gamma gaps".to_string(), 2),
        log_likelihood_per_gap: sum / count - ln_gamma(shape) - math::ln(stage),
        places: requests.gaps.iter().map(|gap| found.below(*gap)).collect(),
        part: 1.0,
        is_row: requests.is_whole,
    };
    let process = Process::RenewalGamma { rate_per_h: math::float(HOUR_MS) / mean, shape };
    Some(Candidate { process, covariance: Some(found.covariance(&sorted)), told })
}

/// Always the same gap; none where gaps vary.
pub(super) fn interval(requests: &Requests) -> Option<Candidate> {
    let gaps: Vec<f64> = requests.recorded.iter().map(|(gap, _)| *gap).collect();
    let (mean, spread) = (numbers::mean(&gaps)?, numbers::deviation(&gaps)?);
    if spread >= FIXED_CV * mean {
        return None;
    }
    let count = math::float_len(gaps.len());
    // Of a clock that does not wander the first and last instant decide; else each gap adds its own error.
    let error = if spread <= 1.0 { ROUNDING_MS / count } else { spread / count.sqrt() };
    let law = Normal::new(mean, spread.max(ROUNDING_MS)).ok()?;
    let (mut sum, mut places) = (0.0, Vec::with_capacity(gaps.len()));
    for (number, gap) in (0_u64..).zip(&gaps) {
        let (low, high) = (law.cdf(gap - 0.5), law.cdf(gap + 0.5));
        sum += math::ln((high - low).max(f64::MIN_POSITIVE));
        places.push(low + (high - low) * inside(number));
    }
    let told = GapsJudged {
        name: ("fixed interval".to_string(), 2),
        log_likelihood_per_gap: sum / count,
        places,
        part: spread / mean,
        // A clock that does not wander makes up for every gap in the next.
        is_row: false,
    };
    let covariance = Some(diagonal(&[error / mean]));
    Some(Candidate { process: Process::Interval { every_ms: mean }, covariance, told })
}
