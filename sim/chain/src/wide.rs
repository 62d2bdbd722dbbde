//! U96F32, the chain's number for money in parts (chain.md 2), and the division behind it.

use crate::fixed::FRACTION;

/// The u16 that stands for 1.0. Source: chain.md 1.
const U16_ONE: u128 = u16::MAX as u128;
/// Mask of the fractional bits. Source: chain.md 2, U96F32.
const FRACTION_MASK: u128 = (1 << FRACTION) - 1;

/// An unsigned number of 96 integer and 32 fractional bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct U96F32(u128);

impl U96F32 {
    /// Number of fractional bits of the type.
    pub const FRACTION: u32 = FRACTION;
    /// Zero, as a fixed-point number.
    pub const ZERO: Self = Self(0);
    /// One half, as a fixed-point number.
    pub(super) const HALF: Self = Self(1 << (FRACTION - 1));

    /// The number with these raw bits: `bits / 2^32`.
    #[must_use]
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// Its raw bits: 2^32 stand for 1.0.
    #[must_use]
    pub const fn bits(self) -> u128 {
        self.0
    }

    /// A whole number as a fixed-point number.
    pub(super) const fn whole(value: u64) -> Self {
        Self((value as u128) << FRACTION)
    }

    /// `div(k, 65535)`: 65535 is exactly 1.0.
    pub(super) const fn ratio(part: u16) -> Self {
        Self(((part as u128) << FRACTION) / U16_ONE)
    }

    /// Whole part, clamped to the integers of rao.
    pub(super) fn floor(self) -> u64 {
        u64::try_from(self.0 >> FRACTION).unwrap_or(u64::MAX)
    }

    /// Sum, clamped to the container.
    pub(super) const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Difference, not below 0.
    pub(super) const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Product, rounded down and clamped.
    pub(super) const fn times(self, other: Self) -> Self {
        let (whole, part) = (self.0 >> FRACTION, self.0 & FRACTION_MASK);
        let (other_whole, other_part) = (other.0 >> FRACTION, other.0 & FRACTION_MASK);
        let low = (part * other_whole).saturating_add((part * other_part) >> FRACTION);
        Self(whole.saturating_mul(other.0).saturating_add(low))
    }

    /// Quotient, rounded down; 0 for a zero divisor or an overflow (`safe_div`).
    pub(super) fn over(self, divisor: Self) -> Self {
        quotient(self.0, divisor.0).map_or(Self::ZERO, Self)
    }
}

/// Fractional bits of U64F64, the chain's number for prices. Source: chain.md 7.2 and 12.2.
const PRICE_FRACTION: u32 = 64;

/// `floor(amount * price)` for a price in U64F64, clamped to the integers of rao.
pub(super) fn at_price(amount: u64, price: u128) -> u64 {
    let (whole, part) = (price >> PRICE_FRACTION, price & u128::from(u64::MAX));
    let amount = u128::from(amount);
    let product = (amount * whole).saturating_add((amount * part) >> PRICE_FRACTION);
    u64::try_from(product).unwrap_or(u64::MAX)
}

/// `floor(amount / price)` for a price in U64F64, clamped to the integers of rao; 0 where the price is 0.
pub(super) fn bought_at(amount: u64, price: u128) -> u64 {
    let bought = (u128::from(amount) << PRICE_FRACTION).checked_div(price).unwrap_or(0);
    u64::try_from(bought).unwrap_or(u64::MAX)
}

/// `k / 65535` in U64F64, rounded down.
pub(super) const fn price_ratio(part: u16) -> u128 {
    ((part as u128) << PRICE_FRACTION) / U16_ONE
}

/// `floor(part * 2^32 / total)`, none where the total is 0 or the quotient does not fit.
pub(super) fn quotient(part: u128, total: u128) -> Option<u128> {
    if part.leading_zeros() >= FRACTION {
        return (part << FRACTION).checked_div(total);
    }
    let (whole, mut rest) = (part.checked_div(total)?, part % total);
    let mut fraction = 0;
    for _ in 0..FRACTION {
        let overflows = rest > u128::MAX >> 1;
        rest <<= 1;
        fraction <<= 1;
        if overflows || rest >= total {
            rest = rest.wrapping_sub(total);
            fraction |= 1;
        }
    }
    (whole.leading_zeros() >= FRACTION).then_some((whole << FRACTION) | fraction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_zero_divisor_and_an_overflow_give_zero() {
        assert_eq!(U96F32::whole(3).over(U96F32::ZERO), U96F32::ZERO);
        assert_eq!(U96F32(u128::MAX).over(U96F32(1)), U96F32::ZERO);
        assert_eq!(U96F32(u128::MAX).over(U96F32(u128::MAX)).bits(), 1 << 32);
    }

    #[test]
    fn the_owner_cut_is_not_quite_eighteen_percent() {
        // 11796 * 2^32 / 65535 = 773074452.4
        assert_eq!(U96F32::ratio(11_796).bits(), 773_074_452);
    }

    #[test]
    fn prices_are_floored_and_clamped() {
        let fiftieth = (1 << 64) / 50;
        // chain.md 12.2: 1e10 rao at floor(0.02 * 2^64) are 199,999,999.
        assert_eq!(at_price(10_000_000_000, fiftieth), 199_999_999);
        assert_eq!(at_price(u64::MAX, u128::MAX), u64::MAX);
        assert_eq!((bought_at(5, 0), bought_at(5, 1), bought_at(5, 2 << 64)), (0, u64::MAX, 2));
        assert_eq!(at_price(u64::MAX, price_ratio(u16::MAX)), u64::MAX);
    }

    proptest! {
        #[test]
        fn a_price_of_any_size_floors(amount: u64, price: u128) {
            // In halves: (2^64 w + p) a / 2^64 = w a + floor(p a / 2^64).
            let (whole, part) = (price >> 64, price & u128::from(u64::MAX));
            let exact = (u128::from(amount) * whole).checked_add((u128::from(amount) * part) >> 64);
            let held = exact.and_then(|exact| u64::try_from(exact).ok()).unwrap_or(u64::MAX);
            prop_assert_eq!(at_price(amount, price), held);
            prop_assert!(u128::from(at_price(amount, price_ratio(40_000))) <= u128::from(amount) * 40_000 / 65_535);
        }

        #[test]
        fn long_division_agrees_with_the_short_one(part in 0..u128::MAX >> 32, scale in 0u32..=32, total in 1u128..) {
            // Multiplying part and total by the same power of two changes no quotient.
            let total = (total >> 32).max(1);
            let short = (part << 32) / total;
            prop_assert_eq!(quotient(part, total), Some(short));
            let long = quotient(part << scale, total << scale);
            prop_assert!(long == Some(short) || (long.is_none() && short >> 96 > 0));
        }

        #[test]
        fn products_are_floored(a: u64, b: u64) {
            let exact = (u128::from(a) * u128::from(b)) >> 32;
            prop_assert_eq!(U96F32(u128::from(a)).times(U96F32(u128::from(b))).bits(), exact);
        }
    }
}
