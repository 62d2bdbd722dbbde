//! The chain's rules by runtime (chain.md 0.1): one record a version, and nothing else in this crate knows a version.

use crate::trigger::TriggerRule;
use core::error::Error;
use core::fmt;

/// Which number of blocks a validator may be silent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutoffRule {
    /// A stored number of blocks.
    Blocks,
    /// A stored factor of the tempo.
    Factor,
}

/// From which block on a registration masks old bonds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastTempoRule {
    /// One tempo before the epoch.
    TempoAgo,
    /// The block after the epoch before, where there was one.
    AfterLastStep,
}

/// How the registration price moves, and what limits registrations beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceRule {
    /// It moves once an interval, by how many registered in it; both a block and an interval take only so many.
    Interval,
    /// It falls every block and rises with every registration, and is the only limit.
    Continuous,
}

/// Who has to leave for a newcomer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PruningRule {
    /// The lowest score of those without immunity, else of those with it.
    Score,
    /// The lowest emission of those without immunity while they are more than a floor, else of those with it, else nobody.
    Emission,
}

/// What a block's emission waits in until the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingRule {
    /// One counter for miners and validators, and one of alpha that is sold for root.
    Two,
    /// One for miners, one for validators and one for root, whose alpha stays alpha.
    Three,
}

/// How a validator's dividend falls into a part of its alpha and one of its root stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DividendRule {
    /// The root part is computed and the alpha part is the rest.
    RootFirst,
    /// The alpha part is computed, and the rest is the root part of those that hold a root uid alone.
    AlphaFirst,
}

/// What a newcomer finds on a seat that somebody left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inheritance {
    /// Whether the leaver's last update stays.
    pub last_update: bool,
    /// Whether the leaver's permit stays.
    pub permit: bool,
}

/// The rules of one runtime. The default is that of the specification's base text.
///
/// ```
/// use assay_chain::Runtime;
/// use assay_chain::TriggerRule;
///
/// let october_2025 = Runtime::of(330)?;
/// assert_eq!((october_2025.version, october_2025.since), (330, 326));
/// assert_eq!(october_2025.trigger, TriggerRule::Legacy);
/// assert!(Runtime::of(440).is_err());
/// # Ok::<(), assay_chain::UnknownRuntime>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule that a runtime has or has not")]
pub struct Runtime {
    /// Spec version that was asked for.
    pub version: u16,
    /// Version of the list with whose rules it runs.
    pub since: u16,
    /// When an epoch fires, and when the counter of epochs goes up.
    pub trigger: TriggerRule,
    /// For how long a silent validator counts.
    pub cutoff: CutoffRule,
    /// From which registration on old bonds are masked.
    pub last_tempo: LastTempoRule,
    /// Price of a registration.
    pub price: PriceRule,
    /// Rule by which a neuron is chosen to be pruned.
    pub pruning: PruningRule,
    /// What a newcomer takes over.
    pub inheritance: Inheritance,
    /// Whether the owner's uid has a permit and counts whatever its stake.
    pub is_owner_privileged: bool,
    /// Counters of what is pending.
    pub pending: PendingRule,
    /// Parts of a dividend.
    pub dividend: DividendRule,
    /// Whether the exponent of liquid alpha is held inside -20..=20.
    pub has_held_exponent: bool,
    /// Whether liquid alpha may compare with the consensus of the epoch before.
    pub has_consensus_mode: bool,
    /// Whether a part of the registration price can be locked as collateral.
    pub has_collateral: bool,
}

/// The record of a version that changed rules.
const fn listed(version: u16, rules: Runtime) -> Runtime {
    Runtime { version, since: version, ..rules }
}

/// Tag v3.2.9-326, 2025-10-07. Source: chain.md 0.1 and 11.
const R326: Runtime = listed(326, OF_326);
const OF_326: Runtime = Runtime {
    version: 0,
    since: 0,
    trigger: TriggerRule::Legacy,
    cutoff: CutoffRule::Blocks,
    last_tempo: LastTempoRule::TempoAgo,
    price: PriceRule::Interval,
    pruning: PruningRule::Score,
    inheritance: Inheritance { last_update: true, permit: true },
    is_owner_privileged: false,
    pending: PendingRule::Two,
    dividend: DividendRule::RootFirst,
    has_held_exponent: false,
    has_consensus_mode: false,
    has_collateral: false,
};
/// v3.2.13-343, 2025-11-07. Source: chain.md 0.1, 3.3 and 5.
const R343: Runtime = listed(343, OF_343);
const OF_343: Runtime = Runtime { pending: PendingRule::Three, ..R326 };
/// v3.3.2-365, 2025-12-19. Source: chain.md 0.1, 7.4 and 4.8.
const R365: Runtime = listed(365, OF_365);
const OF_365: Runtime = Runtime { pruning: PruningRule::Emission, has_held_exponent: true, ..R343 };
/// v3.3.14-401, 2026-04-23. Source: chain.md 0.1, 7.2, 4.2, 4.3 and 7.5.
const R401: Runtime = listed(401, OF_401);
const OF_401: Runtime = Runtime {
    price: PriceRule::Continuous,
    is_owner_privileged: true,
    inheritance: Inheritance { last_update: false, permit: true },
    ..R365
};
/// v3.4.0-411, 2026-05-27. Source: chain.md 0.1 and 7.5.
const R411: Runtime = listed(411, OF_411);
const OF_411: Runtime =
    Runtime { inheritance: Inheritance { last_update: false, permit: false }, ..R401 };
/// v3.4.8-423, 2026-06-25. Source: chain.md 0.1, 3.4, 4.1, 4.8 and 6.3.
const R423: Runtime = listed(423, OF_423);
const OF_423: Runtime = Runtime {
    trigger: TriggerRule::Current,
    cutoff: CutoffRule::Factor,
    last_tempo: LastTempoRule::AfterLastStep,
    ..R411
};
/// Commit 14bc6f9f9, 2026-06-30. Source: chain.md 0.1, the base text.
const R425: Runtime = listed(425, R423);
/// PR 2960, 2026-07-22. Source: chain.md 0.1 and 12.
const R437: Runtime = listed(437, OF_437);
const OF_437: Runtime = Runtime { has_collateral: true, ..R425 };
/// PR 3035, 2026-08-04. Source: chain.md 0.1 and 5.
const R442: Runtime = listed(442, OF_442);
const OF_442: Runtime = Runtime { dividend: DividendRule::AlphaFirst, ..R437 };
/// PR 3070, 2026-08-12. Source: chain.md 0.1 and 4.8.
const R446: Runtime = listed(446, OF_446);
const OF_446: Runtime = Runtime { has_consensus_mode: true, ..R442 };

/// Versions whose rules are known but not specified. Source: chain.md 0.1, 438 to 441.
const UNSPECIFIED: core::ops::RangeInclusive<u16> = 438..=441;

impl Runtime {
    /// Every version that changed a rule, oldest first. Source: chain.md 0.1.
    pub const LISTED: [Self; 10] = [R326, R343, R365, R401, R411, R423, R425, R437, R442, R446];

    /// The rules of a spec version: those of the largest listed version that is not above it.
    ///
    /// # Errors
    /// If the specification does not have it.
    pub fn of(version: u16) -> Result<Self, UnknownRuntime> {
        let (first, last) = (Self::LISTED[0].version, Self::LISTED[Self::LISTED.len() - 1].version);
        if UNSPECIFIED.contains(&version) || !(first..=last).contains(&version) {
            return Err(UnknownRuntime(version));
        }
        let listed = Self::LISTED.iter().rev().find(|listed| listed.since <= version);
        listed.map(|&listed| Self { version, ..listed }).ok_or(UnknownRuntime(version))
    }
}

impl Default for Runtime {
    fn default() -> Self {
        R425
    }
}

/// A spec version whose rules are not specified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownRuntime(pub u16);

impl fmt::Display for UnknownRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, .., last] = Runtime::LISTED;
        let (gap, end) = (UNSPECIFIED.start(), UNSPECIFIED.end());
        write!(f, "{} is no runtime of {}..={} ", self.0, first.version, last.version)?;
        write!(f, "without {gap}..={end}; rules changed in ")?;
        for (place, listed) in Runtime::LISTED.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{}", listed.version)?;
        }
        Ok(())
    }
}

impl Error for UnknownRuntime {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_between_two_has_the_rules_of_the_lower() {
        for (version, since) in
            [(326, 326), (342, 326), (343, 343), (400, 365), (424, 423), (436, 425), (445, 442)]
        {
            let runtime = Runtime::of(version).unwrap();
            assert_eq!((runtime.version, runtime.since), (version, since));
        }
    }

    #[test]
    fn versions_without_rules_are_refused_with_the_list() {
        for version in [0, 325, 438, 441, 447, 475] {
            let told = Runtime::of(version).unwrap_err().to_string();
            assert!(told.starts_with(&format!("{version} is no runtime of 326..=446")), "{told}");
            assert!(told.ends_with("326, 343, 365, 401, 411, 423, 425, 437, 442, 446"), "{told}");
        }
    }

    #[test]
    fn the_list_is_in_order_and_the_default_in_it() {
        assert!(Runtime::LISTED.windows(2).all(|pair| pair[0].version < pair[1].version));
        assert!(Runtime::LISTED.iter().all(|listed| listed.version == listed.since));
        assert!(Runtime::LISTED.contains(&Runtime::default()));
    }
}
