//! The bounded relative difference of two amounts: what a change does to an amount whose size nobody knows beforehand.

use crate::statistics::RunningMoments;

/// `(b - a) / (b + a)` of amounts of at least 0, in `-1.0..=1.0`; 0 when both are 0. `b / a = (1 + r) / (1 - r)`: a loss of
/// 10 % is -0.0526, of 74 % -0.587.
///
/// Source: spec/theory.md 1.4.
#[must_use]
pub fn relative_difference(first: f64, second: f64) -> f64 {
    let sum = first + second;
    if sum > 0.0 { ((second - first) / sum).clamp(-1.0, 1.0) } else { 0.0 }
}

/// Pairs of amounts: their means, and how many said nothing because both were 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RelativePairs {
    first: RunningMoments,
    second: RunningMoments,
    both_zero: u64,
}

impl RelativePairs {
    /// Takes in a pair.
    pub fn push(&mut self, first: f64, second: f64) {
        self.first.push(first);
        self.second.push(second);
        self.both_zero += u64::from(first <= 0.0 && second <= 0.0);
    }

    /// The relative difference of the means, which is another number than the mean of the relative differences; none
    /// before the first pair.
    #[must_use]
    pub fn of_means(&self) -> Option<f64> {
        Some(relative_difference(self.first.mean()?, self.second.mean()?))
    }

    /// Pairs in which both were 0.
    #[must_use]
    pub fn both_zero(&self) -> u64 {
        self.both_zero
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_of_three_quarters_worked_by_hand() {
        // 1 becomes 0.25: -0.75 / 1.25.
        assert!((relative_difference(1.0, 0.25) + 0.6).abs() < 1e-15);
        assert!(relative_difference(0.0, 0.0).abs() < 1e-300);
    }

    #[test]
    fn of_means_and_mean_of_are_told_apart() {
        // 1 -> 3 and 3 -> 1: the relative differences 1/2 and -1/2 have mean 0, and so have those of 2 -> 2. Of 0 -> 1 and
        // 4 -> 4 the mean is 1/2, that of the means 2 -> 2.5 is 1/9.
        let mut pairs = RelativePairs::default();
        assert_eq!(pairs.of_means(), None);
        for (a, b) in [(0.0, 1.0), (4.0, 4.0)] {
            pairs.push(a, b);
        }
        assert!((pairs.of_means().unwrap() - 1.0 / 9.0).abs() < 1e-15);
        pairs.push(0.0, 0.0);
        assert_eq!(pairs.both_zero(), 1);
    }
}
