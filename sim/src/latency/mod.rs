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
use std::sync::Arc;

/// A law of durations. It keeps no state: the same instant and word give the same duration.
pub(crate) trait Law: Debug + Send + Sync {
    /// A duration for something that begins `at` this instant.
    fn draw(&self, at: Nanos, word: Word) -> Span;

    /// The mean of the law at this instant [ns], where it has one in closed form.
    fn mean_ns(&self, at: Nanos) -> Option<f64>;
}

/// The law of a time that is always the same [ms].
pub(crate) fn constant(value_ms: f64) -> Arc<dyn Law> {
    Arc::from(LawSpec::Constant(constant::Spec { value_ms }).build())
}

/// The law of times that have been measured [ms], each as likely as any other.
pub(crate) fn measured(values_ms: Vec<f64>) -> LawSpec {
    LawSpec::Empirical(empirical::Spec { values_ms: Some(values_ms), csv: None, column: None })
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
