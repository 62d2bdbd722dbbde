//! Clopper and Pearson's interval for a probability: exact for a number of runs fixed beforehand, so it covers at least as
//! often as it says. Source: Clopper and Pearson 1934, Biometrika 26(4); ends as quantiles of beta laws.

use crate::base::math;
use crate::statistics::Interval;
use statrs::distribution::Beta;
use statrs::distribution::ContinuousCDF;

/// The two-sided interval that covers the probability of something that happened in `happened` of `runs` runs, with
/// probability at least `coverage`, inside `0..1`; none without runs.
///
/// # Panics
/// When it happened more often than there were runs.
#[must_use]
pub fn proportion(happened: usize, runs: usize, coverage: f64) -> Option<Interval> {
    assert!(happened <= runs, "{happened} of {runs}");
    if runs == 0 {
        return None;
    }
    let tail = f64::midpoint(1.0, -coverage);
    let (k, n) = (math::float_len(happened), math::float_len(runs));
    let quantile = |a: f64, b: f64, p: f64| {
        Beta::new(a, b).expect("both above 0, for it is asked only there").inverse_cdf(p)
    };
    Some(Interval {
        low: if happened == 0 { 0.0 } else { quantile(k, n - k + 1.0, tail) },
        high: if happened == runs { 1.0 } else { quantile(k + 1.0, n - k, 1.0 - tail) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(happened: usize, runs: usize) -> (f64, f64) {
        let interval = proportion(happened, runs, 0.95).unwrap();
        (interval.low, interval.high)
    }

    fn is_close((low, high): (f64, f64), right: (f64, f64)) -> bool {
        (low - right.0).abs() < 1e-4 && (high - right.1).abs() < 1e-4
    }

    #[test]
    fn tabled_intervals_are_met() {
        // 5 of 10 from any table; at the ends 1 - 0.025^(1/n) in closed form.
        assert!(is_close(ends(5, 10), (0.1871, 0.8129)), "{:?}", ends(5, 10));
        assert!(is_close(ends(0, 20), (0.0, 0.1684)), "{:?}", ends(0, 20));
        assert!(is_close(ends(20, 20), (0.8316, 1.0)), "{:?}", ends(20, 20));
        assert!(is_close(ends(1, 1), (0.025, 1.0)), "{:?}", ends(1, 1));
    }

    #[test]
    fn there_is_none_without_runs() {
        assert_eq!(proportion(0, 0, 0.95), None);
    }

    #[test]
    #[should_panic(expected = "3 of 2")]
    fn more_than_all_is_a_bug() {
        let _none = proportion(3, 2, 0.95);
    }

    /// At every true probability of a grid the exact chance of being covered is at least 95 %: no simulation, no false alarm.
    #[test]
    fn it_covers_at_least_as_often_as_it_says() {
        const RUNS: usize = 12;
        let all: Vec<(f64, f64)> = (0..=RUNS).map(|k| ends(k, RUNS)).collect();
        for step in 1..100 {
            let p = f64::from(step) / 100.0;
            let (mut chance, mut covered) = (1.0, 0.0);
            for _ in 0..RUNS {
                chance *= 1.0 - p;
            }
            for (k, (low, high)) in all.iter().enumerate() {
                covered += if *low <= p && p <= *high { chance } else { 0.0 };
                let left = math::float_len(RUNS) - math::float_len(k);
                chance *= left / (math::float_len(k) + 1.0) * p / (1.0 - p);
            }
            assert!(covered >= 0.95 - 1e-9, "{p}: {covered}");
        }
    }
}
