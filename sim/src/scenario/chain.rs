//! What a scenario may say about the chain.

use crate::base::units::NANOS_PER_SECOND;
use crate::base::units::SimTime;
use crate::scenario::RegistrationSettings;
use assay_chain::ConsensusMode;
use assay_chain::Runtime;
use assay_chain::TriggerRule;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// The chain: emission, consensus, burn. Defaults are those of a subnet at its creation (chain.md section 8).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// Runtime whose rules the chain goes by: a spec version of 326 to 446, but 438 to 441. 326 ran in October 2025; before 423 the
    /// time between epochs is tempo + 1 blocks, and a reveal costs one further tempo whatever its lag. Source: chain.md section 0.1.
    #[schemars(range(min = 326, max = 446), extend("x-since" = "0.2.0"))]
    pub(crate) runtime: u16,
    /// Activity cutoff of runtimes before 423 [blocks]; they do not read the factor. Source: chain.md section 11.1, 5000.
    #[schemars(range(min = 0, max = 1_000_000_000), extend("x-since" = "0.2.0"))]
    pub(crate) activity_cutoff_blocks: u64,
    /// Least stake that counts in an epoch and may set weights [rao]. Source: chain.md section 8, 0; live 1e12 in July 2026.
    #[schemars(range(min = 0, max = 21_000_000_000_000_000_i64), extend("x-since" = "0.2.0"))]
    pub(crate) stake_threshold_rao: u64,
    /// What one TAO on root counts beside one alpha, `0.0..=1.0`. Source: chain.md section 8, live 0.18 (code default 0.0526770).
    #[schemars(range(min = 0.0, max = 1.0), extend("x-since" = "0.2.0"))]
    pub(crate) tao_weight: f64,
    /// Part of the validators' half that goes to root, `0.0..=1.0`; 0 before runtime 343. Source: chain.md section 3.3, 0.
    #[schemars(range(min = 0.0, max = 1.0), extend("x-since" = "0.2.0"))]
    pub(crate) root_prop: f64,
    /// Whether root's part is handed out (subnet prices sum to above 1), else recycled. Source: chain.md section 3.3, recycled.
    #[schemars(extend("x-since" = "0.2.0"))]
    pub(crate) root_sell: bool,
    /// Owner's part of the emission where it takes its cut [u16]. Source: chain.md section 8, 11796.
    #[schemars(range(min = 0, max = 65_535), extend("x-since" = "0.2.0"))]
    pub(crate) owner_cut_share: u16,
    /// Part of its payments that a validator keeps from its nominators [u16]. Source: chain.md section 8, 11796, the most.
    #[schemars(range(min = 0, max = 11_796), extend("x-since" = "0.2.0"))]
    pub(crate) delegate_take: u16,
    /// Least version key of weights, 0 for any; the subnet's validators send 8. Source: chain.md section 8, 0.
    #[schemars(range(min = 0, max = 1_000_000), extend("x-since" = "0.2.0"))]
    pub(crate) weights_version_key: u64,
    /// Which consensus liquid alpha compares with, from runtime 446 on. Source: chain.md section 8, auto.
    #[schemars(extend("x-since" = "0.2.0"))]
    pub(crate) liquid_alpha_consensus_mode: ConsensusModeName,
    /// What a uid costs, and who has to leave for a newcomer. Source: chain.md sections 7, 11.2 and 12.
    #[schemars(extend("x-since" = "0.2.0"))]
    pub(crate) registration: RegistrationSettings,
}

/// A consensus that liquid alpha may compare with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ConsensusModeName {
    /// That of the epoch before where `bonds_penalty` is 65535, else the epoch's own.
    #[default]
    Auto,
    /// The consensus of the epoch itself.
    Current,
    /// The consensus of the epoch before.
    Previous,
}

impl From<ConsensusModeName> for ConsensusMode {
    fn from(name: ConsensusModeName) -> Self {
        match name {
            ConsensusModeName::Auto => Self::Auto,
            ConsensusModeName::Current => Self::Current,
            ConsensusModeName::Previous => Self::Previous,
        }
    }
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
            runtime: Runtime::default().version,
            activity_cutoff_blocks: 5_000,
            stake_threshold_rao: 0,
            tao_weight: 0.18,
            root_prop: 0.0,
            root_sell: false,
            owner_cut_share: 11_796,
            delegate_take: 11_796,
            weights_version_key: 0,
            liquid_alpha_consensus_mode: ConsensusModeName::default(),
            registration: RegistrationSettings::default(),
        }
    }
}

/// Time between blocks. Source: chain.md section 1, 12 s.
pub(crate) const BLOCK_NS: u64 = 12 * NANOS_PER_SECOND;

impl ChainSettings {
    /// The rules of its runtime; the check of a scenario refuses one that has none.
    pub(crate) fn rules(&self) -> Runtime {
        Runtime::of(self.runtime).unwrap_or_default()
    }

    /// The runtime in words: its version, and that of its rules where it is another.
    pub(crate) fn runtime_in_words(&self) -> String {
        let rules = self.rules();
        match rules.since {
            since if since == rules.version => format!("runtime {since}"),
            since => format!("runtime {} (rules of {since})", rules.version),
        }
    }

    /// Blocks between two epochs.
    pub(crate) fn period(&self) -> u64 {
        match self.rules().trigger {
            TriggerRule::Current => self.tempo,
            TriggerRule::Legacy => self.tempo + 1,
        }
    }

    /// Block at which epoch `number` (from 0) runs.
    pub(crate) fn epoch_block(&self, number: u32) -> u64 {
        self.start_block + self.blocks_until(number)
    }

    /// When epoch `number` (from 0) runs; block b stands at (b - start) x 12 s.
    pub(crate) fn epoch_time(&self, number: u32) -> SimTime {
        SimTime(self.blocks_until(number).saturating_mul(BLOCK_NS))
    }

    /// Blocks from the start to epoch `number`.
    fn blocks_until(&self, number: u32) -> u64 {
        let period = self.period();
        let first = if self.first_epoch_block == 0 { period } else { self.first_epoch_block };
        first + u64::from(number) * period
    }

    /// Most epochs of a run whose end can be told in nanoseconds.
    pub(crate) fn epochs_max(&self) -> u64 {
        let first = self.blocks_until(0);
        (u64::MAX / BLOCK_NS).checked_sub(first).map_or(0, |left| 1 + left / self.period())
    }
}
