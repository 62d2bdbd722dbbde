//! The empirical Bernstein sequence: a weighted mean less a margin that follows the variance seen.
//!
//! Source: Waudby-Smith, Ramdas 2024, "Estimating means of bounded random variables by betting", JRSS B 86(1), theorem 2
//! (predictable plug-in), one side of it.
//!
//! `L_t = (sum l_i x_i - ln(1/level) - sum (x_i - m_{i-1})^2 (-ln(1 - l_i) - l_i)) / sum l_i`, with bets
//! `l_i = min(c, sqrt(2 ln(1/level) / (v_{i-1} i ln(i + 1))))` from the mean `m_{i-1} = (1/2 + sum x) / i` and variance
//! `v_{i-1} = (1/4 + sum (x_j - m_j)^2) / i` of what came before.

use crate::base::math;
use crate::statistics::LowerSequence;

/// Largest bet. Source: Waudby-Smith, Ramdas 2024, the truncation they recommend.
const BET_MAX: f64 = 0.5;
/// Mean and variance before anything is seen. Source: the same.
const PRIOR: (f64, f64) = (0.5, 0.25);

/// The sequence: sums over what was seen.
#[derive(Clone, Debug)]
pub(super) struct EmpiricalBernstein {
    log_goal: f64,
    count: f64,
    sum: f64,
    squares: f64,
    bets: f64,
    won: f64,
    paid: f64,
    best: f64,
}

impl EmpiricalBernstein {
    /// A sequence whose bound is ever wrong with probability at most `level`.
    pub(super) fn new(level: f64) -> Self {
        Self {
            log_goal: -math::ln(level),
            count: 0.0,
            sum: 0.0,
            squares: 0.0,
            bets: 0.0,
            won: 0.0,
            paid: 0.0,
            best: 0.0,
        }
    }
}

impl LowerSequence for EmpiricalBernstein {
    fn push(&mut self, x: f64) {
        let (mean, variance) = PRIOR;
        let before = (mean + self.sum) / (self.count + 1.0);
        let spread = (variance + self.squares) / (self.count + 1.0);
        self.count += 1.0;
        let bet = (2.0 * self.log_goal / (spread * self.count * math::ln(self.count + 1.0))).sqrt();
        let bet = bet.min(BET_MAX);
        self.bets += bet;
        self.won += bet * x;
        self.paid += (x - before) * (x - before) * (-math::ln(1.0 - bet) - bet);
        self.sum += x;
        let after = (mean + self.sum) / (self.count + 1.0);
        self.squares += (x - after) * (x - after);
        self.best = self.best.max((self.won - self.log_goal - self.paid) / self.bets);
    }

    fn exceeds(&mut self, line: f64) -> bool {
        line < 0.0 || (self.best > 0.0 && line <= self.best)
    }

    fn lower(&self) -> f64 {
        self.best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::coverage;
    use proptest::prelude::*;

    #[test]
    fn one_step_worked_by_hand() {
        // x = 1, level e^-1/8: ln(1/level) = 1/8; bet = sqrt(2/8 / (1/4 * 1 * ln 2)) > 1/2, so 1/2.
        // (1/2 - 1/8 - 1/4 (ln 2 - 1/2)) / (1/2).
        let mut sequence = EmpiricalBernstein::new(math::exp(-0.125));
        sequence.push(1.0);
        let by_hand = (0.5 - 0.125 - 0.25 * (math::ln(2.0) - 0.5)) / 0.5;
        assert!((sequence.lower() - by_hand).abs() < 1e-14);
    }

    #[test]
    fn nothing_seen_excludes_nothing_possible() {
        let mut sequence = EmpiricalBernstein::new(0.05);
        assert!(!sequence.exceeds(0.0) && sequence.exceeds(-0.1));
        assert!(sequence.lower().abs() < 1e-300);
    }

    #[test]
    fn looking_at_every_step_is_wrong_no_more_often_than_its_level() {
        coverage::holds_on_the_edge(|level| Box::new(EmpiricalBernstein::new(level)));
    }

    #[test]
    fn a_mean_above_the_line_is_found() {
        coverage::finds_what_is_above(|level| Box::new(EmpiricalBernstein::new(level)), 400);
    }

    proptest! {
        #![proptest_config(coverage::written_seed())]

        #[test]
        fn the_bound_stays_below_the_largest_value(
            xs in prop::collection::vec(0.0_f64..=1.0, 1..60)
        ) {
            let mut sequence = EmpiricalBernstein::new(0.2);
            let mut last = 0.0;
            for x in &xs {
                sequence.push(*x);
                prop_assert!(sequence.lower() >= last);
                last = sequence.lower();
            }
            prop_assert!(last <= xs.iter().copied().fold(0.0, f64::max));
        }
    }
}
