//! Mean, quantiles and 95 % interval of a figure over replications.

use crate::base::math;
use statrs::distribution::ContinuousCDF;
use statrs::distribution::StudentsT;

/// Two-sided level of the interval around a mean.
const LEVEL: f64 = 0.95;

/// A figure over replications whose number was fixed beforehand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Replications that have a value.
    pub count: usize,
    /// Mean over the values, in their unit.
    pub mean: f64,
    /// Half-width of the 95 % interval of Student's t; none for one value.
    pub half_width: Option<f64>,
    /// 5 % quantile of the values.
    pub p05: f64,
    /// Median of the values, in their unit.
    pub p50: f64,
    /// 95 % quantile of the values.
    pub p95: f64,
}

impl Summary {
    /// Of the `values`; none when there are none.
    ///
    /// # Panics
    /// Never: two values have a degree of freedom.
    pub fn of(values: &[f64]) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let count = sorted.len();
        let (first, n) = (*sorted.first()?, math::float_len(count));
        let mean =
            if sorted.last() == Some(&first) { first } else { values.iter().sum::<f64>() / n };
        let half_width = (count > 1).then(|| {
            let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
            let error = (squares / (n - 1.0) / n).sqrt();
            let student =
                StudentsT::new(0.0, 1.0, n - 1.0).expect("at least one degree of freedom");
            error * student.inverse_cdf(f64::midpoint(1.0, LEVEL))
        });
        let p = |p| quantile(&sorted, p);
        Some(Self { count, mean, half_width, p05: p(0.05), p50: p(0.5), p95: p(0.95) })
    }
}

/// The quantile of sorted values by linear interpolation (type 7 of Hyndman and Fan 1996).
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let place = p * math::float_len(sorted.len() - 1);
    let below = usize::try_from(math::trunc_to_u64(place)).expect("a place in the list");
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (place - math::float_len(below))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1, 2, 3, 4: mean 2.5, variance 5/3, error sqrt(5/12) = 0.6455, t(3, 0.975) = 3.1824, half-width 2.0543.
    #[test]
    fn the_interval_is_students() {
        let summary = Summary::of(&[4.0, 1.0, 3.0, 2.0]).unwrap();
        assert!((summary.mean - 2.5).abs() < 1e-12);
        assert!((summary.half_width.unwrap() - 2.0543).abs() < 1e-4);
        assert!((summary.p50 - 2.5).abs() < 1e-12);
        assert!((summary.p05 - 1.15).abs() < 1e-12);
    }

    #[test]
    fn one_value_has_no_interval_and_none_no_summary() {
        assert_eq!(Summary::of(&[7.0]).unwrap().half_width, None);
        assert_eq!(Summary::of(&[]), None);
    }
}
