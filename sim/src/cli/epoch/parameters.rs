//! Parameters that a case or a step names.

use super::case::HyperCase;
use super::case::ModeCase;
use super::life::case::RegistrationCase;
use super::lists::CaseRefusal;
use super::number::Whole;
use assay_chain::ActivityCutoff;
use assay_chain::ConsensusMode;
use assay_chain::Hyper;
use assay_chain::Price;
use assay_chain::Runtime;

/// Most neurons of a case.
pub(super) const NEURONS_MAX: u16 = 256;

/// The runtime that is named, if one is.
///
/// # Errors
/// When the runtime is none that is known.
pub(super) fn runtime(version: Option<Whole<u16>>) -> Result<Option<Runtime>, CaseRefusal> {
    let known = version.map(|Whole(version)| Runtime::of(version)).transpose();
    known.map_err(|unknown| CaseRefusal(format!("runtime: {unknown}")))
}

/// Sets a number that is given.
fn set<T>(to: &mut T, given: Option<Whole<T>>) {
    if let Some(Whole(value)) = given {
        *to = value;
    }
}

/// Takes over the hyper-parameters that are named.
pub(super) fn change(hyper: &mut Hyper, case: &HyperCase) {
    set(&mut hyper.kappa, case.kappa);
    set(&mut hyper.bonds_penalty, case.bonds_penalty);
    set(&mut hyper.max_allowed_validators, case.max_allowed_validators);
    set(&mut hyper.alpha_low, case.alpha_low);
    set(&mut hyper.alpha_high, case.alpha_high);
    set(&mut hyper.bonds_moving_average, case.bonds_moving_average);
    set(&mut hyper.stake_threshold, case.stake_threshold);
    set(&mut hyper.alpha_sigmoid_steepness, case.alpha_sigmoid_steepness);
    if let Some(Whole(factor)) = case.activity_cutoff_factor_milli {
        hyper.activity_cutoff = ActivityCutoff::FactorMilli(factor);
    }
    if let Some(Whole(blocks)) = case.activity_cutoff_blocks {
        hyper.activity_cutoff = ActivityCutoff::Blocks(blocks);
    }
    if let Some(mode) = case.liquid_alpha_consensus_mode {
        hyper.liquid_alpha_consensus_mode = match mode {
            ModeCase::Auto => ConsensusMode::Auto,
            ModeCase::Current => ConsensusMode::Current,
            ModeCase::Previous => ConsensusMode::Previous,
        };
    }
    hyper.yuma3 = case.yuma3.unwrap_or(hyper.yuma3);
    hyper.liquid_alpha = case.liquid_alpha.unwrap_or(hyper.liquid_alpha);
    hyper.commit_reveal = case.commit_reveal.unwrap_or(hyper.commit_reveal);
}

/// Takes over what is named of the registration.
///
/// # Errors
/// When a parameter is none of registration, or out of its range.
pub(super) fn change_registration(
    hyper: &mut Hyper,
    case: &RegistrationCase,
) -> Result<(), CaseRefusal> {
    if let Some(Whole(most)) = case.max_allowed_uids
        && !(1..=NEURONS_MAX).contains(&most)
    {
        let text = format!("registration.max_allowed_uids: {most} is outside 1..={NEURONS_MAX}");
        return Err(CaseRefusal(text));
    }
    set(&mut hyper.max_allowed_uids, case.max_allowed_uids);
    set(&mut hyper.immunity_period, case.immunity_period);
    set(&mut hyper.min_non_immune, case.min_non_immune_uids);
    set(&mut hyper.immune_owner_uids_limit, case.immune_owner_limit);
    set(&mut hyper.burn_min, case.min_burn);
    set(&mut hyper.burn_max, case.max_burn);
    set(&mut hyper.burn_half_life, case.burn_half_life);
    set(&mut hyper.adjustment_interval, case.adjustment_interval);
    let target = case.target_registrations_per_interval;
    set(&mut hyper.target_registrations_per_interval, target);
    set(&mut hyper.max_registrations_per_block, case.max_registrations_per_block);
    set(&mut hyper.adjustment_alpha, case.adjustment_alpha);
    set(&mut hyper.collateral_lock_share, case.collateral_lock_share);
    for (to, given) in [
        (&mut hyper.burn_multiplier, case.burn_increase_mult_bits),
        (&mut hyper.collateral_drain_ratio, case.collateral_drain_ratio_bits),
        (&mut hyper.moving_price, case.moving_price_bits),
        (&mut hyper.swap_price, case.swap_price_bits),
    ] {
        *to = given.unwrap_or(*to);
    }
    Ok(())
}

/// Takes over what is named of the price; one without a block is that of `block`.
pub(super) fn change_price(price: &mut Price, case: &RegistrationCase, block: u64) {
    if let Some(Whole(rao)) = case.burn {
        (price.rao, price.block) = (rao, block);
    }
    set(&mut price.block, case.price_block);
    set(&mut price.last_adjustment_block, case.last_adjustment_block);
}
