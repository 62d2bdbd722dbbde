//! Many paired differences at once: who is named, and simultaneous intervals beside it.
//!
//! Named by sign flips of what was seen (Fisher; the largest `t` as Westfall, Young 1993, and Romano, Wolf 2005): exact
//! where the differences are symmetric about 0 together, so in every comparison that changed nothing and whose two sides
//! have one law, whatever that law is. The intervals flip signs of the centred differences, and are approximate.

use crate::base::math;
use crate::statistics::Interval;
use crate::statistics::RunningMoments;
use crate::statistics::SignPatterns;
use crate::statistics::signs::t_squared;
use statrs::distribution::ContinuousCDF;

/// Fewest pairs with which the critical value of the intervals is taken from sign flips. Source: theory.md 2.2.
const FLIPPED_MIN: usize = 8;
/// Above this skewness of the differences no interval is trustworthy. Source: theory.md 2.2.
pub const SKEWNESS_MAX: f64 = 1.0;
/// Ties are ties although rounding parts them.
const TIE: f64 = 1e-12;

/// Columns of differences, a number a pair in each.
#[derive(Clone, Debug)]
pub struct ManyDifferences<'d> {
    /// The columns whose numbers differ, with their places.
    columns: Vec<(usize, &'d [f64])>,
    count: usize,
    pairs: usize,
    patterns: SignPatterns,
}

impl<'d> ManyDifferences<'d> {
    /// Of these columns, all of one length; signs are drawn from the analysis stream of `seed` where there are too many
    /// patterns. Columns without spread are left out of every maximum.
    ///
    /// # Panics
    /// When the columns are not of one length.
    #[must_use]
    pub fn new(columns: &[&'d [f64]], seed: u64) -> Self {
        let pairs = columns.first().map_or(0, |column| column.len());
        assert!(columns.iter().all(|column| column.len() == pairs), "a number a pair and column");
        let spread = columns.iter().enumerate().filter(|(_, column)| has_spread(column));
        let spread = spread.map(|(place, column)| (place, *column)).collect();
        let patterns = SignPatterns::of(pairs, seed);
        Self { columns: spread, count: columns.len(), pairs, patterns }
    }

    /// Fewest pairs with which anybody can be named at level `alpha`: the share of one pattern among all is at most it.
    ///
    /// # Panics
    /// When `alpha` is not above 0.
    #[must_use]
    pub fn pairs_min(alpha: f64) -> usize {
        assert!(alpha > 0.0, "a level is above 0, not {alpha}");
        let (mut pairs, mut share) = (1, 1.0);
        while share > alpha {
            (pairs, share) = (pairs + 1, share / 2.0);
        }
        pairs
    }

    /// By column: the share of patterns whose largest `|t|` is at least that of the column; none for one without spread.
    #[must_use]
    pub fn p_values(&self) -> Vec<Option<f64>> {
        let bare: Vec<&[f64]> = self.columns.iter().map(|(_, column)| *column).collect();
        let mut largest = self.patterns.largest(&bare);
        largest.sort_by(f64::total_cmp);
        let mut found = vec![None; self.count];
        for (place, column) in &self.columns {
            let squares = column.iter().map(|x| x * x).sum();
            let own = t_squared(column.iter().sum(), squares, column.len()) * (1.0 - TIE);
            let at_least = largest.len() - largest.partition_point(|t| *t < own);
            found[*place] = Some(math::float_len(at_least) / math::float_len(largest.len()));
        }
        found
    }

    /// How many errors of its mean a column's interval reaches to either side, so that all hold at once but for `alpha`:
    /// Bonferroni's below eight pairs. None for fewer than two pairs or without a column that has spread.
    #[must_use]
    pub fn critical(&self, alpha: f64) -> Option<f64> {
        let first = self.columns.first()?.1;
        if self.pairs < FLIPPED_MIN {
            let level = alpha / math::float_len(2 * self.columns.len());
            return Some(RunningMoments::of(first).law()?.inverse_cdf(1.0 - level));
        }
        Some(self.critical_by_flips(alpha))
    }

    /// The same from sign flips of the centred differences, however few pairs there are.
    #[must_use]
    pub fn critical_by_flips(&self, alpha: f64) -> f64 {
        let centred: Vec<Vec<f64>> =
            self.columns.iter().map(|(_, column)| centred(column)).collect();
        let bare: Vec<&[f64]> = centred.iter().map(Vec::as_slice).collect();
        let mut largest = self.patterns.largest(&bare);
        largest.sort_by(f64::total_cmp);
        largest[place(1.0 - alpha, largest.len())].sqrt()
    }

    /// Whether the critical value is Bonferroni's.
    #[must_use]
    pub fn is_bonferroni(&self) -> bool {
        self.pairs < FLIPPED_MIN
    }

    /// By column: the interval of its mean that holds together with all others but for `alpha`; a point for a column
    /// without spread, none for fewer than two pairs.
    #[must_use]
    pub fn intervals(&self, columns: &[&[f64]], alpha: f64) -> Vec<Option<Interval>> {
        let critical = self.critical(alpha).unwrap_or(0.0);
        let of = |column: &&[f64]| {
            let sample = RunningMoments::of(column);
            let (mean, error) = (sample.mean()?, sample.error()?);
            let half = if has_spread(column) { critical * error } else { 0.0 };
            Some(Interval { low: mean - half, high: mean + half })
        };
        columns.iter().map(of).collect()
    }
}

/// Where the quantile `q` stands in a sorted list of `count`: entry `ceil(q (count + 1))` from 1, the last at most.
///
/// Source: theory.md 1, conventions at its head.
pub(super) fn place(q: f64, count: usize) -> usize {
    // What rounding adds to a product that is whole does not lead to the next entry.
    let rank = q * math::float_len(count + 1) - TIE * math::float_len(count + 1);
    let below = usize::try_from(math::trunc_to_u64(rank)).expect("a place in a list");
    let rank = if math::float_len(below) < rank { below + 1 } else { below };
    rank.clamp(1, count) - 1
}

/// Whether numbers differ from each other.
fn has_spread(column: &[f64]) -> bool {
    let squares: f64 = column.iter().map(|x| x * x).sum();
    let t = t_squared(column.iter().sum(), squares, column.len());
    column.len() > 1 && squares > 0.0 && t.is_finite()
}

fn centred(column: &[f64]) -> Vec<f64> {
    let mean = column.iter().sum::<f64>() / math::float_len(column.len());
    column.iter().map(|x| x - mean).collect()
}

/// Skewness of numbers, `m3 / m2^1.5` of their central moments; none where they do not differ.
#[must_use]
pub fn skewness(numbers: &[f64]) -> Option<f64> {
    if !has_spread(numbers) {
        return None;
    }
    let n = math::float_len(numbers.len());
    let (mut second, mut third) = (0.0, 0.0);
    for x in centred(numbers) {
        second += x * x;
        third += x * x * x;
    }
    let second = second / n;
    Some(third / n / (second * second.sqrt()))
}

#[cfg(test)]
mod tests;
