//! Paired differences of two variants run on the same seeds, with the correlation of the pairs.

use crate::statistics::Interval;
use crate::statistics::RunningMoments;

/// Pairs of a number in two variants, taken in one seed at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pairs {
    first: RunningMoments,
    second: RunningMoments,
    difference: RunningMoments,
}

impl Pairs {
    /// Takes in the numbers of one seed.
    pub fn push(&mut self, first: f64, second: f64) {
        self.first.push(first);
        self.second.push(second);
        self.difference.push(second - first);
    }

    /// Moments of the differences, second less first.
    #[must_use]
    pub fn difference(&self) -> &RunningMoments {
        &self.difference
    }

    /// Student's interval of the mean difference: for a number of seeds fixed beforehand. None for fewer than two.
    #[must_use]
    pub fn interval(&self, coverage: f64) -> Option<Interval> {
        self.difference.interval(coverage)
    }

    /// Correlation of the two variants over seeds; none for fewer than two pairs or when one variant never varies.
    ///
    /// From `Var(b - a) = Var(a) + Var(b) - 2 r sd(a) sd(b)`.
    #[must_use]
    pub fn correlation(&self) -> Option<f64> {
        let (a, b) = (self.first.variance()?, self.second.variance()?);
        let r = (a + b - self.difference.variance()?) / (2.0 * a.sqrt() * b.sqrt());
        r.is_finite().then(|| r.clamp(-1.0, 1.0))
    }

    /// Variance of the difference of unpaired runs over that of the pairs: so many times fewer runs. None for fewer than
    /// two pairs, or when the pairs never differ in their difference.
    #[must_use]
    pub fn variance_ratio(&self) -> Option<f64> {
        let unpaired = self.first.variance()? + self.second.variance()?;
        self.difference.variance().filter(|paired| *paired > 0.0).map(|paired| unpaired / paired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(pairs: &[(f64, f64)]) -> Pairs {
        let mut all = Pairs::default();
        for (first, second) in pairs {
            all.push(*first, *second);
        }
        all
    }

    #[test]
    fn four_pairs_worked_by_hand() {
        // Both variants: variance 5/3; differences 1, -1, 1, -1: variance 4/3. r = (10/3 - 4/3) / (10/3) = 0.6.
        let pairs = of(&[(1.0, 2.0), (2.0, 1.0), (3.0, 4.0), (4.0, 3.0)]);
        assert!((pairs.correlation().unwrap() - 0.6).abs() < 1e-15);
        assert!((pairs.variance_ratio().unwrap() - 2.5).abs() < 1e-15);
        assert!(pairs.difference().mean().unwrap().abs() < 1e-15);
    }

    #[test]
    fn a_constant_shift_is_a_perfect_pair() {
        let pairs = of(&[(1.0, 2.0), (2.0, 3.0), (5.0, 6.0)]);
        assert!((pairs.correlation().unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(pairs.variance_ratio(), None);
        assert_eq!(pairs.interval(0.95), Some(Interval { low: 1.0, high: 1.0 }));
    }

    #[test]
    fn one_pair_or_a_variant_that_never_varies_has_no_correlation() {
        assert_eq!(of(&[(1.0, 2.0)]).correlation(), None);
        assert_eq!(of(&[(1.0, 2.0), (1.0, 3.0)]).correlation(), None);
        assert_eq!(of(&[]).variance_ratio(), None);
    }

    proptest! {
        #![proptest_config(crate::statistics::coverage::written_seed())]

        #[test]
        fn the_correlation_is_that_of_the_definition(
            pairs in prop::collection::vec((0.0_f64..9.0, 0.0_f64..9.0), 3..30)
        ) {
            let n = crate::base::math::float_len(pairs.len());
            let mean = |side: fn(&(f64, f64)) -> f64| pairs.iter().map(side).sum::<f64>() / n;
            let (a, b) = (mean(|p| p.0), mean(|p| p.1));
            let product: f64 = pairs.iter().map(|p| (p.0 - a) * (p.1 - b)).sum();
            let squares = |side: fn(&(f64, f64)) -> f64, m: f64| -> f64 {
                pairs.iter().map(|p| (side(p) - m) * (side(p) - m)).sum()
            };
            let oracle = product / (squares(|p| p.0, a) * squares(|p| p.1, b)).sqrt();
            prop_assert!((of(&pairs).correlation().unwrap() - oracle).abs() < 1e-9);
        }
    }
}
