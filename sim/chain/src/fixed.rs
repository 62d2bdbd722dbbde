//! I32F32, the chain's number for every epoch vector and matrix, with the chain's rounding (chain.md 2).

/// Fractional bits of I32F32, U96F32 and I96F32. Source: chain.md 2, table of types.
pub(super) const FRACTION: u32 = 32;
/// The u16 that stands for 1.0. Source: chain.md 1.
const U16_ONE: u16 = u16::MAX;
/// Left shift that puts the top bit of a divisor at bit 62, so that a remainder below two divisors still fits in a word.
/// Source: ours, [`PartOf`] explains it.
const SPARE_BITS: u32 = 1;
/// Width of a machine word. Source: ours, u64.
const WORD: u32 = 64;

/// A signed number of 32 integer and 32 fractional bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct I32F32(i64);

impl I32F32 {
    /// Zero, as a fixed-point number.
    pub const ZERO: Self = Self(0);
    /// One, as a fixed-point number.
    pub const ONE: Self = Self(1 << FRACTION);
    /// One half, as a fixed-point number.
    pub(super) const HALF: Self = Self(1 << (FRACTION - 1));

    /// The number with these raw bits: `bits / 2^32`.
    #[must_use]
    pub const fn from_bits(bits: i64) -> Self {
        Self(bits)
    }

    /// Its raw bits: 2^32 stand for 1.0.
    #[must_use]
    pub const fn bits(self) -> i64 {
        self.0
    }

    /// A whole number as a fixed-point number.
    pub(super) const fn whole(value: i32) -> Self {
        Self((value as i64) << FRACTION)
    }

    /// The integer of a stored weight or bond.
    pub(super) const fn stored(value: u16) -> Self {
        Self((value as i64) << FRACTION)
    }

    /// `ratio(k) = trunc(k * 2^32 / 65535)`: 65535 is exactly 1.0.
    pub(super) const fn ratio(part: u16) -> Self {
        Self(((part as i64) << FRACTION) / U16_ONE as i64)
    }

    /// Clamps a wide intermediate to the container.
    fn clamp_wide(wide: i128) -> Self {
        Self(i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX }))
    }

    /// Sum, clamped to the container.
    pub(super) const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Difference, clamped to the container.
    pub(super) const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Product, rounded toward minus infinity and clamped.
    pub(super) fn times(self, other: Self) -> Self {
        Self::clamp_wide((i128::from(self.0) * i128::from(other.0)) >> FRACTION)
    }

    /// Product of two numbers of `0.0..=1.0`: [`times`](Self::times) without sign and clamp, for the inner loops.
    #[inline]
    pub(super) fn times_unit(self, other: Self) -> Self {
        debug_assert!(self.is_unit() && other.is_unit(), "{self:?} and {other:?} are in 0..=1");
        let product = u128::from(self.0.cast_unsigned()) * u128::from(other.0.cast_unsigned());
        Self(low_word(product >> FRACTION).cast_signed())
    }

    /// Sum that cannot overflow: both are bonds, weights or shares, and at most as many as there are cells are summed.
    #[inline]
    pub(super) fn plus_small(self, other: Self) -> Self {
        debug_assert!(self.0.checked_add(other.0).is_some(), "{self:?} and {other:?} are small");
        Self(self.0.wrapping_add(other.0))
    }

    /// Quotient, rounded toward zero and clamped; 0 for a zero divisor.
    pub(super) fn over(self, divisor: Self) -> Self {
        if divisor.0 == 0 {
            return Self::ZERO;
        }
        Self::clamp_wide((i128::from(self.0) << FRACTION) / i128::from(divisor.0))
    }

    /// The number, held inside `low..=high`; `low` is looked at first where the two cross.
    pub(super) fn held(self, low: Self, high: Self) -> Self {
        if self < low {
            low
        } else if self > high {
            high
        } else {
            self
        }
    }

    /// Whether the number is in `0.0..=1.0`.
    pub(super) const fn is_unit(self) -> bool {
        0 <= self.0 && self.0 <= Self::ONE.0
    }

    /// `prop_u16`: a proportion as u16, floored and clamped, so that 0.99999 gives 65534.
    #[must_use]
    pub fn to_u16(self) -> u16 {
        let unit = self.held(Self::ZERO, Self::ONE).0;
        u16::try_from((unit * i64::from(U16_ONE)) >> FRACTION).unwrap_or(U16_ONE)
    }

    /// Nearest whole number, halves away from zero, as u16; the number is not negative.
    pub(super) fn rounded_u16(self) -> u16 {
        u16::try_from(self.plus(Self::HALF).0 >> FRACTION).unwrap_or(U16_ONE)
    }

    /// `floor(self * amount)` for a share of `0.0..=1.0`.
    pub(super) fn of_amount(self, amount: u64) -> u64 {
        debug_assert!(self.is_unit(), "{self:?} is in 0..=1");
        low_word((u128::from(self.0.cast_unsigned()) * u128::from(amount)) >> FRACTION)
    }
}

/// A plain sum: it cannot overflow on valid inputs (chain.md 2), and clamps on others as the chain's own column sums do.
impl std::iter::Sum for I32F32 {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::ZERO, Self::plus)
    }
}

/// The low word of a number that fits in it.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "the callers bound the number; debug builds check it"
)]
pub(super) fn low_word(wide: u128) -> u64 {
    debug_assert!(wide <= u128::from(u64::MAX), "{wide} fits in a word");
    wide as u64
}

/// Division by a total that stays the same over many parts: `trunc(part * 2^32 / total)` for `0 <= part <= total`.
///
/// With the total shifted left until its top bit is bit 62, `factor = floor((2^126 - 1) / total)` has 64 bits. Then
/// `floor(part * factor / 2^94)` falls short of the quotient by less than `1 + 2^-31`, so by 0 or 1, and one comparison
/// of the remainder settles which. Two multiplications replace a division.
#[derive(Clone, Copy, Debug)]
pub(super) struct PartOf {
    /// Left shift that normalises total and part.
    shift: u32,
    /// The total, shifted [2^-(32 + shift)].
    total: u64,
    /// `floor((2^126 - 1) / total)`; 0 beside the largest total where the total is 0.
    factor: u64,
}

impl PartOf {
    /// Prepares the division by `total >= 0`. A zero total has only zero parts, and they give 0.
    pub(super) fn new(total: I32F32) -> Self {
        Self::of_bits(total.0.cast_unsigned())
    }

    /// The same for integers: `total < 2^63`.
    pub(super) fn of_bits(total: u64) -> Self {
        debug_assert!(total <= i64::MAX.cast_unsigned(), "the total {total} has at most 63 bits");
        if total == 0 {
            return Self { shift: 0, total: u64::MAX, factor: 0 };
        }
        let shift = total.leading_zeros() - SPARE_BITS;
        let total = total << shift;
        let numerator = u128::MAX >> 2;
        Self { shift, total, factor: low_word(numerator / u128::from(total)) }
    }

    /// `part / total`, rounded toward zero.
    #[inline]
    pub(super) fn share(self, part: I32F32) -> I32F32 {
        self.share_bits(part.0.cast_unsigned())
    }

    /// The same for an integer part.
    #[inline]
    pub(super) fn share_bits(self, part: u64) -> I32F32 {
        let part = part << self.shift;
        debug_assert!(part <= self.total, "the part {part} is at most the total {}", self.total);
        let product = u128::from(part) * u128::from(self.factor);
        let quotient = low_word(product >> WORD) >> (FRACTION - 2);
        let remainder = (part << FRACTION).wrapping_sub(quotient.wrapping_mul(self.total));
        let quotient = quotient + u64::from(remainder >= self.total);
        I32F32(quotient.cast_signed())
    }
}

/// Divides each number by the sum of all; a sum of 0 leaves them as they are.
pub(super) fn normalise(numbers: &mut [I32F32]) {
    let total: I32F32 = numbers.iter().copied().sum();
    if total > I32F32::ZERO {
        let part = PartOf::new(total);
        for number in numbers {
            *number = part.share(*number);
        }
    }
}

/// Bits of `e` at 23 fractional bits: what the chain's `exp(1)` gives. Source: chain.md 2, `exp`.
const EXP_ONE: I32F32 = I32F32(11_674_931_200);
/// Last term of the exponential series. Source: chain.md 2, `exp`.
const EXP_TERMS: i64 = 31;
/// Largest argument that `exp_safe` lets through. Source: chain.md 2, `exp_safe`.
const EXP_LIMIT: i32 = 20;

/// `exp_safe`: the exponential by its series, argument held in `-20..=20`.
pub(super) fn exp(x: I32F32) -> I32F32 {
    let limit = I32F32::whole(EXP_LIMIT);
    // Both terms and result are below e^20 * 2^32 < 2^61: the series does not fail.
    series(x.held(I32F32::whole(-EXP_LIMIT), limit)).unwrap_or(I32F32::ZERO)
}

/// The exponential as runtimes before 365 take it (chain.md 11.6): of any argument, and 0 where the series overflows.
pub(super) fn exp_unheld(x: I32F32) -> I32F32 {
    series(x).unwrap_or(I32F32::ZERO)
}

/// The series of the exponential, none where a step of it does not fit.
fn series(x: I32F32) -> Option<I32F32> {
    if x == I32F32::ZERO {
        return Some(I32F32::ONE);
    }
    if x == I32F32::ONE {
        return Some(EXP_ONE);
    }
    let y = x.0.checked_abs()?;
    let (mut result, mut term) = (I32F32::ONE.0.checked_add(y)?, y);
    for i in 2..=EXP_TERMS {
        term = i64::try_from((i128::from(term) * i128::from(y)) >> FRACTION).ok()? / i;
        result = result.checked_add(term)?;
    }
    let result = I32F32(result);
    Some(if x < I32F32::ZERO { I32F32::ONE.over(result) } else { result })
}

/// Scales a submitted row of (uid, weight) in place to what is stored: its largest weight becomes 65535 (chain.md 6.1,
/// `max_upscale_u16`).
///
/// ```
/// let mut row = [(3, 1), (4, 2), (5, 3)];
/// assay_chain::max_upscale(&mut row);
/// assert_eq!(row, [(3, 21_845), (4, 43_690), (5, 65_535)]);
/// ```
pub fn max_upscale(row: &mut [(u16, u16)]) {
    let max = row.iter().map(|&(_, value)| value).max().unwrap_or(0);
    // The quotient 65535 / 65535 is exactly 1: nothing would change.
    if max == 0 || max == U16_ONE {
        return;
    }
    // All of this is below 2^63: no clamp acts.
    let (one, max, large) = (u64::from(U16_ONE), u64::from(max), max > UPSCALE_SWITCH);
    let factor = (one << FRACTION) / max;
    for (_, value) in row {
        let given = u64::from(*value);
        let scaled = if large { given * factor } else { ((given * one) << FRACTION) / max };
        *value = I32F32(scaled.cast_signed()).rounded_u16();
    }
}

/// The same for shares of `0.0..=1.0`, as pruning scores are made of them (chain.md 11.3).
pub(super) fn upscale_shares(shares: impl Iterator<Item = I32F32> + Clone, scaled: &mut Vec<u16>) {
    scaled.clear();
    let max = shares.clone().max().unwrap_or(I32F32::ZERO);
    let one = i64::from(U16_ONE);
    // A share is at most 1, so the product is below 2^48 and the quotient at most 65535.
    let scale = |share: I32F32| I32F32(share.0 * one).over(max).rounded_u16();
    scaled.extend(shares.map(|share| if max == I32F32::ZERO { 0 } else { scale(share) }));
}

/// Largest maximum that is scaled by multiplying first. Source: chain.md 6.1, max-upscale.
const UPSCALE_SWITCH: u16 = 32_768;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn products_round_toward_minus_infinity_and_quotients_toward_zero() {
        let (one_bit, half) = (I32F32(1), I32F32::HALF);
        assert_eq!(one_bit.times(half), I32F32(0));
        assert_eq!(I32F32(-1).times(half), I32F32(-1));
        assert_eq!(I32F32(-1).over(I32F32::whole(2)), I32F32(0));
        assert_eq!(I32F32(i64::MAX).times(I32F32::whole(2)), I32F32(i64::MAX));
        assert_eq!(I32F32::whole(7).over(I32F32::ZERO), I32F32::ZERO);
    }

    #[test]
    fn ratios_and_proportions_are_those_of_the_specification() {
        assert_eq!(I32F32::ratio(u16::MAX), I32F32::ONE);
        assert_eq!(I32F32::ratio(32_767).bits(), 2_147_450_879);
        assert_eq!(I32F32(4_294_967_295).to_u16(), 65_534);
        assert_eq!(I32F32::whole(3).to_u16(), 65_535);
        assert_eq!(I32F32(-5).to_u16(), 0);
    }

    #[test]
    fn the_exponential_has_its_step_at_one() {
        // e = 2.718281828459045; times 2^32 = 11674931554.3, cut to 23 fractional bits = 11674931200.
        assert_eq!(exp(I32F32::ONE).bits(), 11_674_931_200);
        // One bit beside 1 the series is used: within its 30 truncations of the true value.
        let beside = exp(I32F32(I32F32::ONE.0 + 1)).bits();
        assert!((11_674_931_500..11_674_931_560).contains(&beside), "{beside}");
        assert_eq!(exp(I32F32::ZERO), I32F32::ONE);
        assert_eq!(exp(I32F32::whole(30)), exp(I32F32::whole(20)));
        assert_eq!(exp(I32F32::whole(-30)), exp(I32F32::whole(-20)));
    }

    #[test]
    fn without_bounds_the_exponential_of_much_is_nothing() {
        // At 20.5 the largest term, 7.1e7, times 20.5 still fits in 2^31; at 21 the 1.1e8 times 21 do not.
        let above = I32F32(41 << (FRACTION - 1));
        assert!(exp_unheld(above) > exp(above) && exp(above) == exp(I32F32::whole(20)));
        for far in [-30_000, -22, 21, 22, 164, i32::MAX] {
            assert_eq!(exp_unheld(I32F32::whole(far)), I32F32::ZERO, "e^{far}");
        }
        assert_eq!(exp_unheld(I32F32(i64::MIN)), I32F32::ZERO);
        for near in [-20, -1, 0, 1, 2, 20] {
            assert_eq!(exp_unheld(I32F32::whole(near)), exp(I32F32::whole(near)), "e^{near}");
        }
    }

    #[test]
    fn scores_are_shares_of_the_largest() {
        let mut scores = Vec::new();
        let share = |bits: i64| I32F32(bits);
        // A third and two thirds of the largest: 21845 and 43690; a half of a unit rounds away from 0.
        upscale_shares([1, 2, 3].map(share).into_iter(), &mut scores);
        assert_eq!(scores, [21_845, 43_690, 65_535]);
        upscale_shares([1 << 32, 1 << 31, 0].map(share).into_iter(), &mut scores);
        assert_eq!(scores, [65_535, 32_768, 0]);
        upscale_shares([0, 0].map(share).into_iter(), &mut scores);
        assert_eq!(scores, [0, 0]);
    }

    #[test]
    fn upscaling_gives_the_figures_of_the_specification() {
        for (given, expected) in [
            (vec![43_690, 21_845], vec![65_535, 32_768]),
            (vec![1, 2, 3], vec![21_845, 43_690, 65_535]),
            (vec![10, 7, 3, 1], vec![65_535, 45_875, 19_661, 6_554]),
            (vec![32_768, 1, 16_384], vec![65_535, 2, 32_768]),
            (vec![32_769, 16_385, 1], vec![65_535, 32_768, 2]),
            (vec![40_000, 39_999, 20_000, 7], vec![65_535, 65_533, 32_767, 11]),
            (vec![0, 0], vec![0, 0]),
            (vec![65_535, 1, 9], vec![65_535, 1, 9]),
            (vec![], vec![]),
        ] {
            let mut row: Vec<(u16, u16)> = given.iter().map(|&value| (7, value)).collect();
            max_upscale(&mut row);
            let values: Vec<u16> = row.iter().map(|&(_, value)| value).collect();
            assert_eq!(values, expected, "{given:?}");
        }
    }

    proptest! {
        #[test]
        fn part_of_is_the_exact_quotient(total in 1..=i64::MAX.cast_unsigned(), bits in 0u32..63, part: u64) {
            let total = (total >> bits).max(1);
            let part = part % (total + 1);
            let exact = (u128::from(part) << 32) / u128::from(total);
            for (part, exact) in [(part, exact), (total, 1 << 32), (0, 0)] {
                prop_assert_eq!(PartOf::of_bits(total).share_bits(part).bits(), i64::try_from(exact).unwrap());
            }
        }
    }
}
