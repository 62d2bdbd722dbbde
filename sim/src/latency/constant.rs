//! Always the same time.

use crate::family::Doc;
use crate::latency::Law;
use crate::rng::Word;
use crate::units::Nanos;
use crate::units::Span;
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
        Constant(Span::from_ms_f64(self.value_ms))
    }
}

/// The law made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Constant(Span);

impl Law for Constant {
    fn draw(&self, _at: Nanos, _word: Word) -> Span {
        self.0
    }

    fn mean_ns(&self, _at: Nanos) -> Option<f64> {
        Some(crate::math::float(self.0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_gives_the_same_time() {
        let law = Spec { value_ms: 1.5 }.build();
        assert_eq!(law.draw(Nanos(0), Word(0)), Span(1_500_000));
        assert_eq!(law.draw(Nanos(9), Word(u64::MAX)), Span(1_500_000));
    }
}
