//! Times whose logarithm is normal.

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

/// Times whose logarithm is normal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Half of the times are shorter [ms].
    #[schemars(range(min = SHORTEST_MS, max = LONGEST_MS))]
    pub(crate) median_ms: f64,
    /// Standard deviation of the logarithm, `0.0..=10.0`; for small values about the relative spread.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub(crate) sigma: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "lognormal";
    const ABOUT: &'static str =
        "Times whose logarithm is normal: always positive, a long tail to the right.";
    const SOURCE: &'static str = "Galton 1879; the usual law of service and network times";
    const EXAMPLE: &'static str = "[lognormal]\nmedian_ms = 6500.0\nsigma = 0.3\n";
}

impl Spec {
    pub(super) fn build(&self) -> Lognormal {
        Lognormal { median_ms: self.median_ms, sigma: self.sigma }
    }
}

/// The law made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Lognormal {
    median_ms: f64,
    sigma: f64,
}

impl Lognormal {
    /// A time without the bound [ms].
    #[inline]
    pub(super) fn draw_ms(&self, word: Word) -> f64 {
        self.median_ms * math::exp(self.sigma * sample::normal(&mut word.expand()))
    }

    /// Mean without the bound [ms].
    pub(super) fn mean_ms(&self) -> f64 {
        self.median_ms * math::exp(0.5 * self.sigma * self.sigma)
    }

    /// At most this part of the mean lies beyond `bound_ms`: `P(Z > z) <= exp(-z^2/2)`, shifted by sigma.
    pub(super) fn loss(&self, bound_ms: f64) -> f64 {
        let spreads = math::ln(bound_ms / self.median_ms) / self.sigma - self.sigma;
        if spreads > 0.0 { math::exp(-0.5 * spreads * spreads) } else { 1.0 }
    }
}

impl Distribution for Lognormal {
    fn draw(&self, _at: SimTime, word: Word) -> SimSpan {
        bounds::span(self.draw_ms(word))
    }

    fn mean_ns(&self, _at: SimTime) -> Option<f64> {
        bounds::mean_ns(self.mean_ms(), self.loss(LONGEST_MS))
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
    use statrs::distribution::LogNormal;

    #[test]
    fn draws_follow_the_law_and_its_mean() {
        for (seed, median_ms, sigma) in [(1, 6500.0, 0.3_f64), (2, 20.0, 1.2)] {
            let oracle = LogNormal::new(math::ln(median_ms), sigma).unwrap();
            trial::assert_law(&Spec { median_ms, sigma }.build(), seed, |ms| oracle.cdf(ms));
        }
    }

    #[test]
    fn the_first_draws_are_pinned() {
        let law = Spec { median_ms: 6500.0, sigma: 0.3 }.build();
        assert_eq!(trial::first(&law), [6_788_831_185, 6_860_664_008, 5_558_707_245]);
    }

    #[test]
    fn without_spread_every_time_is_the_median() {
        let law = Spec { median_ms: 20.0, sigma: 0.0 }.build();
        assert_eq!(trial::first(&law), [20_000_000; 3]);
        assert_eq!(law.mean_ns(SimTime(0)), Some(20_000_000.0));
    }

    #[test]
    fn the_widest_law_stays_inside_the_bound_and_states_no_mean() {
        let law = Spec { median_ms: LONGEST_MS, sigma: 10.0 }.build();
        trial::assert_bounded(&law);
        assert_eq!(law.mean_ns(SimTime(0)), None);
    }
}
