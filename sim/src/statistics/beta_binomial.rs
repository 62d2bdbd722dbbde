//! The beta-binomial mixture for variables that are 0 or 1: the likelihood ratio against a line, averaged over all
//! chances above it.
//!
//! Source: Robbins 1970, "Statistical methods related to the law of the iterated logarithm", Annals of Mathematical
//! Statistics 41(5) (the method of mixtures); Howard, Ramdas, `McAuliffe`, Sekhon 2021, "Time-uniform, nonparametric,
//! nonasymptotic confidence sequences", Annals of Statistics 49(2) (the beta-binomial one).
//!
//! `M_t(m) = 1/(1-m) integral_m^1 (p/m)^s ((1-p)/(1-m))^f dp` after `s` ones and `f` zeros: the uniform mixture over
//! `p` in `m..=1`, a supermartingale from 1 when the chance is at most `m`. With `p = m + g (1 - m)` it is the mean over
//! `g` of `(1 - g + g/m)^s (1 - g)^f`, which falls as `m` grows: a line once excluded excludes all lines below it.

use crate::base::math;
use crate::statistics::LowerSequence;
use statrs::function::beta::beta_reg;
use statrs::function::beta::ln_beta;

/// Halvings of `0.0..=1.0` for the bound: a thousandth of a millionth is enough to print.
const HALVINGS: usize = 40;

/// The sequence: what was seen, and the lines asked about.
#[derive(Clone, Debug)]
pub(super) struct BetaBinomial {
    log_goal: f64,
    history: Vec<bool>,
    ones: f64,
    lines: Vec<(f64, bool)>,
}

impl BetaBinomial {
    /// A sequence whose bound is ever wrong with probability at most `level`.
    pub(super) fn new(level: f64) -> Self {
        Self { log_goal: -math::ln(level), history: Vec::new(), ones: 0.0, lines: Vec::new() }
    }

    /// Whether some look so far has excluded the line.
    fn replayed(&self, line: f64) -> bool {
        let mut ones = 0.0;
        line < 0.0
            || self.history.iter().enumerate().any(|(before, one)| {
                ones += f64::from(*one);
                *one && self.excludes(line, ones, math::float_len(before + 1))
            })
    }

    fn excludes(&self, line: f64, ones: f64, count: f64) -> bool {
        excludes(self.log_goal, line, ones, count)
    }
}

/// Whether `ones` of `count` exclude, at the level whose logarithm is `-log_goal`, that the chance is at or below `line`.
/// Neither has to be whole.
pub(super) fn excludes(log_goal: f64, line: f64, ones: f64, count: f64) -> bool {
    if line <= 0.0 {
        return line < 0.0 || ones > 0.0;
    }
    line < 1.0 && ln_mixture(line, ones, count - ones) >= log_goal
}

/// `ln M` at a line inside `0..1`.
pub(super) fn ln_mixture(line: f64, ones: f64, zeros: f64) -> f64 {
    let above = beta_reg(zeros + 1.0, ones + 1.0, 1.0 - line);
    ln_beta(ones + 1.0, zeros + 1.0) + math::ln(above)
        - ones * math::ln(line)
        - (zeros + 1.0) * math::ln(1.0 - line)
}

impl LowerSequence for BetaBinomial {
    /// # Panics
    /// When `x` is neither 0 nor 1.
    fn push(&mut self, x: f64) {
        assert!(x.total_cmp(&0.0).is_eq() || x.total_cmp(&1.0).is_eq(), "0 or 1, not {x}");
        let one = x > 0.0;
        self.history.push(one);
        self.ones += x;
        if !one {
            // A zero can only lower the evidence.
            return;
        }
        let count = math::float_len(self.history.len());
        for place in 0..self.lines.len() {
            let (line, excluded) = self.lines[place];
            self.lines[place].1 = excluded || self.excludes(line, self.ones, count);
        }
    }

    fn exceeds(&mut self, line: f64) -> bool {
        let known = self.lines.iter().position(|known| known.0.total_cmp(&line).is_eq());
        let place = known.unwrap_or_else(|| {
            self.lines.push((line, self.replayed(line)));
            self.lines.len() - 1
        });
        self.lines[place].1
    }

    fn lower(&self) -> f64 {
        if self.ones <= 0.0 {
            return 0.0;
        }
        let (mut excluded, mut open) = (0.0, 1.0);
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(excluded, open);
            if self.replayed(middle) {
                excluded = middle;
            } else {
                open = middle;
            }
        }
        let asked = self.lines.iter().filter(|line| line.1).map(|line| line.0);
        asked.fold(excluded, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::coverage;
    use proptest::prelude::*;

    fn after(level: f64, xs: &[bool]) -> BetaBinomial {
        let mut sequence = BetaBinomial::new(level);
        for one in xs {
            sequence.push(f64::from(*one));
        }
        sequence
    }

    #[test]
    fn the_mixture_worked_by_hand() {
        // One success: integral of p from m to 1 over m (1 - m) is (1 + m) / (2 m).
        assert!((ln_mixture(0.5, 1.0, 0.0) - math::ln(1.5)).abs() < 1e-12);
        // One failure: integral of 1 - p over (1 - m)^2 is 1/2.
        assert!((ln_mixture(0.5, 0.0, 1.0) - math::ln(0.5)).abs() < 1e-12);
        // Nothing seen: 1.
        assert!(ln_mixture(0.3, 0.0, 0.0).abs() < 1e-12);
    }

    #[test]
    fn a_row_of_successes_worked_by_hand() {
        // n successes: (1 - m^(n+1)) / ((n + 1) (1 - m) m^n); n = 10, m = 1/2: 2047/11 = 186.1.
        let row = [true; 10];
        assert!(after(1.0 / 186.0, &row).exceeds(0.5));
        assert!(!after(1.0 / 187.0, &row).exceeds(0.5));
    }

    #[test]
    fn lines_outside_the_range_decide_themselves() {
        assert!(after(0.05, &[]).exceeds(-0.1));
        assert!(!after(0.05, &[false]).exceeds(0.0));
        assert!(after(0.05, &[true]).exceeds(0.0));
        assert!(!after(0.05, &[true; 1000]).exceeds(1.0));
    }

    #[test]
    #[should_panic(expected = "0 or 1")]
    fn a_half_is_refused() {
        BetaBinomial::new(0.05).push(0.5);
    }

    #[test]
    fn looking_at_every_step_is_wrong_no_more_often_than_its_level() {
        coverage::coins_hold_on_the_edge(|level| Box::new(BetaBinomial::new(level)));
    }

    proptest! {
        #![proptest_config(coverage::written_seed())]

        #[test]
        fn the_bound_is_where_exclusion_ends(
            xs in prop::collection::vec(any::<bool>(), 1..40), line in 0.001_f64..0.999
        ) {
            let mut sequence = after(0.2, &xs);
            let bound = sequence.lower();
            let near = (line - bound).abs() < 1e-11;
            prop_assert!(near || sequence.exceeds(line) == (line < bound), "{} {}", line, bound);
        }

        #[test]
        fn the_mixture_falls_as_the_line_rises(
            ones in 0_u8..50, zeros in 0_u8..50, low in 0.01_f64..0.5, rise in 0.001_f64..0.4
        ) {
            let at = |line| ln_mixture(line, f64::from(ones), f64::from(zeros));
            prop_assert!(at(low) >= at(low + rise) - 1e-9);
        }
    }
}
