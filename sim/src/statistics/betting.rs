//! Betting: a gambler who bets on "the mean is above m" at odds that are fair when it is m, and gets rich when it is not.
//!
//! Source: Waudby-Smith, Ramdas 2024, "Estimating means of bounded random variables by betting", JRSS B 86(1), the
//! capital process and its hedge over a grid of bets.
//!
//! For a line `m` the capital after `x_1 .. x_t` is `K_t(m) = (1/D) sum_d prod_i (1 + f_d (x_i / m - 1))` over `D` fixed
//! fractions `f_d` of the largest bet `1/m`. When the mean is at most `m` each product is a nonnegative supermartingale that
//! starts at 1, so `P(K_t(m) >= 1/level for some t) <= level` (Ville). Each factor falls as `m` grows; hence a line once
//! excluded excludes all lines below it, and the bound is where the capital's highest value meets `1/level`.

use crate::base::math;
use crate::statistics::LowerSequence;
use serde::Deserialize;
use serde::Serialize;

/// How many bets share the capital.
pub(super) const BETS: usize = 16;
/// Log odds of the smallest fraction, and the step to the next: fractions 0.011 to 0.953. Ours, because neighbours are a
/// factor of at most 1.65 apart, so one of them has at least 0.92 of the best bet's growth, and a mean little above a
/// line still finds a bet small enough.
const LOG_ODDS: (f64, f64) = (-4.5, 0.5);
/// Halvings of `0.0..=1.0` that end below the spacing of floats near 1.
const HALVINGS: usize = 54;

/// The fractions of the largest bet, the smallest first.
pub(super) fn fractions() -> [f64; BETS] {
    let (first, step) = LOG_ODDS;
    std::array::from_fn(|d| 1.0 / (1.0 + math::exp(-(first + step * math::float_len(d)))))
}

/// What the bets against one line have made of a capital of 1 each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Bets(pub(super) [f64; BETS]);

impl Bets {
    /// The state before the first bet.
    pub(super) fn new() -> Self {
        Self([1.0; BETS])
    }

    /// Bets against `line`, which is above 0, and `x` comes out.
    pub(super) fn push(&mut self, x: f64, line: f64, fractions: &[f64; BETS]) {
        let gain = x / line - 1.0;
        for (product, fraction) in self.0.iter_mut().zip(fractions) {
            *product *= 1.0 + fraction * gain;
        }
    }

    /// The mean of the sixteen.
    pub(super) fn capital(&self) -> f64 {
        self.0.iter().sum::<f64>() / math::float_len(BETS)
    }
}

/// Whether `count` numbers that are all `x` exclude `line` at `level`.
pub(super) fn excludes_after(level: f64, x: f64, line: f64, count: f64) -> bool {
    if line <= 0.0 {
        return line < 0.0 || (x > 0.0 && count >= 1.0);
    }
    let gain = x / line - 1.0;
    let grown = |fraction: &f64| math::exp(count * math::ln(1.0 + fraction * gain));
    let capital = fractions().iter().map(grown).sum::<f64>() / math::float_len(BETS);
    capital >= 1.0 / level
}

/// The sequence: the variables so far, and the capital at each line asked about.
#[derive(Clone, Debug)]
pub(super) struct Betting {
    goal: f64,
    fractions: [f64; BETS],
    history: Vec<f64>,
    lines: Vec<BettingLine>,
}

/// The capital of the bets against one line.
#[derive(Clone, Debug)]
struct BettingLine {
    at: f64,
    bets: Bets,
    is_excluded: bool,
}

impl Betting {
    /// A sequence whose bound is ever wrong with probability at most `level`.
    pub(super) fn new(level: f64) -> Self {
        Self { goal: 1.0 / level, fractions: fractions(), history: Vec::new(), lines: Vec::new() }
    }

    /// The line after all variables so far.
    fn replayed(&self, at: f64) -> BettingLine {
        let mut line = BettingLine { at, bets: Bets::new(), is_excluded: at < 0.0 };
        for x in &self.history {
            line.push(*x, &self.fractions, self.goal);
            if line.is_excluded {
                break;
            }
        }
        line
    }
}

impl BettingLine {
    fn push(&mut self, x: f64, fractions: &[f64; BETS], goal: f64) {
        if self.is_excluded {
            return;
        }
        if self.at <= 0.0 {
            // The bet is without limit: anything above 0 wins.
            self.is_excluded = x > 0.0;
            return;
        }
        self.bets.push(x, self.at, fractions);
        self.is_excluded = self.bets.capital() >= goal;
    }
}

impl LowerSequence for Betting {
    fn push(&mut self, x: f64) {
        self.history.push(x);
        for line in &mut self.lines {
            line.push(x, &self.fractions, self.goal);
        }
    }

    fn exceeds(&mut self, line: f64) -> bool {
        let known = self.lines.iter().position(|known| known.at.total_cmp(&line).is_eq());
        let place = known.unwrap_or_else(|| {
            self.lines.push(self.replayed(line));
            self.lines.len() - 1
        });
        self.lines[place].is_excluded
    }

    fn lower(&self) -> f64 {
        if !self.replayed(0.0).is_excluded {
            return 0.0;
        }
        let (mut excluded, mut open) = (0.0, 1.0);
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(excluded, open);
            if self.replayed(middle).is_excluded {
                excluded = middle;
            } else {
                open = middle;
            }
        }
        let asked = self.lines.iter().filter(|line| line.is_excluded).map(|line| line.at);
        asked.fold(excluded, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::coverage;
    use proptest::prelude::*;

    fn after(level: f64, xs: &[f64]) -> Betting {
        let mut sequence = Betting::new(level);
        for x in xs {
            sequence.push(*x);
        }
        sequence
    }

    #[test]
    fn one_step_worked_by_hand() {
        // x = 1 at m = 1/2: each bet gains its fraction 1/(1 + e^-z). The thirteen at z = -3 .. 3 sum to 6.5, because
        // z and -z sum to 1; three more lie below.
        let below: f64 = [-4.5, -4.0, -3.5].iter().map(|z: &f64| 1.0 / (1.0 + math::exp(-z))).sum();
        let capital = 1.0 + (6.5 + below) / 16.0;
        assert!(after(1.0 / capital + 1e-9, &[1.0]).exceeds(0.5));
        assert!(!after(1.0 / capital - 1e-9, &[1.0]).exceeds(0.5));
    }

    #[test]
    fn lines_outside_the_range_decide_themselves() {
        assert!(after(0.05, &[]).exceeds(-0.1));
        assert!(!after(0.05, &[0.0]).exceeds(0.0));
        assert!(after(0.05, &[0.0, 1e-9]).exceeds(0.0));
        assert!(!after(0.05, &[1.0; 50]).exceeds(1.0));
    }

    #[test]
    fn nothing_seen_excludes_nothing() {
        assert!(after(0.05, &[]).lower().abs() < 1e-300);
        assert!(after(0.05, &[0.0; 100]).lower().abs() < 1e-300);
    }

    #[test]
    fn a_long_row_of_equal_values_comes_close() {
        // At the largest fraction 0.953, log(1 + 0.953 (0.5 / m - 1)) * 500 > log(20 * 16) for m < 0.494.
        let bound = after(0.05, &[0.5; 500]).lower();
        assert!(bound > 0.493 && bound < 0.5, "{bound}");
    }

    proptest! {
        #![proptest_config(coverage::written_seed())]

        #[test]
        fn the_bound_is_where_exclusion_ends(
            xs in prop::collection::vec(0.0_f64..=1.0, 1..60), line in 0.0_f64..1.0
        ) {
            let mut sequence = after(0.2, &xs);
            let bound = sequence.lower();
            prop_assert_eq!(sequence.exceeds(line), line <= bound, "{} {}", line, bound);
        }

        #[test]
        fn asking_before_or_after_is_the_same(
            xs in prop::collection::vec(0.0_f64..=1.0, 1..60), line in 0.0_f64..1.0
        ) {
            let mut early = Betting::new(0.1);
            early.exceeds(line);
            for x in &xs {
                early.push(*x);
            }
            prop_assert_eq!(early.exceeds(line), after(0.1, &xs).exceeds(line));
        }

        #[test]
        fn the_bound_never_falls(xs in prop::collection::vec(0.0_f64..=1.0, 1..40)) {
            let bounds: Vec<f64> = (0..=xs.len()).map(|t| after(0.2, &xs[..t]).lower()).collect();
            prop_assert!(bounds.windows(2).all(|pair| pair[0] <= pair[1]));
        }
    }

    #[test]
    fn looking_at_every_step_is_wrong_no_more_often_than_its_level() {
        coverage::holds_on_the_edge(|level| Box::new(Betting::new(level)));
    }

    #[test]
    fn a_mean_above_the_line_is_found() {
        coverage::finds_what_is_above(|level| Box::new(Betting::new(level)), 400);
    }
}
