//! Many independent clients who do not wait for one another.

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

/// Many independent clients who do not wait for one another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Mean number of requests an hour [1/h].
    #[schemars(range(min = rate::PER_H_MIN, max = rate::PER_H_MAX))]
    pub(crate) rate_per_h: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "poisson";
    const ABOUT: &'static str =
        "Many independent clients: exponential gaps that nothing shortens or lengthens.";
    const SOURCE: &'static str = "Palm 1943; the arrivals of M/M/1";
    const EXAMPLE: &'static str = "[poisson]\nrate_per_h = 833.0\n";

    fn told(&self) -> Option<String> {
        let rate = wording::figure(self.rate_per_h);
        Some(format!("{rate} requests an hour in the mean, by chance, answered or not"))
    }
}

impl Spec {
    pub(super) fn build(&self) -> Poisson {
        Poisson { mean_s: rate::mean_gap_s(self.rate_per_h) }
    }
}

/// The process made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Poisson {
    mean_s: f64,
}

impl Arrivals for Poisson {
    fn waits_for_answer(&self) -> bool {
        false
    }

    fn gap(&mut self, _now: SimTime, word: Word) -> Option<SimSpan> {
        Some(SimSpan::from_seconds(self.mean_s * sample::exponential(&mut word.expand())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample::oracle;
    use crate::model::arrivals::trial;
    use statrs::distribution::ContinuousCDF;
    use statrs::distribution::Exp;

    #[test]
    fn gaps_are_exponential() {
        let law = Exp::new(0.25).unwrap();
        let gap = |word| {
            let mut client = Spec { rate_per_h: 900.0 }.build();
            client.gap(SimTime(7), word).unwrap().seconds()
        };
        oracle::assert_follows(1, gap, |seconds| law.cdf(seconds));
        oracle::assert_mean(2, gap, 4.0);
    }

    #[test]
    fn the_first_requests_are_pinned() {
        let got = trial::first(&mut Spec { rate_per_h: 900.0 }.build());
        assert_eq!(got, [2_401_064_795, 3_252_556_438, 9_578_182_302]);
    }
}
