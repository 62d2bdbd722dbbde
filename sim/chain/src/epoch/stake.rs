//! Activity, stake, permits and active stake (chain.md 4.1 to 4.4).

use super::State;
use crate::fixed::I32F32;
use crate::fixed::PartOf;
use crate::fixed::normalise;
use crate::hyper::ActivityCutoff;
use crate::runtime::CutoffRule;
use crate::wide::quotient;

/// Thousandths in a tempo. Source: chain.md 4.1.
const MILLI: u128 = 1_000;
/// Blocks that runtimes before the factor go by. Source: chain.md 11.1, `ActivityCutoff`.
const CUTOFF_BLOCKS: u64 = 5_000;
/// Whole bits of the number that the chain keeps a stake in. Source: chain.md 2, I64F64.
const WHOLE_BITS: u32 = 63;
/// Bits of a total that [`PartOf`] divides by. Source: ours, see there.
const PART_BITS: u32 = 63;

/// Who is active, with which stake and permit.
#[derive(Debug, Default)]
pub(super) struct Stakes {
    pub(super) active: Vec<bool>,
    pub(super) stake: Vec<I32F32>,
    pub(super) old_permits: Vec<bool>,
    pub(super) new_permits: Vec<bool>,
    pub(super) active_stake: Vec<I32F32>,
    /// Totals above the threshold.
    counted: Vec<u128>,
    /// Uids by ascending stake.
    ranking: Vec<(I32F32, usize)>,
}

impl Stakes {
    /// Computes all of it.
    pub(super) fn compute(&mut self, state: &State<'_>) {
        self.find_active(state);
        self.share_stake(state);
        self.grant_permits(state);
        self.share_active_stake();
    }

    /// Who is active, by section 4.1 of the specification.
    fn find_active(&mut self, state: &State<'_>) {
        let rule = state.hyper.runtime.cutoff;
        let cutoff = cutoff_blocks(state.hyper.activity_cutoff, rule, state.tempo);
        let is_active = |&updated: &u64| updated.saturating_add(cutoff) >= state.block;
        self.active.clear();
        self.active.extend(state.last_update.iter().map(is_active));
    }

    /// 4.2. A total that the chain's number does not hold counts as the largest it holds. Totals are first divided by the power
    /// of two they have in common, which changes no quotient.
    fn share_stake(&mut self, state: &State<'_>) {
        let privileged = state.owner.filter(|_| state.hyper.runtime.is_owner_privileged);
        let most = largest_total(state.stake_fraction);
        self.counted.clear();
        self.counted.extend(state.stake.iter().enumerate().map(|(uid, &total)| {
            let total = total.min(most);
            let exempt = privileged.is_some_and(|owner| usize::from(owner) == uid);
            let enough = total >> state.stake_fraction >= u128::from(state.hyper.stake_threshold);
            if exempt || enough { total } else { 0 }
        }));
        let common = self.counted.iter().fold(0, |bits, total| bits | total).trailing_zeros();
        let common = common.min(u128::BITS - 1);
        let sum = self.counted.iter().fold(0u128, |sum, total| sum.saturating_add(total >> common));
        self.stake.clear();
        let counted = self.counted.iter().map(|total| total >> common);
        match u64::try_from(sum) {
            Ok(sum) if sum >> PART_BITS == 0 => {
                let part = PartOf::of_bits(sum);
                let small = |total| u64::try_from(total).expect("a part is at most the sum");
                self.stake.extend(counted.map(|total| part.share_bits(small(total))));
            }
            _ => self.stake.extend(counted.map(|total| {
                let bits = quotient(total, sum).expect("a part is at most the sum");
                I32F32::from_bits(i64::try_from(bits).expect("a share is at most 1"))
            })),
        }
    }

    /// 4.3: the stored permits with the owner's, and the new ones.
    fn grant_permits(&mut self, state: &State<'_>) {
        self.old_permits.clear();
        self.old_permits.extend_from_slice(state.permits);
        self.new_permits.clear();
        self.new_permits.extend(self.stake.iter().map(|&stake| stake > I32F32::ZERO));
        let (n, k) = (self.stake.len(), usize::from(state.hyper.max_allowed_validators));
        if self.new_permits.iter().filter(|&&staked| staked).count() > k {
            self.ranking.clear();
            self.ranking.extend(self.stake.iter().enumerate().map(|(uid, &stake)| (stake, uid)));
            // Ascending and stable: among equal stakes the higher uid stays.
            self.ranking.sort_unstable();
            for &(_, uid) in &self.ranking[..n - k] {
                self.new_permits[uid] = false;
            }
        }
        if let Some(owner) = state.owner.filter(|_| state.hyper.runtime.is_owner_privileged) {
            self.old_permits[usize::from(owner)] = true;
            self.new_permits[usize::from(owner)] = true;
        }
    }

    /// Shares of active stake, by section 4.4 of the specification.
    fn share_active_stake(&mut self) {
        let says =
            self.active.iter().zip(&self.old_permits).map(|(&active, &permit)| active && permit);
        self.active_stake.clear();
        self.active_stake.extend(
            self.stake.iter().zip(says).map(|(&s, says)| if says { s } else { I32F32::ZERO }),
        );
        normalise(&mut self.active_stake);
    }
}

/// The largest total stake: the chain's I64F64 has 63 whole bits.
fn largest_total(fraction: u32) -> u128 {
    u128::MAX >> (u128::BITS - WHOLE_BITS - fraction.min(u128::BITS - WHOLE_BITS))
}

/// Blocks after which a validator without an update is inactive.
fn cutoff_blocks(cutoff: ActivityCutoff, rule: CutoffRule, tempo: u64) -> u64 {
    match (rule, cutoff) {
        (CutoffRule::Blocks, ActivityCutoff::Blocks(blocks)) => blocks,
        (CutoffRule::Blocks, ActivityCutoff::FactorMilli(_)) => CUTOFF_BLOCKS,
        (CutoffRule::Factor, ActivityCutoff::Blocks(blocks)) => blocks.max(1),
        (CutoffRule::Factor, ActivityCutoff::FactorMilli(factor)) => {
            let blocks = u128::from(factor) * u128::from(tempo) / MILLI;
            u64::try_from(blocks).unwrap_or(u64::MAX).max(1)
        }
    }
}
