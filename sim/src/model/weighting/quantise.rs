//! Weights as the chain takes them: whole numbers up to 65535. Source: bittensor SDK, `convert_weights_and_uids_for_emit`.

use crate::base::ids::Uid;
use crate::base::math;

/// The largest weight the chain can hold. Source: bittensor SDK, `U16_MAX`.
const WEIGHT_MAX: f64 = 65_535.0;

/// The row as submitted: each weight over the largest times 65535, half to even, what rounds to 0 left out.
///
/// A weight that is not a number counts as 0; a row without weight is empty.
pub(crate) fn to_u16(weights: &[f64]) -> Vec<(Uid, u16)> {
    let positive = |weight: f64| if weight > 0.0 { weight } else { 0.0 };
    let largest = weights.iter().copied().map(positive).fold(0.0, f64::max);
    if largest <= 0.0 {
        return Vec::new();
    }
    let entry = |(index, weight): (usize, &f64)| {
        let whole = (positive(*weight) / largest * WEIGHT_MAX).round_ties_even();
        let whole =
            u16::try_from(math::trunc_to_u64(whole)).expect("no weight is above the largest");
        (whole > 0).then(|| (Uid::of(index), whole))
    };
    weights.iter().enumerate().filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_weight_becomes_the_largest_number() {
        assert_eq!(to_u16(&[0.25, 0.75, 0.0]), [(Uid(0), 21_845), (Uid(1), 65_535)]);
    }

    /// 0.5/65535 of the largest is half a unit: to even, 0, and dropped; 1.5 units become 2.
    #[test]
    fn halves_go_to_the_even_neighbour_and_zeros_are_dropped() {
        assert_eq!(
            to_u16(&[0.5, 1.5, 2.5, 65_535.0]),
            [(Uid(1), 2), (Uid(2), 2), (Uid(3), 65_535)]
        );
    }

    #[test]
    fn a_row_without_weight_is_empty() {
        assert_eq!(to_u16(&[]), []);
        assert_eq!(to_u16(&[0.0, f64::NAN]), []);
        assert_eq!(to_u16(&[f64::NAN, 1e-300]), [(Uid(1), 65_535)]);
    }
}
