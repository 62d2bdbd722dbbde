//! Any time between two, all alike.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::model::latency::Distribution;
use crate::model::latency::bounds;
use crate::model::latency::bounds::LONGEST_MS;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Any time between two, all alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Shortest time that the law gives [ms].
    #[schemars(range(min = 0.0, max = LONGEST_MS))]
    pub(crate) min_ms: f64,
    /// Longest time [ms], at least `min_ms`.
    #[schemars(range(min = 0.0, max = LONGEST_MS))]
    pub(crate) max_ms: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "uniform";
    const ABOUT: &'static str = "Any time between two, all alike.";
    const SOURCE: &'static str = "ours: the simplest law with a spread";
    const EXAMPLE: &'static str = "[uniform]\nmin_ms = 400.0\nmax_ms = 600.0\n";

    fn check(&self) -> Vec<MemberProblem> {
        if self.min_ms <= self.max_ms {
            return Vec::new();
        }
        vec![MemberProblem::new("max_ms", self.max_ms, "at least min_ms")]
    }
}

impl Spec {
    pub(super) fn build(&self) -> Uniform {
        Uniform { min_ms: self.min_ms, width_ms: self.max_ms - self.min_ms }
    }
}

/// The law made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Uniform {
    min_ms: f64,
    width_ms: f64,
}

impl Distribution for Uniform {
    fn draw(&self, _at: SimTime, word: Word) -> SimSpan {
        bounds::span(self.min_ms + self.width_ms * word.unit())
    }

    fn mean_ns(&self, _at: SimTime) -> Option<f64> {
        bounds::mean_ns(self.min_ms + 0.5 * self.width_ms, 0.0)
    }

    fn median_ns(&self, at: SimTime) -> Option<f64> {
        self.mean_ns(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::latency::trial;
    use statrs::distribution::ContinuousCDF;

    #[test]
    fn draws_follow_the_law_and_its_mean() {
        let oracle = statrs::distribution::Uniform::new(400.0, 600.0).unwrap();
        let law = Spec { min_ms: 400.0, max_ms: 600.0 }.build();
        trial::assert_law(&law, 1, |ms| oracle.cdf(ms));
    }

    #[test]
    fn the_first_draws_are_pinned() {
        assert_eq!(
            trial::first(&Spec { min_ms: 400.0, max_ms: 600.0 }.build()),
            [513_312_315, 518_237_947, 422_690_068]
        );
    }

    #[test]
    fn bounds_the_wrong_way_round_are_refused() {
        assert_eq!(Spec { min_ms: 2.0, max_ms: 1.0 }.check()[0].key, "max_ms");
        assert_eq!(Spec { min_ms: 2.0, max_ms: 2.0 }.check(), []);
    }
}
