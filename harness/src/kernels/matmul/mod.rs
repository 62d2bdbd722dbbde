//! A dense layer: `y = x w + b`, each sum in order of the inner index, started at zero, the bias added last.
//!
//! Tolerance: against f64, `inner * 2^-23` of the sum of absolute products (the bound of a sequential sum, doubled);
//! between backends none, since the order is the same whatever the tile.

use crate::kernels::lanes::LaneWork;
use crate::kernels::lanes::Lanes;

/// The kernel that shares nothing between invocations.
pub(crate) const TILED_WGSL: &str = include_str!("tiled.wgsl");
/// The kernel that shares rows and has no loops.
pub(crate) const UNROLLED_WGSL: &str = include_str!("unrolled.wgsl");
/// The kernel that shares parts of both factors in a workgroup.
pub(crate) const SHARED_WGSL: &str = include_str!("shared.wgsl");
/// What becomes of a sum, for either kernel.
pub(crate) const ENDING_WGSL: &str = include_str!("ending.wgsl");

/// Rows and columns of a tile held in registers.
const TILE_ROWS: usize = 8;
const TILE_COLUMNS: usize = 16;
/// Columns of the narrowest layer supported: a patch.
const NARROW_COLUMNS: usize = 4;

/// A dense layer's parameters.
#[derive(Clone, Copy, Debug)]
pub struct Dense<'a> {
    /// `inner` rows of `columns` values.
    pub weight: &'a [f32],
    /// The bias: `columns` values, one a column.
    pub bias: &'a [f32],
}

/// Rows that a kernel writes: `stride` values apart, from `offset` in each.
#[derive(Debug)]
pub struct MatmulTarget<'a> {
    /// The values of all rows, one after the other.
    pub values: &'a mut [f32],
    /// Distance from one row to the next \[values\].
    pub stride: usize,
    /// Where a row's first value stands \[values\].
    pub offset: usize,
}

impl<'a> MatmulTarget<'a> {
    /// Whole rows of `columns` values.
    pub fn whole(values: &'a mut [f32], columns: usize) -> Self {
        Self { values, stride: columns, offset: 0 }
    }
}

impl Dense<'_> {
    /// Applies the layer to `x`, rows of `inner` values.
    ///
    /// # Panics
    ///
    /// When the number of columns is not a multiple of 4 or the sizes do not fit one another.
    pub fn apply(self, lanes: Lanes, x: &[f32], out: MatmulTarget<'_>) {
        let columns = self.bias.len();
        let inner = self.weight.len() / columns;
        assert!(inner * columns == self.weight.len() && x.len().is_multiple_of(inner));
        assert!(columns.is_multiple_of(NARROW_COLUMNS) && out.offset + columns <= out.stride);
        assert!(out.values.len() >= x.len() / inner * out.stride);
        lanes.run(MatmulRows { dense: self, x, out });
    }
}

struct MatmulRows<'a> {
    dense: Dense<'a>,
    x: &'a [f32],
    out: MatmulTarget<'a>,
}

impl LaneWork for MatmulRows<'_> {
    #[inline(always)]
    fn run(mut self) {
        if self.dense.bias.len().is_multiple_of(TILE_COLUMNS) {
            rows::<TILE_COLUMNS>(self.dense, self.x, &mut self.out);
        } else {
            rows::<NARROW_COLUMNS>(self.dense, self.x, &mut self.out);
        }
    }
}

#[inline(always)]
fn rows<const C: usize>(dense: Dense<'_>, x: &[f32], out: &mut MatmulTarget<'_>) {
    let inner = dense.weight.len() / dense.bias.len();
    let (stride, offset) = (out.stride, out.offset);
    let tiles = x.chunks(TILE_ROWS * inner).zip(out.values.chunks_mut(TILE_ROWS * stride));
    for (x, values) in tiles {
        if x.len() == TILE_ROWS * inner {
            stripe::<TILE_ROWS, C>(dense, x, &mut MatmulTarget { values, stride, offset });
        } else {
            for (x, values) in x.chunks_exact(inner).zip(values.chunks_mut(stride)) {
                stripe::<1, C>(dense, x, &mut MatmulTarget { values, stride, offset });
            }
        }
    }
}

/// All columns of `R` rows.
#[inline(always)]
fn stripe<const R: usize, const C: usize>(dense: Dense<'_>, x: &[f32], out: &mut MatmulTarget<'_>) {
    let columns = dense.bias.len();
    for column in (0..columns).step_by(C) {
        let sums = tile::<R, C>(x, dense.weight, columns, column);
        let bias = &dense.bias[column..column + C];
        for (row, sums) in sums.iter().enumerate() {
            let start = row * out.stride + out.offset + column;
            let place = &mut out.values[start..start + C];
            for ((y, sum), b) in place.iter_mut().zip(sums).zip(bias) {
                *y = sum + b;
            }
        }
    }
}

/// The sums of `R` rows and `C` columns from `column` on.
#[inline(always)]
fn tile<const R: usize, const C: usize>(
    x: &[f32],
    weight: &[f32],
    columns: usize,
    column: usize,
) -> [[f32; C]; R] {
    let inner = x.len() / R;
    let mut rows = [&x[..inner]; R];
    for (r, row) in rows.iter_mut().enumerate() {
        *row = &x[r * inner..][..inner];
    }
    let mut sums = [[0.0f32; C]; R];
    for (k, weights) in weight.chunks_exact(columns).take(inner).enumerate() {
        let weights = &weights[column..column + C];
        for (row, sums) in rows.iter().zip(&mut sums) {
            let a = row[k];
            for (sum, w) in sums.iter_mut().zip(weights) {
                *sum += a * w;
            }
        }
    }
    sums
}

/// Adds what a layer gives to the residual stream, row by row, weighted by the image's `gate`.
pub fn add_gated(lanes: Lanes, stream: &mut [f32], y: &[f32], gate: &[f32]) {
    lanes.run(Gated { stream, y, gate });
}

struct Gated<'a> {
    stream: &'a mut [f32],
    y: &'a [f32],
    gate: &'a [f32],
}

impl LaneWork for Gated<'_> {
    #[inline(always)]
    fn run(self) {
        let width = self.gate.len();
        for (h, y) in self.stream.chunks_exact_mut(width).zip(self.y.chunks_exact(width)) {
            for ((h, y), gate) in h.iter_mut().zip(y).zip(self.gate) {
                *h += gate * y;
            }
        }
    }
}

#[cfg(test)]
mod tests;
