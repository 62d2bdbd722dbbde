//! Several mechanisms of one subnet (chain.md 13): what each gets of an epoch, and what their epochs give together.

use crate::wide::at_price;

/// Shares of the mechanisms that stand for the whole. Source: chain.md 13, `MechanismEmissionSplit`.
const WHOLE: u128 = u16::MAX as u128;
/// Fractional bits of U64F64. Source: chain.md 13, weight `w`.
const WEIGHT_FRACTION: u32 = 64;

/// What each of `count` mechanisms gets of an epoch's alpha \[rao\]: by shares \[1/65535\], of which missing ones are 0, or
/// else equally. What the floors leave goes to mechanism 0.
///
/// ```
/// assert_eq!(assay_chain::split_emission(100, 3, None), [34, 33, 33]);
/// assert_eq!(assay_chain::split_emission(65_535, 3, Some(&[40_000, 25_535])), [40_000, 25_535, 0]);
/// ```
///
/// # Panics
/// Only by a bug: a share is at most the whole.
#[must_use]
pub fn split_emission(alpha: u64, count: u8, shares: Option<&[u16]>) -> Vec<u64> {
    let share = |mechanism: usize| match shares {
        None => alpha / u64::from(count),
        Some(shares) => {
            let share = u128::from(shares.get(mechanism).copied().unwrap_or(0));
            u64::try_from(u128::from(alpha) * share / WHOLE).expect("a share is at most the whole")
        }
    };
    let mut parts: Vec<u64> = (0..usize::from(count)).map(share).collect();
    let given = parts.iter().fold(0u64, |sum, &part| sum.saturating_add(part));
    if let Some(first) = parts.first_mut() {
        *first = first.saturating_add(alpha.saturating_sub(given));
    }
    parts
}

/// The weight of a mechanism's part in what is common \[2^-64\]: of no alpha at all, the first has all of it.
#[must_use]
pub fn mechanism_weight(part: u64, alpha: u64, mechanism: usize) -> u128 {
    match (u128::from(part) << WEIGHT_FRACTION).checked_div(u128::from(alpha)) {
        Some(weight) => weight,
        None if mechanism == 0 => 1 << WEIGHT_FRACTION,
        None => 0,
    }
}

/// Adds what one mechanism's epoch gave, by its weight, to what is common: a sum that is floored after each mechanism, in
/// their order.
///
/// # Panics
/// If the lists differ in length.
pub fn add_weighted<T>(common: &mut [T], of_mechanism: &[T], weight: u128)
where
    T: Copy + Into<u64> + TryFrom<u64>,
{
    assert_eq!(common.len(), of_mechanism.len(), "every uid has both");
    for (sum, &value) in common.iter_mut().zip(of_mechanism) {
        // The sum so far is whole, so flooring the product is flooring the sum.
        let total = (*sum).into().saturating_add(at_price(value.into(), weight));
        *sum = T::try_from(total).unwrap_or(value);
    }
}
