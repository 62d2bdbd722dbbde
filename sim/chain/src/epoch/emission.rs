//! From incentive and dividends to rao (chain.md 4.9).

use super::stake::Stakes;
use crate::fixed::I32F32;
use crate::fixed::PartOf;

/// What each uid gets of the epoch's emission \[rao\].
#[derive(Debug, Default)]
pub(super) struct Emission {
    pub(super) server: Vec<u64>,
    pub(super) validator: Vec<u64>,
    pub(super) combined: Vec<u64>,
}

impl Emission {
    /// Shares `rao` by incentive and dividend; without either, by stake.
    pub(super) fn compute(
        &mut self,
        rao: u64,
        incentive: &[I32F32],
        dividend: &[I32F32],
        stakes: &Stakes,
    ) {
        let total: I32F32 = incentive.iter().chain(dividend).copied().sum();
        self.server.clear();
        self.validator.clear();
        self.combined.clear();
        if total == I32F32::ZERO {
            let idle = stakes.active_stake.iter().all(|&stake| stake == I32F32::ZERO);
            let shares = if idle { &stakes.stake } else { &stakes.active_stake };
            self.server.resize(shares.len(), 0);
            self.validator.extend(shares.iter().map(|share| share.of_amount(rao)));
            self.combined.extend_from_slice(&self.validator);
            return;
        }
        let part = PartOf::new(total);
        let amount = |number: I32F32| part.share(number).of_amount(rao);
        self.server.extend(incentive.iter().copied().map(amount));
        self.validator.extend(dividend.iter().copied().map(amount));
        let both = incentive.iter().zip(dividend).map(|(i, d)| amount(i.plus(*d)));
        self.combined.extend(both);
    }
}
