//! The hyper-parameters of a subnet, with the values a subnet has at its creation (chain.md 8).

use crate::fixed::FRACTION;
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
    /// A factor of the tempo \[1/1000\].
    FactorMilli(u64),
    /// A time \[blocks\], as before runtime 423.
    Blocks(u64),
}

/// Every parameter of one subnet. The default is that of a subnet at its creation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the chain has these switches")]
pub struct Hyper {
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
    /// Most neurons.
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

impl Default for Hyper {
    fn default() -> Self {
        Self {
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
        }
    }
}
