//! Clopper-Pearson interval for a chance: exact, for a number of trials fixed beforehand.
//!
//! Source: Clopper, Pearson 1934, "The use of confidence or fiducial limits illustrated in the case of the binomial",
//! Biometrika 26(4).

use crate::base::math;
use crate::statistics::Interval;
use statrs::distribution::Beta;
use statrs::distribution::ContinuousCDF;

/// The two-sided interval that covers the chance with probability at least `coverage`, inside `0..1`.
///
/// # Panics
/// When there are more `hits` than `trials`.
#[must_use]
pub fn clopper_pearson(hits: u64, trials: u64, coverage: f64) -> Interval {
    assert!(hits <= trials, "{hits} hits in {trials} trials");
    let tail = (1.0 - coverage) / 2.0;
    let (hits_f, misses_f) = (math::float(hits), math::float(trials - hits));
    let quantile = |a: f64, b: f64, p: f64| {
        Beta::new(a, b).expect("both shapes are at least 1").inverse_cdf(p)
    };
    let low = if hits == 0 { 0.0 } else { quantile(hits_f, misses_f + 1.0, tail) };
    let high = if hits == trials { 1.0 } else { quantile(hits_f + 1.0, misses_f, 1.0 - tail) };
    Interval { low, high }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::Binomial;
    use statrs::distribution::DiscreteCDF;

    #[test]
    fn no_hit_in_ten_worked_by_hand() {
        // (1 - high)^10 = 0.025.
        let interval = clopper_pearson(0, 10, 0.95);
        assert!(interval.low.abs() < 1e-300);
        assert!((interval.high - (1.0 - math::pow(0.025, 0.1))).abs() < 1e-9, "{interval:?}");
    }

    #[test]
    fn no_trial_says_nothing() {
        assert_eq!(clopper_pearson(0, 0, 0.95), Interval { low: 0.0, high: 1.0 });
    }

    #[test]
    fn at_its_ends_the_tails_of_the_binomial_law_are_half_of_the_rest() {
        for (hits, trials) in [(1, 5), (7, 20), (199, 2000), (2000, 2001)] {
            let interval = clopper_pearson(hits, trials, 0.98);
            let tail = |p, k| Binomial::new(p, trials).unwrap().cdf(k);
            assert!((1.0 - tail(interval.low, hits - 1) - 0.01).abs() < 1e-6, "{hits}/{trials}");
            assert!((tail(interval.high, hits) - 0.01).abs() < 1e-6, "{hits}/{trials}");
        }
    }

    #[test]
    #[should_panic(expected = "3 hits in 2 trials")]
    fn more_hits_than_trials_is_a_bug() {
        let _interval = clopper_pearson(3, 2, 0.95);
    }
}
