//! Liquid alpha: a bond rate for each cell (chain.md 4.8).

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
        let sigmoid = I32F32::ONE.over(I32F32::ONE.plus(power));
        let rate = self.low.plus(sigmoid.times(self.high.minus(self.low)));
        rate.held(self.low, self.high)
    }

    /// `a_ij` of a weight and an old bond as the cursors see them, at this consensus.
    fn rate_of(&self, weight: I32F32, bond: I32F32, majority: I32F32) -> I32F32 {
        let difference = if weight >= bond { weight.minus(majority) } else { bond.minus(weight) };
        self.rate(difference.held(I32F32::ZERO, I32F32::ONE))
    }
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
    /// `WB`.
    pub(super) weights: &'a [I32F32],
    /// Columns that `WB` has a cell for, in the row's order.
    pub(super) present: &'a [u16],
    /// `B`.
    pub(super) bonds: &'a [I32F32],
    /// `B` where the cursor meets it, else 0.
    pub(super) seen_bonds: &'a [I32F32],
}

impl Sigmoid {
    /// `E` of one row: cells only where the weights have one.
    pub(super) fn blend(&self, pair: &Pair<'_>, majority: &[I32F32], ema: &mut [I32F32]) {
        let mut cursor = Cursor::default();
        for &column in pair.present {
            let at = usize::from(column);
            let (weight, bond) = (pair.weights[at], pair.bonds[at]);
            let seen = if cursor.meets(column) { weight } else { I32F32::ZERO };
            let rate = self.rate_of(seen, pair.seen_bonds[at], majority[at]);
            let bought = rate.times(weight).max(I32F32::ZERO);
            ema[at] = I32F32::ONE.minus(rate).times(bond).plus(bought).min(I32F32::ONE);
        }
    }
}
