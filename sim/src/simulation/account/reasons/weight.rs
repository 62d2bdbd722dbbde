//! What becomes of a miner's score: masks, burn, the whole numbers of the chain, consensus.

use crate::base::wording;
use crate::model::weighting::Board;
use crate::scenario::Scenario;
use crate::simulation::account::reasons::MinerCase;
use crate::simulation::account::reasons::rounded;
use crate::simulation::account::rows::AccountRow;
use crate::subnet::orchestrator::scores::Shown;
use crate::subnet::validators::Metagraph;

/// Less than half of a whole number rounds to none; exactly half goes to the even neighbour, which is none too.
const HALF: f64 = 0.5;
/// A share in percent.
const PERCENT: f64 = 100.0;
/// Names told of many.
const NAMES_MAX: usize = 3;

impl MinerCase<'_> {
    /// That it shares a coldkey under a rule that pays such uids nothing.
    pub(super) fn coldkey(&self) -> Option<String> {
        let own = self.miner();
        let others = self.first.miners.iter().filter(|other| other.coldkey == own.coldkey);
        let names: Vec<String> =
            others.filter(|other| other.name != own.name).map(|m| m.name.clone()).collect();
        if names.is_empty() || !masks_shared(self.last) {
            return None;
        }
        let more = names.len().saturating_sub(NAMES_MAX);
        let mut told: Vec<String> = names.iter().take(NAMES_MAX).cloned().collect();
        if more > 0 {
            told.push(format!("{more} more"));
        }
        Some(format!(
            "It shares its coldkey with {}: the validators give uids that share one no weight, whatever their scores.",
            wording::listed(&told)
        ))
    }

    /// That nothing is left for any miner.
    pub(super) fn burn(&self) -> Option<String> {
        (self.burn_rate() >= 1.0).then(|| {
            "All weight is burned through the owner's uid at the end of the run: no miner has any.".to_string()
        })
    }

    fn burn_rate(&self) -> f64 {
        let chain = &self.last.chain;
        let block = chain.epoch_block(self.first.run.epochs.saturating_sub(1));
        self.last.validating.weighting.build().burn_rate(block)
    }

    /// That its weight is lost where it becomes a whole number.
    pub(super) fn rounding(&self) -> Option<String> {
        if self.burn_rate() >= 1.0 {
            return None;
        }
        let is_lost = |row: &AccountRow| {
            row.is_above("score") && row.value("win_rate").is_some() && row.is_zero("weight_u16")
        };
        let own = self.rows.own().iter().zip(self.rows.scores_by_run());
        let lost: Vec<(f64, String, f64)> = own
            .filter(|(row, _)| is_lost(row))
            .filter_map(|(row, scores)| {
                let (units, largest) = self.units(scores)?;
                (units <= HALF).then(|| (units, largest, row.value("win_rate").unwrap_or(0.0)))
            })
            .collect();
        let (_, largest, _) = lost.first()?;
        let units = lost.iter().map(|(units, _, _)| rounded(*units));
        let wins = lost.iter().map(|(_, _, rate)| rounded(*rate * PERCENT));
        Some(format!(
            "Its weight rounds to 0 {}: the chain takes whole numbers up to 65535, which {largest} has, and beside that its own is {}. \
             It beats {} % of the other uids.",
            self.in_replications(lost.len()),
            wording::range(units).unwrap_or_default(),
            wording::range(wins).unwrap_or_default()
        ))
    }

    /// Its weight in the whole numbers that the chain takes, before it is rounded, and who has the largest; none where nobody
    /// has any. `scores` are those of all miners at the last weighing.
    fn units(&self, scores: &[f64]) -> Option<(f64, String)> {
        let chain = &self.last.chain;
        let seats = self.last.miners.iter().map(|miner| (miner.uid, Some(miner.coldkey)));
        let mut neurons = Metagraph::new(chain.uids, chain.owner_uid, seats);
        neurons.show(&Shown { scores: scores.to_vec(), owner: 0.0 });
        let block = chain.epoch_block(self.first.run.epochs.saturating_sub(1));
        let weights = self.last.validating.weighting.build().weigh(&neurons.board(block)).weights;
        let (uid, largest) = weights.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
        let own = weights[usize::from(self.miner().uid.0)];
        let named = self.last.miners.iter().find(|miner| usize::from(miner.uid.0) == uid);
        let name = match named {
            Some(miner) => miner.name.clone(),
            None if uid == usize::from(chain.owner_uid) => {
                "the owner's uid, which takes what is burned,".to_string()
            }
            None => format!("uid {uid}"),
        };
        (*largest > 0.0).then(|| (own / largest * f64::from(u16::MAX), name))
    }

    /// That weight was sent and none came out.
    pub(super) fn incentive(&self) -> Option<String> {
        let is_lost = |row: &AccountRow| row.is_above("weight_u16") && row.is_zero("incentive_u16");
        let count = self.count(is_lost);
        (count > 0).then(|| {
            format!(
                "Its last weight ({} of 65535) gave no incentive in the last epoch {}: the row came after that epoch, \
                 or consensus left out what validators with less than a majority of the stake said, or the share rounds to 0 of \
                 65535.",
                self.range(is_lost, "weight_u16"),
                self.in_replications(count)
            )
        })
    }
}

/// Whether the weighting takes out uids that share a coldkey: of two scored uids, with and without.
fn masks_shared(scenario: &Scenario) -> bool {
    let weighting = scenario.validating.weighting.build();
    let rate = |coldkeys: [Option<u32>; 3]| {
        let (scores, none) = ([1.0, 0.5, 0.0], [false; 3]);
        let board = Board {
            scores: &scores,
            invalid: &none,
            banned: &none,
            coldkeys: &coldkeys,
            owner: Some(2),
            block: 0,
        };
        weighting.weigh(&board).win_rates[0]
    };
    rate([Some(0), Some(1), None]).is_finite() && !rate([Some(0), Some(0), None]).is_finite()
}
