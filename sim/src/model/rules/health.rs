//! Whether a miner is valid after a health check. Source: spec/offchain.md section 4.

use crate::model::rules::Version;

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

/// The flag after the check.
///
/// Since c6bbb9d a miner that was valid once stays routable when it is dead; only failures slow it down.
pub(crate) fn is_valid(version: Version, probe: Probe) -> bool {
    let kept = probe.was_valid.unwrap_or(false);
    if version >= Version::Slashing && probe.failed_audits > 0 {
        return false;
    }
    let Some(reachable) = probe.reachable else { return kept };
    if version >= Version::Slashing && probe.capacity_unreadable {
        return false;
    }
    if version >= Version::Forgiving {
        return reachable || kept;
    }
    match probe.was_valid {
        Some(stored) if version >= Version::Sticky => stored,
        Some(_) | None => reachable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSIONS: [Version; 4] =
        [Version::V001, Version::Sticky, Version::Forgiving, Version::Head];

    fn flags(probe: Probe) -> [bool; 4] {
        VERSIONS.map(|version| is_valid(version, probe))
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
