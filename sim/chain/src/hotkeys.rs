//! Hotkeys by uid, and uids by hotkey.

/// The hotkey of every uid; a hotkey holds one uid at most.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hotkeys {
    of_uid: Vec<u64>,
    /// Uids by hotkey, in the order of hotkeys; sorted, so that a change costs no memory.
    uids: Vec<(u64, u16)>,
}

impl Hotkeys {
    /// A hotkey takes the next uid.
    ///
    /// # Panics
    /// When there are as many uids as 16 bits can name.
    pub(crate) fn push(&mut self, hotkey: u64) {
        let uid = u16::try_from(self.of_uid.len()).expect("a subnet has at most 2^16 uids");
        self.of_uid.push(hotkey);
        self.index(hotkey, uid);
    }

    /// A hotkey takes the uid of another, which is given back.
    pub(crate) fn replace(&mut self, uid: u16, hotkey: u64) -> u64 {
        let before = std::mem::replace(&mut self.of_uid[usize::from(uid)], hotkey);
        if let Ok(place) = self.place(before)
            && self.uids[place].1 == uid
        {
            self.uids.remove(place);
        }
        self.index(hotkey, uid);
        before
    }

    /// The uid that a hotkey holds, if any.
    pub(crate) fn uid(&self, hotkey: u64) -> Option<u16> {
        self.place(hotkey).ok().map(|place| self.uids[place].1)
    }

    fn place(&self, hotkey: u64) -> Result<usize, usize> {
        self.uids.binary_search_by_key(&hotkey, |(own, _)| *own)
    }

    fn index(&mut self, hotkey: u64, uid: u16) {
        if let Err(place) = self.place(hotkey) {
            self.uids.insert(place, (hotkey, uid));
        }
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
