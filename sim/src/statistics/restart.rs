//! Detects a change in a mean: the capital of a bet that is restarted at 1 whenever it falls below.
//!
//! Source: spec/theory.md 1.6, of the e-detectors of Shin, Ramdas, Rinaldo 2024, "E-detectors: a nonparametric framework for
//! sequential change detection", New England Journal of Statistics in Data Science 2(2).

use crate::statistics::betting;

/// Which of the sixteen bets. Source: spec/theory.md 1.6.
const BET: usize = 12;

/// `M = (M + 1) (1 + f (u / v - 1))` from 0. As long as no mean is above the line the mean number of runs to `M >= 1/level`
/// is at least `1/level`: an alarm, not a verdict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RestartDetector {
    line: f64,
    capital: f64,
}

impl RestartDetector {
    /// Watches for a mean above `line`, which is a share of the range above 0.
    ///
    /// # Panics
    /// When the line is not inside `0..1`.
    #[must_use]
    pub fn new(line: f64) -> Self {
        assert!(line > 0.0 && line < 1.0, "a line inside 0..1");
        Self { line, capital: 0.0 }
    }

    /// The capital after the next number, a share of the range too.
    pub fn push(&mut self, x: f64) -> f64 {
        let fraction = betting::fractions()[BET];
        self.capital = (self.capital + 1.0) * (1.0 + fraction * (x / self.line - 1.0));
        self.capital
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Word;

    #[test]
    fn false_alarms_are_rare_and_a_change_is_seen() {
        // Fair coins against 1/2 at level 1/50: the mean run to an alarm is at least 50. Over 400 watches the standard error of
        // a mean of about 100 is below 6.
        let mut runs_until_alarm = 0.0;
        for watch in 0..400 {
            let mut draws = Word(watch).nth(30).expand();
            let mut detector = RestartDetector::new(0.5);
            while detector.push(f64::from(draws.unit() < 0.5)) < 50.0 {
                runs_until_alarm += 1.0;
            }
        }
        assert!(runs_until_alarm / 400.0 > 50.0, "{}", runs_until_alarm / 400.0);
        let mut detector = RestartDetector::new(0.5);
        for _ in 0..1000 {
            detector.push(0.3);
        }
        assert!((0..30).any(|_| detector.push(0.9) >= 50.0));
    }
}
