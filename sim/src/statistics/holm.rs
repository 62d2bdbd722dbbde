//! Holm's correction: which of several p-values are significant when one wrong finding among them is one too many.
//!
//! Source: Holm 1979, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6(2).

use crate::base::math;

/// Adjusted p-values, in the order given: those at or below a level are significant at it, all together.
///
/// The `j`-th smallest of `m` is multiplied by `m - j + 1` (from 1); none is smaller than one before it, nor above 1.
#[must_use]
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut least = 0.0_f64;
    for (place, index) in order.iter().enumerate() {
        least = least.max(p_values[*index] * math::float_len(p_values.len() - place)).min(1.0);
        adjusted[*index] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_values_worked_by_hand() {
        // Sorted .005 .01 .03 .04 times 4 3 2 1: .02 .03 .06 .04, and .04 may not be below .06.
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (found, by_hand) in adjusted.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((found - by_hand).abs() < 1e-15, "{adjusted:?}");
        }
    }

    #[test]
    fn one_value_stays_and_none_is_above_1() {
        assert_eq!(holm(&[0.2]), [0.2]);
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }
}
