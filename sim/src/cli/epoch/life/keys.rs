//! Names of hotkeys, and the numbers that the chain has for them.

use crate::cli::epoch::lists::CaseRefusal;
use crate::cli::epoch::lists::one_a_uid;
use std::collections::BTreeMap;

/// Every key that a case has named.
#[derive(Debug, Default)]
pub(super) struct CaseKeys {
    names: Vec<String>,
    ids: BTreeMap<String, u64>,
}

impl CaseKeys {
    /// The keys of the seats, h0, h1 and so on where none are named; gives the number of each seat's key beside them.
    ///
    /// # Errors
    /// When the list has another length than there are uids, or names a key twice.
    pub(super) fn new(seats: Option<&[String]>, n: u16) -> Result<(Self, Vec<u64>), CaseRefusal> {
        let mut keys = Self::default();
        let default: Vec<String> = (0..n).map(|uid| format!("h{uid}")).collect();
        let seats = one_a_uid("keys", n, seats.unwrap_or(&default))?;
        let mut seated = Vec::with_capacity(seats.len());
        for (uid, name) in seats.iter().enumerate() {
            let id = keys.id(name);
            if seated.contains(&id) {
                let text = format!("keys[{uid}]: {name} stands twice, a key holds one seat");
                return Err(CaseRefusal(text));
            }
            seated.push(id);
        }
        Ok((keys, seated))
    }

    /// The number of a key, which gets one where it has none.
    pub(super) fn id(&mut self, name: &str) -> u64 {
        if let Some(&id) = self.ids.get(name) {
            return id;
        }
        let id = self.names.len() as u64;
        self.names.push(name.to_string());
        self.ids.insert(name.to_string(), id);
        id
    }

    /// The name of a number that a key has.
    pub(super) fn name(&self, id: u64) -> &str {
        let place = usize::try_from(id).expect("a key's number is a place in a list");
        &self.names[place]
    }

    /// The names of several.
    pub(super) fn names(&self, ids: &[u64]) -> Vec<String> {
        ids.iter().map(|&id| self.name(id).to_string()).collect()
    }
}
