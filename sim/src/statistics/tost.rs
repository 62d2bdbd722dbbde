//! Two one-sided tests: is a mean within a margin of a target? For a number of runs fixed beforehand.
//!
//! Source: Schuirmann 1987, "A comparison of the two one-sided tests procedure and the power approach", Journal of
//! Pharmacokinetics and Biopharmaceutics 15(6).

use crate::statistics::RunningMoments;
use statrs::distribution::ContinuousCDF;

/// The p-value of "the mean is not within `margin` of `target`": at or below a level, equivalence is shown at it. None for
/// fewer than two numbers.
#[must_use]
pub fn tost(sample: &RunningMoments, target: f64, margin: f64) -> Option<f64> {
    let (law, mean, error) = (sample.law()?, sample.mean()?, sample.error()?);
    let (above, below) = (mean - (target - margin), (target + margin) - mean);
    if error <= 0.0 {
        return Some(if above > 0.0 && below > 0.0 { 0.0 } else { 1.0 });
    }
    Some(law.sf(above / error).max(law.sf(below / error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_numbers_worked_by_hand() {
        // Mean 3, error sqrt(0.5). Target 3, margin m: both tests have t = m / sqrt(0.5) at 4 degrees of freedom;
        // the 95 % point is 2.131847: p is 0.05 at m = 2.131847 sqrt(0.5).
        let sample = RunningMoments::of(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        let p = tost(&sample, 3.0, 2.131_846_786 * 0.5_f64.sqrt()).unwrap();
        assert!((p - 0.05).abs() < 1e-8, "{p}");
    }

    #[test]
    fn the_worse_of_the_two_sides_counts() {
        let sample = RunningMoments::of(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert!(tost(&sample, 6.0, 1.0).unwrap() > 0.9);
        assert!(tost(&sample, 0.0, 1.0).unwrap() > 0.9);
    }

    #[test]
    fn equal_numbers_decide_themselves_and_one_says_nothing() {
        assert_eq!(tost(&RunningMoments::of(&[3.0; 5]), 3.0, 0.1), Some(0.0));
        assert_eq!(tost(&RunningMoments::of(&[3.0; 5]), 3.2, 0.1), Some(1.0));
        assert_eq!(tost(&RunningMoments::of(&[3.0]), 3.0, 0.1), None);
    }
}
