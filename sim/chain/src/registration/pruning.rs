//! Who leaves for a newcomer (chain.md 7.3 and 7.4, before runtime 365: 11.3).

use crate::runtime::PruningRule;

/// What decides who is pruned. Every slice has one entry a uid.
#[derive(Clone, Copy, Debug)]
pub struct Pruning<'a> {
    /// The rule in force.
    pub rule: PruningRule,
    /// What the rule goes by: what each earned as miner and validator in the last epoch \[rao\], or its score.
    pub emission: &'a [u64],
    /// Block in which each neuron was registered.
    pub registered: &'a [u64],
    /// Block of the registration that asks for a place.
    pub block: u64,
    /// Time in which a new neuron is protected \[blocks\].
    pub immunity_period: u64,
    /// Number of neurons without immunity up to which they are left alone; the rule by scores has no such floor.
    pub min_non_immune: u16,
    /// Uids that are never pruned.
    pub immortal: &'a [u16],
}

impl Pruning<'_> {
    /// The uid that makes room, none where all that could are protected; the chain's `get_neuron_to_prune`.
    ///
    /// ```
    /// use assay_chain::Pruning;
    /// use assay_chain::PruningRule;
    ///
    /// let pruning = Pruning {
    ///     rule: PruningRule::Emission,
    ///     emission: &[60, 40, 20, 0],
    ///     registered: &[50, 90_000, 94_000, 99_500],
    ///     block: 100_002,
    ///     immunity_period: 5_000,
    ///     min_non_immune: 1,
    ///     immortal: &[],
    /// };
    /// // Uid 3 earned nothing yet, but is immune; of the others uid 2 earned least.
    /// assert_eq!(pruning.victim(), Some(2));
    /// ```
    #[must_use]
    pub fn victim(&self) -> Option<u16> {
        let mut worst = [None, None];
        let mut non_immune = 0;
        let neurons = (0..=u16::MAX).zip(self.emission.iter().zip(self.registered));
        for (uid, (&emission, &registered)) in neurons {
            if self.immortal.contains(&uid) {
                continue;
            }
            let immune = self.block.saturating_sub(registered) < self.immunity_period;
            non_immune += u32::from(!immune);
            let key = (emission, registered, uid);
            let worst = &mut worst[usize::from(immune)];
            *worst = Some(worst.map_or(key, |other| key.min(other)));
        }
        let [mortal, immune] = worst;
        let chosen = match self.rule {
            PruningRule::Score => mortal.or(immune),
            PruningRule::Emission if non_immune > u32::from(self.min_non_immune) => mortal,
            PruningRule::Emission => immune,
        };
        chosen.map(|(_, _, uid)| uid)
    }
}

/// Writes the owner's uids that are never pruned, in the chain's order: the earliest registered of those whose hotkeys belong
/// to the owner, up to the limit; the owner's own hotkey comes before them where it would be left out.
///
/// # Panics
/// If a uid of the owner's has no block of registration.
pub fn immortal_uids(
    owner: Option<u16>,
    of_owner: &[bool],
    registered: &[u64],
    limit: u16,
    list: &mut Vec<u16>,
) {
    let limit = usize::from(limit);
    list.clear();
    list.extend(
        (0..=u16::MAX).zip(of_owner).filter(|(_, of_owner)| **of_owner).map(|(uid, _)| uid),
    );
    list.sort_unstable_by_key(|&uid| (registered[usize::from(uid)], uid));
    list.truncate(limit);
    if let Some(owner) = owner
        && !list.contains(&owner)
    {
        list.insert(0, owner);
        list.truncate(limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_hotkey_is_immortal_before_the_owners_others() {
        let mut list = Vec::new();
        let of_owner = [true, false, true, true];
        let registered = [5, 0, 4, 9];
        immortal_uids(Some(3), &of_owner, &registered, 2, &mut list);
        assert_eq!(list, [3, 2], "it is the latest, and comes in front of the earliest");
        immortal_uids(Some(0), &of_owner, &registered, 2, &mut list);
        assert_eq!(list, [2, 0], "it is among the earliest, and stays in its place");
        immortal_uids(None, &of_owner, &registered, 1, &mut list);
        assert_eq!(list, [2]);
        immortal_uids(Some(1), &of_owner, &registered, 1, &mut list);
        assert_eq!(list, [1], "its seat alone where one may be kept");
        immortal_uids(Some(1), &of_owner, &registered, 0, &mut list);
        assert!(list.is_empty());
    }

    #[test]
    fn by_scores_any_mortal_goes_before_the_immune_and_nobody_is_spared() {
        let prune = |registered: &[u64], rule, immortal: &[u16]| {
            let scores: Vec<u64> = (0..registered.len() as u64).rev().collect();
            Pruning {
                rule,
                emission: &scores,
                registered,
                block: 9_000,
                immunity_period: 5_000,
                min_non_immune: 10,
                immortal,
            }
            .victim()
        };
        // Uid 0 has the largest score and is the only mortal.
        assert_eq!(prune(&[0, 8_000, 8_000], PruningRule::Score, &[]), Some(0));
        assert_eq!(prune(&[0, 8_000, 8_000], PruningRule::Emission, &[]), Some(2));
        assert_eq!(prune(&[8_000, 8_000], PruningRule::Score, &[]), Some(1));
        assert_eq!(prune(&[0, 0], PruningRule::Emission, &[]), None);
        assert_eq!(prune(&[0, 0], PruningRule::Score, &[0, 1]), None);
    }
}
