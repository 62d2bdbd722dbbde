//! Whether a miner is valid after a health check. Source: spec/offchain.md section 4.

/// What a miner's address has to say about its flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revalidation {
    /// The flag is what the probe found.
    Followed,
    /// A known miner keeps its flag, whatever the probe finds.
    Kept,
    /// A probe can only make valid: a miner that was valid once stays routable when it is dead; only failures slow it
    /// down.
    Gained,
}

/// What a capacity does that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadCapacity {
    /// Text is passed over; JSON that is no object ends the whole refresh, and no miner at all is updated.
    EndsRefresh,
    /// The miner becomes invalid and gets no jobs.
    Invalid,
}

/// The settings of a health check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HealthRules {
    /// What the probe changes.
    pub(crate) revalidation: Revalidation,
    /// Whether a failed audit makes a miner invalid.
    pub(crate) reads_audits: bool,
    /// Whether a miner without an address keeps its flag.
    pub(crate) keeps_without_address: bool,
    /// What a capacity does that cannot be read.
    pub(crate) capacity: BadCapacity,
}

/// A miner's answer to the question for its capacity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Capacity {
    /// Nothing was fetched, or the status was not 200.
    #[default]
    NotFetched,
    /// A JSON object whose values are all true or false.
    Readable,
    /// A JSON object with another value.
    OtherValues,
    /// JSON that is no object.
    NoObject,
    /// Text that is no JSON.
    NoJson,
}

/// What a health check of one miner found, and what stood before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Probe {
    /// The stored flag; none for an unknown miner.
    pub(crate) was_valid: Option<bool>,
    /// Whether the address answered; none without an address, when nobody asked.
    pub(crate) reachable: Option<bool>,
    /// What came as its capacity.
    pub(crate) capacity: Capacity,
    /// Failed audits on the miner's record.
    pub(crate) failed_audits: u32,
}

/// What a health check does with a miner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checked {
    /// This is its flag now.
    Flag(bool),
    /// The refresh ends in an exception: no miner at all is updated.
    RefreshFails,
}

impl HealthRules {
    /// What the health check does with the miner.
    pub(crate) fn check(self, probe: Probe) -> Checked {
        let is_bad = match (self.capacity, probe.capacity) {
            (BadCapacity::EndsRefresh, Capacity::NoObject) => return Checked::RefreshFails,
            (_, Capacity::NotFetched | Capacity::Readable)
            | (BadCapacity::EndsRefresh, Capacity::OtherValues | Capacity::NoJson) => false,
            (BadCapacity::Invalid, _) => true,
        };
        let is_banned = self.reads_audits && probe.failed_audits > 0;
        Checked::Flag(!is_bad && !is_banned && self.probed(probe))
    }

    /// The flag by the probe alone.
    fn probed(self, probe: Probe) -> bool {
        let kept = probe.was_valid.unwrap_or(false);
        let Some(reachable) = probe.reachable else { return self.keeps_without_address && kept };
        match (self.revalidation, probe.was_valid) {
            (Revalidation::Gained, _) => reachable || kept,
            (Revalidation::Kept, Some(stored)) => stored,
            (Revalidation::Kept | Revalidation::Followed, _) => reachable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rules::OrchestratorRules;
    use crate::model::rules::Version;

    const VERSIONS: [Version; 5] =
        [Version::V001, Version::Sticky, Version::Audited, Version::Forgiving, Version::Head];

    fn flags(probe: Probe) -> [bool; 5] {
        VERSIONS.map(|version| {
            OrchestratorRules::of(version).health.check(probe) == Checked::Flag(true)
        })
    }

    const UP: Probe = Probe {
        was_valid: Some(true),
        reachable: Some(true),
        capacity: Capacity::Readable,
        failed_audits: 0,
    };

    #[test]
    fn a_dead_miner_that_was_valid_stays_so_since_november() {
        let dead = Probe { was_valid: Some(true), reachable: Some(false), ..Probe::default() };
        assert_eq!(flags(dead), [false, true, true, true, true]);
    }

    #[test]
    fn a_miner_that_comes_up_becomes_valid_except_where_flags_stick() {
        let up = Probe { was_valid: Some(false), ..UP };
        assert_eq!(flags(up), [true, false, false, true, true]);
        assert_eq!(flags(Probe { was_valid: None, ..up }), [true; 5]);
    }

    #[test]
    fn without_an_address_the_flag_is_kept_since_november() {
        let silent = Probe { was_valid: Some(true), ..Probe::default() };
        assert_eq!(flags(silent), [false, true, true, true, true]);
        assert_eq!(flags(Probe::default()), [false; 5]);
    }

    #[test]
    fn audits_count_at_head() {
        assert_eq!(flags(Probe { failed_audits: 1, ..UP }), [true, true, true, true, false]);
    }

    #[test]
    fn a_capacity_that_cannot_be_read_makes_invalid_since_the_middle_of_november() {
        for capacity in [Capacity::NoJson, Capacity::OtherValues] {
            assert_eq!(flags(Probe { capacity, ..UP }), [true, true, false, false, false]);
        }
        assert_eq!(flags(Probe { capacity: Capacity::NotFetched, ..UP }), [true; 5]);
    }

    #[test]
    fn a_list_for_a_capacity_ended_the_whole_refresh() {
        let list = Probe { capacity: Capacity::NoObject, ..UP };
        let check = |version| OrchestratorRules::of(version).health.check(list);
        assert_eq!(check(Version::V001), Checked::RefreshFails);
        assert_eq!(check(Version::Sticky), Checked::RefreshFails);
        assert_eq!(check(Version::Audited), Checked::Flag(false));
    }
}
