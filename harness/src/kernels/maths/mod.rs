//! Reciprocal, inverse square root, exponential and sigmoid from `+ - *` and integer operations alone.
//!
//! The shader beside this file states the mathematics; both do the same operations in the same order, so their bits
//! agree wherever a product and a sum are rounded as IEEE 754 says and are not contracted.

/// The functions as WGSL, to stand in front of a kernel.
pub(crate) const WGSL: &str = include_str!("maths.wgsl");

/// Bit pattern from which that of `y` is taken for a guess of `1 / y` good to 5 %.
/// Source: the piecewise linear guess with the least largest error after Newton steps, F. Lomont's method for `1/y`.
const RECIPROCAL_GUESS: u32 = 0x7ef1_27ea;
/// The same for `1 / sqrt(y)`, good to 3.5 %. Source: F. Lomont, "Fast inverse square root" (2003), the original value.
const INVERSE_ROOT_GUESS: u32 = 0x5f37_59df;
/// Arguments of the exponential are held within this on both sides: `e^-60` adds nothing to a sum of f32 that holds a 1,
/// and no result comes near the subnormal numbers, which devices may flush to zero.
const EXPONENT_LIMIT: f32 = 60.0;
/// `1 / ln 2`: from natural logarithms to those of base 2.
const LOG2_E: f32 = std::f32::consts::LOG2_E;
/// `ln 2` in two parts, the first with few enough bits that its product with a small integer is exact.
const LN_2: [f32; 2] = [0.693_359_4, -0.000_212_194_44];
/// `1/720, 1/120, 1/24, 1/6`: the Taylor coefficients of `e^r` for `|r| <= ln 2 / 2`, where the rest is below 2e-7.
const TAYLOR: [f32; 4] = [0.001_388_888_9, 0.008_333_334, 0.041_666_668, 0.166_666_67];
/// Bias and width of the fields of an f32.
const EXPONENT_BIAS: u32 = 127;
const FRACTION_BITS: u32 = 23;
/// `1.5 * 2^23`: a small number added to it is rounded to an integer, which then stands in the lowest bits.
const ROUNDER: f32 = 12_582_912.0;

/// `1 / y` for a normal positive `y` up to `1e37`.
#[inline(always)]
pub(crate) fn reciprocal(y: f32) -> f32 {
    let r0 = f32::from_bits(RECIPROCAL_GUESS.wrapping_sub(y.to_bits()));
    let r1 = r0 * (2.0 - y * r0);
    let r2 = r1 * (2.0 - y * r1);
    r2 * (2.0 - y * r2)
}

/// `1 / sqrt(y)` for a normal positive `y`.
#[inline(always)]
pub(crate) fn inverse_root(y: f32) -> f32 {
    let h = 0.5 * y;
    let r0 = f32::from_bits(INVERSE_ROOT_GUESS.wrapping_sub(y.to_bits() >> 1));
    let r1 = r0 * (1.5 - (h * r0) * r0);
    let r2 = r1 * (1.5 - (h * r1) * r1);
    r2 * (1.5 - (h * r2) * r2)
}

/// `e^x`, with `x` held in `-60.0..=60.0`.
#[inline(always)]
pub(crate) fn exponential(x: f32) -> f32 {
    let low = if x > -EXPONENT_LIMIT { x } else { -EXPONENT_LIMIT };
    let z = if low < EXPONENT_LIMIT { low } else { EXPONENT_LIMIT };
    let shifted = z * LOG2_E + ROUNDER;
    let nf = shifted - ROUNDER;
    let r = (z - nf * LN_2[0]) - nf * LN_2[1];
    let p5 = TAYLOR[0] * r + TAYLOR[1];
    let p4 = p5 * r + TAYLOR[2];
    let p3 = p4 * r + TAYLOR[3];
    let p2 = p3 * r + 0.5;
    let p1 = p2 * r + 1.0;
    let p0 = p1 * r + 1.0;
    p0 * f32::from_bits(shifted.to_bits().wrapping_add(EXPONENT_BIAS) << FRACTION_BITS)
}

/// The logistic function `1 / (1 + e^-x)`.
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    reciprocal(1.0 + exponential(-x))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative error allowed against f64: 3 units in the last place of an f32 (`2^-23`), for the rounding of the last
    /// few operations; the approximations themselves are below one.
    const RELATIVE: f64 = 4.0e-7;

    fn worst(f: impl Fn(f32) -> f32, exact: impl Fn(f64) -> f64, points: &[f32]) -> f64 {
        let error = |x: f32| (f64::from(f(x)) / exact(f64::from(x)) - 1.0).abs();
        points.iter().map(|x| error(*x)).fold(0.0, f64::max)
    }

    fn geometric() -> Vec<f32> {
        (0..40_000u16).map(|i| libm::exp2f(f32::from(i) / 250.0 - 80.0)).collect()
    }

    fn linear(limit: f32) -> Vec<f32> {
        (0..40_000u16).map(|i| (f32::from(i) / 20_000.0 - 1.0) * limit).collect()
    }

    #[test]
    fn reciprocal_is_within_the_tolerance_over_forty_decades() {
        assert!(worst(reciprocal, |y| 1.0 / y, &geometric()) < RELATIVE);
    }

    #[test]
    fn inverse_root_is_within_the_tolerance_over_forty_decades() {
        assert!(worst(inverse_root, |y| 1.0 / libm::sqrt(y), &geometric()) < RELATIVE);
    }

    #[test]
    fn exponential_is_within_the_tolerance_where_it_is_not_held() {
        assert!(worst(exponential, libm::exp, &linear(59.9)) < RELATIVE);
    }

    #[test]
    fn exponential_is_held_beyond_its_limits() {
        assert_eq!(exponential(-1e9).to_bits(), exponential(-60.0).to_bits());
        assert_eq!(exponential(1e9).to_bits(), exponential(60.0).to_bits());
        assert!(exponential(f32::NEG_INFINITY) > f32::MIN_POSITIVE);
    }

    #[test]
    fn sigmoid_is_within_the_tolerance_and_one_half_at_zero() {
        assert!(worst(sigmoid, |x| 1.0 / (1.0 + libm::exp(-x)), &linear(50.0)) < RELATIVE);
        assert!((sigmoid(0.0) - 0.5).abs() < 1e-7);
    }
}
