//! One Euler step of the flow: `x + v / steps`, where guidance mixes two velocities, `v = u + g (c - u)`.
//!
//! Tolerance: none. It is two to five operations, the same on every backend.

use crate::kernels::lanes::LaneWork;
use crate::kernels::lanes::Lanes;

/// Source of the kernel in WGSL.
pub(crate) const WGSL: &str = include_str!("sampler.wgsl");

/// Length of a step: one over their number.
pub(crate) fn step_length(steps: u32) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "steps are at most a few thousand")]
    let steps = steps as f32;
    1.0 / steps
}

/// Mixes the velocity `conditional` for a class with the `unconditional` one, in place.
pub fn guide(lanes: Lanes, conditional: &mut [f32], unconditional: &[f32], guidance: f32) {
    lanes.run(Guide { conditional, unconditional, guidance });
}

/// Moves `x` along `velocity`.
pub fn euler(lanes: Lanes, x: &mut [f32], velocity: &[f32], step: f32) {
    lanes.run(Euler { x, velocity, step });
}

struct Guide<'a> {
    conditional: &'a mut [f32],
    unconditional: &'a [f32],
    guidance: f32,
}

impl LaneWork for Guide<'_> {
    #[inline(always)]
    fn run(self) {
        for (c, u) in self.conditional.iter_mut().zip(self.unconditional) {
            *c = u + self.guidance * (*c - u);
        }
    }
}

struct Euler<'a> {
    x: &'a mut [f32],
    velocity: &'a [f32],
    step: f32,
}

impl LaneWork for Euler<'_> {
    #[inline(always)]
    fn run(self) {
        for (x, v) in self.x.iter_mut().zip(self.velocity) {
            *x += v * self.step;
        }
    }
}

#[cfg(test)]
mod tests;
