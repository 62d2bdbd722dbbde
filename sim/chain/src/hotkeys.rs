//! Hotkeys by uid, and uids by hotkey.

use std::collections::BTreeMap;

/// The hotkey of every uid; a hotkey holds one uid at most.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hotkeys {
    of_uid: Vec<u64>,
    uids: BTreeMap<u64, u16>,
}

impl Hotkeys {
    /// A hotkey takes the next uid.
    ///
    /// # Panics
    /// When there are as many uids as 16 bits can name.
    pub(crate) fn push(&mut self, hotkey: u64) {
        let uid = u16::try_from(self.of_uid.len()).expect("a subnet has at most 2^16 uids");
        self.of_uid.push(hotkey);
        self.uids.entry(hotkey).or_insert(uid);
    }

    /// A hotkey takes the uid of another, which is given back.
    pub(crate) fn replace(&mut self, uid: u16, hotkey: u64) -> u64 {
        let before = std::mem::replace(&mut self.of_uid[usize::from(uid)], hotkey);
        if self.uids.get(&before) == Some(&uid) {
            self.uids.remove(&before);
        }
        self.uids.entry(hotkey).or_insert(uid);
        before
    }

    /// The uid that a hotkey holds, if any.
    pub(crate) fn uid(&self, hotkey: u64) -> Option<u16> {
        self.uids.get(&hotkey).copied()
    }

    /// Hotkeys in the order of uids.
    pub(crate) fn all(&self) -> &[u64] {
        &self.of_uid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_hotkey_is_found_no_more_and_the_new_one_is() {
        let mut hotkeys = Hotkeys::default();
        for hotkey in [10, 11, 12] {
            hotkeys.push(hotkey);
        }
        assert_eq!(hotkeys.replace(1, 20), 11);
        assert_eq!((hotkeys.uid(11), hotkeys.uid(20), hotkeys.uid(12)), (None, Some(1), Some(2)));
        assert_eq!(hotkeys.all(), [10, 20, 12]);
    }
}
