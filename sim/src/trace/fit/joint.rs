//! Joint errors: which keys of the fitted scenario hold estimates, and how these err together.
//!
//! Positive parameters err on the log scale, others on their own. Blocks are independent of one another: each is fitted on
//! its own jobs, or on another side of the same ones.

use crate::base::math;

/// Rows of a square matrix.
pub(crate) type Matrix = Vec<Vec<f64>>;

/// A parameter of a block.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HeldParameter {
    /// The scenario's keys that hold it: all of them get the same value.
    pub(crate) keys: Vec<String>,
    /// Estimate of the parameter, in the key's unit.
    pub(crate) value: f64,
    /// Whether it errs on the log scale.
    pub(crate) is_log: bool,
}

/// Parameters that err together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ParameterBlock {
    /// The part of the fit that the parameters belong to: arrivals, an operator, a regime.
    pub(crate) part: String,
    /// The parameters whose errors are correlated.
    pub(crate) held: Vec<HeldParameter>,
    /// Their covariance, on the log scale where they err on it.
    pub(crate) covariance: Matrix,
}

/// The inverse of a symmetric matrix; none of one that is not positive definite.
pub(crate) fn inverse(matrix: &Matrix) -> Option<Matrix> {
    let lower = root(matrix)?;
    let count = matrix.len();
    // It is symmetric: each column is a row.
    let column_of = |column: usize| {
        let mut solved = vec![0.0; count];
        for row in 0..count {
            let before: f64 = (0..row).map(|k| lower[row][k] * solved[k]).sum();
            solved[row] = (f64::from(u8::from(row == column)) - before) / lower[row][row];
        }
        for row in (0..count).rev() {
            let after: f64 = (row + 1..count).map(|k| lower[k][row] * solved[k]).sum();
            solved[row] = (solved[row] - after) / lower[row][row];
        }
        solved
    };
    Some((0..count).map(column_of).collect())
}

/// The lower triangle whose product with its transpose is the matrix (Cholesky); none of one that is not positive definite.
pub(crate) fn root(matrix: &Matrix) -> Option<Matrix> {
    /// A pivot that is only rounding is none.
    const ROUNDING: f64 = 1e-12;
    let count = matrix.len();
    let mut lower = vec![vec![0.0; count]; count];
    for row in 0..count {
        for column in 0..=row {
            let before: f64 = (0..column).map(|k| lower[row][k] * lower[column][k]).sum();
            let left = matrix[row][column] - before;
            lower[row][column] = if row != column {
                left / lower[column][column]
            } else if left > ROUNDING * matrix[row][row].abs() && left.is_finite() {
                left.sqrt()
            } else {
                return None;
            };
        }
    }
    Some(lower)
}

/// A diagonal matrix of these standard errors.
pub(crate) fn diagonal(errors: &[f64]) -> Matrix {
    let cell = |row: usize, column: usize| {
        if row == column { errors[row] * errors[row] } else { 0.0 }
    };
    (0..errors.len()).map(|row| (0..errors.len()).map(|c| cell(row, c)).collect()).collect()
}

/// The covariance of logarithms of shares of `count` values, which leave a rest (multinomial).
pub(crate) fn of_shares(shares: &[f64], count: f64) -> Matrix {
    let count = count.max(1.0);
    // Of a full share nothing is left to vary: one more value that is another keeps it from being certain.
    let slack = 1.0 / (count + 1.0);
    let cell = |row: usize, column: usize| {
        let own =
            if row == column { 1.0 / shares[row].max(f64::MIN_POSITIVE) + slack } else { 0.0 };
        (own - 1.0) / count
    };
    (0..shares.len()).map(|row| (0..shares.len()).map(|c| cell(row, c)).collect()).collect()
}

/// The covariance of logarithms of weights that were counted among `count` values: that of the counts, for only ratios of
/// weights mean anything.
pub(crate) fn of_weights(weights: &[f64], count: f64) -> Matrix {
    let error = |weight: &f64| 1.0 / (weight * count.max(1.0)).sqrt();
    diagonal(&weights.iter().map(error).collect::<Vec<_>>())
}

/// The standard error on the log scale of a value with this error on its own.
pub(crate) fn log_error(value: f64, error: f64) -> f64 {
    error / value.abs().max(f64::MIN_POSITIVE)
}

/// The middle 95 % of an estimate: on the log scale where it errs on that.
pub(crate) fn interval(value: f64, error: f64, is_log: bool) -> (f64, f64) {
    /// Standard errors on either side.
    const WIDE: f64 = 1.959_964;
    if is_log && value > 0.0 {
        let factor = math::exp(WIDE * log_error(value, error));
        (value / factor, value * factor)
    } else {
        (value - WIDE * error, value + WIDE * error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ((4, 2), (2, 2)) has the root ((2, 0), (1, 1)) and the inverse ((1/2, -1/2), (-1/2, 1)).
    #[test]
    fn two_by_two_worked_by_hand() {
        let matrix = vec![vec![4.0, 2.0], vec![2.0, 2.0]];
        let close = |a: &Matrix, b: [[f64; 2]; 2]| {
            for (row, by_hand) in a.iter().zip(b) {
                for (found, by_hand) in row.iter().zip(by_hand) {
                    assert!((found - by_hand).abs() < 1e-12, "{a:?}");
                }
            }
        };
        close(&root(&matrix).unwrap(), [[2.0, 0.0], [1.0, 1.0]]);
        close(&inverse(&matrix).unwrap(), [[0.5, -0.5], [-0.5, 1.0]]);
    }

    #[test]
    fn what_is_not_definite_has_no_root() {
        assert_eq!(root(&vec![vec![1.0, 2.0], vec![2.0, 1.0]]), None);
        assert_eq!(inverse(&vec![vec![0.0]]), None);
    }

    #[test]
    fn intervals_of_positive_estimates_stay_positive() {
        let (low, high) = interval(1.0, 2.0, true);
        assert!(low > 0.0 && (low * high - 1.0).abs() < 1e-12);
        let (low, high) = interval(1.0, 2.0, false);
        assert!((low + 2.919_928).abs() < 1e-6 && (high - 4.919_928).abs() < 1e-6);
    }
}
