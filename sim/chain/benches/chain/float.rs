//! The yardstick: a plain Yuma3 epoch in f64, `yuma f64-sort-y3` of ../shared/bench/des-peers. Not exact to the chain.

use crate::subject::MATRICES;
use crate::subject::UIDS;
use crate::subject::VALIDATORS;
use crate::subject::Votes;

const KAPPA: f64 = 0.5;
const ALPHA: f64 = 0.1;

/// The state of the floating-point epoch.
pub(crate) struct Float<'a> {
    votes: &'a Votes,
    stake: Vec<f64>,
    weights: Vec<f64>,
    bonds: Vec<f64>,
    incentive: Vec<f64>,
    dividend: Vec<f64>,
    turn: usize,
}

impl<'a> Float<'a> {
    pub(crate) fn new(votes: &'a Votes) -> Self {
        let total: f64 = votes.stakes.iter().sum();
        Self {
            votes,
            stake: votes.stakes.iter().map(|s| s / total).collect(),
            weights: vec![0.0; VALIDATORS * UIDS],
            bonds: vec![0.0; VALIDATORS * UIDS],
            incentive: vec![0.0; UIDS],
            dividend: vec![0.0; VALIDATORS],
            turn: 0,
        }
    }

    /// One epoch with the next matrix.
    pub(crate) fn step(&mut self) -> f64 {
        let raw = &self.votes.weights[self.turn % MATRICES];
        self.turn += 1;
        for (row, raw) in self.weights.chunks_exact_mut(UIDS).zip(raw.chunks_exact(UIDS)) {
            let sum: u64 = raw.iter().map(|&x| u64::from(x)).sum();
            let scale = 1.0 / sum.max(1) as f64;
            row.iter_mut().zip(raw).for_each(|(w, &x)| *w = f64::from(x) * scale);
        }
        let consensus = self.consensus();
        let mut rank = [0.0; UIDS];
        for (row, stake) in self.weights.chunks_exact_mut(UIDS).zip(&self.stake) {
            for m in 0..UIDS {
                row[m] = row[m].min(consensus[m]);
                rank[m] += stake * row[m];
            }
        }
        let scale = 1.0 / rank.iter().sum::<f64>();
        self.incentive.iter_mut().zip(rank).for_each(|(i, r)| *i = r * scale);
        let mut column = [0.0; UIDS];
        let rows = self.bonds.chunks_exact_mut(UIDS).zip(self.weights.chunks_exact(UIDS));
        for (bonds, weights) in rows {
            for m in 0..UIDS {
                bonds[m] = ALPHA * weights[m] + (1.0 - ALPHA) * bonds[m];
                column[m] += bonds[m];
            }
        }
        let gain: [f64; UIDS] = std::array::from_fn(|m| self.incentive[m] / (column[m] + 1e-12));
        for (v, bonds) in self.bonds.chunks_exact(UIDS).enumerate() {
            let mut lanes = [0.0; 8];
            for m in (0..UIDS).step_by(8) {
                for k in 0..8 {
                    lanes[k] += bonds[m + k] * gain[m + k];
                }
            }
            self.dividend[v] = self.stake[v] * lanes.iter().sum::<f64>();
        }
        let scale = 1.0 / self.dividend.iter().sum::<f64>();
        self.dividend.iter_mut().for_each(|d| *d *= scale);
        self.incentive[0] + self.dividend[0]
    }

    /// Stake-weighted median of each column, by sorting it.
    fn consensus(&self) -> [f64; UIDS] {
        let mut keys = [(0.0f64, 0.0f64); VALIDATORS];
        std::array::from_fn(|m| {
            for (v, key) in keys.iter_mut().enumerate() {
                *key = (self.weights[v * UIDS + m], self.stake[v]);
            }
            keys.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
            let mut held = 0.0;
            let majority = keys.iter().find(|key| {
                held += key.1;
                held >= KAPPA
            });
            majority.map_or(keys[VALIDATORS - 1].0, |key| key.0)
        })
    }
}
