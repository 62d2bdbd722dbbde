//! The fingerprint of a run: equal digests mean the same jobs and the same pay, to the bit.
//!
//! Layout, version 1. All integers little endian. A replication's digest is xxh3-128 over its records, in the order in
//! which they were made:
//!
//! - a job record, at each event that changes the job's status and, for jobs still open, at the end in order of number:
//!   tag 1 (u8), number u64, miner u16, created ns u64, status u8 (0 pending, 1 success, 2 failed), reason u8 and HTTP
//!   status u16 (0 where there is none), then dispatched, callback, response, last update, total runtime, latency
//!   [ms, u64, `u64::MAX` where missing], has image u8 (2 where unknown), image bytes u64, useful steps u32,
//!   service ns u64, image id u128;
//! - an epoch record, at the epoch: tag 2 (u8), number u32, block u64, minted, owner, validators, miners, burned,
//!   recycled [rao, u64], remainder [rao, i64], then pay and incentive (u16) of every miner and pay of every validator and of other stake.
//!
//! A run's digest is xxh3-128 over the layout version (u32) and its replications' digests in index order.

use crate::work::EpochRecord;
use crate::work::FailureReason;
use crate::work::JobRecord;
use crate::work::Status;
use std::fmt;
use xxhash_rust::xxh3::Xxh3;

/// Version of the layout above; it changes with every change of the layout.
pub(crate) const LAYOUT_VERSION: u32 = 1;
/// Bytes gathered before they are hashed: a call per record would cost more than the hash.
const BLOCK_BYTES: usize = 1 << 14;
/// Room for the longest record of fixed length.
const RECORD_BYTES: usize = 160;

/// 128 bits that name a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest(pub u128);

impl Digest {
    /// The digest of a run from those of its replications, in index order.
    #[must_use]
    pub fn of_replications(replications: &[Self]) -> Self {
        let mut hash = Xxh3::new();
        hash.update(&LAYOUT_VERSION.to_le_bytes());
        for replication in replications {
            hash.update(&replication.0.to_le_bytes());
        }
        Self(hash.digest128())
    }

    /// Reads the 32 hexadecimal digits that `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 32).then(|| u128::from_str_radix(text, 16).ok()).flatten().map(Self)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Hashes the records of one replication as they are made.
pub(crate) struct Digester {
    hash: Xxh3,
    block: Vec<u8>,
}

impl fmt::Debug for Digester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Digester").finish_non_exhaustive()
    }
}

impl Default for Digester {
    fn default() -> Self {
        Self { hash: Xxh3::new(), block: Vec::with_capacity(BLOCK_BYTES + RECORD_BYTES) }
    }
}

impl Digester {
    /// Takes in a job whose status has just changed, or that is still open at the end.
    pub(crate) fn job(&mut self, record: &JobRecord) {
        let stored = &record.stored;
        let (reason, http) = reason_code(stored.failure);
        let mut bytes = Fields::default();
        bytes.put([1]);
        bytes.put(record.job.number.to_le_bytes());
        bytes.put(record.miner.0.to_le_bytes());
        bytes.put(record.job.created.0.to_le_bytes());
        bytes.put([status_code(stored.status), reason]);
        bytes.put(http.to_le_bytes());
        for ms in [
            stored.dispatched_ms,
            stored.callback_ms,
            stored.response_ms,
            Some(stored.last_updated_ms),
            stored.total_runtime_ms,
            stored.latency_ms,
        ] {
            bytes.put(ms.unwrap_or(u64::MAX).to_le_bytes());
        }
        bytes.put([stored.has_image.map_or(2, u8::from)]);
        bytes.put(stored.image_bytes.unwrap_or(u64::MAX).to_le_bytes());
        bytes.put(record.truth.useful_steps.to_le_bytes());
        bytes.put(record.truth.service.0.to_le_bytes());
        bytes.put(record.truth.image_id.unwrap_or_default().to_le_bytes());
        self.block.extend_from_slice(bytes.filled());
        self.flush_when_full();
    }

    /// Takes in an epoch that has just ended.
    pub(crate) fn epoch(&mut self, record: &EpochRecord) {
        self.block.push(2);
        self.block.extend_from_slice(&record.number.to_le_bytes());
        self.block.extend_from_slice(&record.block.to_le_bytes());
        for rao in [
            record.minted,
            record.owner,
            record.validators,
            record.miners,
            record.burned,
            record.recycled,
        ] {
            self.block.extend_from_slice(&rao.0.to_le_bytes());
        }
        self.block.extend_from_slice(&record.remainder_rao.to_le_bytes());
        for (pay, incentive) in record.miner_pay.iter().zip(&record.miner_incentive) {
            self.block.extend_from_slice(&pay.0.to_le_bytes());
            self.block.extend_from_slice(&incentive.to_le_bytes());
        }
        for pay in &record.validator_pay {
            self.block.extend_from_slice(&pay.0.to_le_bytes());
        }
        self.flush_when_full();
    }

    /// The digest of all that was taken in.
    pub(crate) fn finish(mut self) -> Digest {
        self.hash.update(&self.block);
        Digest(self.hash.digest128())
    }

    fn flush_when_full(&mut self) {
        if self.block.len() >= BLOCK_BYTES {
            self.hash.update(&self.block);
            self.block.clear();
        }
    }
}

/// A record of fixed length, filled on the stack.
struct Fields {
    bytes: [u8; RECORD_BYTES],
    length: usize,
}

impl Default for Fields {
    fn default() -> Self {
        Self { bytes: [0; RECORD_BYTES], length: 0 }
    }
}

impl Fields {
    #[inline]
    fn put<const N: usize>(&mut self, field: [u8; N]) {
        self.bytes[self.length..self.length + N].copy_from_slice(&field);
        self.length += N;
    }

    fn filled(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

fn status_code(status: Status) -> u8 {
    match status {
        Status::Pending => 0,
        Status::Success => 1,
        Status::Failed => 2,
    }
}

fn reason_code(reason: Option<FailureReason>) -> (u8, u16) {
    match reason {
        None => (0, 0),
        Some(FailureReason::DispatchTimeout) => (1, 0),
        Some(FailureReason::DispatchStatus(http)) => (2, http),
        Some(FailureReason::EmptyImage) => (3, 0),
        Some(FailureReason::CallbackStatus) => (4, 0),
        Some(FailureReason::MinRuntime) => (5, 0),
        Some(FailureReason::MaxLatency) => (6, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::units::Rao;

    fn digest_of(records: &[JobRecord]) -> Digest {
        let mut digester = Digester::default();
        for record in records {
            digester.job(record);
        }
        digester.finish()
    }

    #[test]
    fn every_stored_field_of_a_job_enters() {
        let base = JobRecord::default();
        let mut changed = vec![base; 6];
        changed[0].job.number = 1;
        changed[1].miner.0 = 1;
        changed[2].stored.latency_ms = Some(0);
        changed[3].stored.has_image = Some(false);
        changed[4].truth.useful_steps = 1;
        changed[5].stored.failure = Some(FailureReason::DispatchStatus(502));
        for record in changed {
            assert_ne!(digest_of(&[record]), digest_of(&[base]), "{record:?}");
        }
    }

    #[test]
    fn the_order_of_records_enters() {
        let first = JobRecord::default();
        let mut second = first;
        second.job.number = 1;
        assert_ne!(digest_of(&[first, second]), digest_of(&[second, first]));
    }

    #[test]
    fn blocks_do_not_show_in_the_digest() {
        let many = vec![JobRecord::default(); 1000];
        assert_eq!(digest_of(&many), digest_of(&many));
        assert_ne!(digest_of(&many), digest_of(&many[1..]));
    }

    #[test]
    fn one_rao_moved_changes_the_digest() {
        let digest = |pay: u64| {
            let mut digester = Digester::default();
            digester.epoch(&EpochRecord {
                miner_pay: vec![Rao(pay)],
                miner_incentive: vec![1],
                ..EpochRecord::default()
            });
            digester.finish()
        };
        assert_ne!(digest(5), digest(6));
    }

    #[test]
    fn a_digest_reads_back_what_it_writes() {
        let digest = Digest(0xabc);
        assert_eq!(Digest::parse(&digest.to_string()), Some(digest));
        assert_eq!(Digest::parse("abc"), None);
    }
}
