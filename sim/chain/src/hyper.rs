//! The hyper-parameters of a subnet, with the values a subnet has at its creation (chain.md 8).

use crate::fixed::FRACTION;
use crate::runtime::Runtime;
use crate::wide::U96F32;

/// What one TAO on root counts beside one alpha \[1/(2^64 - 1)\]. Source: chain.md 8, TAO weight.
pub const TAO_WEIGHT: u64 = 971_718_665_099_567_868;

/// A TAO weight \[1/(2^64 - 1)\] as the number that stake is multiplied by (chain.md 4.2).
#[must_use]
pub fn tao_weight_of(numerator: u64) -> U96F32 {
    U96F32::from_bits((u128::from(numerator) << FRACTION) / u128::from(u64::MAX))
}

/// What happens to a miner payout that belongs to the subnet's owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OwnerPay {
    /// Withheld and burned: issuance stays. The default.
    #[default]
    Burn,
    /// Withheld and recycled: issuance shrinks.
    Recycle,
}

/// How long a validator without new weights keeps its say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityCutoff {
    /// A factor of the tempo \[1/1000\]. Runtimes before 423 have no such factor, and go by the 5000 blocks that are the
    /// default of theirs.
    FactorMilli(u64),
    /// A time \[blocks\]; the form that runtimes before 423 have.
    Blocks(u64),
}

/// Thousandths in a tempo. Source: chain.md 3.4, upgrade to 423.
const CUTOFF_MILLI: u128 = 1_000;
/// Least and most of them. Source: chain.md 8, `activity_cutoff_factor_milli`.
const CUTOFF_FACTORS: (u128, u128) = (1_000, 50_000);

impl ActivityCutoff {
    /// A number of blocks as the factor that an upgrade to runtime 423 makes of it.
    pub(crate) fn converted(self, tempo: u64) -> Self {
        let Self::Blocks(blocks) = self else { return self };
        let factor = (u128::from(blocks) * CUTOFF_MILLI).div_ceil(u128::from(tempo.max(1)));
        let factor = factor.clamp(CUTOFF_FACTORS.0, CUTOFF_FACTORS.1);
        Self::FactorMilli(u64::try_from(factor).expect("it was clamped"))
    }
}

/// Which consensus liquid alpha compares weights with (from runtime 446; before, always that of the epoch itself).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConsensusMode {
    /// The one of the epoch before where the bonds penalty is 65535, else the epoch's own.
    #[default]
    Auto,
    /// The consensus of the epoch itself.
    Current,
    /// The one that the epoch before stored.
    Previous,
}

/// Every parameter of one subnet. The default is that of a subnet at its creation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the chain has these switches")]
pub struct Hyper {
    /// Rules of the chain that the subnet is on.
    pub runtime: Runtime,
    /// Majority of stake that consensus needs \[1/65535\].
    pub kappa: u16,
    /// How far bonds are made of clipped weights: 0 of whole ones, 65535 of clipped ones alone \[1/65535\].
    pub bonds_penalty: u16,
    /// Part of the old bonds that stays in an epoch \[10^-6\].
    pub bonds_moving_average: u64,
    /// How long a validator without new weights keeps its say.
    pub activity_cutoff: ActivityCutoff,
    /// Most validators with a permit.
    pub max_allowed_validators: u16,
    /// What one TAO on root counts beside one alpha \[1/(2^64 - 1)\].
    pub tao_weight: u64,
    /// Least stake that counts \[rao\].
    pub stake_threshold: u64,
    /// Yuma3 bonds instead of classic ones.
    pub yuma3: bool,
    /// A bond rate for each pair of validator and miner (Yuma3 only).
    pub liquid_alpha: bool,
    /// Smallest bond rate of liquid alpha \[1/65535\].
    pub alpha_low: u16,
    /// Largest bond rate of liquid alpha \[1/65535\].
    pub alpha_high: u16,
    /// Steepness of liquid alpha's sigmoid \[1/100\].
    pub alpha_sigmoid_steepness: i16,
    /// Which consensus liquid alpha compares weights with.
    pub liquid_alpha_consensus_mode: ConsensusMode,
    /// Whether weights are committed first and revealed later.
    pub commit_reveal: bool,
    /// Time from commit to reveal \[epochs\].
    pub commit_reveal_period: u64,
    /// Least length of a row.
    pub min_allowed_weights: u16,
    /// Largest part of a row that one weight may have \[1/65535\].
    pub max_weight_limit: u16,
    /// Least time between two rows of a validator \[blocks\].
    pub weights_set_rate_limit: u64,
    /// Least version key, 0 for any.
    pub weights_version_key: u64,
    /// Time in which a new neuron is protected \[blocks\].
    pub immunity_period: u64,
    /// Number of neurons without immunity up to which pruning leaves them alone.
    pub min_non_immune: u16,
    /// Most neurons that the subnet holds.
    pub max_allowed_uids: u16,
    /// Most uids of the owner that pruning never takes.
    pub immune_owner_uids_limit: u16,
    /// Owner's part of the emission \[1/65535\]; 0 where the cut is disabled.
    pub owner_cut: u16,
    /// Part of a dividend that a new validator keeps from its nominators \[1/65535\].
    pub delegate_take: u16,
    /// What happens to a miner payout that belongs to the owner.
    pub owner_pay: OwnerPay,
    /// Whether the subnet takes registrations.
    pub registration_open: bool,
    /// Least registration price \[rao\].
    pub burn_min: u64,
    /// Largest registration price \[rao\].
    pub burn_max: u64,
    /// Time in which the price halves \[blocks\]; 0 keeps it.
    pub burn_half_life: u16,
    /// What a registration multiplies the price by \[2^-64\].
    pub burn_multiplier: u128,
    /// Before runtime 401: time between two changes of the price \[blocks\].
    pub adjustment_interval: u64,
    /// Before runtime 401: registrations an interval at which the price stays; three times as many are taken.
    pub target_registrations_per_interval: u16,
    /// Before runtime 401: most registrations a block.
    pub max_registrations_per_block: u16,
    /// Before runtime 401: part of the old price that stays in a change \[1/(2^64 - 1)\].
    pub adjustment_alpha: u64,
    /// From runtime 437: part of the price that is locked as collateral \[1/65535\].
    pub collateral_lock_share: u16,
    /// From runtime 437: alpha released for each alpha earned \[2^-64\].
    pub collateral_drain_ratio: u128,
    /// What locked alpha counts for in a registration, TAO for one alpha \[2^-64\]; chain.md 12.2, moving price.
    pub moving_price: u128,
    /// What alpha is bought and sold at, TAO for one alpha \[2^-64\]; the pool model of chain.md 12.2.
    pub swap_price: u128,
}

/// Majority. Source: chain.md 8, kappa.
const KAPPA: u16 = 32_767;
/// Penalty 1. Source: chain.md 8, `bonds_penalty`.
const BONDS_PENALTY: u16 = u16::MAX;
/// Nine tenths. Source: chain.md 8, `bonds_moving_average`.
const BONDS_MOVING_AVERAGE: u64 = 900_000;
/// 5000 blocks at tempo 360. Source: chain.md 8, `activity_cutoff_factor_milli`.
const ACTIVITY_CUTOFF_FACTOR_MILLI: u64 = 13_889;
/// Permits at creation. Source: chain.md 8, `max_allowed_validators`.
const MAX_ALLOWED_VALIDATORS: u16 = 64;
/// Bounds of liquid alpha. Source: chain.md 8, `alpha_low`, `alpha_high`.
const ALPHA_BOUNDS: (u16, u16) = (45_875, 58_982);
/// Ten in the exponent. Source: chain.md 8, alpha sigmoid steepness.
const ALPHA_SIGMOID_STEEPNESS: i16 = 1_000;
/// Blocks between rows. Source: chain.md 8, `weights_set_rate_limit`.
const WEIGHTS_SET_RATE_LIMIT: u64 = 100;
/// Blocks of protection at creation. Source: chain.md 8, `immunity_period`.
const IMMUNITY_PERIOD: u64 = 5_000;
/// Neurons that pruning leaves. Source: chain.md 8, `min_non_immune_uids`.
const MIN_NON_IMMUNE: u16 = 10;
/// Most neurons. Source: chain.md 8, max uids.
const MAX_ALLOWED_UIDS: u16 = 256;
/// 18 %, not exactly. Source: chain.md 8, owner cut and delegate take.
const EIGHTEEN_PERCENT: u16 = 11_796;
/// Bounds of the registration price \[rao\]. Source: chain.md 8, burn: start, min, max.
const BURN_BOUNDS: (u64, u64) = (500_000, 100_000_000_000);
/// Blocks. Source: chain.md 8, burn half-life.
const BURN_HALF_LIFE: u16 = 360;
/// The f64 literal 1.26 is 0x1428f5c28f5c29 * 2^-52, here in 2^-64. Source: chain.md 7.2 and 8, burn multiplier.
const BURN_MULTIPLIER: u128 = 0x1_428f_5c28_f5c2_9000;
/// Blocks between two changes of the price, at creation. Source: chain.md 11.2.
const ADJUSTMENT_INTERVAL: u64 = 360;
/// 0.97. Source: chain.md 11.2, `adjustment_alpha`.
const ADJUSTMENT_ALPHA: u64 = 17_893_341_751_498_265_066;
/// 1 in U64F64. Source: chain.md 2 and 8, drain ratio.
const ONE_Q64: u128 = 1 << 64;

impl Hyper {
    /// The parameters of a new subnet on a chain of this runtime.
    #[must_use]
    pub fn at(runtime: Runtime) -> Self {
        Self { runtime, ..Self::default() }
    }
}

impl Default for Hyper {
    fn default() -> Self {
        Self {
            runtime: Runtime::default(),
            kappa: KAPPA,
            bonds_penalty: BONDS_PENALTY,
            bonds_moving_average: BONDS_MOVING_AVERAGE,
            activity_cutoff: ActivityCutoff::FactorMilli(ACTIVITY_CUTOFF_FACTOR_MILLI),
            max_allowed_validators: MAX_ALLOWED_VALIDATORS,
            tao_weight: TAO_WEIGHT,
            stake_threshold: 0,
            yuma3: true,
            liquid_alpha: false,
            alpha_low: ALPHA_BOUNDS.0,
            alpha_high: ALPHA_BOUNDS.1,
            alpha_sigmoid_steepness: ALPHA_SIGMOID_STEEPNESS,
            liquid_alpha_consensus_mode: ConsensusMode::default(),
            commit_reveal: true,
            commit_reveal_period: 1,
            min_allowed_weights: 1,
            max_weight_limit: u16::MAX,
            weights_set_rate_limit: WEIGHTS_SET_RATE_LIMIT,
            weights_version_key: 0,
            immunity_period: IMMUNITY_PERIOD,
            min_non_immune: MIN_NON_IMMUNE,
            max_allowed_uids: MAX_ALLOWED_UIDS,
            immune_owner_uids_limit: 1,
            owner_cut: EIGHTEEN_PERCENT,
            delegate_take: EIGHTEEN_PERCENT,
            owner_pay: OwnerPay::default(),
            registration_open: true,
            burn_min: BURN_BOUNDS.0,
            burn_max: BURN_BOUNDS.1,
            burn_half_life: BURN_HALF_LIFE,
            burn_multiplier: BURN_MULTIPLIER,
            adjustment_interval: ADJUSTMENT_INTERVAL,
            target_registrations_per_interval: 1,
            max_registrations_per_block: 1,
            adjustment_alpha: ADJUSTMENT_ALPHA,
            collateral_lock_share: 0,
            collateral_drain_ratio: ONE_Q64,
            moving_price: ONE_Q64,
            swap_price: ONE_Q64,
        }
    }
}
