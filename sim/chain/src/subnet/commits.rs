//! Commit-reveal as a delay (chain.md 6.2 and 6.3): who commits, what is pending, when it is revealed.
//!
//! A commit belongs to the epoch whose number the chain's counter has, and to a hotkey. It is readable while the counter is a
//! period further on; the reveal step of such a block takes those whose key is known by then, `lag` blocks after the epoch
//! that began the time. What the counter has passed is deleted unread.

use super::Subnet;
use crate::admission::Submission;
use crate::admission::WeightRefusal;
use crate::epoch::Row;
use crate::hotkeys::Hotkeys;

/// Most commits of one hotkey pending in one epoch. Source: chain.md 6.2.
const PENDING_MAX: usize = 10;

/// One row that was committed and not yet revealed.
#[derive(Clone, Debug, Default)]
struct Commit {
    hotkey: u64,
    netuid: u16,
    mechanism: u8,
    version_key: u64,
    uids: Vec<u16>,
    values: Vec<u16>,
    /// Block of the commit.
    block: u64,
    /// Epoch counter at the commit.
    epoch: u64,
    /// Whether the reveal asks for no more than seats.
    is_trusted: bool,
}

impl Commit {
    /// Takes over a submission, into the buffers at hand.
    fn copy_from(&mut self, row: &Submission<'_>) {
        self.hotkey = row.hotkey;
        self.netuid = row.netuid;
        self.mechanism = row.mechanism;
        self.version_key = row.version_key;
        self.uids.clear();
        self.uids.extend_from_slice(row.uids);
        self.values.clear();
        self.values.extend_from_slice(row.values);
    }

    /// The submission that the commit was made of.
    fn submission(&self) -> Submission<'_> {
        Submission {
            hotkey: self.hotkey,
            netuid: self.netuid,
            mechanism: self.mechanism,
            version_key: self.version_key,
            uids: &self.uids,
            values: &self.values,
        }
    }
}

/// The pending commits of a subnet, oldest first.
#[derive(Debug)]
pub(super) struct Commits {
    /// Blocks between an epoch and the reveal of what matures with it.
    lag: u64,
    pending: Vec<Commit>,
    /// Commits of before, kept for their buffers.
    spare: Vec<Commit>,
    /// Reveals that a check refused.
    refused: u64,
    /// Commits that were never revealed.
    expired: u64,
}

impl Commits {
    /// Commits before the first one was made.
    pub(super) fn new(lag: u64) -> Self {
        Self { lag, pending: Vec::new(), spare: Vec::new(), refused: 0, expired: 0 }
    }

    /// Writes each uid's earliest commit that is not expired at this counter; commits of hotkeys without a uid are nobody's.
    pub(super) fn earliest_pending(
        &self,
        counter: u64,
        period: u64,
        hotkeys: &Hotkeys,
        blocks: &mut [Option<u64>],
    ) {
        blocks.fill(None);
        let unexpired = |commit: &&Commit| commit.epoch.saturating_add(period) >= counter;
        for commit in self.pending.iter().filter(unexpired) {
            let Some(uid) = hotkeys.uid(commit.hotkey) else { continue };
            let block = &mut blocks[usize::from(uid)];
            *block = Some(block.map_or(commit.block, |earlier| earlier.min(commit.block)));
        }
    }

    /// Takes out the commits that match, oldest first, hands each to `visit`, and keeps their buffers.
    fn take_out(&mut self, matches: impl Fn(&Commit) -> bool, mut visit: impl FnMut(&Commit)) {
        let mut index = 0;
        while index < self.pending.len() {
            if matches(&self.pending[index]) {
                let commit = self.pending.remove(index);
                visit(&commit);
                self.spare.push(commit);
            } else {
                index += 1;
            }
        }
    }
}

impl Subnet {
    /// Commits weights in the current block: they are checked and stored `commit_reveal_period` epochs later.
    ///
    /// # Errors
    /// What refuses the commit; the row itself is checked at the reveal.
    pub fn commit_weights(&mut self, row: &Submission<'_>) -> Result<(), WeightRefusal> {
        let uid = self.desk().commit(row.hotkey)?;
        let epoch = self.trigger.counter(self.block);
        let same = |commit: &&Commit| commit.hotkey == row.hotkey && commit.epoch == epoch;
        let count = self.commits.pending.iter().filter(same).count();
        if count >= PENDING_MAX {
            return Err(WeightRefusal::TooManyPending(count));
        }
        self.file(row, uid, false);
        Ok(())
    }

    /// Commits a stored row that the chain is known to take: the hotkey holds a uid, and at the reveal no more is asked than
    /// that it does, and that the uids of the row exist.
    ///
    /// # Errors
    /// If the hotkey holds no uid.
    pub fn place_commit(&mut self, hotkey: u64, row: &Row) -> Result<(), WeightRefusal> {
        let uid = self.uid_of(hotkey).ok_or(WeightRefusal::NotRegistered)?;
        let (uids, values): (Vec<u16>, Vec<u16>) = row.iter().copied().unzip();
        let netuid = self.trigger.netuid;
        let row = Submission {
            hotkey,
            netuid,
            mechanism: 0,
            version_key: 0,
            uids: &uids,
            values: &values,
        };
        self.file(&row, uid, true);
        Ok(())
    }

    /// Files a commit of the current block, which dates its uid.
    fn file(&mut self, row: &Submission<'_>, uid: u16, is_trusted: bool) {
        let mut commit = self.commits.spare.pop().unwrap_or_default();
        commit.copy_from(row);
        commit.block = self.block;
        commit.epoch = self.trigger.counter(self.block);
        commit.is_trusted = is_trusted;
        self.commits.pending.push(commit);
        self.neurons.last_update[usize::from(uid)] = self.block;
    }

    /// Number of commits pending now.
    #[must_use]
    pub fn pending_commits(&self) -> usize {
        self.commits.pending.len()
    }

    /// Number of reveals that a check refused, and of commits that expired unrevealed, since the start.
    #[must_use]
    pub fn lost_commits(&self) -> (u64, u64) {
        (self.commits.refused, self.commits.expired)
    }

    /// The reveal steps of the blocks after the current one up to `block`, in which no epoch fires but in the last.
    pub(super) fn reveal_until(&mut self, block: u64) {
        if self.commits.pending.is_empty() {
            return;
        }
        // The counter moves on in the last of these blocks or in none.
        let (before, last) = (self.trigger.counter(block), self.trigger.counter_in_step(block));
        let moves = before != last;
        let until = if moves { block - 1 } else { block };
        if self.block < until {
            self.reveal(before, self.trigger.last_step_reset, until);
        }
        if moves {
            self.reveal(last, block, block);
        }
    }

    /// The reveal steps up to `block` at this counter, which began with the epoch of block `began`.
    fn reveal(&mut self, counter: u64, began: u64, block: u64) {
        let period = self.hyper.commit_reveal_period;
        let matures = |commit: &Commit| commit.epoch.saturating_add(period);
        let mut expired = 0;
        self.commits.take_out(|commit| matures(commit) < counter, |_| expired += 1);
        self.commits.expired += expired;
        if began.saturating_add(self.commits.lag) > block {
            return;
        }
        let mut stored = std::mem::take(&mut self.prepared);
        let mut commits = std::mem::replace(&mut self.commits, Commits::new(0));
        let mut refused = 0;
        commits.take_out(
            |commit| matures(commit) == counter,
            |commit| {
                let row = commit.submission();
                let desk = self.desk();
                let admitted = if commit.is_trusted {
                    desk.reveal_trusted(&row, &mut stored)
                } else {
                    desk.reveal(&row, &mut stored)
                };
                match admitted {
                    Ok(uid) => self.neurons.weights[usize::from(uid)].clone_from(&stored.row),
                    Err(_) => refused += 1,
                }
            },
        );
        commits.refused += refused;
        self.commits = commits;
        self.prepared = stored;
    }
}
