//! What validators read of all neurons: published scores by uid, masks, coldkeys.

use crate::model::rules::OrchestratorRules;
use crate::model::weighting::Board;
use crate::scenario::Scenario;

/// The board's vectors by uid that never change, and the scores that do.
#[derive(Debug)]
pub(super) struct Neurons {
    /// Published score of every miner, in the scenario's order.
    pub(super) stored: Vec<f64>,
    /// What validators read, by uid.
    pub(super) scores: Vec<f64>,
    invalid: Vec<bool>,
    banned: Vec<bool>,
    coldkeys: Vec<Option<u32>>,
    owner: Option<usize>,
    pub(super) miner_uids: Vec<usize>,
}

impl Neurons {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let chain = &scenario.chain;
        let count = usize::from(chain.uids);
        let mut coldkeys = vec![None; count];
        for miner in &scenario.miners {
            coldkeys[usize::from(miner.uid.0)] = Some(miner.coldkey);
        }
        Self {
            stored: vec![0.0; scenario.miners.len()],
            scores: vec![0.0; count],
            invalid: vec![false; count],
            banned: vec![false; count],
            coldkeys,
            owner: Some(usize::from(chain.owner_uid)),
            miner_uids: scenario.miners.iter().map(|m| usize::from(m.uid.0)).collect(),
        }
    }

    /// What a validator reads at a block.
    pub(super) fn board(&self, block: u64) -> Board<'_> {
        Board {
            scores: &self.scores,
            invalid: &self.invalid,
            banned: &self.banned,
            coldkeys: &self.coldkeys,
            owner: self.owner,
            block,
        }
    }

    /// What the score service answers validators now. Source: spec/offchain.md section 3.6.
    pub(super) fn show(
        &mut self,
        rules: &OrchestratorRules,
        valid: &[bool],
        failed_audits: &[u32],
    ) {
        let mut sum = 0.0;
        for (place, uid) in self.miner_uids.iter().enumerate() {
            let stored = self.stored[place];
            sum += stored;
            let is_banned = failed_audits[place] > 0;
            let slashed = is_banned || (rules.slashes_invalid && !valid[place]);
            self.scores[*uid] = if slashed { 0.0 } else { stored };
        }
        if let Some(owner) = self.owner {
            let injected = rules.injected_below.is_some_and(|least| sum < least);
            self.scores[owner] = if injected { 1.0 } else { 0.0 };
        }
    }
}
