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

/// What a health check reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HealthRules {
    /// What the probe changes.
    pub(crate) revalidation: Revalidation,
    /// Whether a failed audit makes a miner invalid.
    pub(crate) reads_audits: bool,
    /// Whether a capacity that cannot be read makes a miner invalid.
    pub(crate) reads_capacity: bool,
}

/// What a health check of one miner found, and what stood before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Probe {
    /// The stored flag; none for an unknown miner.
    pub(crate) was_valid: Option<bool>,
    /// Whether the address answered; none when nobody asked, as without an address.
    pub(crate) reachable: Option<bool>,
    /// Whether a capacity came that is no table of booleans.
    pub(crate) capacity_unreadable: bool,
    /// Failed audits on the miner's record.
    pub(crate) failed_audits: u32,
}

impl HealthRules {
    /// The flag after the check.
    pub(crate) fn is_valid(self, probe: Probe) -> bool {
        let kept = probe.was_valid.unwrap_or(false);
        if self.reads_audits && probe.failed_audits > 0 {
            return false;
        }
        let Some(reachable) = probe.reachable else { return kept };
        if self.reads_capacity && probe.capacity_unreadable {
            return false;
        }
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

    const VERSIONS: [Version; 4] =
        [Version::V001, Version::Sticky, Version::Forgiving, Version::Head];

    fn flags(probe: Probe) -> [bool; 4] {
        VERSIONS.map(|version| OrchestratorRules::of(version).health.is_valid(probe))
    }

    #[test]
    fn a_dead_miner_that_was_valid_stays_so_since_november() {
        let dead = Probe { was_valid: Some(true), reachable: Some(false), ..Probe::default() };
        assert_eq!(flags(dead), [false, true, true, true]);
    }

    #[test]
    fn a_miner_that_comes_up_becomes_valid_except_where_flags_stick() {
        let up = Probe { was_valid: Some(false), reachable: Some(true), ..Probe::default() };
        assert_eq!(flags(up), [true, false, true, true]);
        assert_eq!(flags(Probe { was_valid: None, ..up }), [true; 4]);
    }

    #[test]
    fn without_a_probe_the_flag_is_kept() {
        let silent = Probe { was_valid: Some(true), ..Probe::default() };
        assert_eq!(flags(silent), [true; 4]);
        assert_eq!(flags(Probe::default()), [false; 4]);
    }

    #[test]
    fn audits_and_an_unreadable_capacity_count_at_head() {
        let up = Probe { was_valid: Some(true), reachable: Some(true), ..Probe::default() };
        assert_eq!(flags(Probe { failed_audits: 1, ..up }), [true, true, true, false]);
        assert_eq!(flags(Probe { capacity_unreadable: true, ..up }), [true, true, true, false]);
    }
}
