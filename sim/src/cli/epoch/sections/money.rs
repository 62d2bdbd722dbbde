//! Block-level cases of money: what a block mints, who is paid, what is locked.

use super::count;
use super::known;
use super::rules;
use super::values;
use crate::cli::epoch::life::case::CollateralCase;
use crate::cli::epoch::life::case::PendingCase;
use crate::cli::epoch::lists::CaseRefusal;
use crate::cli::epoch::lists::one_a_uid;
use crate::cli::epoch::number::Whole;
use assay_chain::Charge;
use assay_chain::Collateral;
use assay_chain::DividendRule;
use assay_chain::Hyper;
use assay_chain::PayoutInput;
use assay_chain::Payouts;
use assay_chain::PendingRule;
use assay_chain::SplitRule;
use assay_chain::U96F32;
use assay_chain::emit_block;
use assay_chain::emit_block_jointly;
use assay_chain::split_emission;
use serde::Deserialize;
use serde::Serialize;
use serde::de::IgnoredAny;

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EmitCase {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    runtime: Option<Whole<u16>>,
    alpha_out: Whole<u64>,
    owner_cut_u16: Whole<u16>,
    root_prop_bits: Whole<u64>,
    root_sell: bool,
    #[serde(default, rename = "expected", skip_serializing)]
    _expected: IgnoredAny,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum EmitAnswer {
    Three { owner: u64, server: u64, validator: u64, root: u64, root_recycled: u64 },
    Two { owner: u64, pending: u64, swapped: u64 },
}

impl EmitCase {
    /// The answer to the case, which stands at `at`.
    ///
    /// # Errors
    /// What of the case is out of its range, with its key.
    pub(super) fn answer(&self, at: &str) -> Result<EmitAnswer, CaseRefusal> {
        let rule = SplitRule {
            owner_cut: self.owner_cut_u16.0,
            root_prop: U96F32::from_bits(u128::from(self.root_prop_bits.0)),
            root_sell: self.root_sell,
        };
        Ok(match rules(at, self.runtime)?.pending {
            PendingRule::Three => {
                let split = emit_block(self.alpha_out.0, &rule);
                EmitAnswer::Three {
                    owner: split.owner,
                    server: split.server,
                    validator: split.validator,
                    root: split.root,
                    root_recycled: split.root_recycled,
                }
            }
            PendingRule::Two => {
                let split = emit_block_jointly(self.alpha_out.0, &rule);
                let (owner, pending, swapped) = (split.owner, split.pending, split.swapped);
                EmitAnswer::Two { owner, pending, swapped }
            }
        })
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DistributeCase {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    runtime: Option<Whole<u16>>,
    pending: PendingCase,
    server_emission: Vec<Whole<u64>>,
    validator_emission: Vec<Whole<u64>>,
    alpha_stake: Vec<Whole<u64>>,
    root_stake: Vec<Whole<u64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    root_registered: Option<Vec<Whole<u16>>>,
    tao_weight_bits: Whole<u64>,
    take_u16: Vec<(Whole<u16>, Whole<u16>)>,
    owner_uids: Vec<Whole<u16>>,
}

#[derive(Debug, Serialize)]
pub(super) struct DistributeAnswer {
    incentive: Vec<u64>,
    validator_take: Vec<u64>,
    nominators: Vec<u64>,
    root_take: Vec<u64>,
    root_claimable: Vec<u64>,
    withheld: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    root_recycled: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    miner_burned_bits: Option<u128>,
}

impl DistributeCase {
    /// The answer to the case, which stands at `at`.
    ///
    /// # Errors
    /// What of the case is out of its range, with its key.
    pub(super) fn answer(&self, at: &str) -> Result<DistributeAnswer, CaseRefusal> {
        let runtime = rules(at, self.runtime)?;
        let n = count(&format!("{at}.server_emission"), self.server_emission.len())?;
        let list =
            |key: &str, list: &[Whole<u64>]| one_a_uid(&format!("{at}.{key}"), n, list).map(values);
        let mut take = vec![Hyper::default().delegate_take; usize::from(n)];
        for &(Whole(uid), Whole(part)) in &self.take_u16 {
            take[known(&format!("{at}.take_u16"), uid, n)?] = part;
        }
        let marked = |key: &str, uids: &[Whole<u16>]| {
            let mut marks = vec![false; usize::from(n)];
            for &Whole(uid) in uids {
                marks[known(&format!("{at}.{key}"), uid, n)?] = true;
            }
            Ok::<_, CaseRefusal>(marks)
        };
        let on_root = match &self.root_registered {
            None => vec![true; usize::from(n)],
            Some(uids) => marked("root_registered", uids)?,
        };
        let pending = self.pending.read(runtime.pending);
        let mut payouts = Payouts::default();
        payouts.distribute(&PayoutInput {
            rule: runtime.dividend,
            pending: pending.map_err(|CaseRefusal(text)| CaseRefusal(format!("{at}.{text}")))?,
            server_emission: &list("server_emission", &self.server_emission)?,
            validator_emission: &list("validator_emission", &self.validator_emission)?,
            alpha_stake: &list("alpha_stake", &self.alpha_stake)?,
            root_stake: &list("root_stake", &self.root_stake)?,
            root_registered: &on_root,
            tao_weight: U96F32::from_bits(u128::from(self.tao_weight_bits.0)),
            take: &take,
            withheld: &marked("owner_uids", &self.owner_uids)?,
        });
        let recycles = runtime.dividend == DividendRule::AlphaFirst;
        Ok(DistributeAnswer {
            incentive: payouts.incentive,
            validator_take: payouts.validator_take,
            nominators: payouts.nominators,
            root_take: payouts.root_take,
            root_claimable: payouts.root_claimable,
            withheld: payouts.withheld,
            root_recycled: recycles.then_some(payouts.root_recycled),
            // A case of appendix A names no runtime, and its answer has none of what appendix B adds.
            miner_burned_bits: self.runtime.map(|_| payouts.miner_burned.bits()),
        })
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SplitCase {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    runtime: Option<Whole<u16>>,
    alpha: Whole<u64>,
    count: Whole<u16>,
    #[serde(default)]
    split: Option<Vec<Whole<u16>>>,
}

impl SplitCase {
    /// The answer to the case, which stands at `at`.
    ///
    /// # Errors
    /// What of the case is out of its range, with its key.
    pub(super) fn answer(&self, at: &str) -> Result<Vec<u64>, CaseRefusal> {
        rules(at, self.runtime)?;
        let count = self.count.0;
        let Some(mechanisms) = u8::try_from(count).ok().filter(|&count| count > 0) else {
            return Err(CaseRefusal(format!("{at}.count: {count} is outside 1..={}", u8::MAX)));
        };
        let shares = self.split.as_deref().map(values);
        Ok(split_emission(self.alpha.0, mechanisms, shares.as_deref()))
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChargeCase {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    runtime: Option<Whole<u16>>,
    cost: Whole<u64>,
    lock_share: Whole<u16>,
    locked: Whole<u64>,
    moving_price_bits: u128,
    alpha_bought: Whole<u64>,
}

#[derive(Debug, Serialize)]
pub(super) struct ChargeAnswer {
    requirement: u64,
    burned: u64,
    topup: u64,
    locked_alpha: u64,
}

impl ChargeCase {
    /// The answer to the case, which stands at `at`.
    ///
    /// # Errors
    /// What of the case is out of its range, with its key.
    pub(super) fn answer(&self, at: &str) -> Result<ChargeAnswer, CaseRefusal> {
        rules(at, self.runtime)?;
        let hyper = Hyper {
            collateral_lock_share: self.lock_share.0,
            moving_price: self.moving_price_bits,
            ..Hyper::default()
        };
        let charge = Charge::of(self.cost.0, self.locked.0, &hyper);
        let (requirement, burned, topup) = (charge.requirement, charge.burned, charge.topup);
        let locked_alpha = charge.locked(self.alpha_bought.0);
        Ok(ChargeAnswer { requirement, burned, topup, locked_alpha })
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettleCase {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    runtime: Option<Whole<u16>>,
    entry: Option<CollateralCase>,
    emission: Whole<u64>,
    capturable: Whole<u64>,
}

#[derive(Debug, Serialize)]
pub(super) struct SettleAnswer {
    entry: Option<CollateralCase>,
    captured: u64,
    released: u64,
}

impl SettleCase {
    /// The answer to the case, which stands at `at`.
    ///
    /// # Errors
    /// What of the case is out of its range, with its key.
    pub(super) fn answer(&self, at: &str) -> Result<SettleAnswer, CaseRefusal> {
        rules(at, self.runtime)?;
        let Some(entry) = self.entry else {
            return Ok(SettleAnswer { entry: None, captured: 0, released: 0 });
        };
        let mut row = Collateral {
            locked: entry.locked.0,
            min_locked: entry.min_locked.0,
            earned: entry.earned.0,
            drain_ratio: entry.drain_ratio_bits,
        };
        let settled = row.settle(self.emission.0, self.capturable.0);
        let stays = self.emission.0 == 0 || !row.is_gone();
        let entry = stays.then_some(CollateralCase {
            locked: Whole(row.locked),
            min_locked: Whole(row.min_locked),
            earned: Whole(row.earned),
            drain_ratio_bits: row.drain_ratio,
        });
        Ok(SettleAnswer { entry, captured: settled.captured, released: settled.released })
    }
}
