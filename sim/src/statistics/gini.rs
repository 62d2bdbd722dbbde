//! The Gini coefficient, in the one form that all figures have: with the small-sample factor `n/(n-1)`.

use crate::base::math;

/// `G = sum_i (2 r_i - n - 1) x_i / ((n - 1) X)` of at least two values of 0 or more in ascending order, `r_i` the rank of
/// `x_i` from 1 and `X` their sum: 0 when all are the same, 1 when one has all. None where the sum is 0 or there is one value.
pub(crate) fn gini(ascending: impl ExactSizeIterator<Item = f64>) -> Option<f64> {
    let last = math::float_len(ascending.len().checked_sub(1).filter(|others| *others > 0)?);
    let (mut weighted, mut whole) = (0.0, 0.0);
    for (place, amount) in ascending.enumerate() {
        // 2 r - n - 1 with r = place + 1.
        weighted += (2.0 * math::float_len(place) - last) * amount;
        whole += amount;
    }
    (whole > 0.0).then(|| weighted / (last * whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_values_worked_by_hand() {
        // x = 1, 2, 6: sum (2r - 4) x = -2 + 0 + 12 = 10; (n - 1) X = 2 * 9.
        assert_eq!(gini([1.0, 2.0, 6.0].into_iter()), Some(10.0 / 18.0));
        assert_eq!(gini([0.0, 0.0, 7.0].into_iter()), Some(1.0));
    }

    #[test]
    fn one_value_and_nothing_have_none() {
        assert_eq!(gini([3.0].into_iter()), None);
        assert_eq!(gini([0.0, 0.0].into_iter()), None);
        assert_eq!(gini(std::iter::empty()), None);
    }
}
