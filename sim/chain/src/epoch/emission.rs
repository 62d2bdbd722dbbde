//! From incentive and dividends to rao (chain.md 4.9), and to the scores of older runtimes (11.3).

use super::stake::Stakes;
use crate::fixed::I32F32;
use crate::fixed::PartOf;
use crate::fixed::upscale_shares;

/// What each uid gets of the epoch's emission \[rao\].
#[derive(Debug, Default)]
pub(super) struct Emission {
    pub(super) server: Vec<u64>,
    pub(super) validator: Vec<u64>,
    pub(super) combined: Vec<u64>,
    /// Pruning scores, where the runtime has them.
    pub(super) scores: Vec<u16>,
}

impl Emission {
    /// Shares `rao` by incentive and dividend; without either, by stake.
    pub(super) fn compute(
        &mut self,
        rao: u64,
        (incentive, dividend): (&[I32F32], &[I32F32]),
        stakes: &Stakes,
        is_scored: bool,
    ) {
        let total: I32F32 = incentive.iter().chain(dividend).copied().sum();
        self.server.clear();
        self.validator.clear();
        self.combined.clear();
        self.scores.clear();
        if total == I32F32::ZERO {
            let idle = stakes.active_stake.iter().all(|&stake| stake == I32F32::ZERO);
            let shares = if idle { &stakes.stake } else { &stakes.active_stake };
            self.server.resize(shares.len(), 0);
            self.validator.extend(shares.iter().map(|share| share.of_amount(rao)));
            self.combined.extend_from_slice(&self.validator);
            if is_scored {
                upscale_shares(shares.iter().copied(), &mut self.scores);
            }
            return;
        }
        let part = PartOf::new(total);
        let amount = |number: I32F32| part.share(number).of_amount(rao);
        self.server.extend(incentive.iter().copied().map(amount));
        self.validator.extend(dividend.iter().copied().map(amount));
        let both = || incentive.iter().zip(dividend).map(|(i, d)| i.plus(*d));
        self.combined.extend(both().map(amount));
        if is_scored {
            upscale_shares(both().map(|number| part.share(number)), &mut self.scores);
        }
    }
}
