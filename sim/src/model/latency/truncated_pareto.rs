//! A power law between two bounds.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::math;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::model::latency::Distribution;
use crate::model::latency::bounds;
use crate::model::latency::bounds::LONGEST_MS;
use crate::model::latency::bounds::SHORTEST_MS;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// A power law between two bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Shortest time that the law gives [ms].
    #[schemars(range(min = SHORTEST_MS, max = LONGEST_MS))]
    pub(crate) min_ms: f64,
    /// Longest time [ms], above `min_ms`.
    #[schemars(range(min = SHORTEST_MS, max = LONGEST_MS))]
    pub(crate) max_ms: f64,
    /// Exponent of the tail: `P(X > x)` falls like `x^-shape`; small is heavy.
    #[schemars(range(min = 0.001, max = 100.0))]
    pub(crate) shape: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "truncated_pareto";
    const ABOUT: &'static str =
        "A power law between two bounds: most times short, a few very long.";
    const SOURCE: &'static str = "Pareto 1896; Harchol-Balter 1999, bounded Pareto service times";
    const EXAMPLE: &'static str =
        "[truncated_pareto]\nmin_ms = 800.0\nmax_ms = 60000.0\nshape = 1.1\n";

    fn check(&self) -> Vec<MemberProblem> {
        if self.min_ms < self.max_ms {
            return Vec::new();
        }
        vec![MemberProblem::new("max_ms", self.max_ms, "above min_ms")]
    }
}

impl Spec {
    pub(super) fn build(&self) -> TruncatedPareto {
        let ratio_ln = math::ln(self.max_ms / self.min_ms);
        let inside = 1.0 - math::exp(-self.shape * ratio_ln);
        TruncatedPareto { spec: self.clone(), ratio_ln, inside }
    }
}

/// The law made from a [`Spec`].
#[derive(Clone, Debug)]
pub(super) struct TruncatedPareto {
    spec: Spec,
    /// Natural logarithm of `max/min`.
    ratio_ln: f64,
    /// What the law without the upper bound has below it, `1 - (min/max)^shape`.
    inside: f64,
}

/// `(1 - exp(-d)) / d`, which is 1 at 0.
fn decline(d: f64) -> f64 {
    /// Below this the series is exact to the last bits and the quotient is not.
    const SMALL: f64 = 1e-5;
    if d.abs() < SMALL { 1.0 - 0.5 * d + d * d / 6.0 } else { (1.0 - math::exp(-d)) / d }
}

impl Distribution for TruncatedPareto {
    fn draw(&self, _at: SimTime, word: Word) -> SimSpan {
        let beyond = 1.0 - word.unit() * self.inside;
        let ms = self.spec.min_ms * math::exp(-math::ln(beyond) / self.spec.shape);
        bounds::span(ms.min(self.spec.max_ms))
    }

    /// With `l = ln(max/min)` the mean is `min (1-e^(-(shape-1) l))/((shape-1) l) / ((1-e^(-shape l))/(shape l))`.
    fn mean_ns(&self, _at: SimTime) -> Option<f64> {
        let Spec { min_ms, shape, .. } = self.spec;
        let mean_ms =
            min_ms * decline((shape - 1.0) * self.ratio_ln) / decline(shape * self.ratio_ln);
        bounds::mean_ns(mean_ms, 0.0)
    }

    fn median_ns(&self, _at: SimTime) -> Option<f64> {
        let beyond = 1.0 - 0.5 * self.inside;
        Some(bounds::ns(self.spec.min_ms * math::exp(-math::ln(beyond) / self.spec.shape)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::latency::trial;
    use statrs::distribution::ContinuousCDF;
    use statrs::distribution::Pareto;

    #[test]
    fn draws_follow_the_law_and_its_mean() {
        for (seed, shape) in [(1, 0.4), (2, 1.0), (3, 1.0 + 1e-9), (4, 3.0)] {
            let oracle = Pareto::new(800.0, shape).unwrap();
            let inside = oracle.cdf(60_000.0);
            let law = Spec { min_ms: 800.0, max_ms: 60_000.0, shape }.build();
            trial::assert_law(&law, seed, |ms| oracle.cdf(ms) / inside);
        }
    }

    #[test]
    fn the_first_draws_are_pinned() {
        let law = Spec { min_ms: 800.0, max_ms: 60_000.0, shape: 1.1 }.build();
        assert_eq!(trial::first(&law), [1_693_217_537, 1_783_771_600, 891_652_122]);
    }

    #[test]
    fn the_widest_law_stays_between_its_bounds() {
        for shape in [0.001, 100.0] {
            let law = Spec { min_ms: SHORTEST_MS, max_ms: LONGEST_MS, shape }.build();
            trial::assert_bounded(&law);
            assert!(law.mean_ns(SimTime(0)).unwrap() >= 1.0);
        }
    }

    #[test]
    fn bounds_the_wrong_way_round_are_refused() {
        assert_eq!(Spec { min_ms: 2.0, max_ms: 2.0, shape: 1.0 }.check()[0].key, "max_ms");
    }
}
