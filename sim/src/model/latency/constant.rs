//! Always the same time.

use crate::base::family::Doc;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::model::latency::Distribution;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Always the same time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The time [ms], `0..=31_536_000_000` (a year).
    #[schemars(range(min = 0.0, max = 31_536_000_000.0))]
    pub(crate) value_ms: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "constant";
    const ABOUT: &'static str = "Always the same time.";
    const SOURCE: &'static str = "ours: the simplest control";
    const EXAMPLE: &'static str = "[constant]\nvalue_ms = 30023.0\n";
}

impl Spec {
    pub(super) fn build(&self) -> Constant {
        Constant(SimSpan::from_ms_f64(self.value_ms))
    }
}

/// The law made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Constant(SimSpan);

impl Distribution for Constant {
    fn draw(&self, _at: SimTime, _word: Word) -> SimSpan {
        self.0
    }

    fn mean_ns(&self, _at: SimTime) -> Option<f64> {
        Some(crate::base::math::float(self.0.0))
    }

    fn median_ns(&self, at: SimTime) -> Option<f64> {
        self.mean_ns(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_gives_the_same_time() {
        let law = Spec { value_ms: 1.5 }.build();
        assert_eq!(law.draw(SimTime(0), Word(0)), SimSpan(1_500_000));
        assert_eq!(law.draw(SimTime(9), Word(u64::MAX)), SimSpan(1_500_000));
    }
}
