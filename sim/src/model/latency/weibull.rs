//! Times to a failure that becomes less or more likely with age.

use crate::base::family::Doc;
use crate::base::math;
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

/// Times to a failure that becomes less or more likely with age.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Half of the times are shorter [ms].
    #[schemars(range(min = SHORTEST_MS, max = LONGEST_MS))]
    pub(crate) median_ms: f64,
    /// Below 1 a heavy tail, 1 is exponential, above 3 a narrow bell.
    #[schemars(range(min = 0.01, max = 1000.0))]
    pub(crate) shape: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "weibull";
    const ABOUT: &'static str = "Times to a failure that becomes less or more likely with age.";
    const SOURCE: &'static str =
        "Weibull 1951; trace of October 2025: the best of four families for 31 of 78 miners";
    const EXAMPLE: &'static str = "[weibull]\nmedian_ms = 6500.0\nshape = 1.5\n";
}

impl Spec {
    pub(super) fn build(&self) -> Weibull {
        Weibull { median_ms: self.median_ms, power: 1.0 / self.shape, half: math::ln(2.0) }
    }
}

/// The law made from a [`Spec`]: `median (E / ln 2)^(1/shape)`, E exponential.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weibull {
    median_ms: f64,
    power: f64,
    half: f64,
}

impl Weibull {
    /// `E[X^n]` of the law in medians: `Gamma(1 + n/shape) / (ln 2)^(n/shape)`.
    fn moment(&self, n: f64) -> f64 {
        math::gamma(1.0 + n * self.power) / math::pow(self.half, n * self.power)
    }
}

impl Distribution for Weibull {
    fn draw(&self, _at: SimTime, word: Word) -> SimSpan {
        let age = sample::exponential(&mut word.expand()) / self.half;
        bounds::span(self.median_ms * math::exp(math::ln(age) * self.power))
    }

    /// The part of the mean beyond x is at most `E[X^5] / (E[X] x^4)`.
    fn mean_ns(&self, _at: SimTime) -> Option<f64> {
        const ORDER: f64 = 4.0;
        let mean = self.moment(1.0);
        let near = math::pow(self.median_ms / LONGEST_MS, ORDER);
        bounds::mean_ns(self.median_ms * mean, self.moment(ORDER + 1.0) / mean * near)
    }

    fn median_ns(&self, _at: SimTime) -> Option<f64> {
        Some(bounds::ns(self.median_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::latency::trial;
    use statrs::distribution::ContinuousCDF;

    #[test]
    fn draws_follow_the_law_and_its_mean() {
        for (seed, shape) in [(1, 0.7), (2, 1.0), (3, 5.0)] {
            let scale = 6500.0 / math::pow(math::ln(2.0), 1.0 / shape);
            let oracle = statrs::distribution::Weibull::new(shape, scale).unwrap();
            let law = Spec { median_ms: 6500.0, shape }.build();
            trial::assert_law(&law, seed, |ms| oracle.cdf(ms));
        }
    }

    #[test]
    fn the_first_draws_are_pinned() {
        assert_eq!(
            trial::first(&Spec { median_ms: 6500.0, shape: 1.5 }.build()),
            [5_449_710_058, 5_033_837_374, 1_107_232_063]
        );
    }

    #[test]
    fn extreme_shapes_stay_inside_the_bound() {
        for shape in [0.01, 1000.0] {
            trial::assert_bounded(&Spec { median_ms: LONGEST_MS, shape }.build());
        }
        let wide = Spec { median_ms: 1.0, shape: 0.01 }.build();
        assert_eq!(wide.mean_ns(SimTime(0)), None);
    }
}
