//! Normal deviates from a counter generator: the start of an image, and seeded weights.

use rand_chacha::ChaCha8Rng;
use rand_core::Rng;
use rand_core::SeedableRng;

/// Version of the derivation; changing it changes every image.
const LABEL: &[u8; 16] = b"assay images v1 ";
/// `2^-53`: the spacing of the uniform deviates.
const SPACING: f64 = 1.0 / 9_007_199_254_740_992.0;
/// Bits of a word that a uniform deviate leaves out.
const UNUSED_BITS: u32 = 11;

/// What the deviates are for: each use has a stream of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// The noise that an image starts from.
    Image,
    /// The tensor with this number.
    Tensor(usize),
}

impl Use {
    fn stream(self) -> u64 {
        match self {
            Self::Image => 0,
            Self::Tensor(index) => u64::try_from(index).expect("few tensors") + 1,
        }
    }
}

/// `count` standard normal deviates by Box and Muller's method, in `f64` with the maths of the `libm` crate, so that
/// they are the same on every machine.
#[must_use]
pub(crate) fn normal(seed: u64, purpose: Use, count: usize) -> Vec<f32> {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[16..].copy_from_slice(LABEL);
    let mut generator = ChaCha8Rng::from_seed(key);
    generator.set_stream(purpose.stream());
    let mut deviates = Vec::with_capacity(count + 1);
    while deviates.len() < count {
        let radius = libm::sqrt(-2.0 * libm::log(uniform(&mut generator)));
        let angle = std::f64::consts::TAU * uniform(&mut generator);
        deviates.push(single(radius * libm::cos(angle)));
        deviates.push(single(radius * libm::sin(angle)));
    }
    deviates.truncate(count);
    deviates
}

/// A uniform deviate in `(0, 1]`.
fn uniform(generator: &mut ChaCha8Rng) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit an f64")]
    let steps = ((generator.next_u64() >> UNUSED_BITS) + 1) as f64;
    steps * SPACING
}

#[expect(clippy::cast_possible_truncation, reason = "rounding to f32 is meant")]
fn single(x: f64) -> f32 {
    x as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_has_mean_zero_and_variance_one() {
        // 100,000 draws: standard errors 0.0032 and 0.0045; five of them is a false alarm below one in a million.
        let noise = normal(7, Use::Image, 100_000);
        let mean = noise.iter().map(|x| f64::from(*x)).sum::<f64>() / 1e5;
        let square = noise.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>() / 1e5;
        assert!(mean.abs() < 0.016 && (square - 1.0).abs() < 0.023, "{mean} {square}");
    }

    #[test]
    fn a_longer_draw_begins_as_the_shorter_one_and_seeds_and_uses_differ() {
        let bits = |x: &[f32]| x.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        let short = bits(&normal(1, Use::Image, 5));
        assert_eq!(bits(&normal(1, Use::Image, 64))[..5], short[..]);
        assert_ne!(bits(&normal(2, Use::Image, 5)), short);
        assert_ne!(bits(&normal(1, Use::Tensor(0), 5)), short);
    }

    #[test]
    fn noise_is_the_same_on_every_machine() {
        let bits: Vec<u32> = normal(1, Use::Image, 3).iter().map(|x| x.to_bits()).collect();
        assert_eq!(bits, PINNED);
    }

    /// The first three deviates of seed 1, as first drawn: a change here changes every receipt.
    const PINNED: [u32; 3] = [3_187_605_587, 1_068_948_036, 3_203_996_884];
}
