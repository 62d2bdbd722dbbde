//! Consensus: for each miner the largest weight that a majority of stake gives at least (chain.md 4.6).

use super::State;
use super::layout::LANES;
use super::layout::Layout;
use super::stake::Stakes;
use super::weights::Weights;
use crate::chain::fixed::I32F32;
use crate::chain::fixed::PartOf;

/// A weight as an ordered 32-bit key. 1.0 would need a 33rd bit and takes the largest key, which no other weight has:
/// a weight below 1 is at most `1 - 2^-24`, as a row sums to less than 2^24.
type Key = i32;
/// Keys of a block of columns, side by side so that the compiler compares them in vectors.
type Block = [Key; LANES];

/// The majority's weights.
#[derive(Debug, Default)]
pub(super) struct Consensus {
    /// Consensus weight of each column.
    pub(super) majority: Vec<I32F32>,
    /// Renormalised stake behind each class.
    class_stake: Vec<u64>,
    /// Classes that have a say.
    voting: Vec<usize>,
    /// Their stakes.
    stakes: Vec<u32>,
    /// Their keys in one block of columns.
    keys: Vec<Block>,
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
        for start in (0..layout.width).step_by(LANES) {
            self.keys.clear();
            self.keys.extend(self.voting.iter().map(|&class| block(&weights.row(class)[start..])));
            let found = match total.checked_sub(kappa) {
                // The stake below any weight is less than 2^32, so a minority of 2^32 is as good as one bit less.
                Some(minority) => {
                    majority(&self.keys, &self.stakes, u32::try_from(minority).unwrap_or(u32::MAX))
                }
                None => smallest(&self.keys),
            };
            for (most, key) in self.majority[start..].iter_mut().zip(found) {
                *most = weight_of(key);
            }
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
        self.stakes.clear();
        // A stake of all 2^32 leaves no second class, and a single class is not searched.
        let stake = |&class: &usize| u32::try_from(self.class_stake[class]).unwrap_or(u32::MAX);
        self.stakes.extend(self.voting.iter().map(stake));
        self.class_stake.iter().sum()
    }
}

/// The keys of the first columns of a row.
fn block(row: &[I32F32]) -> Block {
    std::array::from_fn(|lane| key_of(row[lane]))
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

/// Smallest key of each column: the answer where not even all stake is a majority.
fn smallest(keys: &[Block]) -> Block {
    keys.iter()
        .skip(1)
        .fold(keys[0], |low, row| std::array::from_fn(|lane| low[lane].min(row[lane])))
}

/// For each column the largest key `w` with `stake of the keys below w <= minority`, by bisection of all at once.
///
/// The stake below `w` grows only just above a key of the column, so the largest such `w` is one of its keys.
fn majority(keys: &[Block], stakes: &[u32], minority: u32) -> Block {
    let mut low = smallest(keys);
    let mut high =
        keys.iter().fold(low, |high, row| std::array::from_fn(|lane| high[lane].max(row[lane])));
    // `low` always satisfies the rule: nothing is below the smallest key. Nothing above `high` does.
    while low != high {
        let middle: Block = std::array::from_fn(|lane| {
            let gap = high[lane].wrapping_sub(low[lane]).cast_unsigned();
            low[lane].wrapping_add((gap - gap / 2).cast_signed())
        });
        // Some key is at or above the middle and has stake, so the sum stays below 2^32.
        let mut below = [0u32; LANES];
        for (row, &stake) in keys.iter().zip(stakes) {
            for lane in 0..LANES {
                below[lane] += if row[lane] < middle[lane] { stake } else { 0 };
            }
        }
        for lane in 0..LANES {
            if below[lane] <= minority {
                low[lane] = middle[lane];
            } else {
                high[lane] = middle[lane].wrapping_sub(1);
            }
        }
    }
    low
}
