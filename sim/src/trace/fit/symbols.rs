//! A job as two symbols, what came after how long and how long the answer took, and the length of a code for them.
//!
//! Jobs of one regime are coded by what came before them in it: a Dirichlet prior of total weight 1 whose mean is the
//! whole trace's share of each symbol. So a regime pays for its own law, and what is rare everywhere costs little.

use crate::base::math;
use crate::trace::jobs::RecordedJob;
use crate::trace::measure::answers::SuccessContent;

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
    /// When the job was created [ms].
    pub(super) at_ms: u64,
    total: usize,
    ack: usize,
}

impl Symbols {
    /// The symbols of a job.
    pub(super) fn of(row: &RecordedJob, answer: Option<SuccessContent>) -> Self {
        let kind = match answer {
            Some(SuccessContent::Nothing) => 0,
            Some(SuccessContent::Tiny) => 1,
            Some(
                SuccessContent::Truncated
                | SuccessContent::Canned
                | SuccessContent::Full
                | SuccessContent::Unknown,
            )
            | None => 2,
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

/// How common each symbol is in the whole trace, and what of its code follows from counts alone.
///
/// A code does not depend on the order of the jobs, so a piece of them is coded by its counts: `n` of a symbol of share `b`
/// take the sum of `-ln(i + b)` for `i` below `n`, and all `n` together that of `ln(i + 1)`.
#[derive(Clone, Debug)]
pub(super) struct Base {
    totals: Shares,
    acks: Shares,
    /// Sums of `ln(i + 1)` for `i` below a number of jobs.
    all: Vec<f64>,
}

/// Shares of symbols of one kind.
#[derive(Clone, Debug)]
struct Shares {
    share: Vec<f64>,
    /// For each symbol sums of `ln(i + share)` for `i` below a count, up to that of the whole trace.
    sums: Vec<Vec<f64>>,
}

impl Shares {
    fn of(counts: &[u32]) -> Self {
        let own: Vec<f64> = counts.iter().map(|count| f64::from(*count) + 0.5).collect();
        let all: f64 = own.iter().sum();
        let share: Vec<f64> = own.iter().map(|own| own / all).collect();
        let sums = counts.iter().zip(&share).map(|(count, share)| sums(*count, *share)).collect();
        Self { share, sums }
    }
}

/// Sums of `ln(i + more)` for `i` below 0, 1, ..., `count`.
fn sums(count: u32, more: f64) -> Vec<f64> {
    let mut sum = 0.0;
    let mut all = vec![0.0];
    all.extend((0..count).map(|i| {
        sum += math::ln(f64::from(i) + more);
        sum
    }));
    all
}

impl Base {
    /// The shares of the symbols among these jobs; a symbol that none has counts as half a job.
    pub(super) fn of<'s>(jobs: impl Iterator<Item = &'s Symbols>) -> Self {
        let (mut totals, mut acks, mut count) = (vec![0; TOTALS], vec![0; ACKS], 0);
        for symbols in jobs {
            totals[symbols.total] += 1;
            acks[symbols.ack] += 1;
            count += 1;
        }
        Self { totals: Shares::of(&totals), acks: Shares::of(&acks), all: sums(count, 1.0) }
    }
}

/// Some jobs by how many have each symbol.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pile {
    totals: Vec<(usize, u32)>,
    acks: Vec<(usize, u32)>,
    count: u32,
}

impl Pile {
    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds the symbols of one job.
    pub(super) fn push(&mut self, symbols: &Symbols) {
        add(&mut self.totals, (symbols.total, 1));
        add(&mut self.acks, (symbols.ack, 1));
        self.count += 1;
    }

    /// The jobs of both.
    pub(super) fn with(&self, other: &Self) -> Self {
        let mut both = self.clone();
        other.totals.iter().for_each(|own| add(&mut both.totals, *own));
        other.acks.iter().for_each(|own| add(&mut both.acks, *own));
        both.count += other.count;
        both
    }
}

/// Adds to a list by symbol, ascending.
fn add(list: &mut Vec<(usize, u32)>, (symbol, count): (usize, u32)) {
    match list.binary_search_by_key(&symbol, |own| own.0) {
        Ok(place) => list[place].1 += count,
        Err(place) => list.insert(place, (symbol, count)),
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
        let chance = one(&mut self.totals, &self.base.totals.share, symbols.total)
            * one(&mut self.acks, &self.base.acks.share, symbols.ack);
        self.length -= math::ln(chance);
        self.count += 1;
    }

    /// Takes in many jobs: as long as one by one, and as fast as there are symbols.
    pub(super) fn push_all(&mut self, pile: &Pile) {
        let own = |counts: &mut [u32], shares: &Shares, list: &[(usize, u32)]| -> f64 {
            let one = |(symbol, count): &(usize, u32)| {
                let before = usize::try_from(counts[*symbol]).expect("a count");
                counts[*symbol] += count;
                let after = usize::try_from(counts[*symbol]).expect("a count");
                let sums = &shares.sums[*symbol];
                sums[after] - sums[before]
            };
            list.iter().map(one).sum()
        };
        let before = usize::try_from(self.count).expect("a count");
        self.count += pile.count;
        let after = usize::try_from(self.count).expect("a count");
        // Two symbols a job.
        self.length += 2.0 * (self.base.all[after] - self.base.all[before]);
        self.length -= own(&mut self.totals, &self.base.totals, &pile.totals);
        self.length -= own(&mut self.acks, &self.base.acks, &pile.acks);
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

    /// Forty jobs of five symbols, in two piles: the same length as one after another, in any order.
    #[test]
    fn piles_are_coded_as_their_jobs_are() {
        let jobs: Vec<Symbols> =
            (0..40).map(|n| Symbols { at_ms: 0, total: 3 + n * n % 5, ack: 1 + n % 3 }).collect();
        let base = Base::of(jobs.iter());
        let mut plain = Code::new(&base);
        jobs.iter().rev().for_each(|symbols| plain.push(symbols));
        let mut piles = [Pile::default(), Pile::default()];
        for (n, symbols) in jobs.iter().enumerate() {
            piles[usize::from(n % 7 > 2)].push(symbols);
        }
        let mut code = Code::new(&base);
        for pile in &piles {
            code.push_all(pile);
        }
        assert!((code.length - plain.length).abs() < 1e-9, "{} {}", code.length, plain.length);
        let mut both = Code::new(&base);
        both.push_all(&piles[0].with(&piles[1]));
        assert!((both.length - plain.length).abs() < 1e-9);
    }

    #[test]
    fn bins_are_ordered_and_end() {
        let bin = |ms| bin(ms, WIDTH, BINS);
        assert_eq!((bin(0.0), bin(20.0), bin(1e12)), (0, 0, BINS - 1));
        assert!(bin(500.0) < bin(1000.0) && bin(59_000.0) < BINS - 1);
    }
}
