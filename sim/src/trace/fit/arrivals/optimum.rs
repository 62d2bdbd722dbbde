//! The maximum of a likelihood in a few parameters, and their covariance from its curvature there.

use crate::trace::fit::joint::Matrix;
use crate::trace::fit::joint::inverse;

/// Most evaluations of a search. Source: ours; four parameters need about 300.
const EVALUATIONS_MAX: usize = 900;
/// A search ends when its simplex is this flat [nats]. Source: ours, far below what a standard error is worth (0.5).
const FLAT: f64 = 1e-7;
/// Differences for slopes and bends, as a part of the standard scale of a parameter (1 on the log scale). Source: ours:
/// the cube root of rounding is smaller, and a likelihood of a thousand gaps bends over a hundredth.
const STEP: f64 = 2e-3;
/// Newton's steps after the search. Source: ours.
const POLISHES: usize = 4;

/// A point and its worth.
type Vertex = (Vec<f64>, f64);

/// The highest point that a search from `start` finds, and its worth.
///
/// Source: Nelder, Mead 1965, "A simplex method for function minimization", with the usual coefficients.
pub(super) fn climb(worth: &dyn Fn(&[f64]) -> f64, start: &[f64], reach: f64) -> Vertex {
    let vertex = |at: Vec<f64>| {
        let worth = worth(&at);
        (at, if worth.is_nan() { f64::NEG_INFINITY } else { worth })
    };
    let mut simplex = vec![vertex(start.to_vec())];
    for place in 0..start.len() {
        let mut at = start.to_vec();
        at[place] += reach;
        simplex.push(vertex(at));
    }
    let mut evaluations = simplex.len();
    while evaluations < EVALUATIONS_MAX {
        simplex.sort_by(|a, b| b.1.total_cmp(&a.1));
        let (best, worst) = (simplex[0].1, simplex[start.len()].1);
        if best - worst < FLAT {
            break;
        }
        evaluations += improve(&mut simplex, &vertex);
    }
    simplex.sort_by(|a, b| b.1.total_cmp(&a.1));
    simplex.swap_remove(0)
}

/// Moves the worst vertex of a sorted simplex, or draws all of them to the best; how many were evaluated.
fn improve(simplex: &mut [Vertex], vertex: &dyn Fn(Vec<f64>) -> Vertex) -> usize {
    let last = simplex.len() - 1;
    let count = crate::base::math::float_len(last);
    let centre: Vec<f64> = (0..last)
        .map(|place| simplex[..last].iter().map(|(at, _)| at[place]).sum::<f64>() / count)
        .collect();
    let along = |part: f64, from: &[f64]| -> Vec<f64> {
        centre.iter().zip(from).map(|(middle, own)| middle + part * (own - middle)).collect()
    };
    let reflected = vertex(along(-1.0, &simplex[last].0));
    if reflected.1 > simplex[0].1 {
        let expanded = vertex(along(-2.0, &simplex[last].0));
        simplex[last] = if expanded.1 > reflected.1 { expanded } else { reflected };
        return 2;
    }
    if reflected.1 > simplex[last - 1].1 {
        simplex[last] = reflected;
        return 1;
    }
    let near = if reflected.1 > simplex[last].1 { &reflected.0 } else { &simplex[last].0 };
    let contracted = vertex(along(0.5, near));
    if contracted.1 > simplex[last].1.max(reflected.1) {
        simplex[last] = contracted;
        return 2;
    }
    let best = simplex[0].0.clone();
    for own in simplex.iter_mut().skip(1) {
        let halved = best.iter().zip(&own.0).map(|(a, b)| 0.5 * (a + b)).collect();
        *own = vertex(halved);
    }
    2 + last
}

/// The top near `start` by Newton's steps, and the covariance of the parameters there: the inverse of the bend. None where
/// the likelihood does not bend in every direction, so that a parameter is not told apart.
pub(super) fn polish(worth: &dyn Fn(&[f64]) -> f64, start: Vertex) -> (Vertex, Option<Matrix>) {
    let (mut at, mut best) = start;
    for _ in 0..POLISHES {
        let Some((slope, covariance)) = bend(worth, &at, best) else { return ((at, best), None) };
        let move_of = |row: &Vec<f64>| row.iter().zip(&slope).map(|(c, s)| c * s).sum::<f64>();
        let moves: Vec<f64> = covariance.iter().map(move_of).collect();
        let next: Vec<f64> = at.iter().zip(&moves).map(|(x, step)| x + step).collect();
        let gained = worth(&next) - best;
        if gained.is_nan() || gained <= FLAT {
            return ((at, best), Some(covariance));
        }
        (at, best) = (next, best + gained);
    }
    let covariance = bend(worth, &at, best).map(|(_, covariance)| covariance);
    ((at, best), covariance)
}

/// Slope at a point, and the inverse of the bend there.
#[expect(clippy::needless_range_loop, reason = "both halves of a symmetric matrix are written")]
fn bend(worth: &dyn Fn(&[f64]) -> f64, at: &[f64], here: f64) -> Option<(Vec<f64>, Matrix)> {
    let shifted = |moves: &[(usize, f64)]| {
        let mut at = at.to_vec();
        for (place, step) in moves {
            at[*place] += step;
        }
        worth(&at)
    };
    let count = at.len();
    let mut slope = vec![0.0; count];
    let mut bend = vec![vec![0.0; count]; count];
    for place in 0..count {
        let (up, down) = (shifted(&[(place, STEP)]), shifted(&[(place, -STEP)]));
        slope[place] = (up - down) / (2.0 * STEP);
        bend[place][place] = (2.0 * here - up - down) / (STEP * STEP);
        for other in 0..place {
            let of = |a: f64, b: f64| shifted(&[(place, a * STEP), (other, b * STEP)]);
            let mixed = of(1.0, 1.0) - of(1.0, -1.0) - of(-1.0, 1.0) + of(-1.0, -1.0);
            bend[place][other] = -mixed / (4.0 * STEP * STEP);
            bend[other][place] = bend[place][other];
        }
    }
    Some((slope, inverse(&bend)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `-(x - 1)^2 / 2 - 2 (y + x)^2`: top at (1, -1), bend ((5, 4), (4, 4)), inverse ((1, -1), (-1, 1.25)).
    #[test]
    fn a_bent_hill_is_climbed_and_measured() {
        let worth = |at: &[f64]| {
            -0.5 * (at[0] - 1.0) * (at[0] - 1.0) - 2.0 * (at[1] + at[0]) * (at[1] + at[0])
        };
        let found = climb(&worth, &[5.0, 5.0], 0.5);
        let ((at, best), covariance) = polish(&worth, found);
        assert!((at[0] - 1.0).abs() < 1e-3 && (at[1] + 1.0).abs() < 1e-3, "{at:?}");
        assert!(best.abs() < 1e-6, "{best}");
        let covariance = covariance.unwrap();
        for (row, by_hand) in covariance.iter().zip([[1.0, -1.0], [-1.0, 1.25]]) {
            for (found, by_hand) in row.iter().zip(by_hand) {
                assert!((found - by_hand).abs() < 1e-4, "{covariance:?}");
            }
        }
    }

    #[test]
    fn a_ridge_has_no_covariance() {
        let worth = |at: &[f64]| -(at[0] + at[1]) * (at[0] + at[1]);
        assert_eq!(polish(&worth, (vec![0.0, 0.0], 0.0)).1, None);
    }
}
