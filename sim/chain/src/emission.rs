//! What a block mints and how it is split before an epoch hands it out (chain.md 3.1 and 3.3).

use crate::fixed::FRACTION;
use crate::wide::U96F32;

/// Tokens there can ever be \[rao\]. Source: chain.md 8, supply.
pub const SUPPLY: u64 = 21_000_000_000_000_000;
/// Emission of a block before the first halving \[rao\]. Source: chain.md 8, block emission.
pub const BLOCK_EMISSION: u64 = 1_000_000_000;

/// What one block mints at this issuance \[rao\]; the chain's `block_emission`.
///
/// ```
/// // The first halving comes with half the supply.
/// assert_eq!(assay_chain::block_emission(10_499_999_999_999_999), 1_000_000_000);
/// assert_eq!(assay_chain::block_emission(10_500_000_000_000_000), 500_000_000);
/// ```
#[must_use]
pub fn block_emission(issuance: u64) -> u64 {
    if issuance >= SUPPLY {
        return 0;
    }
    let one = 1u128 << FRACTION;
    let issued = (u128::from(issuance) << FRACTION) / u128::from(SUPPLY);
    let mut left = (one << FRACTION) / (one - issued);
    let mut halvings = 0;
    while left >= 2 * one {
        left = (left >> 1) + (left & 1);
        halvings += 1;
    }
    let share = one.checked_shr(halvings).unwrap_or(0);
    U96F32::from_bits(share * u128::from(BLOCK_EMISSION)).floor()
}

/// Smallest issuance above this one at which a block mints another amount \[rao\], none after the last change.
#[must_use]
pub fn next_change(issuance: u64) -> Option<u64> {
    let now = block_emission(issuance);
    if now == 0 {
        return None;
    }
    let (mut same, mut changed) = (issuance, SUPPLY);
    while changed - same > 1 {
        let middle = same + (changed - same) / 2;
        if block_emission(middle) == now {
            same = middle;
        } else {
            changed = middle;
        }
    }
    Some(changed)
}

/// How a block's emission is split between owner, miners, validators and root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitRule {
    /// Owner's part \[1/65535\]; 0 where the cut is disabled.
    pub owner_cut: u16,
    /// Part of the validators' half that goes to root, `0.0..=1.0`; see [`root_proportion`].
    pub root_prop: U96F32,
    /// Whether root's part is handed out (the sum of subnet prices is above 1), else it is recycled.
    pub root_sell: bool,
}

/// What one block adds to the pending counters \[rao\]; fractions are lost every block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlockSplit {
    /// To the owner's cut.
    pub owner: u64,
    /// Share of the miners \[rao\].
    pub server: u64,
    /// Share of the validators and their nominators \[rao\].
    pub validator: u64,
    /// Share of the root network \[rao\].
    pub root: u64,
    /// Root's part where it is taken out of issuance instead.
    pub root_recycled: u64,
}

/// The split of what a block minted \[rao\]; the chain's `emit_block`.
///
/// ```
/// use assay_chain::SplitRule;
/// use assay_chain::U96F32;
///
/// let rule = SplitRule { owner_cut: 11_796, root_prop: U96F32::ZERO, root_sell: false };
/// let split = assay_chain::emit_block(1_000_000_000, &rule);
/// // Not quite 18 % for the owner, and one rao is lost.
/// assert_eq!((split.owner, split.server, split.validator), (179_995_422, 410_002_288, 410_002_288));
/// ```
#[must_use]
pub fn emit_block(alpha_out: u64, rule: &SplitRule) -> BlockSplit {
    let minted = U96F32::whole(alpha_out);
    let cut = minted.times(U96F32::ratio(rule.owner_cut));
    let shared = minted.minus(cut);
    let root = rule.root_prop.times(shared).times(U96F32::HALF);
    let server = shared.times(U96F32::HALF);
    let validator = shared.minus(server).minus(root);
    let (root, root_recycled) = if rule.root_sell { (root.floor(), 0) } else { (0, root.floor()) };
    BlockSplit {
        owner: cut.floor(),
        server: server.floor(),
        validator: validator.floor(),
        root,
        root_recycled,
    }
}

/// What one block adds to the pending counters before runtime 343 \[rao\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JointSplit {
    /// To the owner's cut.
    pub owner: u64,
    /// To miners and validators together.
    pub pending: u64,
    /// To be sold for root's TAO.
    pub swapped: u64,
}

/// The split of what a block minted before runtime 343 \[rao\] (chain.md 11.5); whether root's part is handed out does not
/// matter to it.
#[must_use]
pub fn emit_block_jointly(alpha_out: u64, rule: &SplitRule) -> JointSplit {
    let minted = U96F32::whole(alpha_out);
    let cut = minted.times(U96F32::ratio(rule.owner_cut));
    let shared = minted.minus(cut);
    let root = rule.root_prop.times(shared).times(U96F32::HALF);
    JointSplit { owner: cut.floor(), pending: shared.minus(root).floor(), swapped: root.floor() }
}

/// Share of the validators' half that goes to root, `0.0..=1.0`: `T / (T + alpha_issuance)`, where `T` is the root TAO by
/// its weight; both amounts \[rao\].
#[must_use]
pub fn root_proportion(root_tao: u64, tao_weight: U96F32, alpha_issuance: u64) -> U96F32 {
    let weighted = U96F32::whole(root_tao).times(tao_weight);
    weighted.over(weighted.plus(U96F32::whole(alpha_issuance)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emission_halves_exactly_on_the_thresholds() {
        // (21e15 - I) / 21e15 = 1/2 at 10.5e15 rao, 1/4 at 15.75e15, 1/8 at 18.375e15.
        for (issuance, emission) in [
            (0, 1_000_000_000),
            (10_499_999_999_999_999, 1_000_000_000),
            (10_500_000_000_000_000, 500_000_000),
            (15_750_000_000_000_000, 250_000_000),
            (18_375_000_000_000_000, 125_000_000),
            (20_999_999_999_999_999, 0),
            (u64::MAX, 0),
        ] {
            assert_eq!(block_emission(issuance), emission, "at {issuance}");
        }
    }

    #[test]
    fn the_next_change_is_the_first_issuance_that_mints_less() {
        assert_eq!(next_change(0), Some(10_500_000_000_000_000));
        assert_eq!(next_change(10_500_000_000_000_000), Some(15_750_000_000_000_000));
        assert_eq!(next_change(SUPPLY), None);
        let mut issuance = 0;
        while let Some(changed) = next_change(issuance) {
            assert!(block_emission(changed) < block_emission(changed - 1));
            assert_eq!(block_emission(changed - 1), block_emission(issuance));
            issuance = changed;
        }
        assert_eq!(block_emission(issuance), 0);
    }

    #[test]
    fn a_block_of_one_token_splits_as_the_specification_says() {
        let rule = SplitRule { owner_cut: 11_796, root_prop: U96F32::ZERO, root_sell: true };
        let split = emit_block(1_000_000_000, &rule);
        let [owner, half] = [179_995_422, 410_002_288];
        assert_eq!(
            (split.owner, split.server, split.validator, split.root),
            (owner, half, half, 0)
        );
        // 410_002_288.7 / 16 = 25_625_143.0 goes to root, or out of issuance.
        let root_prop = U96F32::from_bits(1 << 28);
        let sold = emit_block(1_000_000_000, &SplitRule { root_prop, ..rule });
        assert_eq!((sold.validator, sold.root, sold.root_recycled), (384_377_145, 25_625_143, 0));
        let kept = emit_block(1_000_000_000, &SplitRule { root_prop, root_sell: false, ..rule });
        assert_eq!((kept.validator, kept.root, kept.root_recycled), (384_377_145, 0, 25_625_143));
    }

    #[test]
    fn one_counter_for_both_loses_one_rao_less() {
        let rule = SplitRule { owner_cut: 11_796, root_prop: U96F32::ZERO, root_sell: false };
        let joint = emit_block_jointly(1_000_000_000, &rule);
        assert_eq!((joint.owner, joint.pending, joint.swapped), (179_995_422, 820_004_577, 0));
        let sixteenth = SplitRule { root_prop: U96F32::from_bits(1 << 28), ..rule };
        let joint = emit_block_jointly(1_000_000_000, &sixteenth);
        // 820_004_577.6 / 32 = 25_625_143.05 is sold, 794_379_434.5 stays.
        assert_eq!((joint.pending, joint.swapped), (794_379_434, 25_625_143));
    }

    #[test]
    fn root_without_stake_has_no_part() {
        assert_eq!(root_proportion(0, U96F32::from_bits(226_245_882), 0), U96F32::ZERO);
        // 1000 * 1/2 against 500 issued is one half.
        let half = U96F32::HALF;
        assert_eq!(root_proportion(1_000, half, 500), half);
    }
}
