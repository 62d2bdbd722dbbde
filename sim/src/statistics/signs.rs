//! Signs to flip paired differences by, and the largest `t` of many columns under each pattern.
//!
//! Up to fourteen pairs every pattern is taken, the last sign fixed (a pattern and its opposite give the same `|t|`); above,
//! no sign flipped and 9,999 patterns drawn. What is asked of a pattern is the largest `|t|` over the columns, each column's
//! spread taken anew: with `s` the sum and `q` the sum of squares of `n` signed numbers, `t^2 = s^2 (n - 1) / (n q - s^2)`.

use crate::base::math;
use crate::base::random::Purpose;
use crate::base::random::Streams;

/// Most pairs of which every pattern is taken. Source: theory.md 2.1.
const EXACT_MAX: usize = 14;
/// Patterns drawn above that, beside the one that flips nothing. Source: theory.md 2.1.
const DRAWN: usize = 9_999;
/// Signs that one word holds.
const WORD_BITS: usize = 64;
/// Part of the sum of squares below which a spread is rounding: the exact spread is 0.
const ROUNDING: f64 = 1e-13;

/// Patterns of signs for `n` pairs; in each, whether a pair's sign is flipped. The first flips nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignPatterns {
    flips: Vec<Vec<bool>>,
    is_exact: bool,
}

impl SignPatterns {
    /// Every pattern of at most fourteen `pairs`, else 10,000 of them, drawn from the analysis stream of `seed`.
    #[must_use]
    pub fn of(pairs: usize, seed: u64) -> Self {
        if pairs <= EXACT_MAX {
            let count = 1_u32 << pairs.saturating_sub(1);
            let pattern = |bits| (0..pairs).map(|pair| bits >> pair & 1 == 1).collect();
            return Self { flips: (0..count).map(pattern).collect(), is_exact: true };
        }
        let mut stream = Streams::new(seed, 0).stream(Purpose::Analysis, "max-t");
        let mut flips = vec![vec![false; pairs]];
        for _ in 0..DRAWN {
            let mut pattern = Vec::with_capacity(pairs);
            while pattern.len() < pairs {
                let word = stream.word().0;
                let bits = (pairs - pattern.len()).min(WORD_BITS);
                pattern.extend((0..bits).map(|bit| word >> bit & 1 == 1));
            }
            flips.push(pattern);
        }
        Self { flips, is_exact: false }
    }

    /// Whether they are all there are.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// Number of patterns of signs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.flips.len()
    }

    /// Whether there are none, which never is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flips.is_empty()
    }

    /// The largest `t^2` over these columns under every pattern; infinite where a column's numbers all agree.
    pub(super) fn largest(&self, columns: &[&[f64]]) -> Vec<f64> {
        let squares: Vec<f64> =
            columns.iter().map(|column| column.iter().map(|x| x * x).sum()).collect();
        let of = |flips: &Vec<bool>| {
            let each = columns.iter().zip(&squares).map(|(column, squares)| {
                let signed = column.iter().zip(flips).map(|(x, flip)| if *flip { -x } else { *x });
                t_squared(signed.sum(), *squares, column.len())
            });
            each.fold(0.0, f64::max)
        };
        self.flips.iter().map(of).collect()
    }
}

/// `t^2` of `n` numbers with this sum and sum of squares; 0 where all are 0, infinite where they agree otherwise.
pub(super) fn t_squared(sum: f64, squares: f64, n: usize) -> f64 {
    let n = math::float_len(n);
    let spread = n * squares - sum * sum;
    if spread > ROUNDING * n * squares {
        sum * sum * (n - 1.0) / spread
    } else if squares > 0.0 {
        f64::INFINITY
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_pairs_have_four_patterns_worked_by_hand() {
        let patterns = SignPatterns::of(3, 1);
        let (no, yes) = (false, true);
        let all = [[no, no, no], [yes, no, no], [no, yes, no], [yes, yes, no]].map(Vec::from);
        assert_eq!(patterns.flips, all);
        // 1, 2, 3: t = 2 / (1 / sqrt 3), t^2 = 12. -1, 2, 3: mean 4/3, variance 13/3: t^2 = 16/13. 1, -2, 3: mean 2/3,
        // variance 19/3: 4/19. -1, -2, 3: 0.
        let found = patterns.largest(&[&[1.0, 2.0, 3.0]]);
        for (found, right) in found.iter().zip([12.0, 16.0 / 13.0, 4.0 / 19.0, 0.0]) {
            assert!((found - right).abs() < 1e-12, "{found} for {right}");
        }
    }

    #[test]
    fn fifteen_pairs_are_drawn_from_a_written_seed() {
        let patterns = SignPatterns::of(15, 3);
        assert_eq!((patterns.len(), patterns.is_exact()), (10_000, false));
        assert!(patterns.flips[0].iter().all(|flip| !flip), "the first flips nothing");
        assert_eq!(patterns, SignPatterns::of(15, 3));
        assert_ne!(patterns, SignPatterns::of(15, 4));
        let flipped: usize = patterns.flips.iter().flatten().map(|flip| usize::from(*flip)).sum();
        // 149,985 fair signs: 74,992 with a deviation of 194; five of them.
        assert!(flipped.abs_diff(74_992) < 970, "{flipped}");
    }

    #[test]
    fn above_sixty_four_pairs_a_pattern_takes_two_words() {
        let patterns = SignPatterns::of(70, 3);
        let second: usize =
            patterns.flips.iter().map(|flips| usize::from(flips[64] != flips[0])).sum();
        assert!(second.abs_diff(5_000) < 250, "the 65th sign is a copy of the first: {second}");
    }

    #[test]
    fn numbers_that_agree_have_no_spread() {
        let patterns = SignPatterns::of(2, 1);
        assert_eq!(patterns.largest(&[&[0.1, 0.1]]), [f64::INFINITY, 0.0]);
        assert_eq!(patterns.largest(&[&[0.0, 0.0]]), [0.0, 0.0]);
        assert_eq!(SignPatterns::of(0, 1).len(), 1);
    }
}
