//! Attention between the tokens of one image, by heads of 16 values.
//!
//! Tolerance: against f64, 4e-6 of the largest value; between backends none: scores and outputs are sums in order of
//! their index, the softmax's sum is 16 partial sums folded halves onto halves.

use crate::kernels::lanes::LaneWork;
use crate::kernels::lanes::Lanes;
use crate::kernels::lanes::WIDTH;
use crate::kernels::lanes::fold;
use crate::kernels::maths::exponential;
use crate::kernels::maths::reciprocal;

/// Source of the kernel in WGSL.
pub(crate) const WGSL: &str = include_str!("attention.wgsl");
/// The kernel for 16 tokens on a processor that plays a device.
pub(crate) const UNROLLED_WGSL: &str = include_str!("unrolled.wgsl");

/// Values in a head.
pub const HEAD: usize = 16;
/// `1 / sqrt(HEAD)`: scale of the products before the softmax.
const SCALE: f32 = 0.25;

/// Attention over one image: `qkv` has a row a token (queries, keys, values of all heads), `out` a row a token;
/// `scratch` holds the keys of one head turned round and one row of scores: `17 * tokens` values.
///
/// # Panics
///
/// When the number of tokens is not a multiple of 16 or `scratch` is too short.
pub fn attention(lanes: Lanes, qkv: &[f32], out: &mut [f32], scratch: &mut [f32]) {
    let tokens = scratch.len() / (HEAD + 1);
    let width = out.len() / tokens;
    assert!(tokens.is_multiple_of(WIDTH) && width.is_multiple_of(HEAD));
    assert!(qkv.len() == 3 * out.len() && out.len() == tokens * width);
    let (keys, scores) = scratch.split_at_mut(tokens * HEAD);
    lanes.run(Heads { qkv, out, keys, scores });
}

struct Heads<'a> {
    qkv: &'a [f32],
    out: &'a mut [f32],
    keys: &'a mut [f32],
    scores: &'a mut [f32],
}

impl LaneWork for Heads<'_> {
    #[inline(always)]
    fn run(self) {
        let tokens = self.scores.len();
        let width = self.out.len() / tokens;
        for head in (0..width).step_by(HEAD) {
            for (token, row) in self.qkv.chunks_exact(3 * width).enumerate() {
                for (d, key) in row[width + head..][..HEAD].iter().enumerate() {
                    self.keys[d * tokens + token] = *key;
                }
            }
            let rows = self.qkv.chunks_exact(3 * width).zip(self.out.chunks_exact_mut(width));
            for (row, out) in rows {
                let inverse = softmax(&row[head..head + HEAD], self.keys, self.scores);
                let mix = mixed(&self.qkv[2 * width + head..], 3 * width, self.scores);
                for (y, sum) in out[head..head + HEAD].iter_mut().zip(mix) {
                    *y = sum * inverse;
                }
            }
        }
    }
}

/// Fills `scores` with `e^(s - max)`, gives one over their sum.
#[inline(always)]
fn softmax(query: &[f32], keys: &[f32], scores: &mut [f32]) -> f32 {
    let tokens = scores.len();
    let mut largest = [f32::MIN; WIDTH];
    for (chunk, start) in scores.chunks_exact_mut(WIDTH).zip((0..tokens).step_by(WIDTH)) {
        let mut sums = [0.0f32; WIDTH];
        for (q, keys) in query.iter().zip(keys.chunks_exact(tokens)) {
            for (sum, key) in sums.iter_mut().zip(&keys[start..start + WIDTH]) {
                *sum += q * key;
            }
        }
        for ((score, sum), largest) in chunk.iter_mut().zip(sums).zip(&mut largest) {
            *score = sum * SCALE;
            *largest = if *score > *largest { *score } else { *largest };
        }
    }
    let most = largest.iter().fold(f32::MIN, |a, b| if *b > a { *b } else { a });
    let mut partial = [0.0f32; WIDTH];
    for chunk in scores.chunks_exact_mut(WIDTH) {
        for (score, sum) in chunk.iter_mut().zip(&mut partial) {
            *score = exponential(*score - most);
            *sum += *score;
        }
    }
    reciprocal(fold(partial))
}

/// The values of one head, weighted by `scores`; `values` begins at the head's part of the first token's row.
#[inline(always)]
fn mixed(values: &[f32], stride: usize, scores: &[f32]) -> [f32; HEAD] {
    let mut sums = [0.0f32; HEAD];
    for (score, row) in scores.iter().zip(values.chunks(stride)) {
        for (sum, value) in sums.iter_mut().zip(&row[..HEAD]) {
            *sum += score * value;
        }
    }
    sums
}

#[cfg(test)]
mod tests;
