//! The pay that a row of weights leads to: rounded to u16 as validators send it, then one epoch of the chain.
//!
//! Every validator with stake sends the same row. The epoch begins without bonds, so validators' dividends are those of a
//! first epoch; miners' pay does not depend on bonds.

use crate::base::math;
use crate::base::units::RAO_PER_TOKEN;
use crate::model::weighting::to_u16;
use crate::scenario::ChainSettings;
use crate::scenario::ScenarioValidator;
use crate::subnet::parameters::hyper;
use assay_chain::BlockSplit;
use assay_chain::Epoch;
use assay_chain::Row;
use assay_chain::SplitRule;
use assay_chain::State;
use assay_chain::U96F32;
use assay_chain::block_emission;
use assay_chain::emit_block;

/// Share of the miners' pay by uid, after u16 and one epoch; none when no miner is paid.
///
/// What the owner's uid is paid for its weight is burned, and belongs to no miner.
pub(super) fn pay_shares(
    weights: &[f64],
    validators: &[ScenarioValidator],
    chain: &ChainSettings,
) -> Option<Vec<f64>> {
    let row: Row = to_u16(weights).into_iter().map(|(uid, weight)| (uid.0, weight)).collect();
    let count = weights.len();
    let (mut stake, mut rows) = (vec![0; count], vec![Row::new(); count]);
    let mut permits = vec![false; count];
    for validator in validators.iter().filter(|validator| validator.stake.0 > 0) {
        let uid = usize::from(validator.uid.0);
        stake[uid] = u128::from(validator.stake.0);
        permits[uid] = true;
        rows[uid].clone_from(&row);
    }
    let parameters = hyper(chain);
    let mut epoch = Epoch::default();
    epoch.run(&State {
        block: chain.start_block,
        tempo: chain.tempo,
        last_step_block: chain.start_block.saturating_sub(chain.period()),
        owner: Some(chain.owner_uid),
        rao: pending(chain, parameters.owner_cut),
        hyper: &parameters,
        stake: &stake,
        stake_fraction: 0,
        last_update: &vec![chain.start_block; count],
        registered: &vec![0; count],
        permits: &permits,
        commits: &vec![None; count],
        weights: &rows,
        bonds: &vec![Row::new(); count],
        consensus: &vec![0; count],
    });
    let mut pay = epoch.server_emission().to_vec();
    pay[usize::from(chain.owner_uid)] = 0;
    let whole: u64 = pay.iter().sum();
    let share = |rao: &u64| math::float(*rao) / math::float(whole);
    (whole > 0).then(|| pay.iter().map(share).collect())
}

/// What a tempo of blocks puts aside for miners and validators [rao].
fn pending(chain: &ChainSettings, owner_cut: u16) -> u64 {
    let rule = SplitRule { owner_cut, root_prop: U96F32::ZERO, root_sell: false };
    let minted = block_emission(chain.issuance_alpha.saturating_mul(RAO_PER_TOKEN));
    let BlockSplit { server, validator, .. } = emit_block(minted, &rule);
    (server + validator).saturating_mul(chain.period())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::Uid;
    use crate::base::units::Rao;
    use crate::base::units::SimSpan;

    fn validator(uid: u16, tokens: u64) -> ScenarioValidator {
        let stake = Rao(tokens * RAO_PER_TOKEN);
        let (name, root_stake) = (uid.to_string(), Rao(0));
        ScenarioValidator { name, uid: Uid(uid), stake, root_stake, offset: SimSpan::ZERO }
    }

    fn chain() -> ChainSettings {
        ChainSettings { uids: 5, owner_uid: 4, ..ChainSettings::default() }
    }

    /// Weights 3 : 1 beside a burn of 3/4: as u16 21845 and 7282 of 65535, so the first gets 21845 / 29127 of the pay.
    #[test]
    fn pay_follows_the_rounded_weights() {
        let weights = [0.1875 * 4.0 / 3.0, 0.0625 * 4.0 / 3.0, 0.0, 0.0, 0.75];
        let shares = pay_shares(&weights, &[validator(3, 100)], &chain()).unwrap();
        assert!((shares[0] - 21_845.0 / 29_127.0).abs() < 1e-6, "{shares:?}");
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(shares[4].abs() < 1e-12, "the owner's part is burned");
    }

    #[test]
    fn nobody_is_paid_when_all_is_burned_or_no_validator_has_stake() {
        let burned = [0.0, 0.0, 0.0, 0.0, 1.0];
        assert_eq!(pay_shares(&burned, &[validator(3, 100)], &chain()), None);
        let paid = [0.25, 0.0, 0.0, 0.0, 0.75];
        assert_eq!(pay_shares(&paid, &[validator(3, 0)], &chain()), None);
        assert!(pay_shares(&paid, &[validator(3, 1)], &chain()).is_some());
    }
}
