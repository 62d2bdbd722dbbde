//! Nothing happens before its cause.

use crate::base::units::SimTime;
use crate::property::invariant::InvariantChecker;
use crate::property::invariant::ensure;
use crate::work::EpochRecord;
use crate::work::JobRecord;

/// Checks each job by itself, and each epoch against the last.
#[derive(Debug, Default)]
pub(super) struct Causality {
    last: Option<(u32, u64, SimTime)>,
}

impl InvariantChecker for Causality {
    fn reads_jobs(&self) -> bool {
        true
    }

    fn job(&mut self, record: &JobRecord) -> Result<(), String> {
        if is_plain(record) {
            return Ok(());
        }
        let (stored, truth) = (&record.stored, &record.truth);
        let created_ms = record.job.created.whole_ms();
        let after = |what: &str, at: Option<u64>, cause: &str, from: Option<u64>| {
            let (Some(at), Some(from)) = (at, from) else { return Ok(()) };
            ensure(at >= from, || {
                format!("job {}: {what} at {at} ms, before {cause} at {from} ms", record.job.number)
            })
        };
        let creation = Some(created_ms);
        let updated = Some(stored.last_updated_ms);
        after("dispatch answered", stored.dispatched_ms, "its creation", creation)?;
        after("callback", stored.callback_ms, "its creation", creation)?;
        after("response", stored.response_ms, "its creation", creation)?;
        after("response", stored.response_ms, "its callback", stored.callback_ms)?;
        after("last update", updated, "its callback", stored.callback_ms)?;
        after("work", truth.began.map(SimTime::whole_ms), "its creation", creation)?;
        if truth.useful_steps > 0 {
            let done = truth.began.map(|began| (began + truth.service).whole_ms());
            after("callback with its image", stored.callback_ms, "the work was done", done)?;
        }
        runtime_fits(record, created_ms)?;
        ensure(
            truth.useful_steps <= truth.computed_steps && truth.useful_steps <= record.job.steps,
            || {
                format!(
                    "job {}: {} useful steps of {} computed and {} asked for",
                    record.job.number, truth.useful_steps, truth.computed_steps, record.job.steps
                )
            },
        )
    }

    fn epoch(&mut self, record: &EpochRecord) -> Result<(), String> {
        let now = (record.number, record.block, record.at);
        let before = self.last.replace(now);
        let Some((number, block, at)) = before else {
            return ensure(now.0 == 0, || format!("epoch {} is the first", now.0));
        };
        ensure(now.0 == number + 1 && now.1 > block && now.2 > at, || {
            format!(
                "epoch {} at block {}, {} ns, follows epoch {number} at block {block}, {} ns",
                now.0, now.1, now.2.0, at.0
            )
        })
    }
}

/// Whether nothing of a job comes before its cause, found without a word; where this says no, the words decide.
#[inline]
fn is_plain(record: &JobRecord) -> bool {
    let (job, stored, truth) = (&record.job, &record.stored, &record.truth);
    let created_ms = job.created.whole_ms();
    let after = |at: Option<u64>, from: u64| at.is_none_or(|at| at >= from);
    let callback_ms = stored.callback_ms.unwrap_or(created_ms);
    let span_ms = callback_ms.saturating_sub(created_ms);
    let is_useful_in_time = truth.useful_steps == 0
        || truth.began.is_some_and(|began| (began + truth.service).whole_ms() <= callback_ms);
    after(stored.dispatched_ms, created_ms)
        && (callback_ms >= created_ms)
        && after(stored.response_ms, callback_ms)
        && (stored.last_updated_ms >= callback_ms)
        && truth.began.is_none_or(|began| began >= job.created)
        && is_useful_in_time
        && stored.total_runtime_ms.is_none_or(|runtime_ms| runtime_ms.abs_diff(span_ms) <= 1)
        && (truth.useful_steps <= truth.computed_steps)
        && (truth.useful_steps <= job.steps)
}

/// The runtime that scoring reads is the time from creation to callback, up to two roundings down.
fn runtime_fits(record: &JobRecord, created_ms: u64) -> Result<(), String> {
    let stored = &record.stored;
    let (Some(runtime), Some(callback)) = (stored.total_runtime_ms, stored.callback_ms) else {
        return Ok(());
    };
    let span = callback.saturating_sub(created_ms);
    ensure(runtime.abs_diff(span) <= 1, || {
        format!("job {}: runtime {runtime} ms, callback after {span} ms", record.job.number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::units::SimSpan;
    use crate::metrics::RunSummary;
    use crate::property::Invariant;
    use crate::property::invariant::Books;
    use crate::property::invariant::sample;

    fn broken(jobs: &[JobRecord], epochs: &[EpochRecord]) -> Option<String> {
        let facts = RunSummary::default();
        sample::broken(Invariant::Causality, jobs, epochs, &Books { jobs: 0, facts: &facts })
    }

    fn job(change: impl FnOnce(&mut JobRecord)) -> Option<String> {
        let mut record = sample::job(7);
        change(&mut record);
        broken(&[record], &[])
    }

    #[test]
    fn a_callback_before_its_job_is_found() {
        let found = job(|r| (r.stored.callback_ms, r.stored.total_runtime_ms) = (Some(900), None));
        assert_eq!(found.unwrap(), "job 7: callback at 900 ms, before its creation at 1000 ms");
    }

    #[test]
    fn every_time_before_its_cause_is_found() {
        let doctored = [
            job(|r| r.stored.dispatched_ms = Some(999)),
            job(|r| (r.stored.response_ms, r.stored.callback_ms) = (Some(999), None)),
            job(|r| r.stored.response_ms = Some(2999)),
            job(|r| r.stored.last_updated_ms = 2999),
            job(|r| r.truth.began = Some(SimTime::from_ms(999))),
            job(|r| r.truth.service = SimSpan::from_ms(1901)),
            job(|r| r.stored.total_runtime_ms = Some(1998)),
            job(|r| r.truth.useful_steps = 51),
            job(|r| r.truth.computed_steps = 49),
        ];
        assert!(doctored.iter().all(Option::is_some), "{doctored:?}");
    }

    #[test]
    fn what_is_not_known_breaks_nothing() {
        let open = |r: &mut JobRecord| {
            r.stored = crate::work::ObservedJob { last_updated_ms: 1000, ..Default::default() };
            r.truth = crate::work::TrueJob::default();
        };
        assert_eq!(job(open), None);
        // An acknowledgement may come after the callback: 951 of the trace's did.
        assert_eq!(job(|r| r.stored.dispatched_ms = Some(3100)), None);
        assert_eq!(job(|r| r.stored.total_runtime_ms = Some(1999)), None);
    }

    #[test]
    fn epochs_out_of_order_are_found() {
        let (first, second) = (sample::epoch(0), sample::epoch(1));
        assert!(broken(&[], std::slice::from_ref(&second)).is_some());
        assert!(broken(&[], &[first.clone(), first.clone()]).is_some());
        let early = EpochRecord { at: first.at, ..second.clone() };
        assert!(broken(&[], &[first.clone(), early]).is_some());
        let low = EpochRecord { block: first.block, ..second };
        assert!(broken(&[], &[first, low]).is_some());
    }
}
