//! Memoryless times.

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

/// Memoryless times: the exponential law, by its mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Mean of the times [ms].
    #[schemars(range(min = SHORTEST_MS, max = LONGEST_MS))]
    pub(crate) mean_ms: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "exponential";
    const ABOUT: &'static str = "Memoryless times of one mean.";
    const SOURCE: &'static str = "Erlang 1909; the service law of M/M/1";
    const EXAMPLE: &'static str = "[exponential]\nmean_ms = 700.0\n";
}

impl Spec {
    pub(super) fn build(&self) -> Exponential {
        Exponential { mean_ms: self.mean_ms }
    }
}

/// The law made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Exponential {
    mean_ms: f64,
}

impl Distribution for Exponential {
    fn draw(&self, _at: SimTime, word: Word) -> SimSpan {
        bounds::span(self.mean_ms * sample::exponential(&mut word.expand()))
    }

    /// `P(X > x) = exp(-x/mean)`, and the mean of what lies beyond x is as large a part of the mean.
    fn mean_ns(&self, _at: SimTime) -> Option<f64> {
        bounds::mean_ns(self.mean_ms, math::exp(-LONGEST_MS / self.mean_ms))
    }

    fn median_ns(&self, _at: SimTime) -> Option<f64> {
        Some(bounds::ns(self.mean_ms * math::ln(2.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::latency::trial;
    use statrs::distribution::ContinuousCDF;
    use statrs::distribution::Exp;

    #[test]
    fn draws_follow_the_law_and_its_mean() {
        let oracle = Exp::new(1.0 / 700.0).unwrap();
        trial::assert_law(&Spec { mean_ms: 700.0 }.build(), 1, |ms| oracle.cdf(ms));
    }

    #[test]
    fn the_first_draws_are_pinned() {
        assert_eq!(
            trial::first(&Spec { mean_ms: 700.0 }.build()),
            [372_489_094, 330_675_666, 34_112_335]
        );
    }

    #[test]
    fn a_mean_of_a_year_is_not_stated_because_the_bound_cuts_it() {
        let law = Spec { mean_ms: LONGEST_MS }.build();
        assert_eq!(law.mean_ns(SimTime(0)), None);
        trial::assert_bounded(&law);
    }
}
