//! Layer norm without parameters of its own, then the modulation by the conditioning: `(x - m) r (1 + scale) + shift`.
//!
//! Tolerance: against f64, 2e-6 of the largest normalised value times `1 + |scale|`; between backends none: mean and
//! variance are 16 partial sums folded halves onto halves.

use crate::kernels::lanes::LaneWork;
use crate::kernels::lanes::Lanes;
use crate::kernels::lanes::WIDTH;
use crate::kernels::lanes::fold;
use crate::kernels::maths::inverse_root;

/// Source of the kernel in WGSL.
pub(crate) const WGSL: &str = include_str!("layer_norm.wgsl");
/// The sum of 16 parts, for this kernel and for those that have it in them.
pub(crate) const FOLD_WGSL: &str = include_str!("fold.wgsl");

/// Added to the variance. Source: `ln` in harness/model/train.py.
const EPSILON: f32 = 1e-6;

/// Shift and scale of the rows of one image, as many values as a row has.
#[derive(Clone, Copy, Debug)]
pub struct Modulation<'a> {
    /// What is added after scaling, a value a column.
    pub shift: &'a [f32],
    /// What multiplies the normed values, less one.
    pub scale: &'a [f32],
}

/// Normalises and modulates every row of `x` into `out`.
///
/// # Panics
///
/// When the width of a row is not a multiple of 16.
pub fn layer_norm(lanes: Lanes, x: &[f32], modulation: Modulation<'_>, out: &mut [f32]) {
    let width = modulation.shift.len();
    assert!(width.is_multiple_of(WIDTH) && modulation.scale.len() == width);
    lanes.run(NormRows { x, modulation, out });
}

struct NormRows<'a> {
    x: &'a [f32],
    modulation: Modulation<'a>,
    out: &'a mut [f32],
}

impl LaneWork for NormRows<'_> {
    #[inline(always)]
    fn run(self) {
        let width = self.modulation.shift.len();
        for (x, out) in self.x.chunks_exact(width).zip(self.out.chunks_exact_mut(width)) {
            row(x, self.modulation, out);
        }
    }
}

/// The factor that makes a sum over a row its mean.
pub(crate) fn inverse_width(width: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a width is at most a few thousand")]
    let width = width as f32;
    1.0 / width
}

#[inline(always)]
fn row(x: &[f32], modulation: Modulation<'_>, out: &mut [f32]) {
    let inverse = inverse_width(x.len());
    let mean = total(x, |x| x) * inverse;
    let variance = total(x, |x| (x - mean) * (x - mean)) * inverse;
    let root = inverse_root(variance + EPSILON);
    let terms = x.iter().zip(modulation.shift).zip(modulation.scale);
    for (y, ((x, shift), scale)) in out.iter_mut().zip(terms) {
        *y = ((x - mean) * root) * (1.0 + scale) + shift;
    }
}

#[inline(always)]
fn total(x: &[f32], term: impl Fn(f32) -> f32) -> f32 {
    let mut partial = [0.0f32; WIDTH];
    for chunk in x.chunks_exact(WIDTH) {
        for (sum, x) in partial.iter_mut().zip(chunk) {
            *sum += term(*x);
        }
    }
    fold(partial)
}

#[cfg(test)]
mod tests;
