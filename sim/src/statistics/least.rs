//! What can be known before the first number: how many it takes to exclude a line at the least, and how far from it a mean
//! has to lie for a given count.
//!
//! Source: spec/theory.md 1.3. All of it is for numbers that are all equal; noise slows on average. For numbers that are 0
//! or 1 a share of ones stands for them, so that count is about right only, except where all are 1.

use crate::base::math;
use crate::statistics::LowerSequence;
use crate::statistics::Method;
use crate::statistics::asymptotic::LOOKS_FROM;
use crate::statistics::beta_binomial;
use crate::statistics::betting;
use crate::statistics::empirical_bernstein::EmpiricalBernstein;

/// Counts beyond this are as good as never.
const COUNT_MAX: u64 = 1 << 40;
/// Numbers that the empirical Bernstein sequence, which has no closed form here, is followed for.
const FOLLOWED_MAX: u64 = 1_000_000;
/// Halvings for the nearest mean: a millionth of the range is enough to print.
const HALVINGS: usize = 30;

/// Bets on "the mean is above `line`" at `level`; both are shares of the range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// The confidence sequence that is to exclude the line.
    pub method: Method,
    /// Chance that it is ever wrong.
    pub level: f64,
    /// The line to be excluded.
    pub line: f64,
}

impl Wanted {
    /// The fewest numbers that exclude the line when all are `x`; none where no count does. Nothing is asked of an
    /// asymptotic sequence but its first look: what it needs depends on a spread that nobody knows beforehand.
    #[must_use]
    pub fn runs(self, x: f64) -> Option<u64> {
        if self.line < 0.0 && self.method != Method::Asymptotic {
            return Some(0);
        }
        match self.method {
            Method::Asymptotic => return (x > self.line).then_some(LOOKS_FROM),
            Method::EmpiricalBernstein => return self.followed(x, FOLLOWED_MAX),
            Method::Betting | Method::BetaBinomial => {}
        }
        let (mut short, mut enough) = (0, 1);
        while !self.is_excluded_after(x, enough) {
            if enough >= COUNT_MAX {
                return None;
            }
            (short, enough) = (enough, 2 * enough);
        }
        while enough - short > 1 {
            let middle = u64::midpoint(short, enough);
            if self.is_excluded_after(x, middle) {
                enough = middle;
            } else {
                short = middle;
            }
        }
        Some(enough)
    }

    /// The least `x` of which `runs` numbers, all equal to it, exclude the line; none where not even 1 does.
    #[must_use]
    pub fn nearest(self, runs: u64) -> Option<f64> {
        if self.method == Method::Asymptotic || !self.is_excluded_after(1.0, runs) {
            return None;
        }
        let (mut short, mut enough) = (self.line.clamp(0.0, 1.0), 1.0);
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(short, enough);
            if self.is_excluded_after(middle, runs) {
                enough = middle;
            } else {
                short = middle;
            }
        }
        Some(enough)
    }

    fn is_excluded_after(self, x: f64, runs: u64) -> bool {
        let Self { method, level, line } = self;
        let count = math::float(runs);
        match method {
            Method::Betting => betting::excludes_after(level, x, line, count),
            Method::BetaBinomial => {
                // Evidence grows by ones: fewer of them at the same share are no evidence yet.
                runs > 0 && beta_binomial::excludes(-math::ln(level), line, x * count, count)
            }
            Method::EmpiricalBernstein => self.followed(x, runs).is_some(),
            Method::Asymptotic => runs >= LOOKS_FROM && x > line,
        }
    }

    fn followed(self, x: f64, runs_max: u64) -> Option<u64> {
        let mut sequence = EmpiricalBernstein::new(self.level);
        (1..=runs_max).find(|_| {
            sequence.push(x);
            sequence.exceeds(self.line)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::betting::Betting;

    #[test]
    fn the_count_is_the_first_at_which_the_sequence_itself_excludes_the_line() {
        for (x, line, level) in [(0.5, 0.45, 0.05), (1.0, 0.45, 0.05), (0.3, 0.29, 0.01)] {
            for method in [Method::Betting, Method::EmpiricalBernstein] {
                let runs = Wanted { method, level, line }.runs(x).unwrap();
                let mut betting = Betting::new(level);
                let mut bernstein = EmpiricalBernstein::new(level);
                let sequence: &mut dyn LowerSequence =
                    if method == Method::Betting { &mut betting } else { &mut bernstein };
                for run in 1..=runs {
                    assert!(!sequence.exceeds(line), "{method:?} {x} {line}: before run {run}");
                    sequence.push(x);
                }
                assert!(sequence.exceeds(line), "{method:?} {x} {line}: {runs}");
            }
        }
    }

    #[test]
    fn a_row_of_ones_worked_by_hand() {
        // (v^-n - v) / ((n + 1) (1 - v)) at v = 1/2 is (2^n - 1/2) / ((n + 1) / 2): 186.1 at n = 10.
        let wanted = |level| Wanted { method: Method::BetaBinomial, level, line: 0.5 };
        assert_eq!(wanted(1.0 / 186.0).runs(1.0), Some(10));
        assert_eq!(wanted(1.0 / 187.0).runs(1.0), Some(11));
    }

    #[test]
    fn a_mean_on_the_line_is_never_told_from_it_and_a_free_line_at_once() {
        let wanted = |line| Wanted { method: Method::Betting, level: 0.05, line };
        assert_eq!(wanted(0.5).runs(0.5), None);
        assert_eq!(wanted(-0.1).runs(0.0), Some(0));
        assert_eq!(wanted(0.0).runs(1e-9), Some(1));
        assert_eq!(Wanted { method: Method::Asymptotic, ..wanted(3.0) }.runs(4.0), Some(50));
    }

    #[test]
    fn the_nearest_mean_is_decided_and_one_nearer_is_not() {
        for method in [Method::Betting, Method::BetaBinomial] {
            let wanted = Wanted { method, level: 0.01, line: 0.4 };
            let x = wanted.nearest(200).unwrap();
            assert!(x > 0.4 && wanted.runs(x).unwrap() <= 200, "{method:?} {x}");
            assert!(wanted.runs(x - 1e-4).unwrap() > 200, "{method:?} {x}");
            assert_eq!(wanted.nearest(2), None);
        }
    }
}
