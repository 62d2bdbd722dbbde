//! The asymptotic sequence: for numbers without a declared range, or with one that is wide against the margin. It holds in
//! the limit of many numbers, and is **not valid early**: nobody looks before `n >= max(50, 100 g^2)`, `g` the skewness of
//! what was seen; with that guard it was wrong at most as often as stated in every law tried.
//!
//! Source: Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas 2024, "Time-uniform central limit theory and asymptotic confidence
//! sequences", Annals of Statistics 52(6). The guard: spec/theory.md 1.5, measured there.
//!
//! Left out: numbers that never differed. Their spread is not known, so nothing is excluded however many there are; it
//! misleads where a rare number has not been seen yet, which no count of equal ones rules out.

use crate::base::math;
use crate::statistics::LowerSequence;

/// Fewest numbers before the first look. Source: spec/theory.md 1.5.
pub(super) const LOOKS_FROM: u64 = 50;
/// So many numbers to each unit of squared skewness before the first look. Source: spec/theory.md 1.5.
const PER_SQUARED_SKEWNESS: f64 = 100.0;
/// The count at which the width is least. Source: ours, twice the first look possible.
const SHARPEST_AT: f64 = 100.0;
/// Largest level from which a width is made. Source: ours, because none has a meaning at 1.
const LEVEL_MAX: f64 = 0.99;
/// Steps of the iteration for the logarithm's inverse; each gains a digit at least.
const STEPS: usize = 60;

/// Half the width after `n` numbers of standard deviation `sd`, on one side or both; least at `n_opt` numbers.
#[must_use]
pub fn asymptotic_half_width(n: f64, sd: f64, level: f64, n_opt: f64, is_two_sided: bool) -> f64 {
    let r = asymptotic_spread(level, n_opt, is_two_sided);
    let root = (n * r + 1.0).sqrt();
    let ln = if is_two_sided { math::ln(root / level) } else { one_sided(root, level) };
    sd * (2.0 * (n * r + 1.0) / (n * n * r) * ln).sqrt()
}

/// The logarithm of the one-sided width.
fn one_sided(root: f64, level: f64) -> f64 {
    math::ln(1.0 + root / (2.0 * level))
}

/// The mixture's spread `rho^2 = (-W(-level^2 / e) - 1) / n_opt`, `W` the lower branch of Lambert's function; on one side
/// with twice the level.
#[must_use]
pub fn asymptotic_spread(level: f64, n_opt: f64, is_two_sided: bool) -> f64 {
    let level = if is_two_sided { level } else { 2.0 * level }.min(LEVEL_MAX);
    // w = -W solves w - ln w = 1 - 2 ln level above 1.
    let goal = 1.0 - 2.0 * math::ln(level);
    let mut w = goal;
    for _ in 0..STEPS {
        w = goal + math::ln(w);
    }
    (w - 1.0) / n_opt
}

/// The sequence: moments of what was seen, and the best bound of a look.
#[derive(Clone, Debug)]
pub(super) struct Asymptotic {
    level: f64,
    /// Variance of the normal mixture over lines.
    spread: f64,
    count: f64,
    mean: f64,
    squares: f64,
    cubes: f64,
    best: f64,
    is_guarded: bool,
}

impl Asymptotic {
    /// A sequence whose bound is ever wrong with probability about `level`.
    pub(super) fn new(level: f64) -> Self {
        Self {
            level,
            spread: asymptotic_spread(level, SHARPEST_AT, false),
            count: 0.0,
            mean: 0.0,
            squares: 0.0,
            cubes: 0.0,
            best: f64::NEG_INFINITY,
            is_guarded: true,
        }
    }

    /// Sums of squared and cubed deviations from the mean. Source of the updates: Pebay 2008, Sandia report 6212.
    fn take_in(&mut self, x: f64) {
        let before = self.count;
        self.count += 1.0;
        let n = self.count;
        let step = x - self.mean;
        let share = step / n;
        let product = step * share * before;
        self.mean += share;
        self.cubes += product * share * (n - 2.0) - 3.0 * share * self.squares;
        self.squares += product;
    }

    /// As [`asymptotic_half_width`] on one side, whose spread is the same at every look.
    fn half_width(&self) -> f64 {
        let (n, r) = (self.count, self.spread);
        let variance = self.squares / (n - 1.0);
        let ln = one_sided((n * r + 1.0).sqrt(), self.level);
        (variance * 2.0 * (n * r + 1.0) / (n * n * r) * ln).sqrt()
    }

    /// Whether enough was seen to look.
    fn may_look(&self) -> bool {
        if !self.is_guarded {
            return self.count >= math::float(LOOKS_FROM) / 2.0 && self.squares > 0.0;
        }
        let n = self.count;
        let skewness = n.sqrt() * self.cubes / (self.squares * self.squares.sqrt());
        let least = (PER_SQUARED_SKEWNESS * skewness * skewness).max(math::float(LOOKS_FROM));
        self.squares > 0.0 && n >= least
    }
}

impl LowerSequence for Asymptotic {
    fn push(&mut self, x: f64) {
        self.take_in(x);
        if self.may_look() {
            self.best = self.best.max(self.mean - self.half_width());
        }
    }

    fn exceeds(&mut self, line: f64) -> bool {
        line <= self.best
    }

    fn lower(&self) -> f64 {
        self.best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Draws;
    use crate::base::random::Word;
    use crate::statistics::is_refuted;

    /// Repeated sequences of each law, and looks in each.
    const CHECKS: u64 = 400;
    const LOOKS: usize = 3_000;
    const LEVEL: f64 = 0.05;

    /// Standard normal, from two uniforms (Box, Muller 1958).
    fn normal(draws: &mut Draws) -> f64 {
        let radius = (-2.0 * math::ln(1.0 - draws.unit())).sqrt();
        radius * math::cos(2.0 * std::f64::consts::PI * draws.unit())
    }

    type Law = (&'static str, f64, fn(&mut Draws) -> f64);

    /// Laws with their means; both sides are looked at.
    const LAWS: [Law; 4] = [
        ("normal", 0.0, normal),
        ("exponential", 1.0, |d| -math::ln(1.0 - d.unit())),
        ("lognormal(1.5)", 3.080_216_848_918_031, |d| math::exp(1.5 * normal(d))),
        ("Pareto(2.5)", 2.5 / 1.5, |d| math::pow(1.0 - d.unit(), -0.4)),
    ];

    /// How many of the sequences ever exclude the mean, from below and from above.
    fn wrong(law: &Law, is_guarded: bool) -> [u64; 2] {
        let (_, mean, draw) = law;
        let mut wrong = [0; 2];
        for check in 0..CHECKS {
            let mut draws = Word(check).nth(24).expand();
            let mut sides = [Asymptotic::new(LEVEL), Asymptotic::new(LEVEL)];
            for side in &mut sides {
                side.is_guarded = is_guarded;
            }
            for _ in 0..LOOKS {
                let x = draw(&mut draws) - mean;
                sides[0].push(x);
                sides[1].push(-x);
            }
            for (count, side) in wrong.iter_mut().zip(&mut sides) {
                *count += u64::from(side.exceeds(0.0));
            }
        }
        wrong
    }

    #[test]
    fn behind_its_guard_it_is_wrong_no_more_often_than_stated() {
        for law in &LAWS {
            for wrong in wrong(law, true) {
                assert!(!is_refuted(wrong, CHECKS, LEVEL), "{}: {wrong} of {CHECKS}", law.0);
            }
        }
    }

    /// The control: the exponential law, looked at from 25 numbers on.
    #[test]
    fn without_its_guard_it_is_refuted() {
        let [_, above] = wrong(&LAWS[1], false);
        assert!(is_refuted(above, CHECKS, LEVEL), "{above} of {CHECKS}");
    }

    #[test]
    fn nobody_looks_early_and_equal_numbers_say_nothing() {
        let mut sequence = Asymptotic::new(0.05);
        for place in 0..LOOKS_FROM - 1 {
            sequence.push(5.0 + f64::from(place % 2 == 0));
        }
        assert!(!sequence.exceeds(-1e300));
        sequence.push(5.0);
        assert!(sequence.exceeds(5.0));
        let mut equal = Asymptotic::new(0.05);
        for _ in 0..10_000 {
            equal.push(5.0);
        }
        assert!(!equal.exceeds(0.0));
    }

    #[test]
    fn the_moments_of_five_numbers_worked_by_hand() {
        // 1, 2, 3, 4, 10: mean 4; deviations -3 -2 -1 0 6: squares 50, cubes -27 - 8 - 1 + 216 = 180.
        let mut sequence = Asymptotic::new(0.05);
        for x in [1.0, 2.0, 3.0, 4.0, 10.0] {
            sequence.push(x);
        }
        assert!((sequence.squares - 50.0).abs() < 1e-12 && (sequence.cubes - 180.0).abs() < 1e-11);
        let whole = asymptotic_half_width(5.0, 12.5_f64.sqrt(), 0.05, SHARPEST_AT, false);
        assert!((sequence.half_width() - whole).abs() < 1e-12);
    }
}
