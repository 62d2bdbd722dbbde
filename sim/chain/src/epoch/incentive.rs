//! Clip, validator trust, rank and incentive (chain.md 4.7).

use super::Epoch;
use crate::fixed::I32F32;
use crate::fixed::normalise;

impl Epoch {
    /// 4.7. Clipping to the consensus is a minimum: a cell that the chain removes is 0 here.
    pub(super) fn clip_and_rank(&mut self) {
        let majority = &self.consensus.majority;
        self.validator_trust.clear();
        self.rank.clear();
        self.rank.resize(self.layout.width, I32F32::ZERO);
        let (mut clipped_class, mut trust) = (0, I32F32::ZERO);
        for (&class, &stake) in self.layout.class_of.iter().zip(&self.stakes.active_stake) {
            if class != clipped_class {
                clipped_class = class;
                trust = self.weights.clip(class, majority, &mut self.clipped);
            }
            self.validator_trust.push(trust);
            if class > 0 && stake > I32F32::ZERO {
                for (rank, &weight) in self.rank.iter_mut().zip(&self.clipped) {
                    *rank = rank.plus_small(stake.times_unit(weight));
                }
            }
        }
        normalise(&mut self.rank);

        expand(&self.rank, &self.layout, &mut self.incentive);
        expand(majority, &self.layout, &mut self.consensus_by_uid);
    }
}

/// Values of columns as values of uids; a uid that no row names has 0.
fn expand(columns: &[I32F32], layout: &super::layout::Layout, uids: &mut Vec<I32F32>) {
    uids.clear();
    uids.resize(layout.column_of.len(), I32F32::ZERO);
    for (&uid, &value) in layout.columns.iter().zip(columns) {
        uids[usize::from(uid)] = value;
    }
}
