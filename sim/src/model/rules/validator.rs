//! What a version of the validator means: when it acts, and how it turns scores into weights.

use crate::base::units::SimSpan;
use crate::model::weighting::Burn;
use crate::model::weighting::OwnerWeight;
use crate::model::weighting::WeightingSpec;
use crate::model::weighting::WinRateSpec;

/// Burn of the first validator. Source: dippy-studio-bittensor 7dd5222.
const FIRST_BURN: f64 = 0.99;
/// What a million blocks take off the burn. Source: dippy-studio-bittensor fd63f86.
const UNLOCK_STEP: f64 = 0.001;
/// Bounds of the first schedule. Source: dippy-studio-bittensor fd63f86.
const FIRST_BOUNDS: (f64, f64) = (0.97, 0.995);
/// Base of the second schedule, and its largest burn. Source: dippy-studio-bittensor 9450f1e.
const SECOND_BASE: f64 = 0.75;
/// Smallest burn of the second schedule. Source: dippy-studio-bittensor 9450f1e.
const SECOND_MIN: f64 = 0.5;

/// Length of the window in which a validator acts once [min]. Source: spec/offchain.md section 7.
const WINDOW_MIN: u64 = 20;
/// Last minute of a window in which a step is begun. Source: spec/offchain.md section 7, minute mod 20 <= 2.
const OPEN_MIN: u64 = 2;
/// Sleep after a step [s]. Source: spec/offchain.md section 7.
const PAUSE_S: u64 = 70;

/// A version of the validator, by the first seven digits of its commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ValidatorVersion {
    /// 1c1a310: 99 % burned; no rule for when nobody has a score.
    First,
    /// 7dd5222: the owner gets all when nobody has a score.
    AllZero,
    /// fd63f86: the burn unlocks with the blocks.
    Unlocking,
    /// 9450f1e: it unlocks from three quarters.
    UnlockingLower,
    /// e77da61, in force during the trace of October 2025: three quarters burned.
    Fixed,
    /// 3b03431: a ban list.
    Banning,
    /// ed1e3a1: uids that share a coldkey earn nothing.
    Single,
    /// 5d57a78: everything is burned.
    Burning,
}

impl ValidatorVersion {
    /// The version that a commit means.
    pub(crate) fn parse(commit: &str) -> Option<Self> {
        Some(match commit {
            "1c1a310" => Self::First,
            "7dd5222" => Self::AllZero,
            "fd63f86" => Self::Unlocking,
            "9450f1e" => Self::UnlockingLower,
            "e77da61" => Self::Fixed,
            "3b03431" => Self::Banning,
            "ed1e3a1" => Self::Single,
            "5d57a78" => Self::Burning,
            _ => return None,
        })
    }
}

/// The polling loop of the subnet's own validator: a step is begun in the first minutes of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ValidatorLoop {
    /// Length of the window in which validators act once [min].
    pub(crate) window_min: u64,
    /// Last minute of a window in which a step is begun, `0..window_min`.
    pub(crate) open_min: u64,
    /// Sleep after a step.
    pub(crate) pause: SimSpan,
    /// Time of day of the scenario's start, UTC [s since midnight].
    pub(crate) start_utc_s: u64,
}

/// The SDK's own limit on how often a validator sends weights, stricter than the chain's.
/// Source: spec/offchain.md section 7, bittensor v9.10 to v10.2, `set_weights`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SdkRateLimit {
    /// Blocks that have to be passed since the last update; exactly so many are not enough.
    pub(crate) blocks: u64,
}

impl SdkRateLimit {
    /// Whether an attempt at the head of the chain `head` is sent, after a last update in the block `last_update`.
    pub(crate) fn sends(self, head: i128, last_update: i128) -> bool {
        head - last_update > i128::from(self.blocks)
    }
}

/// All that a version of the validator decides.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ValidatorRules {
    /// When the validator's loop wakes and steps.
    pub(crate) acting: ValidatorLoop,
    /// How scores become weights.
    pub(crate) weighting: WeightingSpec,
}

impl ValidatorRules {
    /// What `version` decides, from a start at midnight UTC.
    pub(crate) fn of(version: ValidatorVersion) -> Self {
        let pause = SimSpan::from_ms(PAUSE_S * MS_PER_SECOND);
        let acting =
            ValidatorLoop { window_min: WINDOW_MIN, open_min: OPEN_MIN, pause, start_utc_s: 0 };
        Self { acting, weighting: WeightingSpec::WinRate(win_rate(version)) }
    }
}

/// Commits of the validator with the day of each, the first first. Source: spec/offchain.md sections 0 and 7.
const PUBLISHED: [(&str, &str); 8] = [
    ("1c1a310", "4 September 2025"),
    ("7dd5222", "4 September 2025"),
    ("fd63f86", "16 September 2025"),
    ("9450f1e", "26 September 2025"),
    ("e77da61", "12 October 2025"),
    ("3b03431", "13 November 2025"),
    ("ed1e3a1", "14 December 2025"),
    ("5d57a78", "19 January 2026"),
];

/// The commit that weighed so first, and its day; none where no published validator did.
pub(crate) fn published(weighting: &WeightingSpec) -> Option<(&'static str, &'static str)> {
    let is_own = |commit: &str| {
        let version = ValidatorVersion::parse(commit);
        version.is_some_and(|version| ValidatorRules::of(version).weighting == *weighting)
    };
    PUBLISHED.into_iter().find(|(commit, _)| is_own(commit))
}

/// Milliseconds in a second.
const MS_PER_SECOND: u64 = 1000;

fn win_rate(version: ValidatorVersion) -> WinRateSpec {
    let schedule = |base, (min, max)| Burn::Schedule { base, step: UNLOCK_STEP, min, max };
    let fixed = WinRateSpec::default();
    let banned = WinRateSpec { ban_list: true, ..fixed.clone() };
    let single = WinRateSpec { duplicate_coldkeys: true, ..banned.clone() };
    match version {
        ValidatorVersion::First => {
            WinRateSpec { owner_takes_unscored: Some(false), ..win_rate(ValidatorVersion::AllZero) }
        }
        ValidatorVersion::AllZero => WinRateSpec {
            burn: Burn::Fixed(FIRST_BURN),
            owner_weight: OwnerWeight::Replaced,
            ..fixed
        },
        ValidatorVersion::Unlocking => WinRateSpec {
            burn: schedule(FIRST_BURN, FIRST_BOUNDS),
            owner_weight: OwnerWeight::Added,
            ..fixed
        },
        ValidatorVersion::UnlockingLower => WinRateSpec {
            burn: schedule(SECOND_BASE, (SECOND_MIN, SECOND_BASE)),
            owner_weight: OwnerWeight::Added,
            ..fixed
        },
        ValidatorVersion::Fixed => fixed,
        ValidatorVersion::Banning => banned,
        ValidatorVersion::Single => single,
        ValidatorVersion::Burning => WinRateSpec { burn: Burn::Fixed(1.0), ..single },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_validator_of_the_trace_burns_three_quarters_and_acts_every_twenty_minutes() {
        let rules = ValidatorRules::of(ValidatorVersion::parse("e77da61").unwrap());
        assert_eq!(rules.weighting, WeightingSpec::default());
        assert_eq!((rules.acting.window_min, rules.acting.open_min), (20, 2));
        assert_eq!(rules.acting.pause, SimSpan::from_ms(70_000));
        assert_eq!(ValidatorVersion::parse("e77da6"), None);
    }

    #[test]
    fn every_published_weighting_is_known_by_its_commit_and_others_are_not() {
        for (commit, _) in PUBLISHED {
            let rules = ValidatorRules::of(ValidatorVersion::parse(commit).unwrap());
            assert_eq!(published(&rules.weighting).unwrap().0, commit);
        }
        let warm = WinRateSpec { temperature: 1.0, ..WinRateSpec::default() };
        assert_eq!(published(&WeightingSpec::WinRate(warm)), None);
    }
}
