//! Liquid alpha: a bond rate for each cell (chain.md 4.8).

use super::exponential::LANES;
use super::exponential::are_small;
use super::exponential::exponentials;
use super::exponential::reciprocal;
use crate::fixed::I32F32;
use crate::fixed::exp;
use crate::fixed::exp_unheld;
use crate::hyper::Hyper;

/// Divisor of the steepness. Source: chain.md 4.8, `sg`.
const STEEPNESS_SCALE: i32 = -100;

/// The sigmoid that turns a difference into a bond rate.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sigmoid {
    slope: I32F32,
    low: I32F32,
    high: I32F32,
    /// Whether the exponent is held inside its bounds.
    is_held: bool,
    /// The rate at no difference, by far the most frequent one.
    at_zero: I32F32,
}

impl Sigmoid {
    /// The sigmoid of these parameters.
    pub(super) fn new(hyper: &Hyper) -> Self {
        let steepness = I32F32::whole(i32::from(hyper.alpha_sigmoid_steepness));
        let mut sigmoid = Self {
            slope: steepness.over(I32F32::whole(STEEPNESS_SCALE)),
            low: I32F32::ratio(hyper.alpha_low),
            high: I32F32::ratio(hyper.alpha_high),
            is_held: hyper.runtime.has_held_exponent,
            at_zero: I32F32::ZERO,
        };
        sigmoid.at_zero = sigmoid.compute(I32F32::ZERO);
        sigmoid
    }

    /// The rate `a` at a difference `d` of `0.0..=1.0`.
    fn rate(&self, difference: I32F32) -> I32F32 {
        if difference == I32F32::ZERO { self.at_zero } else { self.compute(difference) }
    }

    fn compute(&self, difference: I32F32) -> I32F32 {
        let exponent = self.slope.times(difference.minus(I32F32::HALF));
        let power = if self.is_held { exp(exponent) } else { exp_unheld(exponent) };
        self.rate_at(I32F32::ONE.over(I32F32::ONE.plus(power)))
    }

    /// The rate at this height of the sigmoid.
    #[inline]
    fn rate_at(&self, sigmoid: I32F32) -> I32F32 {
        let rate = self.low.plus(sigmoid.times(self.high.minus(self.low)));
        rate.held(self.low, self.high)
    }
}

/// The difference that a rate is made from: of a weight and an old bond as the cursors see them, at this consensus.
#[inline]
fn difference_of(weight: I32F32, bond: I32F32, majority: I32F32) -> I32F32 {
    let difference = if weight >= bond { weight.minus(majority) } else { bond.minus(weight) };
    difference.held(I32F32::ZERO, I32F32::ONE)
}

/// The chain walks weights and bonds with cursors that only go forward through the uids: an entry that stands after a
/// larger uid is never met. So an entry is seen exactly if it is larger than all before it in its row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cursor {
    /// First column that can still be met.
    next: u16,
}

impl Cursor {
    /// Whether the cursor meets the row's next entry.
    pub(super) fn meets(&mut self, column: u16) -> bool {
        let met = column >= self.next;
        if met {
            self.next = column + 1;
        }
        met
    }
}

/// One validator's weights and old bonds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'a> {
    /// The weights, `WB` of the specification.
    pub(super) weights: &'a [I32F32],
    /// Columns that `WB` has a cell for, in the row's order.
    pub(super) present: &'a [u16],
    /// The bonds, `B` of the specification.
    pub(super) bonds: &'a [I32F32],
    /// `B` where the cursor meets it, else 0.
    pub(super) seen_bonds: &'a [I32F32],
}

impl Sigmoid {
    /// `E` of one row, compiled for the instructions that every machine has.
    #[cfg(not(feature = "simd"))]
    pub(super) fn blend(&self, pair: &Pair<'_>, majority: &[I32F32], ema: &mut [I32F32]) {
        self.blend_cells(pair, majority, ema);
    }

    /// `E` of one row: cells only where the weights have one.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is compiled for the instructions of its caller")]
    pub(super) fn blend_cells(&self, pair: &Pair<'_>, majority: &[I32F32], ema: &mut [I32F32]) {
        let mut cursor = Cursor::default();
        for columns in pair.present.chunks(LANES) {
            let mut differences = [I32F32::ZERO; LANES];
            for (difference, &column) in differences.iter_mut().zip(columns) {
                let at = usize::from(column);
                let seen = if cursor.meets(column) { pair.weights[at] } else { I32F32::ZERO };
                *difference = difference_of(seen, pair.seen_bonds[at], majority[at]);
            }
            for (rate, &column) in self.rates(&differences).into_iter().zip(columns) {
                let at = usize::from(column);
                let bought = rate.times_unit(pair.weights[at]);
                let kept = I32F32::ONE.minus(rate).times_unit(pair.bonds[at]);
                ema[at] = kept.plus_small(bought).min(I32F32::ONE);
            }
        }
    }

    /// The rates at some differences of `0.0..=1.0`.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is compiled for the instructions of its caller")]
    fn rates(&self, differences: &[I32F32; LANES]) -> [I32F32; LANES] {
        if differences.iter().all(|difference| *difference == I32F32::ZERO) {
            return [self.at_zero; LANES];
        }
        let exponents =
            differences.map(|difference| self.slope.times(difference.minus(I32F32::HALF)));
        if !are_small(&exponents) {
            return differences.map(|difference| self.rate(difference));
        }
        exponentials(&exponents).map(|power| {
            // An exponential is not negative, so that the sum is at least 1.
            self.rate_at(reciprocal(I32F32::ONE.plus_small(power).bits().cast_unsigned()))
        })
    }
}
