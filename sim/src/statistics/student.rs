//! Student's t interval for a mean: for a number of runs fixed beforehand, never for looking until it decides.
//!
//! Source: Student 1908, "The probable error of a mean", Biometrika 6(1). Exact for normal numbers; for others nearly so
//! from some tens of runs, later when they are skewed.

use crate::base::math;
use statrs::distribution::ContinuousCDF;
use statrs::distribution::StudentsT;

/// An interval with the level at which it covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// Mean and variance of numbers, taken in one at a time. Source of the updates: Welford 1962, Technometrics 4(3).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RunningMoments {
    count: u64,
    mean: f64,
    squares: f64,
}

impl RunningMoments {
    /// The sample of these numbers, in this order.
    #[must_use]
    pub fn of(numbers: &[f64]) -> Self {
        let mut sample = Self::default();
        for x in numbers {
            sample.push(*x);
        }
        sample
    }

    /// Takes in a number.
    pub fn push(&mut self, x: f64) {
        self.count += 1;
        let away = x - self.mean;
        self.mean += away / math::float(self.count);
        self.squares += away * (x - self.mean);
    }

    /// Their mean; none when there are none.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// Their variance, `n - 1` below; none for fewer than two.
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (math::float(self.count) - 1.0))
    }

    /// Standard error of the mean; none for fewer than two.
    #[must_use]
    pub fn error(&self) -> Option<f64> {
        self.variance().map(|variance| (variance / math::float(self.count)).sqrt())
    }

    /// The two-sided interval that covers the mean with probability `coverage`, inside `0..1`; none for fewer than two.
    #[must_use]
    pub fn interval(&self, coverage: f64) -> Option<Interval> {
        let error = self.error()?;
        let half = self.law()?.inverse_cdf(f64::midpoint(1.0, coverage)) * error;
        Some(Interval { low: self.mean - half, high: self.mean + half })
    }

    /// The law of `(mean - true mean) / error`; none for fewer than two.
    pub(super) fn law(&self) -> Option<StudentsT> {
        (self.count > 1).then(|| {
            let freedom = math::float(self.count) - 1.0;
            StudentsT::new(0.0, 1.0, freedom).expect("at least one degree of freedom")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn five_numbers_worked_by_hand() {
        // Mean 3, variance 2.5, error sqrt(0.5); t(0.975, 4) = 2.776445105 from any table.
        let interval = RunningMoments::of(&[1.0, 2.0, 3.0, 4.0, 5.0]).interval(0.95).unwrap();
        let half = 2.776_445_105 * 0.5_f64.sqrt();
        assert!((interval.low - (3.0 - half)).abs() < 1e-8, "{interval:?}");
        assert!((interval.high - (3.0 + half)).abs() < 1e-8);
    }

    #[test]
    fn one_number_has_no_spread() {
        let one = RunningMoments::of(&[4.0]);
        assert_eq!((one.mean(), one.variance(), one.interval(0.95)), (Some(4.0), None, None));
        assert_eq!(RunningMoments::default().mean(), None);
    }

    #[test]
    fn equal_numbers_give_a_point() {
        let interval = RunningMoments::of(&[4.0; 9]).interval(0.99).unwrap();
        assert_eq!(interval, Interval { low: 4.0, high: 4.0 });
    }

    proptest! {
        #![proptest_config(crate::statistics::coverage::written_seed())]

        #[test]
        fn mean_and_variance_are_those_of_two_passes(
            xs in prop::collection::vec(-1e3_f64..1e3, 2..50)
        ) {
            let n = math::float_len(xs.len());
            let mean = xs.iter().sum::<f64>() / n;
            let variance = xs.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
            let sample = RunningMoments::of(&xs);
            prop_assert!((sample.mean().unwrap() - mean).abs() < 1e-9);
            prop_assert!((sample.variance().unwrap() - variance).abs() < 1e-6 * (1.0 + variance));
        }
    }
}
