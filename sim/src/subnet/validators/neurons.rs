//! What validators read of all neurons: scores by uid, masks, coldkeys.

use crate::base::ids::Uid;
use crate::model::weighting::Board;
use crate::subnet::orchestrator::scores::Shown;

/// The metagraph as a validator reads it, by uid.
#[derive(Clone, Debug)]
pub(crate) struct Metagraph {
    /// What the score service has answered last.
    scores: Vec<f64>,
    /// No entry is marked: production never marks one.
    invalid: Vec<bool>,
    /// Uids on the ban list; the audits and bans of validators will fill it in a simulated run.
    banned: Vec<bool>,
    coldkeys: Vec<Option<u32>>,
    owner: usize,
    miner_uids: Vec<usize>,
}

impl Metagraph {
    /// A subnet of `uids` neurons whose miners sit at these uids, with their coldkeys.
    pub(crate) fn new(
        uids: u16,
        owner: u16,
        miners: impl Iterator<Item = (Uid, Option<u32>)>,
    ) -> Self {
        let count = usize::from(uids);
        let mut neurons = Self {
            scores: vec![0.0; count],
            invalid: vec![false; count],
            banned: vec![false; count],
            coldkeys: vec![None; count],
            owner: usize::from(owner),
            miner_uids: Vec::new(),
        };
        for (uid, coldkey) in miners {
            let uid = usize::from(uid.0);
            neurons.coldkeys[uid] = coldkey;
            neurons.miner_uids.push(uid);
        }
        neurons
    }

    /// Puts the miners at these seats on the ban list.
    pub(crate) fn ban(&mut self, seats: impl Iterator<Item = usize>) {
        for seat in seats {
            self.banned[self.miner_uids[seat]] = true;
        }
    }

    /// Takes in what the score service answers.
    pub(crate) fn show(&mut self, shown: &Shown) {
        for (uid, score) in self.miner_uids.iter().zip(&shown.scores) {
            self.scores[*uid] = *score;
        }
        self.scores[self.owner] = shown.owner;
    }

    /// What a validator reads at a block.
    pub(crate) fn board(&self, block: u64) -> Board<'_> {
        Board {
            scores: &self.scores,
            invalid: &self.invalid,
            banned: &self.banned,
            coldkeys: &self.coldkeys,
            owner: Some(self.owner),
            block,
        }
    }

    /// Uids of the miners, by seat.
    pub(crate) fn miner_uids(&self) -> &[usize] {
        &self.miner_uids
    }

    /// What the score service has answered of the miner at a seat.
    pub(crate) fn score(&self, seat: usize) -> f64 {
        self.scores[self.miner_uids[seat]]
    }
}
