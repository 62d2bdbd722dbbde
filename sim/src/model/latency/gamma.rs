//! Sums of memoryless stages, for any number of them.

use crate::base::family::Doc;
use crate::base::random::Word;
use crate::base::sample;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::model::latency::Distribution;
use crate::model::latency::bounds;
use crate::model::latency::bounds::LONGEST_MS;
use crate::model::latency::bounds::SHORTEST_MS;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Sums of memoryless stages, for any number of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Mean of the times [ms].
    #[schemars(range(min = SHORTEST_MS, max = LONGEST_MS))]
    pub(crate) mean_ms: f64,
    /// Number of stages: 1 is exponential, more is narrower, less is wider.
    #[schemars(range(min = 0.001, max = 1_000_000.0))]
    pub(crate) shape: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "gamma";
    const ABOUT: &'static str = "Sums of memoryless stages, for any number of them.";
    const SOURCE: &'static str =
        "Erlang 1909, the service law of M/G/1; sampled as in Marsaglia, Tsang 2000";
    const EXAMPLE: &'static str = "[gamma]\nmean_ms = 6500.0\nshape = 4.0\n";
}

impl Spec {
    pub(super) fn build(&self) -> GammaLaw {
        let stage_ms = self.mean_ms / self.shape;
        GammaLaw { stage_ms, shape: self.shape, unit: sample::Gamma::new(self.shape) }
    }
}

/// The law made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct GammaLaw {
    stage_ms: f64,
    shape: f64,
    unit: sample::Gamma,
}

impl Distribution for GammaLaw {
    fn draw(&self, _at: SimTime, word: Word) -> SimSpan {
        bounds::span(self.stage_ms * self.unit.draw(&mut word.expand()))
    }

    /// The part of the mean beyond x is at most `E[X^5] / (E[X] x^4)`, the product of `(shape + i) stage / x`.
    fn mean_ns(&self, _at: SimTime) -> Option<f64> {
        let factor = |i: u32| (self.shape + f64::from(i)) * self.stage_ms / LONGEST_MS;
        bounds::mean_ns(self.stage_ms * self.shape, (1..=4).map(factor).product())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::latency::trial;
    use statrs::distribution::ContinuousCDF;

    #[test]
    fn draws_follow_the_law_and_its_mean() {
        for (seed, shape) in [(1, 0.5), (2, 4.0)] {
            let oracle = statrs::distribution::Gamma::new(shape, shape / 6500.0).unwrap();
            let law = Spec { mean_ms: 6500.0, shape }.build();
            trial::assert_law(&law, seed, |ms| oracle.cdf(ms));
        }
    }

    #[test]
    fn the_first_draws_are_pinned() {
        assert_eq!(
            trial::first(&Spec { mean_ms: 6500.0, shape: 4.0 }.build()),
            [6_420_750_240, 6_536_184_159, 4_478_584_039]
        );
    }

    #[test]
    fn extreme_shapes_stay_inside_the_bound() {
        for shape in [0.001, 1e6] {
            trial::assert_bounded(&Spec { mean_ms: LONGEST_MS, shape }.build());
        }
        let wide = Spec { mean_ms: LONGEST_MS, shape: 0.001 }.build();
        assert_eq!(wide.mean_ns(SimTime(0)), None);
    }
}
