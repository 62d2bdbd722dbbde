//! The uid of every miner that a trace names.

use crate::base::ids::Uid;
use crate::trace::error::TraceError;
use crate::trace::plan::ReplayPlan;
use crate::trace::plan::uid_of;
use crate::trace::scan::Scan;
use std::collections::BTreeMap;

/// A miner and its place on the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MinerPlace {
    /// Name of the miner in the trace.
    pub(super) name: String,
    /// Uid of the miner's neuron, `0..=255`.
    pub(super) uid: Uid,
    /// Number of its coldkey, where the scenario knows one.
    pub(super) coldkey: Option<u32>,
}

/// Every miner of the replay, by uid.
///
/// # Errors
/// When the scenario has no place for a miner of the trace, or two claim one.
pub(super) fn places(plan: &ReplayPlan, scan: &Scan) -> Result<Vec<MinerPlace>, TraceError> {
    let mut places = match &plan.named {
        Some(named) => listed(named, scan)?,
        None => numbered(plan, scan),
    };
    places.sort_by_key(|place| place.uid);
    let line_of =
        |name: &str| scan.miners.iter().find(|(own, _)| own == name).map_or(1, |(_, line)| *line);
    let mut taken = BTreeMap::from([(plan.chain.owner_uid, "the subnet's owner")]);
    for validator in &plan.validators {
        taken.insert(validator.uid.0, validator.name.as_str());
    }
    for place in &places {
        let unplaced = |text: String| TraceError::Unplaced { line: line_of(&place.name), text };
        let (name, uid) = (&place.name, place.uid.0);
        if uid >= plan.chain.uids {
            let most = plan.chain.uids;
            let text =
                format!("miner {name} would have uid {uid}, allowed: below chain.uids {most}");
            return Err(unplaced(text));
        }
        if let Some(other) = taken.insert(uid, name) {
            return Err(unplaced(format!("miner {name} would have uid {uid}, which {other} has")));
        }
    }
    for name in &plan.banned {
        if !places.iter().any(|place| place.name == *name) {
            let text = format!("replay.banned names {name}, whom the trace does not know");
            return Err(TraceError::Unplaced { line: 1, text });
        }
    }
    Ok(places)
}

fn listed(
    named: &[(String, Uid, Option<u32>)],
    scan: &Scan,
) -> Result<Vec<MinerPlace>, TraceError> {
    for (name, line) in &scan.miners {
        if !named.iter().any(|(own, ..)| own == name) {
            let text = format!("the scenario has no miner {name}; give replay.miners or add it");
            return Err(TraceError::Unplaced { line: *line, text });
        }
    }
    let place = |(name, uid, coldkey): &(String, Uid, Option<u32>)| MinerPlace {
        name: name.clone(),
        uid: *uid,
        coldkey: *coldkey,
    };
    Ok(named.iter().map(place).collect())
}

/// By the number in the name, m0, m1, ...; by the order of first rows where a name has none.
fn numbered(plan: &ReplayPlan, scan: &Scan) -> Vec<MinerPlace> {
    let own: Option<Vec<usize>> = scan.miners.iter().map(|(name, _)| number(name)).collect();
    let numbers = own.unwrap_or_else(|| (0..scan.miners.len()).collect());
    let place = |(number, (name, _)): (usize, &(String, u64))| MinerPlace {
        name: name.clone(),
        uid: uid_of(number, plan.chain.owner_uid),
        coldkey: None,
    };
    numbers.into_iter().zip(&scan.miners).map(place).collect()
}

fn number(name: &str) -> Option<usize> {
    /// A number above this is no miner's; it would not fit a uid.
    const NUMBER_MAX: usize = 60_000;
    let digits = name.strip_prefix('m')?;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| plain && *number <= NUMBER_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_stands_after_the_letter() {
        assert_eq!(number("m007"), Some(7));
        assert_eq!(number("m101"), Some(101));
        for name in ["m", "m-1", "m1a", "x1", "m99999999999999999999", "m60001"] {
            assert_eq!(number(name), None, "{name}");
        }
    }
}
