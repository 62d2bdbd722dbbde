//! Poisson regression of an amount on the logarithm of another: the power with which it grows, zeros kept.
//!
//! Source: Santos Silva, Tenreyro 2006, "The log of gravity", Review of Economics and Statistics 88(4).
//! `E[y] = exp(a + b ln x)`: solves `sum (y - mu)(1, ln x) = 0`; the law of `y` need not be Poisson's. A line through
//! logarithms leaves out every zero, which bends it where the chance of a zero depends on `x`.

use crate::base::math;

/// Most steps of Newton's method; it doubles the digits a step.
const STEPS_MAX: u32 = 200;
/// A step so small ends the search.
const DONE: f64 = 1e-13;

/// A fitted power law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerLaw {
    /// Slope `b`: the power with which `y` grows with `x`.
    pub slope: f64,
    /// `a`: the logarithm of the factor.
    pub intercept: f64,
    /// Standard error of the slope, whatever the law of `y`: from `A^-1 B A^-1`.
    pub robust_error: f64,
}

/// The power law through points with `x` above 0; those with another `x` are the caller's to count. None where all `y` above 0
/// have one `x`, or there are none.
///
/// # Panics
/// When an `x` is not above 0 or a `y` is below 0.
#[must_use]
pub fn poisson_slope(points: &[(f64, f64)]) -> Option<PowerLaw> {
    assert!(points.iter().all(|(x, y)| *x > 0.0 && *y >= 0.0), "x above 0, y at least 0");
    let total: f64 = points.iter().map(|(_, y)| y).sum();
    let mut paid = points.iter().filter(|(_, y)| *y > 0.0).map(|(x, _)| *x);
    let first = paid.next()?;
    if paid.all(|x| x.total_cmp(&first).is_eq()) {
        return None;
    }
    // Centred logarithms and amounts of mean 1 keep the two equations apart; neither moves the slope.
    let count = math::float_len(points.len());
    let centre = points.iter().map(|(x, _)| math::ln(*x)).sum::<f64>() / count;
    let mean = total / count;
    let scaled: Vec<(f64, f64)> =
        points.iter().map(|(x, y)| (math::ln(*x) - centre, y / mean)).collect();
    let (mut a, mut b) = (0.0, 0.0);
    let mut height = likelihood(&scaled, a, b);
    for _ in 0..STEPS_MAX {
        let (gradient, information) = equations(&scaled, a, b);
        let (da, db) = solve(information, gradient)?;
        // A step that lowers the likelihood is too long.
        let mut part = 1.0;
        while likelihood(&scaled, a + part * da, b + part * db) < height && part > DONE {
            part /= 2.0;
        }
        (a, b) = (a + part * da, b + part * db);
        height = likelihood(&scaled, a, b);
        if da.abs() + db.abs() < DONE * (1.0 + a.abs() + b.abs()) {
            break;
        }
    }
    let robust_error = robust_error(&scaled, a, b)?;
    let intercept = a + math::ln(mean) - b * centre;
    (b.is_finite() && robust_error.is_finite()).then_some(PowerLaw {
        slope: b,
        intercept,
        robust_error,
    })
}

/// Entries of a symmetric matrix of two rows: `(1,1)`, `(1,2)`, `(2,2)`.
type Symmetric = (f64, f64, f64);

fn likelihood(points: &[(f64, f64)], a: f64, b: f64) -> f64 {
    points.iter().map(|(z, y)| y * (a + b * z) - math::exp(a + b * z)).sum()
}

/// What the two equations leave, and the information `X' diag(mu) X`.
fn equations(points: &[(f64, f64)], a: f64, b: f64) -> ((f64, f64), Symmetric) {
    let (mut gradient, mut information) = ((0.0, 0.0), (0.0, 0.0, 0.0));
    for (z, y) in points {
        let mu = math::exp(a + b * z);
        gradient = (gradient.0 + (y - mu), gradient.1 + (y - mu) * z);
        information = (information.0 + mu, information.1 + mu * z, information.2 + mu * z * z);
    }
    (gradient, information)
}

fn solve(matrix: Symmetric, right: (f64, f64)) -> Option<(f64, f64)> {
    let determinant = determinant(matrix);
    let first = matrix.2 * right.0 - matrix.1 * right.1;
    let second = matrix.0 * right.1 - matrix.1 * right.0;
    (determinant > 0.0).then(|| (first / determinant, second / determinant))
}

fn determinant(matrix: Symmetric) -> f64 {
    matrix.0 * matrix.2 - matrix.1 * matrix.1
}

fn robust_error(points: &[(f64, f64)], a: f64, b: f64) -> Option<f64> {
    let (_, information) = equations(points, a, b);
    let mut squares = (0.0, 0.0, 0.0);
    for (z, y) in points {
        let away = y - math::exp(a + b * z);
        let square = away * away;
        squares = (squares.0 + square, squares.1 + square * z, squares.2 + square * z * z);
    }
    // The second row of A^-1, but for the determinant.
    let row = (-information.1, information.0);
    let whole =
        row.0 * row.0 * squares.0 + 2.0 * row.0 * row.1 * squares.1 + row.1 * row.1 * squares.2;
    let determinant = determinant(information);
    (determinant > 0.0).then(|| whole.max(0.0).sqrt() / determinant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_law_gives_its_power_for_every_factor() {
        for factor in [1e-9, 3.0, 1e12] {
            for power in [-1.5, 0.0, 0.5, 2.0] {
                let point = |x: f64| (x, factor * math::pow(x, power));
                let found = poisson_slope(&[1.0, 3.0, 10.0, 500.0].map(point)).unwrap();
                assert!((found.slope - power).abs() < 1e-9, "{found:?} for {power}");
                assert!(found.robust_error < 1e-6, "{found:?}");
            }
        }
    }

    #[test]
    fn two_values_of_x_worked_by_hand() {
        // Means 1 and 3 at x = 1 and 2, one of two being 0: b = ln 3 / ln 2. A line through logarithms would see 1 only at
        // the points paid, 2 and 3.
        let found = poisson_slope(&[(1.0, 0.0), (1.0, 2.0), (2.0, 3.0)]).unwrap();
        assert!((found.slope - math::ln(3.0) / math::ln(2.0)).abs() < 1e-12, "{found:?}");
        assert!(found.intercept.abs() < 1e-12);
    }

    #[test]
    fn one_x_with_pay_or_no_pay_at_all_has_no_slope() {
        assert_eq!(poisson_slope(&[]), None);
        assert_eq!(poisson_slope(&[(1.0, 0.0), (2.0, 0.0)]), None);
        assert_eq!(poisson_slope(&[(1.0, 0.0), (2.0, 4.0), (2.0, 1.0)]), None);
    }

    #[test]
    #[should_panic(expected = "x above 0")]
    fn an_x_of_0_is_the_callers_to_leave_out() {
        let _none = poisson_slope(&[(0.0, 1.0), (2.0, 1.0)]);
    }
}
