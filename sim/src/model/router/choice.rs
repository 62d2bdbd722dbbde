//! The weighted choice of the subnet's routers, by rejection: a change of one miner leaves others' choices alone.
//!
//! Miners stand in a table of 256 slots (above 256 miners the next power of two): each at the hash of its name modulo
//! the size, or the next free slot after it, in the order of their hashes. A word expands into draws; the low bits of a
//! draw name a slot, and the draw is accepted when it is below the slot's height, which is the miner's weight over the
//! largest weight, of 2^64. So the high 56 bits of a draw decide and the 8 of the slot only break their ties. Empty
//! slots have height 0. Two routers that differ in one weight, or in one miner, agree on nearly every word.
//!
//! The expected number of draws is slots x largest weight / sum of weights.

use crate::base::ids::MinerId;
use crate::base::math;
use crate::base::random::Word;
use crate::model::router::View;
use crate::model::router::offer::Candidacy;
use crate::model::router::offer::PerKind;
use crate::work::Request;

/// Fewest slots. Source: ours; the subnet has 256 uids.
const SLOTS_MIN: usize = 256;
/// A height that accepts every draw but one in 2^64.
const FULL: u64 = u64::MAX;
/// Two to the 64th power.
const WHOLE: f64 = 18_446_744_073_709_551_616.0;

/// One weighted choice for each kind of job, among the miners that may get it.
#[derive(Clone, Debug)]
pub(super) struct Choices {
    may: Candidacy,
    by_kind: PerKind<Choice>,
}

impl Choices {
    /// Choices among the miners that `may` get a job.
    pub(super) fn among(may: Candidacy) -> Self {
        Self { may, by_kind: PerKind::default() }
    }

    /// Takes in the weights, at least 0, of the `changed` miners.
    pub(super) fn update(
        &mut self,
        view: &View<'_>,
        changed: &[MinerId],
        weight: impl Fn(usize) -> f64,
    ) {
        let may = self.may;
        for (kind, choice) in self.by_kind.each() {
            choice.update(changed, |miner| may(view, miner, kind).then(|| weight(miner)));
        }
    }

    /// The miner for a job, none without a candidate; the first job of a kind takes in the weights of all miners.
    #[inline]
    pub(super) fn choose(
        &mut self,
        view: &View<'_>,
        job: &Request,
        word: Word,
        weight: impl Fn(usize) -> f64,
    ) -> Option<MinerId> {
        let may = self.may;
        let make = |kind| {
            let weight = |miner| may(view, miner, kind).then(|| weight(miner));
            Choice::new(view.name_hash, weight)
        };
        self.by_kind.of(job, make).choose(word)
    }
}

/// One weighted choice among miners, as counters over a tree of weights.
#[derive(Clone, Debug, Default)]
struct Choice {
    /// By slot: draws below it are accepted.
    heights: Vec<u64>,
    /// By slot: who stands there.
    miners: Vec<MinerId>,
    /// By miner: its slot.
    slots: Vec<usize>,
    /// By miner: its weight, none when it is no candidate.
    weights: Vec<Option<f64>>,
    /// Number of miners to choose among.
    candidates: usize,
    /// Largest weight; 0 makes the choice uniform over the candidates.
    largest: f64,
}

impl Choice {
    fn new(name_hash: &[u64], weight: impl Fn(usize) -> Option<f64>) -> Self {
        let mut choice = Self::placed(name_hash);
        let all: Vec<_> = (0..name_hash.len()).map(MinerId::of).collect();
        choice.update(&all, weight);
        choice
    }

    #[inline]
    fn choose(&self, word: Word) -> Option<MinerId> {
        if self.candidates == 0 {
            return None;
        }
        let mask = self.heights.len() - 1;
        let mut draws = word.expand();
        loop {
            let bits = draws.bits();
            let slot = low(bits) & mask;
            if bits < self.heights[slot] {
                return Some(self.miners[slot]);
            }
        }
    }

    /// Takes in the weights of the `changed` miners; none for a miner that is no candidate.
    fn update(&mut self, changed: &[MinerId], weight: impl Fn(usize) -> Option<f64>) {
        let (mut largest, mut fell) = (self.largest, false);
        for miner in changed {
            let new = weight(miner.index());
            let old = std::mem::replace(&mut self.weights[miner.index()], new);
            self.candidates += usize::from(new.is_some());
            self.candidates -= usize::from(old.is_some());
            largest = largest.max(new.unwrap_or(0.0));
            fell |= old.is_some_and(|old| old >= self.largest) && new < old;
        }
        if fell {
            largest = self.weights.iter().flatten().copied().fold(0.0, f64::max);
        }
        let same_scale = largest.total_cmp(&self.largest).is_eq();
        self.largest = largest;
        if same_scale {
            for miner in changed {
                self.set_height(miner.index());
            }
        } else {
            for miner in 0..self.slots.len() {
                self.set_height(miner);
            }
        }
    }

    fn set_height(&mut self, miner: usize) {
        self.heights[self.slots[miner]] = match self.weights[miner] {
            None => 0,
            Some(weight) if self.largest > 0.0 => math::trunc_to_u64(weight / self.largest * WHOLE),
            Some(_) => FULL,
        };
    }

    /// Miners in their slots, none of them a candidate yet.
    fn placed(name_hash: &[u64]) -> Self {
        let size = name_hash.len().next_power_of_two().max(SLOTS_MIN);
        let mut order: Vec<usize> = (0..name_hash.len()).collect();
        order.sort_by_key(|miner| (name_hash[*miner], *miner));
        let mut taken = vec![false; size];
        let mut choice = Self {
            heights: vec![0; size],
            miners: vec![MinerId(0); size],
            slots: vec![0; name_hash.len()],
            weights: vec![None; name_hash.len()],
            ..Self::default()
        };
        for miner in order {
            let mut slot = low(name_hash[miner]) & (size - 1);
            while taken[slot] {
                slot = (slot + 1) & (size - 1);
            }
            taken[slot] = true;
            choice.slots[miner] = slot;
            choice.miners[slot] = MinerId::of(miner);
        }
        choice
    }
}

/// The low 32 bits as an index.
fn low(bits: u64) -> usize {
    usize::try_from(bits & u64::from(u32::MAX)).expect("an index has 32 bits or more")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random;
    use crate::base::sample::oracle;

    fn hashes(count: usize) -> Vec<u64> {
        (0..count).map(|miner| random::mix(u64::try_from(miner).unwrap() + 1)).collect()
    }

    fn choice(weights: &[Option<f64>]) -> Choice {
        Choice::new(&hashes(weights.len()), |miner| weights[miner])
    }

    fn assert_shares(choice: &Choice, shares: &[f64]) {
        let count = 100_000;
        let mut counts = vec![0; shares.len()];
        for word in oracle::words(1, count) {
            counts[choice.choose(word).unwrap().index()] += 1;
        }
        for (got, share) in counts.into_iter().zip(shares) {
            oracle::assert_count(got, count, *share);
        }
    }

    #[test]
    fn miners_are_chosen_in_proportion_to_their_weights() {
        let choice = choice(&[Some(500.0), None, Some(300.0), Some(0.0), Some(200.0)]);
        assert_shares(&choice, &[0.5, 0.0, 0.3, 0.0, 0.2]);
    }

    #[test]
    fn without_weight_the_choice_is_uniform_over_the_candidates() {
        assert_shares(&choice(&[Some(0.0), None, Some(0.0)]), &[0.5, 0.0, 0.5]);
    }

    #[test]
    fn without_candidates_there_is_no_choice() {
        assert_eq!(choice(&[None, None]).choose(Word(1)), None);
        assert_eq!(choice(&[]).choose(Word(1)), None);
    }

    #[test]
    fn more_miners_than_256_and_a_full_table_are_all_reached() {
        for count in [256, 257, 512] {
            let choice = choice(&vec![Some(1.0); count]);
            let mut seen = vec![false; count];
            oracle::words(2, 100 * count)
                .for_each(|word| seen[choice.choose(word).unwrap().index()] = true);
            assert!(seen.iter().all(|seen| *seen), "{count}");
        }
    }

    #[test]
    fn small_updates_give_what_a_new_table_gives() {
        let mut weights: Vec<Option<f64>> = vec![Some(1.0); 20];
        let mut kept = choice(&weights);
        for word in oracle::words(3, 2000) {
            let mut draws = word.expand();
            let changed: Vec<_> = (0..draws.bits() % 4).map(|_| low(draws.bits()) % 20).collect();
            for miner in &changed {
                let weight = math::float(draws.bits() % 5);
                weights[*miner] = (draws.bits() % 4 > 0).then_some(weight);
            }
            let changed: Vec<_> = changed.into_iter().map(MinerId::of).collect();
            kept.update(&changed, |miner| weights[miner]);
            let fresh = choice(&weights);
            assert_eq!(kept.heights, fresh.heights, "{weights:?}");
            assert_eq!(kept.candidates, fresh.candidates);
        }
    }

    /// With 101 weights a newcomer takes about one job in 101; of the others nearly all stay where they were.
    #[test]
    fn a_newcomer_leaves_99_of_100_other_choices_as_they_were() {
        let (mut others, mut same) = (0_u32, 0_u32);
        for round in 0..20 {
            let mut names = hashes(101);
            names[100] = random::mix(1000 + round);
            let weight = |miner: usize| Some(50.0 + math::float_len(miner * 7 % 100));
            let before = Choice::new(&names[..100], weight);
            let after = Choice::new(&names, weight);
            for word in oracle::words(round, 2000) {
                let got = after.choose(word).unwrap();
                if got != MinerId(100) {
                    others += 1;
                    same += u32::from(before.choose(word) == Some(got));
                }
            }
        }
        assert!(same * 100 >= others * 99, "{same} of {others}");
    }

    #[test]
    fn the_first_choices_are_pinned() {
        let choice = choice(&[Some(1.0), Some(2.0), Some(3.0), Some(4.0)]);
        let got = [1, 2, 3].map(|word| u64::from(choice.choose(Word(word)).unwrap().0));
        assert_eq!(got, [0, 3, 1]);
    }
}
