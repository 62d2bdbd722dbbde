//! Relabelling uids permutes the row of weights and the payouts: nobody is paid for the place it has on the chain.
//!
//! At each epoch the miners' uids are rotated, by another number of places each time, and the pure functions of weighting
//! and chain are run on the recorded scores and stakes under both labellings. Payouts must be the same rao, weights the
//! same to rounding: a softmax adds its terms in the order of uids, and a floating sum in another order may differ in its
//! last bits. Ties need no exception here: tied miners get the same weight under either labelling.

use crate::model::weighting::Board;
use crate::model::weighting::Weighting;
use crate::model::weighting::to_u16;
use crate::property::invariant::InvariantChecker;
use assay_chain::Epoch;
use assay_chain::Hyper;
use assay_chain::Row;
use assay_chain::State;

/// Relative distance up to which two sums of at most 256 terms in different orders are equal: 256 x 2^-52 is 6e-14.
const ROUNDING: f64 = 1e-12;

/// What decided an epoch's weights and pay, as recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mechanism<'a> {
    /// Number of the epoch.
    pub(crate) epoch: u32,
    /// The weighting rule of the validators.
    pub(crate) weighting: &'a dyn Weighting,
    /// The published scores that validators read.
    pub(crate) board: Board<'a>,
    /// Stake by uid [rao].
    pub(crate) stake: &'a [u64],
    /// Uids of the validators.
    pub(crate) validators: &'a [usize],
    /// The subnet's parameters on the chain.
    pub(crate) hyper: &'a Hyper,
    /// Blocks between two epochs of the subnet.
    pub(crate) tempo: u64,
    /// What is shared out [rao].
    pub(crate) rao: u64,
}

/// Runs the mechanism under two labellings.
#[derive(Debug, Default)]
pub(super) struct Permutation {
    epoch: Epoch,
}

impl InvariantChecker for Permutation {
    fn mechanism(&mut self, seen: &Mechanism<'_>) -> Result<(), String> {
        let count = seen.board.scores.len();
        let fixed = |uid: &usize| Some(*uid) == seen.board.owner || seen.validators.contains(uid);
        let miners: Vec<usize> = (0..count).filter(|uid| !fixed(uid)).collect();
        if miners.len() < 2 {
            return Ok(());
        }
        let shift = 1 + usize::try_from(seen.epoch).unwrap_or(0) % (miners.len() - 1);
        let mut label: Vec<usize> = (0..count).collect();
        for (place, uid) in miners.iter().enumerate() {
            label[*uid] = miners[(place + shift) % miners.len()];
        }
        let plain = self.outcome(seen, &seen.board, seen.stake);
        let scores = moved(&label, seen.board.scores);
        let invalid = moved(&label, seen.board.invalid);
        let banned = moved(&label, seen.board.banned);
        let coldkeys = moved(&label, seen.board.coldkeys);
        let board = Board {
            scores: &scores,
            invalid: &invalid,
            banned: &banned,
            coldkeys: &coldkeys,
            ..seen.board
        };
        let relabelled = self.outcome(seen, &board, &moved(&label, seen.stake));
        for (uid, new) in label.iter().enumerate() {
            let (own, other) = (plain.weights[uid], relabelled.weights[*new]);
            if !is_same(own, other) {
                return Err(format!(
                    "epoch {}: uid {uid} has weight {own}, and {other} as uid {new}",
                    seen.epoch
                ));
            }
        }
        if plain.row != moved_row(&label, &relabelled.row) {
            // A weight on the edge between two u16 may fall to either side: then pay is not the same either.
            return Ok(());
        }
        for (uid, new) in label.iter().enumerate() {
            let (own, other) = (plain.pay[uid], relabelled.pay[*new]);
            if own != other {
                return Err(format!(
                    "epoch {}: uid {uid} is paid {own} rao, and {other} as uid {new}",
                    seen.epoch
                ));
            }
        }
        Ok(())
    }
}

/// Weights and pay under one labelling of the uids.
struct LabelledOutcome {
    weights: Vec<f64>,
    row: Row,
    pay: Vec<u64>,
}

impl Permutation {
    fn outcome(
        &mut self,
        seen: &Mechanism<'_>,
        board: &Board<'_>,
        stake: &[u64],
    ) -> LabelledOutcome {
        let count = stake.len();
        let weights = seen.weighting.weigh(board).weights;
        let row: Row = to_u16(&weights).into_iter().map(|(uid, value)| (uid.0, value)).collect();
        let mut rows = vec![Row::new(); count];
        let mut permits = vec![false; count];
        for uid in seen.validators {
            permits[*uid] = true;
            rows[*uid].clone_from(&row);
        }
        let stake: Vec<u128> = stake.iter().copied().map(u128::from).collect();
        let owner = board.owner.and_then(|uid| u16::try_from(uid).ok());
        self.epoch.run(&State {
            block: board.block,
            tempo: seen.tempo,
            last_step_block: board.block.saturating_sub(seen.tempo),
            owner,
            rao: seen.rao,
            hyper: seen.hyper,
            stake: &stake,
            stake_fraction: 0,
            last_update: &vec![board.block; count],
            registered: &vec![0; count],
            permits: &permits,
            commits: &vec![None; count],
            weights: &rows,
            bonds: &vec![Row::new(); count],
            consensus: &vec![0; count],
        });
        LabelledOutcome { weights, row, pay: self.epoch.server_emission().to_vec() }
    }
}

/// Each value at its new label.
fn moved<T: Copy>(label: &[usize], values: &[T]) -> Vec<T> {
    let mut moved = values.to_vec();
    for (uid, value) in values.iter().enumerate() {
        moved[label[uid]] = *value;
    }
    moved
}

/// A relabelled row under the old labels, in the order of uids.
fn moved_row(label: &[usize], row: &Row) -> Row {
    let mut back = vec![0; label.len()];
    for (old, new) in label.iter().enumerate() {
        back[*new] = old;
    }
    let mut moved: Row = row
        .iter()
        .map(|(uid, value)| {
            let old = back[usize::from(*uid)];
            (u16::try_from(old).expect("at most 256 uids"), *value)
        })
        .collect();
    moved.sort_unstable();
    moved
}

fn is_same(own: f64, other: f64) -> bool {
    (own.is_nan() && other.is_nan()) || (own - other).abs() <= ROUNDING * own.abs().max(other.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::weighting::Weighing;
    use crate::model::weighting::WeightingSpec;

    /// A rule that favours low uids: what the invariant is there to see.
    #[derive(Debug)]
    struct FirstComeFirstServed;

    impl Weighting for FirstComeFirstServed {
        fn weigh(&self, board: &Board<'_>) -> Weighing {
            let places = (0..board.scores.len()).map(crate::base::math::float_len);
            let weights =
                board.scores.iter().zip(places).map(|(score, place)| score / (1.0 + place));
            Weighing { weights: weights.collect(), ..Weighing::default() }
        }

        fn burn_rate(&self, _block: u64) -> f64 {
            0.0
        }
    }

    fn found(weighting: &dyn Weighting, scores: &[f64]) -> Result<(), String> {
        let count = scores.len();
        let stake: Vec<u64> = (0..count).map(|uid| 1_000_000_000 * (uid as u64 + 1)).collect();
        let (no, none) = (vec![false; count], vec![None; count]);
        let (validators, hyper) = ([count - 1], Hyper::default());
        let mut checker = Permutation::default();
        (0..5).try_for_each(|epoch| {
            checker.mechanism(&Mechanism {
                epoch,
                weighting,
                board: Board {
                    scores,
                    invalid: &no,
                    banned: &no,
                    coldkeys: &none,
                    owner: Some(0),
                    block: 7_000_000,
                },
                stake: &stake,
                validators: &validators,
                hyper: &hyper,
                tempo: 360,
                rao: 148_000_000_000,
            })
        })
    }

    const SCORES: [f64; 8] = [0.0, 0.9, 0.8, 0.8, 0.0, 0.3, 0.71, 0.0];

    #[test]
    fn the_subnets_own_rule_does_not_look_at_labels() {
        assert_eq!(found(WeightingSpec::default().build().as_ref(), &SCORES), Ok(()));
        assert_eq!(found(WeightingSpec::default().build().as_ref(), &[0.0; 8]), Ok(()));
    }

    #[test]
    fn a_rule_that_favours_low_uids_is_seen() {
        let broken = found(&FirstComeFirstServed, &SCORES).unwrap_err();
        assert!(broken.contains("weight"), "{broken}");
    }

    #[test]
    fn two_uids_and_one_miner_are_enough() {
        assert_eq!(found(&FirstComeFirstServed, &[0.0, 0.5, 0.0]), Ok(()));
    }
}
