//! Every job is counted once: none lost, none twice, each success, failed or open.

use crate::property::invariant::Books;
use crate::property::invariant::Checker;
use crate::property::invariant::ensure;
use crate::record::JobRecord;
use std::collections::BTreeSet;

/// Which numbers have come. A job comes first with `overwritten` 0, and again at each overwrite of its stored status.
///
/// Memory follows the number of jobs that are open at once: numbers below the highest that are still to come.
#[derive(Debug, Default)]
pub(super) struct JobConservation {
    next: u64,
    awaited: BTreeSet<u64>,
}

impl Checker for JobConservation {
    fn job(&mut self, record: &JobRecord) -> Result<(), String> {
        let number = record.job.number;
        let is_new = number >= self.next || self.awaited.contains(&number);
        if record.overwritten > 0 {
            return ensure(!is_new, || format!("job {number}: overwritten before it was stored"));
        }
        ensure(is_new, || format!("job {number}: counted twice"))?;
        self.awaited.remove(&number);
        if number >= self.next {
            self.awaited.extend(self.next..number);
            self.next = number + 1;
        }
        Ok(())
    }

    fn end(&mut self, books: &Books<'_>) -> Result<(), String> {
        if let Some(number) = self.awaited.first() {
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
    use crate::metrics::Facts;
    use crate::metrics::MinerFacts;
    use crate::property::Invariant;
    use crate::property::invariant::sample;

    fn broken(numbers: &[(u64, u32)], jobs: u64) -> Option<String> {
        let facts = Facts::default();
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
        let honest = MinerFacts {
            requests: 9,
            successes: 6,
            failures: 2,
            open: 1,
            without_image: 3,
            dispatch_failures: 1,
            useful_jobs: 3,
            ..MinerFacts::default()
        };
        let of = |miner: MinerFacts| {
            let mut facts = Facts { miners: vec![miner], ..Facts::default() };
            (facts.totals.jobs, facts.totals.unrouted) = (11, 2);
            broken_with(&[], &Books { jobs: 0, facts: &facts })
        };
        assert_eq!(of(honest), None);
        for doctored in [
            MinerFacts { successes: 7, ..honest },
            MinerFacts { open: 0, ..honest },
            MinerFacts { without_image: 7, ..honest },
            MinerFacts { dispatch_failures: 3, ..honest },
            MinerFacts { useful_jobs: 10, ..honest },
            MinerFacts { requests: 10, open: 2, ..honest },
        ] {
            assert!(of(doctored).is_some(), "{doctored:?}");
        }
    }
}
