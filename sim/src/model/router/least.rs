//! The smallest of a key, by chance among equals.

use crate::base::ids::MinerId;
use crate::base::random::Word;
use std::cmp::Ordering;

/// The candidate with the least `key`, each of several equally likely; none without a candidate.
pub(super) fn least(
    candidates: &[MinerId],
    word: Word,
    key: impl Fn(MinerId) -> f64,
) -> Option<MinerId> {
    let (mut least, mut equals) = (f64::INFINITY, 0_u64);
    for miner in candidates {
        match key(*miner).total_cmp(&least) {
            Ordering::Less => (least, equals) = (key(*miner), 1),
            Ordering::Equal => equals += 1,
            Ordering::Greater => {}
        }
    }
    let mut skip = below(word, equals);
    candidates.iter().copied().find(|miner| {
        let is_least = key(*miner).total_cmp(&least).is_eq();
        let found = is_least && skip == 0;
        skip -= u64::from(is_least && !found);
        found
    })
}

/// A number from 0 to less than `count`, each equally likely to within `count` in 2^64.
pub(super) fn below(word: Word, count: u64) -> u64 {
    let product = u128::from(word.0) * u128::from(count);
    u64::try_from(product >> 64).expect("below a 64-bit count")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample::oracle;

    #[test]
    fn equals_are_chosen_alike_and_others_never() {
        let keys = [2.0, 1.0, 3.0, 1.0, 1.0];
        let candidates: Vec<_> = (0..keys.len()).map(MinerId::of).collect();
        let mut counts = [0; 5];
        let count = 30_000;
        for word in oracle::words(1, count) {
            counts[least(&candidates, word, |miner| keys[miner.index()]).unwrap().index()] += 1;
        }
        for (got, share) in counts.into_iter().zip([0.0, 1.0, 0.0, 1.0, 1.0]) {
            oracle::assert_count(got, count, share / 3.0);
        }
        assert_eq!(least(&[], Word(1), |_| 0.0), None);
    }
}
