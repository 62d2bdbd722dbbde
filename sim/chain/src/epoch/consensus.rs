//! Consensus: for each miner the largest weight that a majority of stake gives at least (chain.md 4.6).

use super::State;
use super::layout::Layout;
use super::search::Search;
use super::stake::Stakes;
use super::weights::Weights;
use crate::fixed::I32F32;
use crate::fixed::PartOf;

/// Columns that are searched together. Source: ours, the keys of 64 validators then fit in half of a first-level cache.
const BLOCK: usize = 64;

/// The weights that a majority of stake supports.
#[derive(Debug, Default)]
pub(super) struct Consensus {
    /// Consensus weight of each column.
    pub(super) majority: Vec<I32F32>,
    /// Renormalised stake behind each class.
    class_stake: Vec<u64>,
    /// Classes that have a say.
    voting: Vec<usize>,
    /// The search for the majority.
    search: Search,
}

impl Consensus {
    /// Computes the consensus of every column.
    pub(super) fn compute(
        &mut self,
        state: &State<'_>,
        layout: &Layout,
        stakes: &Stakes,
        weights: &Weights,
    ) {
        self.majority.clear();
        self.majority.resize(layout.width, I32F32::ZERO);
        let total = self.gather_votes(layout, stakes);
        let kappa = I32F32::ratio(state.hyper.kappa).bits().cast_unsigned();
        match self.voting[..] {
            [] => return,
            // A single distinct row is its own majority, whatever kappa is.
            [class] => return self.majority.copy_from_slice(weights.row(class)),
            _ => {}
        }
        for (index, found) in self.majority.chunks_mut(BLOCK).enumerate() {
            let columns = index * BLOCK..index * BLOCK + found.len();
            self.search.load(self.voting.iter().map(|&class| &weights.row(class)[columns.clone()]));
            if let Some(minority) = total.checked_sub(kappa) {
                // The stake below any weight is less than 2^32, so a minority of 2^32 is as good as one bit less.
                let minority = u32::try_from(minority).unwrap_or(u32::MAX);
                self.search.raise(minority);
            }
            // Where not even all stake is a majority, the smallest weight is the answer: there the search begins.
            found.iter_mut().zip(self.search.found()).for_each(|(most, weight)| *most = weight);
        }
    }

    /// Renormalises the stakes above 0, adds them up by class, and gives their sum.
    fn gather_votes(&mut self, layout: &Layout, stakes: &Stakes) -> u64 {
        let part = PartOf::new(stakes.active_stake.iter().copied().sum());
        self.class_stake.clear();
        self.class_stake.resize(layout.class_first.len(), 0);
        for (&class, &stake) in layout.class_of.iter().zip(&stakes.active_stake) {
            self.class_stake[class] += part.share(stake).bits().cast_unsigned();
        }
        let has_say = |&class: &usize| self.class_stake[class] > 0;
        self.voting.clear();
        self.voting.extend((0..self.class_stake.len()).filter(has_say));
        // A stake of all 2^32 leaves no second class, and a single class is not searched.
        let stake = |&class: &usize| u32::try_from(self.class_stake[class]).unwrap_or(u32::MAX);
        self.search.set_stakes(self.voting.iter().map(stake));
        self.class_stake.iter().sum()
    }
}
