//! A clock that asks at even times.

use crate::base::family::Doc;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::base::wording;
use crate::model::arrivals::Arrivals;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// A clock that asks at even times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Time from one request to the next [ms], `0.000001..=31_536_000_000` (a year).
    #[schemars(range(min = 0.000_001, max = 31_536_000_000.0))]
    pub(crate) every_ms: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "interval";
    const ABOUT: &'static str = "A clock that asks at even times, answered or not.";
    const SOURCE: &'static str = "ours: the control without chance; the arrivals of D/M/1";
    const EXAMPLE: &'static str = "[interval]\nevery_ms = 30000.0\n";

    fn told(&self) -> Option<String> {
        Some(format!("a request every {}, answered or not", wording::span(self.every_ms)))
    }
}

impl Spec {
    pub(super) fn build(&self) -> IntervalProcess {
        IntervalProcess(SimSpan::from_ms_f64(self.every_ms))
    }
}

/// The process made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct IntervalProcess(SimSpan);

impl Arrivals for IntervalProcess {
    fn waits_for_answer(&self) -> bool {
        false
    }

    fn gap(&mut self, _now: SimTime, _word: Word) -> Option<SimSpan> {
        Some(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::arrivals::trial;

    #[test]
    fn requests_come_at_even_times() {
        let got = trial::first(&mut Spec { every_ms: 1.5 }.build());
        assert_eq!(got, [1_500_000, 3_000_000, 4_500_000]);
    }
}
