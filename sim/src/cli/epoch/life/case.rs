//! What a case with registrations, pay or commits has beside the others (chain.md, appendix B).

use crate::cli::epoch::lists::CaseRefusal;
use crate::cli::epoch::number::RowCase;
use crate::cli::epoch::number::Whole;
use crate::cli::epoch::number::given;
use assay_chain::Pending;
use assay_chain::PendingRule;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// Registration: parameters and the price; what is absent keeps its value.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::cli::epoch) struct RegistrationCase {
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) max_allowed_uids: Option<Whole<u16>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) immunity_period: Option<Whole<u64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) min_non_immune_uids: Option<Whole<u16>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) immune_owner_limit: Option<Whole<u16>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) owned: Option<Vec<String>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) burn: Option<Whole<u64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) price_block: Option<Whole<u64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) min_burn: Option<Whole<u64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) max_burn: Option<Whole<u64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) burn_half_life: Option<Whole<u16>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) burn_increase_mult_bits: Option<u128>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) adjustment_interval: Option<Whole<u64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) target_registrations_per_interval: Option<Whole<u16>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) max_registrations_per_block: Option<Whole<u16>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) adjustment_alpha: Option<Whole<u64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) last_adjustment_block: Option<Whole<u64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) collateral_lock_share: Option<Whole<u16>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) collateral_drain_ratio_bits: Option<u128>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) moving_price_bits: Option<u128>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(in crate::cli::epoch) swap_price_bits: Option<u128>,
}

/// Locked alpha of a key.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cli::epoch) struct CollateralCase {
    pub(in crate::cli::epoch) locked: Whole<u64>,
    #[serde(default = "zero")]
    pub(in crate::cli::epoch) min_locked: Whole<u64>,
    #[serde(default = "zero")]
    pub(in crate::cli::epoch) earned: Whole<u64>,
    pub(in crate::cli::epoch) drain_ratio_bits: u128,
}

fn zero() -> Whole<u64> {
    Whole(0)
}

/// Who keeps what of a payment.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::cli::epoch) struct PayoutCase {
    pub(super) take_u16: BTreeMap<String, Whole<u16>>,
    #[serde(deserialize_with = "given")]
    pub(super) root_keys: Option<Vec<String>>,
}

/// What is pending, in one of the two forms.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::cli::epoch) struct PendingCase {
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    server: Option<Whole<u64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    validator: Option<Whole<u64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    root: Option<Whole<u64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pending: Option<Whole<u64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    swapped: Option<Whole<u64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    root_tao: Option<Whole<u64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(super) owner: Option<Whole<u64>>,
}

impl PendingCase {
    /// What is pending, as the runtime's rule has it.
    ///
    /// # Errors
    /// What of the case is malformed, with its key.
    pub(in crate::cli::epoch) fn read(&self, rule: PendingRule) -> Result<Pending, CaseRefusal> {
        let (ours, theirs, names) = match rule {
            PendingRule::Three => (
                [self.server, self.validator, self.root],
                [self.pending, self.swapped, self.root_tao],
                ["server", "validator", "root"],
            ),
            PendingRule::Two => (
                [self.pending, self.swapped, Some(self.root_tao.unwrap_or(Whole(0)))],
                [self.server, self.validator, self.root],
                ["pending", "swapped", "root_tao"],
            ),
        };
        let names = names.join(", ");
        if theirs.iter().any(Option::is_some) {
            let text = format!("pending: has counters of another runtime, this one has {names}");
            return Err(CaseRefusal(text));
        }
        let [Some(Whole(one)), Some(Whole(two)), Some(Whole(three))] = ours else {
            return Err(CaseRefusal(format!("pending: missing counters, due are {names}")));
        };
        Ok(match rule {
            PendingRule::Three => Pending::Three { server: one, validator: two, root: three },
            PendingRule::Two => Pending::Two { pending: one, swapped: two, root_tao: three },
        })
    }
}

/// What happens in a block before an epoch.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cli::epoch) struct EventCase {
    pub(super) block: Whole<u64>,
    #[serde(rename = "type")]
    pub(super) kind: EventKind,
    pub(super) key: String,
    #[serde(default)]
    pub(super) stake: Option<Whole<u64>>,
    #[serde(default)]
    pub(super) limit_price: Option<Whole<u64>>,
    #[serde(default)]
    pub(super) balance: Option<Whole<u64>>,
    #[serde(default)]
    pub(super) row: Option<RowCase>,
    #[serde(default)]
    pub(super) amount: Option<Whole<u64>>,
}

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::cli::epoch) enum EventKind {
    Register,
    Weights,
    Commit,
    MinCollateral,
}
