//! The case file: keys and types of chain.md, appendices A and B.

use super::life::case::CollateralCase;
use super::life::case::EventCase;
use super::life::case::PayoutCase;
use super::life::case::PendingCase;
use super::life::case::RegistrationCase;
use super::number::RowCase;
use super::number::Whole;
use super::number::given;
use super::number::nullable;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;

/// One epoch, or the start of a sequence of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EpochCase {
    #[serde(default, rename = "name")]
    _name: IgnoredAny,
    #[serde(default, rename = "note")]
    _note: IgnoredAny,
    #[serde(default, rename = "expected")]
    _expected: IgnoredAny,
    pub(super) n: Whole<u16>,
    pub(super) block: Whole<u64>,
    pub(super) tempo: Whole<u64>,
    pub(super) last_mechanism_step_block: Whole<u64>,
    /// Required of a case that has no step with `pending`.
    #[serde(default, deserialize_with = "given")]
    pub(super) rao_emission: Option<Whole<u64>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) runtime: Option<Whole<u16>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) owner_uid: Option<Whole<u16>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) stake: Option<Vec<Whole<u64>>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) stake_bits: Option<Vec<u128>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) tao_stake: Option<Vec<Whole<u64>>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) tao_weight: Option<Whole<u64>>,
    pub(super) last_update: Vec<Whole<u64>>,
    pub(super) block_at_registration: Vec<Whole<u64>>,
    pub(super) permits: Vec<bool>,
    pub(super) weights: Vec<RowCase>,
    #[serde(default, deserialize_with = "given")]
    pub(super) bonds: Option<Vec<RowCase>>,
    #[serde(default)]
    pub(super) commit_blocks: Option<Vec<Option<Whole<u64>>>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) consensus: Option<Vec<Whole<u16>>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) emission: Option<Vec<Whole<u64>>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) pruning_scores: Option<Vec<Whole<u16>>>,
    pub(super) hyper: HyperCase,
    #[serde(default)]
    pub(super) record_step_block: bool,
    #[serde(default, deserialize_with = "given")]
    pub(super) steps: Option<Vec<SequenceStep>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) keys: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) registration: Option<RegistrationCase>,
    #[serde(default, deserialize_with = "given")]
    pub(super) collateral: Option<BTreeMap<String, CollateralCase>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) reveal_period: Option<Whole<u64>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) reveal_lag: Option<Whole<u64>>,
    #[serde(default)]
    pub(super) payout: PayoutCase,
    #[serde(default)]
    pub(super) restake: bool,
}

impl EpochCase {
    /// Whether seats change hands in it, or pay or commits are booked (chain.md, appendix B).
    pub(super) fn has_life(&self) -> bool {
        let steps = self.steps.iter().flatten();
        let lives = |step: &SequenceStep| {
            step.events.is_some() || step.pending.is_some() || step.registration.is_some()
        };
        let named = self.registration.is_some() || self.keys.is_some() || self.collateral.is_some();
        named
            || self.reveal_lag.is_some()
            || self.reveal_period.is_some()
            || steps.into_iter().any(lives)
    }
}

/// Hyper-parameters that a case or a step names; the others keep their value.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct HyperCase {
    #[serde(deserialize_with = "given")]
    pub(super) kappa: Option<Whole<u16>>,
    #[serde(deserialize_with = "given")]
    pub(super) bonds_penalty: Option<Whole<u16>>,
    #[serde(deserialize_with = "given")]
    pub(super) bonds_moving_average: Option<Whole<u64>>,
    #[serde(deserialize_with = "given")]
    pub(super) activity_cutoff_factor_milli: Option<Whole<u64>>,
    #[serde(deserialize_with = "given")]
    pub(super) activity_cutoff_blocks: Option<Whole<u64>>,
    #[serde(deserialize_with = "given")]
    pub(super) max_allowed_validators: Option<Whole<u16>>,
    #[serde(deserialize_with = "given")]
    pub(super) stake_threshold: Option<Whole<u64>>,
    #[serde(deserialize_with = "given")]
    pub(super) yuma3: Option<bool>,
    #[serde(deserialize_with = "given")]
    pub(super) liquid_alpha: Option<bool>,
    #[serde(deserialize_with = "given")]
    pub(super) alpha_low: Option<Whole<u16>>,
    #[serde(deserialize_with = "given")]
    pub(super) alpha_high: Option<Whole<u16>>,
    #[serde(deserialize_with = "given")]
    pub(super) alpha_sigmoid_steepness: Option<Whole<i16>>,
    #[serde(deserialize_with = "given")]
    pub(super) commit_reveal: Option<bool>,
    #[serde(deserialize_with = "given")]
    pub(super) liquid_alpha_consensus_mode: Option<ModeCase>,
}

/// Which consensus liquid alpha compares with.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ModeCase {
    Auto,
    Current,
    Previous,
}

/// What changes before an epoch of a sequence, in this order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SequenceStep {
    #[serde(default, deserialize_with = "given")]
    pub(super) block: Option<Whole<u64>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) tempo: Option<Whole<u64>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) rao_emission: Option<Whole<u64>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) last_mechanism_step_block: Option<Whole<u64>>,
    #[serde(default, deserialize_with = "given")]
    #[expect(clippy::option_option, reason = "absent keeps what is, null takes it away")]
    pub(super) owner_uid: Option<Option<Whole<u16>>>,
    #[serde(default, deserialize_with = "given")]
    #[expect(clippy::option_option, reason = "absent keeps what is, null takes it away")]
    pub(super) commit_blocks: Option<Option<Vec<Option<Whole<u64>>>>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) stake: Option<Vec<Whole<u64>>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) tao_stake: Option<Vec<Whole<u64>>>,
    #[serde(default)]
    pub(super) hyper: HyperCase,
    #[serde(default)]
    pub(super) replace_uid: Vec<(Whole<u16>, Whole<u64>)>,
    #[serde(default)]
    pub(super) set_weights: Vec<(Whole<u16>, RowCase)>,
    #[serde(default)]
    pub(super) set_last_update: Vec<(Whole<u16>, Whole<u64>)>,
    #[serde(default)]
    pub(super) set_stake: Vec<(Whole<u16>, Whole<u64>)>,
    #[serde(default, deserialize_with = "given")]
    pub(super) runtime: Option<Whole<u16>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) registration: Option<RegistrationCase>,
    #[serde(default, deserialize_with = "given")]
    pub(super) events: Option<Vec<EventCase>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) pending: Option<PendingCase>,
}
