//! Commit-reveal as a delay (chain.md 6.2 and 6.3): who commits, what is pending, when it is revealed.

use super::Subnet;
use crate::admission::Submission;
use crate::admission::WeightRefusal;

/// Most commits of one hotkey pending in one epoch. Source: chain.md 6.2.
const PENDING_MAX: usize = 10;

/// One committed row.
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
    uid: u16,
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

    /// The submission again.
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
    /// No commit yet.
    pub(super) fn new(lag: u64) -> Self {
        Self { lag, pending: Vec::new(), spare: Vec::new(), refused: 0, expired: 0 }
    }

    /// Writes each uid's earliest commit that is not expired at this epoch.
    pub(super) fn earliest_pending(&self, epoch: u64, period: u64, blocks: &mut [Option<u64>]) {
        blocks.fill(None);
        for commit in self.pending.iter().filter(|commit| commit.epoch + period >= epoch) {
            let block = &mut blocks[usize::from(commit.uid)];
            *block = Some(block.map_or(commit.block, |earlier| earlier.min(commit.block)));
        }
    }

    /// Forgets the commits of a uid whose hotkey left.
    pub(super) fn forget(&mut self, uid: u16) {
        self.take_out(|commit| commit.uid == uid, |_| ());
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
        let epoch = self.trigger.epoch_index;
        let same = |commit: &&Commit| commit.uid == uid && commit.epoch == epoch;
        let count = self.commits.pending.iter().filter(same).count();
        if count >= PENDING_MAX {
            return Err(WeightRefusal::TooManyPending(count));
        }
        let mut commit = self.commits.spare.pop().unwrap_or_default();
        commit.copy_from(row);
        (commit.block, commit.epoch, commit.uid) = (self.block, epoch, uid);
        self.commits.pending.push(commit);
        self.neurons.last_update[usize::from(uid)] = self.block;
        Ok(())
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

    /// The reveal step of a block in which an epoch fires, before the epoch.
    pub(super) fn reveal_on_time(&mut self) {
        let (next, period) = (self.trigger.epoch_index + 1, self.hyper.commit_reveal_period);
        let mut expired = 0;
        self.commits.take_out(|commit| commit.epoch + period < next, |_| expired += 1);
        self.commits.expired += expired;
        if self.commits.lag == 0 {
            self.reveal_epoch(next);
        }
    }

    /// The reveal step of the blocks up to `block`, where reveals lag behind their epoch.
    pub(super) fn reveal_late(&mut self, block: u64) {
        let at = self.trigger.last_epoch_block.saturating_add(self.commits.lag);
        let in_time = self.block < at && (at < block || (at == block && !self.trigger.due(block)));
        if self.commits.lag > 0 && self.trigger.epoch_index > 0 && in_time {
            self.reveal_epoch(self.trigger.epoch_index);
        }
    }

    /// Reveals what matures with an epoch: checked again and stored without touching the last update.
    fn reveal_epoch(&mut self, epoch: u64) {
        let period = self.hyper.commit_reveal_period;
        let mut stored = std::mem::take(&mut self.prepared);
        let mut commits = std::mem::replace(&mut self.commits, Commits::new(0));
        let mut refused = 0;
        commits.take_out(
            |commit| commit.epoch + period == epoch,
            |commit| match self.desk().reveal(&commit.submission(), &mut stored) {
                Ok(uid) => self.neurons.weights[usize::from(uid)].clone_from(&stored.row),
                Err(_) => refused += 1,
            },
        );
        commits.refused += refused;
        self.commits = commits;
        self.prepared = stored;
    }
}
