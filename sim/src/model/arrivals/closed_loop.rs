//! One client that asks, waits for the answer, thinks, and asks again.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::random::Word;
use crate::base::sample;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::base::wording;
use crate::model::arrivals::Arrivals;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// One client that asks, waits for the answer, thinks, and asks again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Shortest time from an answer to the next request [ms]. Source: trace of October 2025, median 30,023 ms.
    #[schemars(range(min = 0.0, max = 31_536_000_000.0))]
    pub(crate) think_ms: f64,
    /// Mean of an exponential time added to it [ms]; 0 adds nothing.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 31_536_000_000.0))]
    pub(crate) jitter_ms: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "closed_loop";
    const ABOUT: &'static str = "Asks, waits for the answer, thinks, and asks again.";
    const SOURCE: &'static str = "trace of October 2025: gap = ack + 30.023 s, r = 0.996";
    const EXAMPLE: &'static str = "[closed_loop]\nthink_ms = 30023.0\njitter_ms = 10.0\n";

    fn check(&self) -> Vec<MemberProblem> {
        if self.think_ms + self.jitter_ms > 0.0 {
            return Vec::new();
        }
        vec![MemberProblem::new("think_ms", self.think_ms, "above 0 when jitter_ms is 0")]
    }

    fn told(&self) -> Option<String> {
        let jitter = match self.jitter_ms {
            jitter if jitter > 0.0 => {
                format!(", and an exponential time of mean {}", wording::span(jitter))
            }
            _ => String::new(),
        };
        let think = wording::span(self.think_ms);
        Some(format!("one request at a time, the next {think}{jitter} after the answer"))
    }
}

impl Spec {
    pub(super) fn build(&self) -> ClosedLoop {
        ClosedLoop { think_ms: self.think_ms, jitter_ms: self.jitter_ms }
    }
}

/// The process made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct ClosedLoop {
    think_ms: f64,
    jitter_ms: f64,
}

impl Arrivals for ClosedLoop {
    fn waits_for_answer(&self) -> bool {
        true
    }

    fn gap(&mut self, _now: SimTime, word: Word) -> Option<SimSpan> {
        let jitter = sample::exponential(&mut word.expand()) * self.jitter_ms;
        Some(SimSpan::from_ms_f64(self.think_ms + jitter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::math;
    use crate::base::sample::oracle;

    #[test]
    fn without_jitter_the_gap_is_the_think_time() {
        let mut client = Spec { think_ms: 30_023.0, jitter_ms: 0.0 }.build();
        assert_eq!(client.gap(SimTime(5), Word(9)), Some(SimSpan::from_ms(30_023)));
        assert!(client.waits_for_answer());
    }

    #[test]
    fn jitter_is_an_exponential_time_on_top() {
        let mut client = Spec { think_ms: 30_023.0, jitter_ms: 10.0 }.build();
        let mut gap = |word| client.gap(SimTime(0), word).unwrap();
        assert!(oracle::words(1, 1000).all(|word| gap(word) >= SimSpan::from_ms(30_023)));
        let mut client = Spec { think_ms: 0.0, jitter_ms: 10.0 }.build();
        let gaps = oracle::words(2, 100_000).map(|word| client.gap(SimTime(0), word).unwrap());
        let values = gaps.map(SimSpan::seconds).collect();
        let got = oracle::distance(values, |seconds| 1.0 - math::exp(-100.0 * seconds));
        assert!(got < oracle::distance_max(100_000), "{got}");
    }

    #[test]
    fn a_client_that_never_thinks_is_refused() {
        assert_eq!(Spec { think_ms: 0.0, jitter_ms: 0.0 }.check().len(), 1);
    }
}
