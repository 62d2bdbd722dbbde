//! A fixed part and a lognormal part.

use crate::base::family::Doc;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::model::latency::Distribution;
use crate::model::latency::bounds;
use crate::model::latency::bounds::LONGEST_MS;
use crate::model::latency::bounds::SHORTEST_MS;
use crate::model::latency::lognormal;
use crate::model::latency::lognormal::Lognormal;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// A fixed part and a lognormal part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The fixed part: no time is shorter [ms].
    #[schemars(range(min = 0.0, max = LONGEST_MS))]
    pub(crate) shift_ms: f64,
    /// Median of the part above it [ms].
    #[schemars(range(min = SHORTEST_MS, max = LONGEST_MS))]
    pub(crate) median_ms: f64,
    /// Standard deviation of that part's logarithm, `0.0..=10.0`.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub(crate) sigma: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "shifted_lognormal";
    const ABOUT: &'static str =
        "A fixed part and a lognormal part: work of one length behind a network.";
    const SOURCE: &'static str =
        "trace of October 2025: the best of four families for 22 of 30 miners with images";
    const EXAMPLE: &'static str =
        "[shifted_lognormal]\nshift_ms = 9700.0\nmedian_ms = 250.0\nsigma = 0.8\n";
}

impl Spec {
    pub(super) fn build(&self) -> ShiftedLognormal {
        let above = lognormal::Spec { median_ms: self.median_ms, sigma: self.sigma };
        ShiftedLognormal { shift_ms: self.shift_ms, above: above.build() }
    }
}

/// The law made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct ShiftedLognormal {
    shift_ms: f64,
    above: Lognormal,
}

impl Distribution for ShiftedLognormal {
    fn draw(&self, _at: SimTime, word: Word) -> SimSpan {
        bounds::span(self.shift_ms + self.above.draw_ms(word))
    }

    fn mean_ns(&self, _at: SimTime) -> Option<f64> {
        let loss = self.above.loss(LONGEST_MS - self.shift_ms);
        bounds::mean_ns(self.shift_ms + self.above.mean_ms(), loss)
    }

    fn median_ns(&self, at: SimTime) -> Option<f64> {
        Some(bounds::ns(self.shift_ms) + self.above.median_ns(at)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::math;
    use crate::model::latency::trial;
    use statrs::distribution::ContinuousCDF;
    use statrs::distribution::LogNormal;

    fn law(shift_ms: f64, sigma: f64) -> ShiftedLognormal {
        Spec { shift_ms, median_ms: 250.0, sigma }.build()
    }

    #[test]
    fn draws_follow_the_law_and_its_mean() {
        let oracle = LogNormal::new(math::ln(250.0), 0.8).unwrap();
        trial::assert_law(&law(9700.0, 0.8), 1, |ms| oracle.cdf(ms - 9700.0));
    }

    #[test]
    fn the_first_draws_are_pinned() {
        assert_eq!(trial::first(&law(9700.0, 0.8)), [9_980_731_459, 9_988_722_609, 9_864_728_166]);
    }

    #[test]
    fn the_longest_shift_stays_inside_the_bound_and_states_no_mean() {
        trial::assert_bounded(&law(LONGEST_MS, 10.0));
        assert_eq!(law(LONGEST_MS, 0.1).mean_ns(SimTime(0)), None);
    }
}
