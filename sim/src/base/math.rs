//! The only door to transcendental functions: `libm`, pinned, the same bits on every platform.
//!
//! The platform's own mathematics differs in the last bit between systems, and cargo's feature unification can switch
//! a dependency's maths without a word; so the simulation path calls these and nothing else.

/// e to the power `x`.
pub(crate) fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// Natural logarithm of `x`.
pub(crate) fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// `x` to the power `y`.
pub(crate) fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Sine of `x` [rad].
#[cfg(test)]
pub(crate) fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of `x` [rad].
pub(crate) fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Euler's gamma function of `x`: the factorial of `x - 1`.
pub(crate) fn gamma(x: f64) -> f64 {
    libm::tgamma(x)
}

/// A count as a float: exact up to 2^53, nearest above.
#[expect(clippy::cast_precision_loss, reason = "nearest float, as documented; the one place")]
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}

/// A length or index as a float: exact up to 2^53.
pub(crate) fn float_len(length: usize) -> f64 {
    float(u64::try_from(length).expect("a length fits 64 bits"))
}

/// `part / whole`, none when the whole is 0.
pub(crate) fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| float(part) / float(whole))
}

/// A small signed amount as a float.
#[expect(clippy::cast_precision_loss, reason = "a remainder is a few rao an epoch")]
pub(crate) fn signed(rao: i64) -> f64 {
    rao as f64
}

/// The nearest whole number, halves away from zero; below zero gives 0, above `u64::MAX` gives that.
///
/// # Panics
/// When `x` is not a number: a NaN is a bug at its birth.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturating, as documented; the one place"
)]
pub(crate) fn round_to_u64(x: f64) -> u64 {
    assert!(!x.is_nan(), "a time or an amount is not a number");
    (x + 0.5) as u64
}

/// The whole part; below zero gives 0, above `u64::MAX` gives that.
///
/// # Panics
/// When `x` is not a number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturating, as documented; the one place"
)]
pub(crate) fn trunc_to_u64(x: f64) -> u64 {
    assert!(!x.is_nan(), "a time or an amount is not a number");
    x as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pinned bits: another libm, or a switch to the platform's, fails here first.
    #[test]
    fn the_bits_of_the_functions_are_pinned() {
        assert_eq!(exp(1.0).to_bits(), 0x4005_bf0a_8b14_576a);
        assert_eq!(ln(10.0).to_bits(), 0x4002_6bb1_bbb5_5516);
        assert_eq!(pow(0.5, 0.1).to_bits(), 0x3fed_db68_0117_ab12);
        assert_eq!(gamma(0.5).to_bits(), 0x3ffc_5bf8_91b4_ef6a);
        assert_eq!(cos(1.0).to_bits(), 0x3fe1_4a28_0fb5_068c);
    }

    #[test]
    fn rounding_saturates_at_both_ends() {
        assert_eq!(round_to_u64(-3.0), 0);
        assert_eq!(round_to_u64(2.5), 3);
        assert_eq!(round_to_u64(f64::INFINITY), u64::MAX);
        assert_eq!(trunc_to_u64(2.9), 2);
    }

    #[test]
    #[should_panic(expected = "not a number")]
    fn a_nan_is_refused_at_birth() {
        round_to_u64(f64::NAN);
    }
}
