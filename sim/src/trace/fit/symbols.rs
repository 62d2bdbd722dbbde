//! A job as two symbols, what came after how long and how long the answer took, and the length of a code for them.
//!
//! Jobs of one regime are coded by what came before them in it: a Dirichlet prior of total weight 1 whose mean is the
//! whole trace's share of each symbol. So a regime pays for its own law, and what is rare everywhere costs little.

use crate::base::math;
use crate::trace::jobs::Row;
use crate::trace::measure::answers::Answer;

/// Relative width of a bin of times, and of answers' times. Source: ours; a grid of half a second is told apart up to 6 s.
const WIDTH: f64 = 0.08;
const ACK_WIDTH: f64 = 0.2;
/// Times up to this are one bin [ms].
const SHORTEST_MS: f64 = 20.0;
/// Bins of times: up to a minute, and beyond.
const BINS: usize = 102;
const ACK_BINS: usize = 42;
/// Symbols of what came and when: nothing, a tiny image, an image; and what is no success.
const TOTALS: usize = 3 * BINS + 1;
/// Symbols of answers: by time, and none.
const ACKS: usize = ACK_BINS + 1;

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
            (Some(_), Some(ms)) => kind * BINS + bin(ms, WIDTH, BINS),
            _ => TOTALS - 1,
        };
        let ack = row.ack_ms.map_or(ACKS - 1, |ms| bin(f64::from(ms), ACK_WIDTH, ACK_BINS));
        Self { at_ms: row.created_ms, total, ack }
    }
}

fn bin(ms: f64, width: f64, bins: usize) -> usize {
    let place = math::ln(ms.max(SHORTEST_MS) / SHORTEST_MS) / width;
    usize::try_from(math::trunc_to_u64(place)).unwrap_or(bins).min(bins - 1)
}

/// How common each symbol is in the whole trace.
#[derive(Clone, Debug)]
pub(super) struct Base {
    totals: Vec<f64>,
    acks: Vec<f64>,
}

impl Base {
    /// The shares of the symbols among these jobs; a symbol that none has counts as half a job.
    pub(super) fn of<'s>(jobs: impl Iterator<Item = &'s Symbols>) -> Self {
        let (mut totals, mut acks) = (vec![0.5; TOTALS], vec![0.5; ACKS]);
        for symbols in jobs {
            totals[symbols.total] += 1.0;
            acks[symbols.ack] += 1.0;
        }
        for shares in [&mut totals, &mut acks] {
            let sum: f64 = shares.iter().sum();
            for share in shares.iter_mut() {
                *share /= sum;
            }
        }
        Self { totals, acks }
    }
}

/// Length of the code of the jobs taken in so far [nats].
#[derive(Clone, Debug)]
pub(super) struct Code<'b> {
    base: &'b Base,
    totals: Vec<u32>,
    acks: Vec<u32>,
    count: u32,
    /// Length so far [nats].
    pub(super) length: f64,
}

impl<'b> Code<'b> {
    /// A code of nothing.
    pub(super) fn new(base: &'b Base) -> Self {
        Self { base, totals: vec![0; TOTALS], acks: vec![0; ACKS], count: 0, length: 0.0 }
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
        let one = |counts: &mut [u32], base: &[f64], symbol: usize| {
            let chance = (f64::from(counts[symbol]) + base[symbol]) / all;
            counts[symbol] += 1;
            chance
        };
        let chance = one(&mut self.totals, &self.base.totals, symbols.total)
            * one(&mut self.acks, &self.base.acks, symbols.ack);
        self.length -= math::ln(chance);
        self.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Among two jobs, one of each symbol: shares are 1.5 of (2 + half of all symbols).
    #[test]
    fn the_code_learns_what_comes_again() {
        let symbols = Symbols { at_ms: 0, total: 5, ack: 7 };
        let other = Symbols { at_ms: 0, total: 6, ack: 8 };
        let base = Base::of([symbols, other].iter());
        let mut code = Code::new(&base);
        code.push(&symbols);
        let (total, ack) = (1.5 / (2.0 + 307.0 / 2.0), 1.5 / (2.0 + 43.0 / 2.0));
        assert!((code.length + math::ln(total * ack)).abs() < 1e-12);
        let first = code.length;
        code.push(&symbols);
        let again = f64::midpoint(1.0, total) * f64::midpoint(1.0, ack);
        assert!((code.length - first + math::ln(again)).abs() < 1e-12);
        code.clear();
        assert!(code.length.abs() < 1e-12);
    }

    #[test]
    fn bins_are_ordered_and_end() {
        let bin = |ms| bin(ms, WIDTH, BINS);
        assert_eq!((bin(0.0), bin(20.0), bin(1e12)), (0, 0, BINS - 1));
        assert!(bin(500.0) < bin(1000.0) && bin(59_000.0) < BINS - 1);
    }
}
