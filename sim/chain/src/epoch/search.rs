//! The search for the majority's weight in a block of columns (chain.md 4.6).
//!
//! It is written once, without a word about vectors. The feature `simd` has it compiled for the widest integer
//! instructions that the machine has, beside those that every machine has; all of them find the same keys.

use crate::fixed::I32F32;

/// A weight as an ordered 32-bit key. 1.0 would need a 33rd bit and takes the largest key, which no other weight has:
/// a weight below 1 is at most `1 - 2^-24`, as a row sums to less than 2^24.
type Key = i32;

/// Rows that are compared in one pass over a block. Source: ours, more would not fit in the registers of a vector unit.
const ROWS: usize = 4;

/// The search for the majority in one block of columns.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// Stake of each row \[2^-32\]; rows of no stake fill up a multiple of [`ROWS`].
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
    /// Sets the stakes of the rows to come \[2^-32\], 2^32 or less together.
    pub(super) fn set_stakes(&mut self, stakes: impl Iterator<Item = u32>) {
        self.stakes.clear();
        self.stakes.extend(stakes);
        let rows = self.stakes.len().next_multiple_of(ROWS);
        self.stakes.resize(rows, 0);
    }

    /// Takes the weights of a block of columns, a row a stake; each column's search begins at its smallest weight.
    pub(super) fn load<'a>(&mut self, rows: impl Iterator<Item = &'a [I32F32]>) {
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

    /// What each column's search has found.
    pub(super) fn found(&self) -> impl Iterator<Item = I32F32> {
        self.low.iter().map(|&key| weight_of(key))
    }

    /// [`bisect`](Self::bisect), compiled for the instructions that every machine has.
    #[cfg(not(feature = "simd"))]
    pub(super) fn raise(&mut self, minority: u32) {
        self.bisect(minority);
    }

    /// Raises each column's `low` to the largest key `w` with `stake of the keys below w <= minority`.
    ///
    /// The stake below `w` grows only just above a key of the column, so the largest such `w` is one of its keys. `low`
    /// satisfies the rule from the start, as nothing is below the smallest key; nothing above `high` does.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is compiled for the instructions of its caller")]
    pub(super) fn bisect(&mut self, minority: u32) {
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Rows of weights with their stakes, and the largest minority.
    #[derive(Clone, Debug)]
    pub(in crate::epoch) struct Case {
        rows: Vec<(Vec<I32F32>, u32)>,
        minority: u32,
    }

    /// 2 to 40 rows of 1 to 64 weights, many of them equal, 0 or 1; stakes that sum to less than 2^32; any minority, or
    /// exactly the stake below some weight.
    pub(in crate::epoch) fn cases() -> impl Strategy<Value = Case> {
        let weight = prop_oneof![
            Just(0),
            Just(I32F32::ONE.bits()),
            (1i64..4).prop_map(|quarters| quarters << 30),
            0..I32F32::ONE.bits() - (1 << 8),
        ];
        let size = (2usize..=40, 1usize..=64);
        size.prop_flat_map(move |(height, width)| {
            let weights = prop::collection::vec(weight.clone().prop_map(I32F32::from_bits), width);
            let share = u32::MAX / u32::try_from(height).unwrap();
            let rows = prop::collection::vec((weights, 1..=share), height);
            let minority = (any::<bool>(), any::<u32>(), 0..height, 0..width);
            (rows, minority).prop_map(|(rows, (exact, minority, row, column))| {
                let case = Case { rows, minority };
                let edge = case.below(column, case.rows[row].0[column]);
                if exact { Case { minority: edge, ..case } } else { case }
            })
        })
    }

    impl Case {
        /// What a way to raise the bounds finds in each column.
        pub(in crate::epoch) fn found(&self, raise: impl Fn(&mut Search, u32)) -> Vec<I32F32> {
            let mut search = Search::default();
            search.set_stakes(self.rows.iter().map(|row| row.1));
            search.load(self.rows.iter().map(|row| &row.0[..]));
            raise(&mut search, self.minority);
            search.found().collect()
        }

        /// Stake of the rows whose weight in a column is below this one.
        fn below(&self, column: usize, weight: I32F32) -> u32 {
            self.rows.iter().filter(|row| row.0[column] < weight).map(|row| row.1).sum()
        }

        /// The largest weight of a column that leaves no more than the minority below it.
        fn majority(&self, column: usize) -> I32F32 {
            let weights = self.rows.iter().map(|row| row.0[column]);
            weights.filter(|&weight| self.below(column, weight) <= self.minority).max().unwrap()
        }
    }

    proptest! {
        #[test]
        fn the_search_finds_the_largest_weight_that_leaves_a_minority_below(case in cases()) {
            let expected: Vec<_> = (0..case.rows[0].0.len()).map(|column| case.majority(column)).collect();
            prop_assert_eq!(case.found(Search::raise), expected);
        }
    }
}
