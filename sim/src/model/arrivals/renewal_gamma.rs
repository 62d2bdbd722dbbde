//! Requests more even, or more bunched, than chance: gaps of a gamma law.

use crate::base::family::Doc;
use crate::base::random::Word;
use crate::base::sample;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::base::wording;
use crate::model::arrivals::Arrivals;
use crate::model::arrivals::rate;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Requests whose gaps are independent, of a gamma law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-since" = "0.2.0"))]
pub(crate) struct Spec {
    /// Mean number of requests an hour [1/h].
    #[schemars(range(min = rate::PER_H_MIN, max = rate::PER_H_MAX))]
    pub(crate) rate_per_h: f64,
    /// Shape of the gaps: 1 is a Poisson process, more is more even, less is more bunched.
    #[schemars(range(min = 0.001, max = 1_000_000.0))]
    pub(crate) shape: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "renewal_gamma";
    const ABOUT: &'static str = "Gaps of a gamma law: more even than chance, or more bunched, and no memory beyond one gap.";
    const SOURCE: &'static str = "Cox 1962, Renewal Theory; sampled as in Marsaglia, Tsang 2000";
    const EXAMPLE: &'static str = "[renewal_gamma]\nrate_per_h = 120.0\nshape = 3.0\n";

    fn told(&self) -> Option<String> {
        let (rate, shape) = (wording::figure(self.rate_per_h), wording::figure(self.shape));
        let than = match self.shape {
            shape if shape > 1.0 => "more even than chance",
            shape if shape < 1.0 => "more bunched than chance",
            _ => "as by chance",
        };
        Some(format!("{rate} requests an hour in the mean, {than} (gaps of shape {shape})"))
    }
}

impl Spec {
    pub(super) fn build(&self) -> RenewalGamma {
        let stage_s = rate::mean_gap_s(self.rate_per_h) / self.shape;
        RenewalGamma { stage_s, unit: sample::Gamma::new(self.shape) }
    }
}

/// The process made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct RenewalGamma {
    stage_s: f64,
    unit: sample::Gamma,
}

impl Arrivals for RenewalGamma {
    fn waits_for_answer(&self) -> bool {
        false
    }

    fn gap(&mut self, _now: SimTime, word: Word) -> Option<SimSpan> {
        Some(SimSpan::from_seconds(self.stage_s * self.unit.draw(&mut word.expand())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample::oracle;
    use crate::model::arrivals::trial;
    use statrs::distribution::ContinuousCDF;

    #[test]
    fn gaps_follow_the_law() {
        for (seed, shape) in [(1, 0.4), (2, 1.0), (3, 6.0)] {
            let law = statrs::distribution::Gamma::new(shape, shape / 30.0).unwrap();
            let gap = |word| {
                let mut client = Spec { rate_per_h: 120.0, shape }.build();
                client.gap(SimTime(7), word).unwrap().seconds()
            };
            oracle::assert_follows(seed, gap, |seconds| law.cdf(seconds));
            oracle::assert_mean(seed + 10, gap, 30.0);
        }
    }

    #[test]
    fn the_first_requests_are_pinned() {
        let got = trial::first(&mut Spec { rate_per_h: 120.0, shape: 3.0 }.build());
        assert_eq!(got, [25_639_268_523, 42_454_972_329, 92_758_176_375]);
    }

    /// Nearly the same gap again and again, and most gaps next to nothing: both ends of the shape are a process.
    #[test]
    fn the_ends_of_the_shape_run() {
        for shape in [0.001, 1e6] {
            let times =
                trial::requests(&mut Spec { rate_per_h: 120.0, shape }.build(), 1, SimTime(0), 500);
            assert_eq!(times.len(), 500, "{shape}");
            assert!(times.is_sorted());
        }
    }
}
