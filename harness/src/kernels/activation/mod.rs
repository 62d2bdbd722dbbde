//! The activations: `SiLU` for the conditioning, `GELU` (its tanh form) for the feed-forward layers.
//!
//! Tolerance: against f64, 1e-6 of the value, or of 1 where that is smaller (one reciprocal and one exponential, each
//! within 4e-7, and a few roundings); between backends none.

use crate::kernels::lanes::LaneWork;
use crate::kernels::lanes::Lanes;
use crate::kernels::maths::sigmoid;

/// The functions as WGSL, to stand in front of a kernel.
pub(crate) const WGSL: &str = include_str!("activation.wgsl");
/// The kernel: `SiLU` of a row plus a row picked from a table.
pub(crate) const CONDITION_WGSL: &str = include_str!("condition.wgsl");

/// `2 sqrt(2 / pi)`: slope of the argument of the approximation.
const GELU_SLOPE: f32 = 1.595_769_2;
/// Cubic coefficient of the tanh form of GELU. Source: Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016).
const GELU_CUBIC: f32 = 0.044_715;

/// The activation `SiLU` of one number: `x sigmoid(x)`.
#[inline(always)]
fn silu_of(x: f32) -> f32 {
    x * sigmoid(x)
}

/// `x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))`, which is `x sigmoid(2 sqrt(2/pi) (x + 0.044715 x^3))`.
#[inline(always)]
fn gelu_of(x: f32) -> f32 {
    let cube = (x * x) * x;
    x * sigmoid((x + cube * GELU_CUBIC) * GELU_SLOPE)
}

/// `SiLU` of every value, in place.
pub fn silu(lanes: Lanes, values: &mut [f32]) {
    lanes.run(Silu(values));
}

/// `GELU` of every value, in place.
pub fn gelu(lanes: Lanes, values: &mut [f32]) {
    lanes.run(Gelu(values));
}

/// The conditioning of one image: for every row of `time` (one a step) `silu(time + label)`.
pub fn condition(lanes: Lanes, time: &[f32], label: &[f32], out: &mut [f32]) {
    lanes.run(Condition { time, label, out });
}

struct Silu<'a>(&'a mut [f32]);

impl LaneWork for Silu<'_> {
    #[inline(always)]
    fn run(self) {
        for x in self.0 {
            *x = silu_of(*x);
        }
    }
}

struct Gelu<'a>(&'a mut [f32]);

impl LaneWork for Gelu<'_> {
    #[inline(always)]
    fn run(self) {
        for x in self.0 {
            *x = gelu_of(*x);
        }
    }
}

struct Condition<'a> {
    time: &'a [f32],
    label: &'a [f32],
    out: &'a mut [f32],
}

impl LaneWork for Condition<'_> {
    #[inline(always)]
    fn run(self) {
        let width = self.label.len();
        for (row, out) in self.time.chunks_exact(width).zip(self.out.chunks_exact_mut(width)) {
            for ((x, label), y) in row.iter().zip(self.label).zip(out) {
                *y = silu_of(*x + *label);
            }
        }
    }
}

#[cfg(test)]
mod tests;
