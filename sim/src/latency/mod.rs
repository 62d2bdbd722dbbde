//! Latency laws: how long something takes, from one word of randomness.

mod bounds;
mod constant;
mod empirical;
mod exponential;
mod gamma;
mod lattice;
mod lognormal;
mod mixture;
mod regimes;
mod shifted_lognormal;
#[cfg(test)]
mod trial;
mod truncated_pareto;
mod uniform;
mod weibull;

use crate::family::Doc as _;
use crate::family::family;
use crate::rng::Word;
use crate::units::Nanos;
use crate::units::Span;
use std::fmt::Debug;

/// A law of durations. It keeps no state: the same instant and word give the same duration.
pub(crate) trait Law: Debug + Send + Sync {
    /// A duration for something that begins `at` this instant.
    fn draw(&self, at: Nanos, word: Word) -> Span;

    /// The mean of the law at this instant [ns], where it has one in closed form.
    fn mean_ns(&self, at: Nanos) -> Option<f64>;
}

family! {
    /// Which law a scenario asks for.
    LawSpec => dyn Law {
        Constant = constant,
        Uniform = uniform,
        Exponential = exponential,
        Lognormal = lognormal,
        ShiftedLognormal = shifted_lognormal,
        Gamma = gamma,
        Weibull = weibull,
        TruncatedPareto = truncated_pareto,
        Lattice = lattice,
        Empirical = empirical,
        Mixture = mixture,
        Regimes = regimes,
    }
}
