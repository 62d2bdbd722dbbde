//! The law of a list of times: a simple one where it holds, else a grid or blocks.
//!
//! A family holds when its Kolmogorov-Smirnov p-value, with fitted parameters and so generous, is above 0.01: a true one
//! is refused once in a hundred. Among the candidates that hold, and blocks, which always describe, the least BIC wins; a
//! lognormal that holds must be beaten clearly.

use crate::base::math;
use crate::trace::fit::blocks;
use crate::trace::fit::blocks::DensityBlock;
use crate::trace::fit::joint::Matrix;
use crate::trace::fit::lattice::TimeLattice;
use crate::trace::fit::parameter::FittedParameter;
use crate::trace::fit::parameter::short;
use crate::trace::fit::parameter::spread;
use crate::trace::fit::simple;
use crate::trace::measure::numbers;
use statrs::distribution::ContinuousCDF;
use statrs::distribution::Normal;
use statrs::distribution::Uniform;
use statrs::stats_tests::NaNPolicy;
use statrs::stats_tests::ks_test::KSOneSampleAlternativeMethod;
use statrs::stats_tests::ks_test::ks_onesample;

/// A family holds above this p-value. Source: ours, for a fit asks it of many laws.
pub(crate) const HOLDS: f64 = 0.01;
/// By so much another law's BIC must be less than a lognormal's that holds. Source: Kass and Raftery 1995, very strong.
const CLEARLY: f64 = 10.0;
/// Fewer values than this are told by their logarithm's mean and spread alone. Source: ours.
const VALUES_MIN: usize = 8;

/// Of more values so many evenly spaced quantiles are looked at. Source: ours, for time.
const JUDGED_MAX: usize = 1 << 14;

/// Times are differences of two that are recorded in whole milliseconds: equal ones differ by less than this [ms].
const ROUNDED_MS: f64 = 2.0;

/// A law and what it says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FittedLaw {
    /// A time that is always the same [ms].
    Constant(f64),
    /// A family with parameters.
    Simple(simple::Simple),
    /// Times on a grid, with jitter around it.
    Lattice(TimeLattice),
    /// A density that is constant in pieces.
    Blocks(Vec<DensityBlock>),
}

/// A law fitted to values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FittedDistribution {
    /// The law with its parameters.
    pub(crate) shape: FittedLaw,
    /// Values it was fitted to.
    pub(crate) count: usize,
    /// Largest distance of the two distribution functions.
    pub(crate) ks: f64,
    /// Chance of a larger one.
    pub(crate) p: f64,
    /// Joint errors of a family's parameters, on the log scale; empty for what is no family.
    pub(crate) covariance: Matrix,
}

impl FittedDistribution {
    /// The law of these times [ms]; none of no times.
    pub(super) fn of(values: Vec<f64>) -> Option<Self> {
        let mut sorted = spread(numbers::ascending(values));
        let count = sorted.len();
        if count > JUDGED_MAX {
            let place = |n: usize| (2 * n + 1) * count / (2 * JUDGED_MAX);
            sorted = (0..JUDGED_MAX).map(|n| sorted[place(n)]).collect();
        }
        let (first, last) = (*sorted.first()?, *sorted.last()?);
        if count < 2 || last - first < ROUNDED_MS {
            let middle = numbers::quantile(&sorted, 0.5)?.max(0.0);
            let shape = FittedLaw::Constant(middle);
            return Some(Self { shape, count, ks: 0.0, p: 1.0, covariance: Matrix::new() });
        }
        let mut candidates: Vec<FittedLaw> =
            simple::fit(&sorted).into_iter().map(FittedLaw::Simple).collect();
        if count < VALUES_MIN {
            candidates.truncate(1);
        } else {
            candidates.extend(TimeLattice::of(&sorted).map(FittedLaw::Lattice));
            candidates.push(FittedLaw::Blocks(blocks::blocks(&sorted)));
        }
        let judged = candidates.into_iter().map(|shape| {
            let (ks, p) = distance(&shape, &sorted);
            let usual = matches!(shape, FittedLaw::Simple(simple::Simple::Lognormal(..)));
            let fit = bic(&shape, &sorted) - if usual { CLEARLY } else { 0.0 };
            (fit, Self { shape, count, ks, p, covariance: Matrix::new() })
        });
        let fits = |law: &Self| match law.shape {
            FittedLaw::Blocks(_) => true,
            _ => law.p > HOLDS || count < VALUES_MIN,
        };
        let best = judged.filter(|(_, law)| fits(law)).min_by(|a, b| a.0.total_cmp(&b.0));
        best.map(|(_, law)| {
            let covariance = match &law.shape {
                FittedLaw::Simple(simple) => simple.covariance(&sorted),
                _ => Matrix::new(),
            };
            // Errors are those of all values, though a law is chosen by fewer.
            let part = math::float_len(sorted.len()) / math::float_len(count);
            let smaller = |row: Vec<f64>| row.into_iter().map(|cell| part * cell).collect();
            let covariance = covariance.into_iter().map(smaller).collect();
            Self { covariance, ..law }
        })
    }

    /// The parameters with their standard errors.
    pub(crate) fn parameters(&self) -> Vec<FittedParameter> {
        let root = math::float_len(self.count).sqrt();
        match &self.shape {
            FittedLaw::Constant(ms) => vec![("value_ms", *ms, Some(0.5))],
            FittedLaw::Simple(simple) => simple.parameters(&self.covariance),
            FittedLaw::Lattice(grid) => {
                let on = math::float_len(grid.count);
                let error = grid.jitter_ms / on.sqrt();
                let mut all = vec![
                    ("a_ms", grid.a_ms, Some(error)),
                    ("step_ms", grid.step_ms, None),
                    ("jitter_ms", grid.jitter_ms, Some(grid.jitter_ms / (2.0 * on).sqrt())),
                    ("off_grid_share", grid.off_share, share_error(grid.off_share, root)),
                ];
                all.extend(grid.weights.iter().map(|w| ("weight", *w, share_error(*w, on.sqrt()))));
                all
            }
            FittedLaw::Blocks(blocks) => blocks
                .iter()
                .flat_map(|block| {
                    let edges = [("low_ms", block.low_ms, None), ("high_ms", block.high_ms, None)];
                    edges.into_iter().chain([(
                        "share",
                        block.share,
                        share_error(block.share, root),
                    )])
                })
                .collect(),
        }
    }

    /// Name of the member of the family `latency`.
    pub(crate) fn name(&self) -> &'static str {
        match &self.shape {
            FittedLaw::Constant(_) => "constant",
            FittedLaw::Simple(simple) => simple.name(),
            FittedLaw::Lattice(_) => "lattice",
            FittedLaw::Blocks(_) => "blocks",
        }
    }

    /// The law as a scenario writes it: `family = { ... }`.
    pub(super) fn text(&self) -> String {
        match &self.shape {
            FittedLaw::Constant(ms) => format!("constant = {{ value_ms = {} }}", short(*ms)),
            FittedLaw::Simple(simple) => simple.text(),
            FittedLaw::Lattice(grid) => {
                let weights: Vec<_> = grid.weights.iter().map(|weight| short(*weight)).collect();
                let on = format!(
                    "lattice = {{ a_ms = {}, step_ms = {}, weights = [{}], jitter_ms = {} }}",
                    short(grid.a_ms),
                    short(grid.step_ms),
                    weights.join(", "),
                    short(grid.jitter_ms)
                );
                if grid.off.is_empty() {
                    return on;
                }
                let mut parts =
                    vec![format!("{{ weight = {}, law.{on} }}", short(1.0 - grid.off_share))];
                parts.extend(grid.off.iter().map(|block| part(block, grid.off_share)));
                format!("mixture = {{ parts = [{}] }}", parts.join(", "))
            }
            FittedLaw::Blocks(blocks) => {
                let parts: Vec<_> = blocks.iter().map(|block| part(block, 1.0)).collect();
                format!("mixture = {{ parts = [{}] }}", parts.join(", "))
            }
        }
    }

    /// Chance of a time below `ms`.
    pub(super) fn below(&self, ms: f64) -> f64 {
        below(&self.shape, ms)
    }
}

fn part(block: &DensityBlock, whole: f64) -> String {
    format!(
        "{{ weight = {}, law.uniform = {{ min_ms = {}, max_ms = {} }} }}",
        short(block.share * whole),
        short(block.low_ms.max(0.0)),
        short(block.high_ms.max(0.0))
    )
}

/// Standard error of a share; none of none.
fn share_error(share: f64, root: f64) -> Option<f64> {
    (root > 0.0).then(|| (share * (1.0 - share)).max(0.0).sqrt() / root)
}

fn below(shape: &FittedLaw, ms: f64) -> f64 {
    match shape {
        FittedLaw::Constant(value) => f64::from(u8::from(ms >= *value)),
        FittedLaw::Simple(simple) => simple.below(ms),
        FittedLaw::Blocks(blocks) => blocks.iter().map(|block| block.below(ms)).sum(),
        FittedLaw::Lattice(grid) => {
            let one = |(place, weight): (usize, &f64)| {
                let law = Normal::new(grid.time_ms(place), grid.jitter_ms);
                weight * law.map_or(0.0, |law| law.cdf(ms))
            };
            let on: f64 = grid.weights.iter().enumerate().map(one).sum();
            let off: f64 = grid.off.iter().map(|block| block.below(ms)).sum();
            (1.0 - grid.off_share) * on + grid.off_share * off
        }
    }
}

/// Kolmogorov-Smirnov distance of ascending values, and its p-value.
pub(super) fn distance(shape: &FittedLaw, sorted: &[f64]) -> (f64, f64) {
    let uniform: Vec<f64> = sorted.iter().map(|ms| below(shape, *ms)).collect();
    ks(uniform)
}

/// The same for values already mapped to `0.0..=1.0`.
pub(super) fn ks(uniform: Vec<f64>) -> (f64, f64) {
    let law = Uniform::new(0.0, 1.0).expect("it is a law");
    let method = KSOneSampleAlternativeMethod::TwoSidedAsymptotic;
    let found = ks_onesample(uniform, &law, method, NaNPolicy::Emit);
    found.map_or((1.0, 0.0), |(ks, p)| (ks, p.clamp(0.0, 1.0)))
}

fn bic(shape: &FittedLaw, sorted: &[f64]) -> f64 {
    let free = match shape {
        FittedLaw::Constant(_) => 1,
        FittedLaw::Simple(simple) => simple.free(),
        FittedLaw::Lattice(grid) => grid.weights.len() + 2 + 2 * grid.off.len(),
        FittedLaw::Blocks(blocks) => 2 * blocks.len(),
    };
    // Densities by differences over a millisecond: all candidates alike, as times are recorded in whole ones.
    let one = |ms: &f64| {
        let chance = below(shape, ms + 0.5) - below(shape, ms - 0.5);
        math::ln(chance.max(f64::MIN_POSITIVE))
    };
    let likelihood: f64 = sorted.iter().map(one).sum();
    math::float_len(free) * math::ln(math::float_len(sorted.len())) - 2.0 * likelihood
}

#[cfg(test)]
mod tests;
