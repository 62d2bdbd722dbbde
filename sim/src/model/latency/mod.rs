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

use crate::base::family::family;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use std::fmt::Debug;
use std::sync::Arc;

/// A law of durations. It keeps no state: the same instant and word give the same duration.
pub trait Distribution: Debug + Send + Sync {
    /// A duration for something that begins `at` this instant.
    fn draw(&self, at: SimTime, word: Word) -> SimSpan;

    /// The mean of the law at this instant \[ns\], where it has one in closed form.
    fn mean_ns(&self, at: SimTime) -> Option<f64>;

    /// The median of the law at this instant \[ns\], where it has one in closed form; for people, no run depends on it.
    fn median_ns(&self, at: SimTime) -> Option<f64> {
        let _ = at;
        None
    }
}

/// The law of a time that is always the same [ms].
pub(crate) fn constant(value_ms: f64) -> Arc<dyn Distribution> {
    Arc::from(DistributionSpec::Constant(constant::Spec { value_ms }).build())
}

/// The law of times that have been measured [ms], each as likely as any other.
pub(crate) fn measured(values_ms: Vec<f64>) -> DistributionSpec {
    DistributionSpec::Empirical(empirical::Spec {
        values_ms: Some(values_ms),
        csv: None,
        column: None,
        unit: None,
    })
}

family! {
    /// Which law a scenario asks for.
    DistributionSpec => dyn Distribution {
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
