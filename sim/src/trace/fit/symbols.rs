//! A job as two symbols, what came after how long and how long the answer took, and the length of a code for them.
//!
//! Jobs of one regime are coded by what came before them in it (a Dirichlet prior of total weight 1 over the symbols), so
//! a regime pays for its own law and no further penalty for its parameters is needed.

use crate::math;
use crate::trace::jobs::Row;
use crate::trace::measure::answers::Answer;

/// Relative width of a bin of times. Source: ours; a grid of half a second is told apart up to 10 s.
const WIDTH: f64 = 0.05;
/// Times up to this are one bin [ms].
const SHORTEST_MS: f64 = 20.0;
/// Bins of times: up to a minute, and beyond.
const BINS: usize = 162;
/// Symbols of what came and when: nothing, a tiny image, an image; and what is no success.
const TOTALS: usize = 3 * BINS + 1;
/// Symbols of answers: by time, and none.
const ACKS: usize = BINS + 1;

/// A job as symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Symbols {
    /// Creation [ms].
    pub(super) at_ms: u64,
    total: usize,
    ack: usize,
}

impl Symbols {
    /// The symbols of a job.
    pub(super) fn of(row: &Row, answer: Option<Answer>) -> Self {
        let kind = match answer {
            Some(Answer::Nothing) => 0,
            Some(Answer::Tiny) => 1,
            Some(Answer::Truncated | Answer::Canned | Answer::Full) | None => 2,
        };
        let total = match (answer, row.latency_ms()) {
            (Some(_), Some(ms)) => kind * BINS + bin(ms),
            _ => TOTALS - 1,
        };
        let ack = row.ack_ms.map_or(ACKS - 1, |ms| bin(f64::from(ms)));
        Self { at_ms: row.created_ms, total, ack }
    }
}

fn bin(ms: f64) -> usize {
    let place = math::ln(ms.max(SHORTEST_MS) / SHORTEST_MS) / WIDTH;
    usize::try_from(math::trunc_to_u64(place)).unwrap_or(BINS).min(BINS - 1)
}

/// Length of the code of the jobs taken in so far [nats].
#[derive(Clone, Debug)]
pub(super) struct Code {
    totals: Vec<u32>,
    acks: Vec<u32>,
    count: u32,
    /// Length so far [nats].
    pub(super) length: f64,
}

impl Code {
    /// A code of nothing.
    pub(super) fn new() -> Self {
        Self { totals: vec![0; TOTALS], acks: vec![0; ACKS], count: 0, length: 0.0 }
    }

    /// Forgets all it has taken in.
    pub(super) fn clear(&mut self) {
        self.totals.fill(0);
        self.acks.fill(0);
        (self.count, self.length) = (0, 0.0);
    }

    /// Takes in a job.
    pub(super) fn push(&mut self, symbols: &Symbols) {
        let all = f64::from(self.count) + 1.0;
        let one = |counts: &mut [u32], symbol: usize| {
            let prior = 1.0 / math::float_len(counts.len());
            let chance = (f64::from(counts[symbol]) + prior) / all;
            counts[symbol] += 1;
            chance
        };
        let chance = one(&mut self.totals, symbols.total) * one(&mut self.acks, symbols.ack);
        self.length -= math::ln(chance);
        self.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Prior 1/n each: first 1/487 and 1/163, then (1 + prior)/2 of both.
    #[test]
    fn the_code_learns_what_comes_again() {
        let symbols = Symbols { at_ms: 0, total: 5, ack: 7 };
        let mut code = Code::new();
        code.push(&symbols);
        assert!((code.length - (487.0_f64 * 163.0).ln()).abs() < 1e-12);
        let first = code.length;
        code.push(&symbols);
        let again = ((1.0 + 1.0 / 487.0) / 2.0) * ((1.0 + 1.0 / 163.0) / 2.0);
        assert!((code.length - first + f64::ln(again)).abs() < 1e-12);
        code.clear();
        assert!(code.length.abs() < 1e-12);
    }

    #[test]
    fn bins_are_ordered_and_end() {
        assert_eq!((bin(0.0), bin(20.0), bin(1e12)), (0, 0, BINS - 1));
        assert!(bin(500.0) < bin(1000.0) && bin(59_000.0) < BINS - 1);
    }
}
