//! The halves of a block, each in one kernel: attention with the layers around it, and the feed-forward layers.
//!
//! The CPU reference is that of their parts, one after the other: layer norm, dense layers, attention, the activation
//! and the gated residual. Tolerance: against f64 that of the parts; between backends and against the parts on their own
//! none, since the order of every sum is theirs.

use crate::kernels::activation;
use crate::kernels::layer_norm;
use crate::kernels::maths;
use crate::kernels::unroll::unroll;

/// What both kernels have in common.
const PARTS_WGSL: &str = include_str!("parts.wgsl");
/// Layer norm, queries, keys and values, attention, its layer and the residual.
pub(crate) const MIXING_WGSL: &str = include_str!("mixing.wgsl");
/// Layer norm, the layer to hidden values, its activation, the layer back and the residual.
pub(crate) const FEED_WGSL: &str = include_str!("feed.wgsl");

/// The whole text of one of them but the interface.
pub(crate) fn text(main: &str) -> String {
    let own = unroll(&[PARTS_WGSL, main].join("\n"), &[]);
    [maths::WGSL, activation::WGSL, layer_norm::FOLD_WGSL, &own].join("\n")
}

#[cfg(test)]
mod tests;
