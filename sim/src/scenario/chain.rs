//! What a scenario may say about the chain.

use crate::base::units::NANOS_PER_SECOND;
use crate::base::units::SimTime;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// The chain: emission, consensus, burn. Defaults are those of a subnet at its creation (chain.md section 8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "the chain's own switches, by their names")]
pub(crate) struct ChainSettings {
    /// Neurons of the subnet; those that are no miner, validator or owner stay silent. Source: chain.md section 8, 256.
    #[schemars(range(min = 1, max = 256))]
    pub(crate) uids: u16,
    /// Uid of the subnet's owner, to whom validators burn. Source: offchain.md section 7, uid 74.
    #[schemars(range(min = 0, max = 255))]
    pub(crate) owner_uid: u16,
    /// Blocks of 12 s between epochs. Source: chain.md section 8, 360.
    #[schemars(range(min = 1, max = 50_400))]
    pub(crate) tempo: u64,
    /// Block number at the scenario's start. Source: ours, high enough that no early-block rule bites.
    #[schemars(range(min = 1, max = 1_000_000_000_000_i64))]
    pub(crate) start_block: u64,
    /// Blocks from the start to the first epoch; 0: one tempo. Source: chain.md section 3.4, staggered by netuid.
    #[schemars(range(min = 0, max = 50_400))]
    pub(crate) first_epoch_block: u64,
    /// Alpha issued before the start [alpha], `0..=21e6`; it decides the emission per block. Source: ours, a young subnet.
    #[schemars(range(min = 0, max = 21_000_000))]
    pub(crate) issuance_alpha: u64,
    /// Share of owner-hotkey incentive that is burned (`true`) or recycled (`false`). Source: chain.md section 8, burn.
    pub(crate) burn: bool,
    /// Whether the owner takes its cut. Source: chain.md section 3.3, true.
    pub(crate) owner_cut: bool,
    /// Yuma3 bonds in place of the classic ones. Source: chain.md section 8, true at creation.
    pub(crate) yuma3: bool,
    /// Liquid alpha. Source: chain.md section 8, off.
    pub(crate) liquid_alpha: bool,
    /// Lower end of liquid alpha [u16]. Source: chain.md section 8.
    #[schemars(range(min = 0, max = 65_535))]
    pub(crate) alpha_low: u16,
    /// Upper end of liquid alpha [u16]. Source: chain.md section 8.
    #[schemars(range(min = 0, max = 65_535))]
    pub(crate) alpha_high: u16,
    /// Steepness of liquid alpha. Source: chain.md section 8, 1000.
    #[schemars(range(min = -32_768, max = 32_767))]
    pub(crate) alpha_sigmoid_steepness: i16,
    /// Majority needed for consensus [u16]. Source: chain.md section 8, 32767.
    #[schemars(range(min = 0, max = 65_535))]
    pub(crate) kappa: u16,
    /// Penalty on bonds above consensus [u16]. Source: chain.md section 8, 65535.
    #[schemars(range(min = 0, max = 65_535))]
    pub(crate) bonds_penalty: u16,
    /// Memory of bonds [millionths]. Source: chain.md section 8, 900000.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub(crate) bonds_moving_average: u64,
    /// Activity cutoff [thousandths of a tempo]. Source: chain.md section 8, 13889.
    #[schemars(range(min = 1000, max = 50_000))]
    pub(crate) activity_cutoff_factor_milli: u32,
    /// Largest number of validators with a permit. Source: chain.md section 8, 64 at creation.
    #[schemars(range(min = 1, max = 256))]
    pub(crate) max_allowed_validators: u16,
    /// Fewest weights a validator may set. Source: chain.md section 8, 1 at creation.
    #[schemars(range(min = 0, max = 1024))]
    pub(crate) min_allowed_weights: u16,
    /// Blocks between two accepted weight settings of one validator. Source: chain.md section 8, 100.
    #[schemars(range(min = 0, max = 50_400))]
    pub(crate) weights_rate_limit: u64,
    /// Whether weights are committed and revealed later. Source: offchain.md section 7, the SN11 validator sets them at once.
    pub(crate) commit_reveal: bool,
    /// Epochs from commit to reveal. Source: chain.md section 8, 1.
    #[schemars(range(min = 1, max = 100))]
    pub(crate) reveal_period: u64,
    /// Blocks by which a reveal comes late; above 0 it costs one further tempo. Source: chain.md section 6.3.
    #[schemars(range(min = 0, max = 50_400))]
    pub(crate) reveal_lag: u64,
}

impl Default for ChainSettings {
    fn default() -> Self {
        Self {
            uids: 256,
            owner_uid: 74,
            tempo: 360,
            start_block: 6_800_000,
            first_epoch_block: 0,
            issuance_alpha: 1_000_000,
            burn: true,
            owner_cut: true,
            yuma3: true,
            liquid_alpha: false,
            alpha_low: 45_875,
            alpha_high: 58_982,
            alpha_sigmoid_steepness: 1000,
            kappa: 32_767,
            bonds_penalty: 65_535,
            bonds_moving_average: 900_000,
            activity_cutoff_factor_milli: 13_889,
            max_allowed_validators: 64,
            min_allowed_weights: 1,
            weights_rate_limit: 100,
            commit_reveal: false,
            reveal_period: 1,
            reveal_lag: 0,
        }
    }
}

/// Time between blocks. Source: chain.md section 1, 12 s.
pub(crate) const BLOCK_NS: u64 = 12 * NANOS_PER_SECOND;

impl ChainSettings {
    /// Block at which epoch `number` (from 0) runs.
    pub(crate) fn epoch_block(&self, number: u32) -> u64 {
        let first = if self.first_epoch_block == 0 { self.tempo } else { self.first_epoch_block };
        self.start_block + first + u64::from(number) * self.tempo
    }

    /// When epoch `number` (from 0) runs; block b stands at (b - start) x 12 s.
    pub(crate) fn epoch_time(&self, number: u32) -> SimTime {
        SimTime((self.epoch_block(number) - self.start_block) * BLOCK_NS)
    }
}
