//! Hill's estimate of the tail index: how heavy the upper tail of a law is.
//!
//! Source: Hill 1975, "A simple general approach to inference about the tail of a distribution", Annals of Statistics 3(5).
//! `1 / mean of ln(x_i / x_k)` over the `k` largest of `n` numbers, `k = floor(sqrt n)`. At or below 2 the law has no finite
//! variance, and no interval of its mean can be believed.

use crate::base::math;

/// Fewest numbers above the threshold; ours: the estimate's own error is then a third of it.
const LARGEST_MIN: u64 = 10;

/// At or below this tail index a law has no finite variance.
pub const FINITE_VARIANCE: f64 = 2.0;

/// The tail index of numbers given as (number, how many), in ascending order; none for fewer than a hundred above 0, and where
/// the largest do not differ.
#[must_use]
pub fn hill(ascending: &[(f64, u64)]) -> Option<f64> {
    let above = ascending.iter().filter(|(x, _)| *x > 0.0);
    let count: u64 = above.clone().map(|(_, n)| n).sum();
    let largest = math::trunc_to_u64(math::float(count).sqrt());
    if largest < LARGEST_MIN {
        return None;
    }
    // The threshold is the largest number beside the `largest` ones.
    let (mut left, mut logs, mut threshold) = (largest, 0.0, None);
    for (x, n) in above.rev() {
        let taken = left.min(*n);
        logs += math::float(taken) * math::ln(*x);
        left -= taken;
        if taken < *n {
            threshold = Some(*x);
            break;
        }
    }
    let excess = logs / math::float(largest) - math::ln(threshold?);
    (excess > 0.0).then(|| 1.0 / excess)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Word;

    fn of(mut numbers: Vec<f64>) -> Option<f64> {
        numbers.sort_by(f64::total_cmp);
        hill(&numbers.into_iter().map(|x| (x, 1)).collect::<Vec<_>>())
    }

    fn draws(seed: u64, law: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut draws = Word(seed).expand();
        (0..10_000).map(|_| law(draws.unit())).collect()
    }

    #[test]
    fn a_hundred_and_twenty_one_numbers_worked_by_hand() {
        // The eleven largest are e times the threshold: index 1.
        let e = math::exp(1.0);
        assert!((hill(&[(1.0, 109), (2.0, 1), (2.0 * e, 11)]).unwrap() - 1.0).abs() < 1e-12);
    }

    /// The estimate from the 100 largest has an error of a tenth of the index; five of them.
    #[test]
    fn a_pareto_law_gives_its_index_and_an_exponential_one_a_large_one() {
        for index in [1.2, 2.5] {
            let found = of(draws(3, |u| math::pow(u, -1.0 / index))).unwrap();
            assert!((found - index).abs() < 0.5 * index, "{found} for {index}");
        }
        assert!(of(draws(3, |u| math::pow(u, -1.0 / 1.2))).unwrap() < FINITE_VARIANCE);
        assert!(of(draws(4, |u| -math::ln(u))).unwrap() > FINITE_VARIANCE);
    }

    #[test]
    fn few_or_equal_numbers_have_no_index() {
        assert_eq!(hill(&[]), None);
        assert_eq!(hill(&[(1.0, 50), (9.0, 49)]), None);
        assert_eq!(hill(&[(1.0, 50), (9.0, 200)]), None);
        assert_eq!(hill(&[(0.0, 5_000)]), None);
    }
}
