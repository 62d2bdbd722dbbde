//! Consensus: for each miner the largest weight that a majority of stake gives at least (chain.md 4.6).

use super::State;
use super::layout::Layout;
use super::stake::Stakes;
use super::weights::Weights;
use crate::fixed::I32F32;
use crate::fixed::PartOf;
use pulp::Arch;
use pulp::Simd;
use pulp::WithSimd;

/// A weight as an ordered 32-bit key. 1.0 would need a 33rd bit and takes the largest key, which no other weight has:
/// a weight below 1 is at most `1 - 2^-24`, as a row sums to less than 2^24.
type Key = i32;

/// Columns that are searched together. Source: ours, the keys of 64 validators then fit in half of a first-level cache.
const BLOCK: usize = 64;
/// Rows that are compared in one pass over a block. Source: ours, more would not fit in the registers of a vector unit.
const ROWS: usize = 4;

/// The majority's weights.
#[derive(Debug, Default)]
pub(super) struct Consensus {
    /// Consensus weight of each column.
    pub(super) majority: Vec<I32F32>,
    /// Renormalised stake behind each class.
    class_stake: Vec<u64>,
    /// Classes that have a say.
    voting: Vec<usize>,
    /// The search for the majority.
    search: Search,
}

impl Consensus {
    /// Computes the consensus of every column.
    pub(super) fn compute(
        &mut self,
        state: &State<'_>,
        layout: &Layout,
        stakes: &Stakes,
        weights: &Weights,
    ) {
        self.majority.clear();
        self.majority.resize(layout.width, I32F32::ZERO);
        let total = self.gather_votes(layout, stakes);
        let kappa = I32F32::ratio(state.hyper.kappa).bits().cast_unsigned();
        match self.voting[..] {
            [] => return,
            // A single distinct row is its own majority, whatever kappa is.
            [class] => return self.majority.copy_from_slice(weights.row(class)),
            _ => {}
        }
        for (index, found) in self.majority.chunks_mut(BLOCK).enumerate() {
            let columns = index * BLOCK..index * BLOCK + found.len();
            self.search.load(self.voting.iter().map(|&class| &weights.row(class)[columns.clone()]));
            if let Some(minority) = total.checked_sub(kappa) {
                // The stake below any weight is less than 2^32, so a minority of 2^32 is as good as one bit less.
                let minority = u32::try_from(minority).unwrap_or(u32::MAX);
                Arch::new().dispatch(Bisection { search: &mut self.search, minority });
            }
            // Where not even all stake is a majority, the smallest weight is the answer: there the search begins.
            found.iter_mut().zip(&self.search.low).for_each(|(most, &key)| *most = weight_of(key));
        }
    }

    /// Renormalises the stakes above 0, adds them up by class, and gives their sum.
    fn gather_votes(&mut self, layout: &Layout, stakes: &Stakes) -> u64 {
        let part = PartOf::new(stakes.active_stake.iter().copied().sum());
        self.class_stake.clear();
        self.class_stake.resize(layout.class_first.len(), 0);
        for (&class, &stake) in layout.class_of.iter().zip(&stakes.active_stake) {
            self.class_stake[class] += part.share(stake).bits().cast_unsigned();
        }
        let has_say = |&class: &usize| self.class_stake[class] > 0;
        self.voting.clear();
        self.voting.extend((0..self.class_stake.len()).filter(has_say));
        self.search.stakes.clear();
        // A stake of all 2^32 leaves no second class, and a single class is not searched.
        let stake = |&class: &usize| u32::try_from(self.class_stake[class]).unwrap_or(u32::MAX);
        self.search.stakes.extend(self.voting.iter().map(stake));
        let missing = self.search.stakes.len().next_multiple_of(ROWS);
        self.search.stakes.resize(missing, 0);
        self.class_stake.iter().sum()
    }
}

/// The search for the majority in one block of columns.
#[derive(Debug, Default)]
struct Search {
    /// Stake of each row; rows of no stake fill up a multiple of [`ROWS`].
    stakes: Vec<u32>,
    /// Keys, one row a class.
    keys: Vec<Key>,
    /// Largest key of each column known to satisfy the rule.
    low: Vec<Key>,
    /// Smallest key of each column above which nothing satisfies it.
    high: Vec<Key>,
    middle: Vec<Key>,
    /// Stake of the keys below the middle.
    below: Vec<u32>,
}

impl Search {
    /// Takes the columns' weights and their bounds.
    fn load<'a>(&mut self, rows: impl Iterator<Item = &'a [I32F32]>) {
        self.keys.clear();
        self.low.clear();
        for row in rows {
            self.keys.extend(row.iter().map(|&weight| key_of(weight)));
            let keys = &self.keys[self.keys.len() - row.len()..];
            if self.low.is_empty() {
                self.low.extend_from_slice(keys);
                self.high.clear();
                self.high.extend_from_slice(keys);
            } else {
                self.low.iter_mut().zip(keys).for_each(|(low, key)| *low = (*low).min(*key));
                self.high.iter_mut().zip(keys).for_each(|(high, key)| *high = (*high).max(*key));
            }
        }
        self.keys.resize(self.low.len() * self.stakes.len(), Key::MAX);
    }

    /// Raises each column's `low` to the largest key `w` with `stake of the keys below w <= minority`.
    ///
    /// The stake below `w` grows only just above a key of the column, so the largest such `w` is one of its keys. `low`
    /// satisfies the rule from the start, as nothing is below the smallest key; nothing above `high` does.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is compiled for the instructions of its caller")]
    fn bisect(&mut self, minority: u32) {
        let width = self.low.len();
        while self.low != self.high {
            let bounds = self.low.iter().zip(&self.high);
            self.middle.clear();
            self.middle.extend(bounds.map(|(&low, &high)| {
                let gap = high.wrapping_sub(low).cast_unsigned();
                low.wrapping_add((gap - gap / 2).cast_signed())
            }));
            self.below.clear();
            self.below.resize(width, 0);
            for (keys, stakes) in
                self.keys.chunks_exact(ROWS * width).zip(self.stakes.chunks_exact(ROWS))
            {
                add_below(keys, stakes, &self.middle, &mut self.below);
            }
            let bounds = self.low.iter_mut().zip(&mut self.high);
            for ((low, high), (&middle, &below)) in bounds.zip(self.middle.iter().zip(&self.below))
            {
                let satisfied = below <= minority;
                *low = if satisfied { middle } else { *low };
                *high = if satisfied { *high } else { middle.wrapping_sub(1) };
            }
        }
    }
}

/// [`Search::bisect`] with the widest integer instructions that the machine has: all of them find the same keys.
struct Bisection<'a> {
    search: &'a mut Search,
    minority: u32,
}

impl WithSimd for Bisection<'_> {
    type Output = ();

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is compiled for the instructions of its caller")]
    fn with_simd<S: Simd>(self, _simd: S) {
        self.search.bisect(self.minority);
    }
}

/// Adds the stakes of the keys below the middle, four rows in a pass. Some key of each column is not below and has stake,
/// so the sums stay below 2^32.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it is compiled for the instructions of its caller")]
fn add_below(keys: &[Key], stakes: &[u32], middle: &[Key], below: &mut [u32]) {
    let (first, rest) = keys.split_at(middle.len());
    let (second, rest) = rest.split_at(middle.len());
    let (third, fourth) = rest.split_at(middle.len());
    let [a, b, c, d] = *stakes else { unreachable!("a pass has four rows") };
    let rows = first.iter().zip(second).zip(third.iter().zip(fourth));
    for ((below, &middle), ((first, second), (third, fourth))) in
        below.iter_mut().zip(middle).zip(rows)
    {
        let stake = |key: &Key, stake: u32| if *key < middle { stake } else { 0 };
        *below += stake(first, a) + stake(second, b) + stake(third, c) + stake(fourth, d);
    }
}

/// Order-preserving key of a weight in `0.0..=1.0`.
fn key_of(weight: I32F32) -> Key {
    let bits = u32::try_from(weight.bits()).unwrap_or(u32::MAX);
    (bits ^ SIGN).cast_signed()
}

/// The weight of a key.
fn weight_of(key: Key) -> I32F32 {
    let bits = key.cast_unsigned() ^ SIGN;
    if bits == u32::MAX { I32F32::ONE } else { I32F32::from_bits(i64::from(bits)) }
}

/// Flipping the top bit turns the order of unsigned numbers into that of signed ones, which vectors can compare.
const SIGN: u32 = 1 << (u32::BITS - 1);
