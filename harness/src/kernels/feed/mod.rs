//! The feed-forward half of a block in one kernel: layer norm, two layers, the activation between them, the residual.
//!
//! The CPU reference is that of its parts, one after the other. Tolerance: against f64 that of the parts; between
//! backends and against the parts on their own none, since the order of every sum is theirs.

use crate::kernels::activation;
use crate::kernels::layer_norm;
use crate::kernels::maths;
use crate::kernels::unroll::unroll;

/// Source of the kernel in WGSL.
const WGSL: &str = include_str!("feed.wgsl");

/// The kernel's whole text but the interface.
pub(crate) fn text() -> String {
    [maths::WGSL, activation::WGSL, layer_norm::FOLD_WGSL, &unroll(WGSL, &[])].join("\n")
}

#[cfg(test)]
mod tests;
