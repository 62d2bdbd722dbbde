//! The exponential of many numbers side by side, to the bit of [`exp`](crate::fixed::exp).
//!
//! One exponential is a chain of 30 products and divisions, each waiting for the one before. [`LANES`] of them at once
//! fill the core, and as they are written without a word about vectors, the feature `simd` has them compiled for the
//! widest instructions that the machine has.

use crate::fixed::FRACTION;
use crate::fixed::I32F32;
use crate::fixed::exp;

/// Exponentials that are computed side by side. Source: ours, measured; fewer leave the core waiting.
pub(super) const LANES: usize = 32;
/// Largest size of an argument that the lanes take. Source: ours, what [`DIVISION`] is exact for.
const SIZE_MAX: u64 = 8 << FRACTION;
/// Last term of the series. Source: chain.md 2, `exp`.
const TERMS: u64 = 31;
/// Division by `i` is multiplication by `2^52 / i`, rounded up, and a shift: exact below `2^52 / i`.
///
/// Source: Granlund, Montgomery 1994, "Division by invariant integers using multiplication", theorem 4.2. No product is
/// above `8^8 / 7! * 2^32 < 2^44`, and 31 times that is below 2^52.
const DIVISION: u32 = 52;
/// Width of half a word. Source: ours, u64.
const HALF: u32 = 32;
/// Low half of a word.
const LOW: u64 = u32::MAX as u64;

/// Whether the lanes take these arguments; each of others has to be computed by itself.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it is compiled for the instructions of its caller")]
pub(super) fn are_small(arguments: &[I32F32; LANES]) -> bool {
    arguments.iter().fold(0, |most, x| x.bits().unsigned_abs().max(most)) <= SIZE_MAX
}

/// The exponentials of arguments that [`are_small`].
#[inline(always)]
#[expect(clippy::inline_always, reason = "it is compiled for the instructions of its caller")]
pub(super) fn exponentials(arguments: &[I32F32; LANES]) -> [I32F32; LANES] {
    let sums = series(&arguments.map(|x| x.bits().unsigned_abs()));
    let mut found = [I32F32::ZERO; LANES];
    for ((found, &x), &sum) in found.iter_mut().zip(arguments).zip(&sums) {
        *found = if x == I32F32::ONE {
            exp(x)
        } else if x < I32F32::ZERO {
            reciprocal(sum)
        } else {
            I32F32::from_bits(sum.cast_signed())
        };
    }
    found
}

/// `1 / (bits / 2^32)`, rounded toward zero, of a number of at least 1.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it is compiled for the instructions of its caller")]
pub(super) fn reciprocal(bits: u64) -> I32F32 {
    // 2^64 is one more than a word holds: only where it is divided without a rest is the quotient one more, too.
    let quotient = u64::MAX / bits + u64::from(bits.is_power_of_two());
    I32F32::from_bits(quotient.cast_signed())
}

/// The series `1 + y + y^2 / 2! + ...` with the chain's roundings, of numbers from 0 to 8.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it is compiled for the instructions of its caller")]
fn series(y: &[u64; LANES]) -> [u64; LANES] {
    let mut term = *y;
    let mut sum = y.map(|y| (1 << FRACTION) + y);
    for i in 2..=TERMS {
        let part = (1 << DIVISION) / i + 1;
        let (part_high, part_low) = (part >> HALF, part & LOW);
        for lane in 0..LANES {
            let product = product(term[lane], y[lane]);
            let (high, low) = (product >> HALF, product & LOW);
            let upper = ((high * part_high) << HALF) + high * part_low + low * part_high;
            term[lane] = (upper + ((low * part_low) >> HALF)) >> (DIVISION - HALF);
            sum[lane] += term[lane];
        }
    }
    sum
}

/// `floor(a * b / 2^32)` in products of half words, which vectors have.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it is compiled for the instructions of its caller")]
fn product(a: u64, b: u64) -> u64 {
    let (a_high, a_low, b_high, b_low) = (a >> HALF, a & LOW, b >> HALF, b & LOW);
    ((a_high * b_high) << HALF) + a_high * b_low + a_low * b_high + ((a_low * b_low) >> HALF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn assert_exact(arguments: [I32F32; LANES]) {
        assert!(are_small(&arguments));
        assert_eq!(exponentials(&arguments), arguments.map(exp));
    }

    #[test]
    fn the_edges_are_exact() {
        let edges = [0, 1, -1, 1 << 32, -(1 << 32), (1 << 32) + 1, (1 << 32) - 1, 5 << 32, 8 << 32];
        for edge in edges {
            assert_exact([I32F32::from_bits(edge); LANES]);
            assert_exact([I32F32::from_bits(-edge); LANES]);
        }
        assert!(!are_small(&[I32F32::from_bits((8 << 32) + 1); LANES]));
        assert!(!are_small(&[I32F32::from_bits(i64::MIN); LANES]));
    }

    #[test]
    fn a_reciprocal_is_the_chains_quotient() {
        for bits in
            [1u64 << 32, 1 << 33, (1 << 33) - 1, (1 << 33) + 1, 3 << 32, 1 << 44, u64::MAX >> 1]
        {
            let exact = I32F32::ONE.over(I32F32::from_bits(bits.cast_signed()));
            assert_eq!(reciprocal(bits), exact, "{bits}");
        }
    }

    proptest! {
        #[test]
        fn every_lane_is_exact(bits in prop::array::uniform32(-(8i64 << 32)..=8 << 32)) {
            assert_exact(bits.map(I32F32::from_bits));
        }
    }
}
