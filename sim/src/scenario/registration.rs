//! What a scenario may say about registration.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// What a uid costs, and who has to leave for a newcomer. Defaults are those of a subnet at its creation (chain.md section 8).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RegistrationSettings {
    /// Time in which a new neuron is protected [blocks]. Source: chain.md section 8, 5000 at creation.
    #[schemars(range(min = 0, max = 1_000_000_000))]
    pub(crate) immunity_period_blocks: u64,
    /// Neurons without immunity up to which pruning leaves them alone, from runtime 365 on. Source: chain.md section 8, 10.
    #[schemars(range(min = 0, max = 256))]
    pub(crate) min_non_immune_uids: u16,
    /// Most uids of the owner that pruning never takes. Source: chain.md section 8, 1 of 1 to 10.
    #[schemars(range(min = 1, max = 10))]
    pub(crate) immune_owner_uids: u16,
    /// Price at the start [rao]. Source: chain.md section 8, burn: start.
    #[schemars(range(min = 0, max = 21_000_000_000_000_000_i64))]
    pub(crate) burn_rao: u64,
    /// Least price [rao]. Source: chain.md section 8, burn: min.
    #[schemars(range(min = 0, max = 21_000_000_000_000_000_i64))]
    pub(crate) burn_min_rao: u64,
    /// Largest price [rao]. Source: chain.md section 8, burn: max.
    #[schemars(range(min = 0, max = 21_000_000_000_000_000_i64))]
    pub(crate) burn_max_rao: u64,
    /// Time in which the price halves, from runtime 401 on; 0 keeps it [blocks]. Source: chain.md section 8, 360 of 1 to 36,100.
    #[schemars(range(min = 0, max = 36_100))]
    pub(crate) burn_half_life_blocks: u16,
    /// What a registration multiplies the price by, from runtime 401 on. Source: chain.md section 7.2, 1.26 of 1 to 3.
    #[schemars(range(min = 1.0, max = 3.0))]
    pub(crate) burn_multiplier: f64,
    /// Time between two changes of the price before runtime 401 [blocks]. Source: chain.md section 11.2, 360 at creation.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub(crate) adjustment_interval_blocks: u64,
    /// Registrations an interval at which the price stays before runtime 401; three times as many are taken.
    /// Source: chain.md section 11.2, 1 at creation.
    #[schemars(range(min = 0, max = 256))]
    pub(crate) target_per_interval: u16,
    /// Most registrations a block before runtime 401. Source: chain.md section 11.2, 1.
    #[schemars(range(min = 0, max = 256))]
    pub(crate) most_per_block: u16,
    /// Part of the old price that stays in a change before runtime 401, `0.0..=1.0`. Source: chain.md section 11.2, 0.97.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) adjustment_alpha: f64,
    /// Part of the price that is locked as collateral, from runtime 437 on [u16]. Source: chain.md section 8, 0 of 0 to 62258.
    #[schemars(range(min = 0, max = 62_258))]
    pub(crate) collateral_lock_share: u16,
    /// Alpha released for each alpha earned, from runtime 437 on. Source: chain.md section 8, 1 of 0 to 10.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub(crate) collateral_drain_ratio: f64,
    /// What alpha is bought at, and what locked alpha counts for [TAO for one alpha]. Source: ours, one constant price in place
    /// of the pool (chain.md section 12.2).
    #[schemars(range(min = 1e-9, max = 1e9))]
    pub(crate) alpha_price_tao: f64,
}

impl Default for RegistrationSettings {
    fn default() -> Self {
        Self {
            immunity_period_blocks: 5_000,
            min_non_immune_uids: 10,
            immune_owner_uids: 1,
            burn_rao: 1_000_000_000,
            burn_min_rao: 500_000,
            burn_max_rao: 100_000_000_000,
            burn_half_life_blocks: 360,
            burn_multiplier: 1.26,
            adjustment_interval_blocks: 360,
            target_per_interval: 1,
            most_per_block: 1,
            adjustment_alpha: 0.97,
            collateral_lock_share: 0,
            collateral_drain_ratio: 1.0,
            alpha_price_tao: 1.0,
        }
    }
}
