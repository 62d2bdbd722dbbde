//! Every job is counted once: none lost, none twice, each success, failed or open.

use crate::property::invariant::Books;
use crate::property::invariant::InvariantChecker;
use crate::property::invariant::ensure;
use crate::work::JobRecord;
use std::collections::BTreeSet;

/// Which numbers have come. A job comes first with `overwritten` 0, and again at each overwrite of its stored status.
///
/// The last numbers are bits of a ring, because most jobs end soon after they were sent; older ones that are still to
/// come are a set. So memory follows the number of jobs that are open at once.
#[derive(Debug)]
pub(super) struct JobConservation {
    /// One above the highest number that has come.
    next: u64,
    /// Whether number `n` of the last [`RECENT`] below `next` is still to come, at bit `n` modulo that.
    recent: Vec<u64>,
    /// Older numbers still to come.
    old: BTreeSet<u64>,
}

/// Numbers kept as bits. Source: ours, more jobs than are open at once in busy scenarios.
const RECENT: u64 = 1 << 14;

impl Default for JobConservation {
    fn default() -> Self {
        let words = usize::try_from(RECENT / u64::from(u64::BITS)).expect("a small constant");
        Self { next: 0, recent: vec![0; words], old: BTreeSet::new() }
    }
}

impl JobConservation {
    /// Whether `number`, below `next`, is still to come; from now on it is not.
    #[inline]
    fn take(&mut self, number: u64) -> bool {
        if number + RECENT < self.next {
            return self.old.remove(&number);
        }
        let (word, bit) = place(number);
        let awaited = self.recent[word] & bit != 0;
        self.recent[word] &= !bit;
        awaited
    }

    /// `number` is the next to come of those above all others: those it jumped over are awaited.
    #[inline]
    fn extend(&mut self, number: u64) {
        for passed in self.next..=number {
            let (word, bit) = place(passed);
            if self.recent[word] & bit != 0 {
                self.old.insert(passed - RECENT);
            }
            self.recent[word] |= bit;
        }
        self.next = number + 1;
    }

    /// The lowest number still to come.
    fn first_awaited(&self) -> Option<u64> {
        let recent = self.next.saturating_sub(RECENT)..self.next;
        let is_awaited = |number: &u64| {
            let (word, bit) = place(*number);
            self.recent[word] & bit != 0
        };
        self.old.first().copied().or_else(|| recent.into_iter().find(is_awaited))
    }
}

/// Word and bit of a number in the ring.
#[inline]
fn place(number: u64) -> (usize, u64) {
    let at = number % RECENT;
    let word = usize::try_from(at / u64::from(u64::BITS)).expect("a small constant");
    (word, 1 << (at % u64::from(u64::BITS)))
}

impl InvariantChecker for JobConservation {
    fn reads_jobs(&self) -> bool {
        true
    }

    #[inline]
    fn job(&mut self, record: &JobRecord) -> Result<(), String> {
        let number = record.job.number;
        if number >= self.next {
            self.extend(number);
        }
        let is_new = self.take(number);
        if record.overwritten > 0 {
            return ensure(!is_new, || format!("job {number}: overwritten before it was stored"));
        }
        ensure(is_new, || format!("job {number}: counted twice"))
    }

    fn end(&mut self, books: &Books<'_>) -> Result<(), String> {
        if let Some(number) = self.first_awaited() {
            return Err(format!("job {number}: created and never heard of again"));
        }
        ensure(self.next == books.jobs, || {
            format!("{} jobs were recorded, {} were sent", self.next, books.jobs)
        })?;
        for (place, miner) in books.facts.miners.iter().enumerate() {
            let (requests, successes, failures, open) =
                (miner.requests, miner.successes, miner.failures, miner.open);
            let known = [successes, failures, open].map(u128::from).iter().sum::<u128>();
            ensure(known == u128::from(requests), || {
                format!(
                    "miner {place}: {requests} requests, but {successes} successes, {failures} failures and {open} open"
                )
            })?;
            ensure(
                miner.without_image <= successes && miner.dispatch_failures <= failures,
                || {
                    format!(
                        "miner {place}: a part of its successes or failures is larger than all of them"
                    )
                },
            )?;
            ensure(miner.useful_jobs <= requests, || {
                format!("miner {place}: {} useful jobs of {requests} requests", miner.useful_jobs)
            })?;
        }
        let totals = &books.facts.totals;
        let requests: u128 = books.facts.miners.iter().map(|m| u128::from(m.requests)).sum();
        ensure(requests + u128::from(totals.unrouted) == u128::from(totals.jobs), || {
            format!(
                "{} jobs in the window, but {requests} requests and {} without a candidate",
                totals.jobs, totals.unrouted
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::MinerSummary;
    use crate::metrics::RunSummary;
    use crate::property::Invariant;
    use crate::property::invariant::sample;

    fn broken(numbers: &[(u64, u32)], jobs: u64) -> Option<String> {
        let facts = RunSummary::default();
        broken_with(numbers, &Books { jobs, facts: &facts })
    }

    fn broken_with(numbers: &[(u64, u32)], books: &Books<'_>) -> Option<String> {
        let records: Vec<JobRecord> = numbers
            .iter()
            .map(|(number, overwritten)| JobRecord {
                overwritten: *overwritten,
                ..sample::job(*number)
            })
            .collect();
        sample::broken(Invariant::JobConservation, &records, &[], books)
    }

    #[test]
    fn jobs_may_end_in_any_order_and_be_overwritten_later() {
        assert_eq!(broken(&[(2, 0), (0, 0), (1, 0), (2, 1), (0, 1), (0, 2)], 3), None);
        assert_eq!(broken(&[], 0), None);
    }

    #[test]
    fn a_job_counted_twice_is_found() {
        assert_eq!(broken(&[(0, 0), (1, 0), (0, 0)], 2), Some("job 0: counted twice".into()));
    }

    #[test]
    fn a_lost_job_is_found() {
        let found = broken(&[(0, 0), (2, 0)], 3);
        assert_eq!(found, Some("job 1: created and never heard of again".into()));
        assert_eq!(broken(&[(0, 0)], 2), Some("1 jobs were recorded, 2 were sent".into()));
        assert_eq!(broken(&[(0, 0), (1, 0)], 1), Some("2 jobs were recorded, 1 were sent".into()));
    }

    #[test]
    fn an_overwrite_of_a_job_never_stored_is_found() {
        assert_eq!(broken(&[(0, 1)], 1), Some("job 0: overwritten before it was stored".into()));
    }

    #[test]
    fn doctored_counts_of_a_miner_are_found() {
        let honest = MinerSummary {
            requests: 9,
            successes: 6,
            failures: 2,
            open: 1,
            without_image: 3,
            dispatch_failures: 1,
            useful_jobs: 3,
            ..MinerSummary::default()
        };
        let of = |miner: MinerSummary| {
            let mut facts = RunSummary { miners: vec![miner], ..RunSummary::default() };
            (facts.totals.jobs, facts.totals.unrouted) = (11, 2);
            broken_with(&[], &Books { jobs: 0, facts: &facts })
        };
        assert_eq!(of(honest), None);
        for doctored in [
            MinerSummary { successes: 7, ..honest },
            MinerSummary { open: 0, ..honest },
            MinerSummary { without_image: 7, ..honest },
            MinerSummary { dispatch_failures: 3, ..honest },
            MinerSummary { useful_jobs: 10, ..honest },
            MinerSummary { requests: 10, open: 2, ..honest },
        ] {
            assert!(of(doctored).is_some(), "{doctored:?}");
        }
    }
}
