//! What a scenario says of the chain, in the chain's own numbers.

use crate::base::math;
use crate::scenario::ChainSettings;
use assay_chain::ActivityCutoff;
use assay_chain::CutoffRule;
use assay_chain::Hyper;
use assay_chain::OwnerPay;
use assay_chain::U96F32;

/// Fractional bits of the chain's prices. Source: chain.md section 2, U64F64.
const PRICE_FRACTION: u32 = 64;

/// A number of at least 0 with so many fractional bits, at most 64, rounded down.
pub(super) fn fixed(number: f64, fraction: u32) -> u128 {
    let whole = math::trunc_to_u64(number);
    let part = (number - math::float(whole)) * math::pow(2.0, f64::from(fraction));
    (u128::from(whole) << fraction) + u128::from(math::trunc_to_u64(part))
}

/// The smallest numerator of 2^64 - 1 that gives a weight of so many bits.
fn numerator(bits: u128) -> u64 {
    let exact = (bits * u128::from(u64::MAX)).div_ceil(1 << U96F32::FRACTION);
    u64::try_from(exact).expect("a weight is at most 1")
}

/// The chain's parameters as a scenario sets them.
pub(crate) fn hyper(chain: &ChainSettings) -> Hyper {
    let standard = Hyper::at(chain.rules());
    let registration = &chain.registration;
    let price = fixed(registration.alpha_price_tao, PRICE_FRACTION);
    Hyper {
        kappa: chain.kappa,
        bonds_penalty: chain.bonds_penalty,
        bonds_moving_average: chain.bonds_moving_average,
        activity_cutoff: match chain.rules().cutoff {
            CutoffRule::Factor => {
                ActivityCutoff::FactorMilli(u64::from(chain.activity_cutoff_factor_milli))
            }
            CutoffRule::Blocks => ActivityCutoff::Blocks(chain.activity_cutoff_blocks),
        },
        tao_weight: numerator(fixed(chain.tao_weight, U96F32::FRACTION)),
        stake_threshold: chain.stake_threshold_rao,
        liquid_alpha_consensus_mode: chain.liquid_alpha_consensus_mode.into(),
        weights_version_key: chain.weights_version_key,
        delegate_take: chain.delegate_take,
        immunity_period: registration.immunity_period_blocks,
        min_non_immune: registration.min_non_immune_uids,
        immune_owner_uids_limit: registration.immune_owner_uids,
        burn_min: registration.burn_min_rao,
        burn_max: registration.burn_max_rao,
        burn_half_life: registration.burn_half_life_blocks,
        burn_multiplier: fixed(registration.burn_multiplier, PRICE_FRACTION),
        adjustment_interval: registration.adjustment_interval_blocks,
        target_registrations_per_interval: registration.target_per_interval,
        max_registrations_per_block: registration.most_per_block,
        adjustment_alpha: u64::try_from(fixed(registration.adjustment_alpha, PRICE_FRACTION))
            .unwrap_or(u64::MAX),
        collateral_lock_share: registration.collateral_lock_share,
        collateral_drain_ratio: fixed(registration.collateral_drain_ratio, PRICE_FRACTION),
        moving_price: price,
        swap_price: price,
        max_allowed_validators: chain.max_allowed_validators,
        yuma3: chain.yuma3,
        liquid_alpha: chain.liquid_alpha,
        alpha_low: chain.alpha_low,
        alpha_high: chain.alpha_high,
        alpha_sigmoid_steepness: chain.alpha_sigmoid_steepness,
        commit_reveal: chain.commit_reveal,
        commit_reveal_period: chain.reveal_period,
        min_allowed_weights: chain.min_allowed_weights,
        weights_set_rate_limit: chain.weights_rate_limit,
        max_allowed_uids: chain.uids,
        owner_cut: if chain.owner_cut { chain.owner_cut_share } else { 0 },
        owner_pay: if chain.burn { OwnerPay::Burn } else { OwnerPay::Recycle },
        ..standard
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use assay_chain::tao_weight_of;

    #[test]
    fn a_scenario_without_a_word_on_the_chain_has_its_own_defaults() {
        let ours = hyper(&ChainSettings::default());
        let standard = Hyper::default();
        // The scenario's weights are set at once, root counts as it does live, and 0.97 is a nearest f64.
        let known = Hyper {
            commit_reveal: ours.commit_reveal,
            tao_weight: ours.tao_weight,
            adjustment_alpha: ours.adjustment_alpha,
            ..standard.clone()
        };
        assert_eq!(ours, known);
        assert!(ours.adjustment_alpha.abs_diff(standard.adjustment_alpha) < 2_048);
    }

    #[test]
    fn the_live_weight_of_tao_has_the_bits_of_the_specification() {
        let weight = |tao_weight| hyper(&ChainSettings { tao_weight, ..ChainSettings::default() });
        let bits = |weight: f64| tao_weight_of(number(weight)).bits();
        assert_eq!(tao_weight_of(weight(0.18).tao_weight).bits(), 773_094_113);
        assert_eq!((bits(0.0), bits(1.0)), (0, 1 << 32));
    }

    fn number(weight: f64) -> u64 {
        numerator(fixed(weight, U96F32::FRACTION))
    }

    #[test]
    fn numbers_become_bits_without_loss() {
        assert_eq!(fixed(1.26, 64), 0x1_428f_5c28_f5c2_9000);
        assert_eq!((fixed(0.5, 32), fixed(10.0, 64), fixed(0.0, 64)), (1 << 31, 10 << 64, 0));
    }
}
