//! Weighted choice in constant time by Walker's alias table, from one word.
//!
//! Source: Walker 1977, "An efficient method for generating discrete random variables with general distributions";
//! Vose 1991 for the order in which the table is filled.

use crate::base::family::MemberProblem;
use crate::base::math;
use crate::base::random::Word;

/// Two to the 64th power: a share of 1 as a threshold.
const WHOLE: f64 = 18_446_744_073_709_551_616.0;

/// A table of columns of equal width, each split between its own place and one other.
#[derive(Clone, Debug, Default)]
pub(crate) struct AliasTable {
    columns: Vec<Column>,
}

#[derive(Clone, Copy, Debug)]
struct Column {
    /// Below this the column's own place is chosen.
    keep: u64,
    /// The outcome where the word does not fall to its own.
    other: usize,
}

impl AliasTable {
    /// The table for `weights`, each at least 0 and finite, their sum above 0.
    pub(crate) fn new(weights: &[f64]) -> Self {
        let largest = weights.iter().copied().fold(0.0, f64::max);
        assert!(largest > 0.0 && largest.is_finite(), "some weight is above 0, and all are finite");
        // Divided by the largest first, so that a sum of huge weights stays finite.
        let sum: f64 = weights.iter().map(|w| w / largest).sum();
        let count = math::float_len(weights.len());
        let mut height: Vec<f64> = weights.iter().map(|w| w / largest * count / sum).collect();
        let mut columns: Vec<Column> =
            (0..weights.len()).map(|other| Column { keep: u64::MAX, other }).collect();
        let (mut low, mut high): (Vec<usize>, Vec<usize>) =
            (0..weights.len()).partition(|place| height[*place] < 1.0);
        while let (Some(poor), Some(rich)) = (low.pop(), high.last().copied()) {
            columns[poor] = Column { keep: math::trunc_to_u64(height[poor] * WHOLE), other: rich };
            height[rich] -= 1.0 - height[poor];
            if height[rich] < 1.0 {
                high.pop();
                low.push(rich);
            }
        }
        Self { columns }
    }

    /// A place, chosen with a probability in proportion to its weight.
    ///
    /// The word times the number of columns has the column above its 64 bits and the place inside it below.
    #[inline]
    pub(crate) fn pick(&self, word: Word) -> usize {
        let count = u128::try_from(self.columns.len()).expect("a length fits 128 bits");
        let product = u128::from(word.0) * count;
        let place = usize::try_from(product >> 64).expect("below a length");
        let inside = u64::try_from(product & u128::from(u64::MAX)).expect("masked to 64 bits");
        let column = self.columns[place];
        if inside < column.keep { place } else { column.other }
    }
}

/// What is wrong with a list of weights that stands at `key`.
pub(crate) fn weight_problems(
    key: &str,
    weights: impl IntoIterator<Item = f64>,
) -> Vec<MemberProblem> {
    let weights: Vec<f64> = weights.into_iter().collect();
    let wrong = |w: &f64| !w.is_finite() || *w < 0.0;
    if let Some(place) = weights.iter().position(wrong) {
        return vec![MemberProblem::new(
            &format!("{key}.{place}"),
            weights[place],
            "a number from 0",
        )];
    }
    if weights.iter().any(|w| *w > 0.0) {
        return Vec::new();
    }
    let found = if weights.is_empty() { "empty" } else { "all 0" };
    vec![MemberProblem::new(key, found, "at least one weight above 0")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample::oracle;

    /// The weights of a table can be read back from it: a place's share is its own part and all that others give it.
    fn shares(table: &AliasTable) -> Vec<f64> {
        let mut shares = vec![0.0; table.columns.len()];
        let width = 1.0 / math::float_len(table.columns.len());
        for (place, column) in table.columns.iter().enumerate() {
            let keep = math::float(column.keep) / WHOLE;
            shares[place] += keep * width;
            shares[column.other] += (1.0 - keep) * width;
        }
        shares
    }

    #[test]
    fn the_table_holds_the_weights_exactly() {
        for weights in [vec![1.0], vec![3.0, 1.0], vec![0.0, 2.0, 0.0, 1.0, 5.0], vec![7.0; 9]] {
            let sum: f64 = weights.iter().sum();
            for (share, weight) in shares(&AliasTable::new(&weights)).iter().zip(&weights) {
                assert!((share - weight / sum).abs() < 1e-15, "{weights:?}");
            }
        }
    }

    #[test]
    fn a_place_without_weight_is_never_chosen() {
        let table = AliasTable::new(&[0.0, 1.0, 0.0, 1e-300]);
        let edges = [Word(0), Word(u64::MAX), Word(1 << 62), Word(1 << 63)];
        let words = oracle::words(1, 10_000).chain(edges);
        assert!(words.map(|word| table.pick(word)).all(|place| place % 2 == 1));
    }

    #[test]
    fn choices_come_in_proportion() {
        let table = AliasTable::new(&[1.0, 2.0, 7.0]);
        let count = 100_000;
        let mut counts = [0_u32; 3];
        oracle::words(2, count).for_each(|word| counts[table.pick(word)] += 1);
        for (got, share) in counts.into_iter().zip([0.1, 0.2, 0.7]) {
            oracle::assert_count(got, count, share);
        }
    }

    #[test]
    fn huge_weights_do_not_overflow() {
        let shares = shares(&AliasTable::new(&[f64::MAX, f64::MAX]));
        assert!(shares.iter().all(|share| (share - 0.5).abs() < 1e-15), "{shares:?}");
    }

    #[test]
    fn bad_weights_are_named_by_place() {
        assert_eq!(weight_problems("w", [1.0, -1.0])[0].key, "w.1");
        assert_eq!(weight_problems("w", [f64::NAN]).len(), 1);
        assert_eq!(weight_problems("w", [0.0, 0.0])[0].value, "all 0");
        assert_eq!(weight_problems("w", []).len(), 1);
        assert_eq!(weight_problems("w", [0.0, 1.0]), []);
    }
}
