//! A trace in memory: what statistics and fits need of each job, in bounded memory.
//!
//! Of a trace with more rows than are kept, every second, fourth, ... row is kept for the others; the report says so. Times
//! from one request to the next are taken before rows are left out.

use crate::engine;
use crate::engine::Cut;
use crate::engine::Eyes;
use crate::observe::Observer;
use crate::scenario::Scenario;
use crate::trace::error::TraceError;
use crate::trace::import::Imported;
use crate::trace::import::TraceRows;
use crate::work::FailureReason;
use crate::work::JobRecord;
use crate::work::ObservedJob;
use crate::work::Status;
use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::atomic::AtomicBool;

/// Most rows kept; with 88 bytes each they take at most 92 MB.
const KEPT_MAX: usize = 1 << 20;
/// Most miners: a trace of more is none of this subnet.
const MINERS_MAX: usize = 1024;
/// A file is shown to be read at every so many rows.
const PROGRESS_ROWS: u64 = 8192;
/// Longest time that a fit of latencies looks at [ms]: beyond it the score is 0. Source: trace.md, oddity 3.
pub(crate) const LATENCY_MS_MAX: u64 = 60_000;
/// Milliseconds in an hour.
pub(crate) const HOUR_MS: u64 = 3_600_000;

/// One job as it is stored, without what no statistic reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RecordedJob {
    /// When the job was created [ms].
    pub(crate) created_ms: u64,
    /// Time since the request before it [ms]; none for the first.
    pub(crate) gap_ms: Option<u64>,
    /// Time from that request to its answer [ms]; none where there was no answer.
    pub(crate) ack_before_ms: Option<u32>,
    /// Creation to the miner's answer [ms].
    pub(crate) ack_ms: Option<u32>,
    /// Creation to callback [ms].
    pub(crate) total_ms: Option<u32>,
    /// Bytes of the image.
    pub(crate) image_bytes: Option<u32>,
    /// Event time: response, else last write [ms].
    pub(crate) event_ms: u64,
    /// When the record was last written [ms].
    pub(crate) updated_ms: u64,
    /// Place of the miner in the list.
    pub(crate) miner: u16,
    /// Denoising steps asked for.
    pub(crate) steps: u32,
    /// Status as the orchestrator stored it.
    pub(crate) status: Status,
    /// Why the job failed; none of a success.
    pub(crate) failure: Option<FailureReason>,
    /// Whether the callback had an image.
    pub(crate) has_image: Option<bool>,
}

impl RecordedJob {
    fn of(created_ms: u64, steps: u32, stored: &ObservedJob) -> Self {
        let short = |ms: u64| u32::try_from(ms).unwrap_or(u32::MAX);
        Self {
            created_ms,
            ack_ms: stored.dispatched_ms.map(|at| short(at.saturating_sub(created_ms))),
            total_ms: stored.total_runtime_ms.map(short),
            image_bytes: stored.image_bytes.map(short),
            event_ms: stored.response_ms.unwrap_or(stored.last_updated_ms),
            updated_ms: stored.last_updated_ms,
            steps,
            status: stored.status,
            failure: stored.failure,
            has_image: stored.has_image,
            ..Self::default()
        }
    }

    /// Whether it is a success.
    pub(crate) fn is_success(&self) -> bool {
        self.status == Status::Success
    }

    /// Creation to callback of a success that latencies are fitted on [ms].
    pub(crate) fn latency_ms(&self) -> Option<f64> {
        let total = self.total_ms.filter(|ms| u64::from(*ms) <= LATENCY_MS_MAX)?;
        self.is_success().then_some(f64::from(total))
    }
}

/// A trace in memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecordedJobs {
    /// The rows kept, by creation.
    pub(crate) rows: Vec<RecordedJob>,
    /// Names of miners, in the order of their first rows.
    pub(crate) miners: Vec<String>,
    /// Every so many-th row is kept.
    pub(crate) stride: u64,
    /// Rows read, those left out among them.
    pub(crate) seen: u64,
    /// Rows left out as bad.
    pub(crate) skipped: u64,
}

impl RecordedJobs {
    /// Reads a trace; `progress` is told how many rows have been read.
    ///
    /// # Errors
    /// When the file cannot be read, a row is bad (and not skipped), or there is no row or too many miners.
    pub(crate) fn read<R: BufRead>(
        rows: &mut TraceRows<R>,
        skip_bad: bool,
        progress: &dyn Fn(u64),
    ) -> Result<Self, TraceError> {
        let mut keeper = Keeper::default();
        let mut imported = Imported::default();
        let mut first_bad = None;
        let mut numbers = BTreeMap::new();
        loop {
            match rows.next(&mut imported) {
                Ok(false) => break,
                Ok(true) => {}
                Err(TraceError::Row(bad)) if skip_bad => {
                    keeper.jobs.skipped += 1;
                    first_bad.get_or_insert(bad);
                    continue;
                }
                Err(error) => return Err(error),
            }
            let row = &imported.row;
            let mut kept = RecordedJob::of(row.created_at_ms, row.num_inference_steps, &row.stored);
            kept.miner = match numbers.get(&imported.miner) {
                Some(miner) => *miner,
                None if numbers.len() == MINERS_MAX => {
                    let text = format!("there are more than {MINERS_MAX} miners");
                    return Err(TraceError::Unplaced { line: imported.line, text });
                }
                None => {
                    let miner = u16::try_from(numbers.len()).expect("at most 1024");
                    numbers.insert(imported.miner.clone(), miner);
                    keeper.jobs.miners.push(imported.miner.clone());
                    miner
                }
            };
            keeper.push(kept);
            if keeper.jobs.seen.is_multiple_of(PROGRESS_ROWS) {
                progress(keeper.jobs.seen);
            }
        }
        if keeper.jobs.rows.is_empty() {
            let first = first_bad.map(|bad| format!(", the first: {bad}")).unwrap_or_default();
            return Err(TraceError::NoRows { skipped: keeper.jobs.skipped, first });
        }
        Ok(keeper.jobs)
    }

    /// The jobs of replication `number` of a scenario, every `stride`-th as of the trace it is held against.
    ///
    /// # Errors
    /// When `stop` was set, or more jobs wait than may.
    pub(crate) fn simulated(
        scenario: &Scenario,
        (number, stride): (u64, u64),
        stop: &AtomicBool,
    ) -> Result<Self, Cut> {
        let mut watcher = Watcher { stride: stride.max(1), ..Watcher::default() };
        engine::run(scenario, number, None, Eyes::of(&mut watcher), stop)?;
        let miners = scenario.miners.iter().map(|miner| miner.name.clone()).collect();
        Ok(watcher.jobs(miners))
    }

    /// Rows whose creation is before `until_ms`.
    pub(crate) fn before(&self, until_ms: u64) -> Self {
        let count = self.rows.partition_point(|row| row.created_ms < until_ms);
        let rows = self.rows[..count].to_vec();
        // Numbers of miners stay: those that come later have no rows.
        Self { rows, miners: self.miners.clone(), ..*self }
    }
}

/// Keeps rows, and every second of them when they become too many.
#[derive(Debug, Default)]
struct Keeper {
    jobs: RecordedJobs,
    last: Option<RecordedJob>,
}

impl Keeper {
    fn push(&mut self, mut row: RecordedJob) {
        row.gap_ms = self.last.map(|last| row.created_ms - last.created_ms);
        row.ack_before_ms = self.last.and_then(|last| last.ack_ms);
        self.last = Some(row);
        let jobs = &mut self.jobs;
        jobs.stride = jobs.stride.max(1);
        if jobs.seen.is_multiple_of(jobs.stride) {
            if jobs.rows.len() == KEPT_MAX {
                let mut place = 0;
                jobs.rows.retain(|_| {
                    place += 1;
                    place % 2 == 1
                });
                jobs.stride *= 2;
            }
            if jobs.seen.is_multiple_of(jobs.stride) {
                jobs.rows.push(row);
            }
        }
        jobs.seen += 1;
    }
}

/// Keeps the last state of every `stride`-th job and, for the time between two, of the one before it.
#[derive(Debug, Default)]
struct Watcher {
    stride: u64,
    kept: Vec<Option<RecordedJob>>,
    before: Vec<Option<RecordedJob>>,
    seen: u64,
}

impl Observer for Watcher {
    fn job(&mut self, record: &JobRecord) {
        let number = record.job.number;
        self.seen = self.seen.max(number + 1);
        let place = |number: u64| usize::try_from(number / self.stride).expect("jobs in memory");
        if number.is_multiple_of(self.stride) {
            put(&mut self.kept, place(number), record);
        } else if (number + 1).is_multiple_of(self.stride) {
            put(&mut self.before, place(number + 1), record);
        }
    }

    fn answered_late(&mut self, record: &JobRecord) {
        self.job(record);
    }
}

fn put(rows: &mut Vec<Option<RecordedJob>>, place: usize, record: &JobRecord) {
    if rows.len() <= place {
        rows.resize(place + 1, None);
    }
    let mut row = RecordedJob::of(record.job.created.whole_ms(), record.job.steps, &record.stored);
    row.miner = u16::try_from(record.miner.index()).expect("at most 256 miners");
    rows[place] = Some(row);
}

impl Watcher {
    fn jobs(self, miners: Vec<String>) -> RecordedJobs {
        let Self { stride, mut kept, before, seen } = self;
        for place in 1..kept.len() {
            let earlier =
                if stride == 1 { kept[place - 1] } else { before.get(place).copied().flatten() };
            let (Some(row), Some(earlier)) = (&mut kept[place], earlier) else { continue };
            row.gap_ms = Some(row.created_ms - earlier.created_ms);
            row.ack_before_ms = earlier.ack_ms;
        }
        let rows = kept.into_iter().flatten().collect();
        RecordedJobs { rows, miners, stride, seen, skipped: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_rows_than_are_kept_are_thinned_evenly_and_gaps_stay_true() {
        let mut keeper = Keeper::default();
        let count = (KEPT_MAX as u64) + 10;
        for number in 0..count {
            keeper.push(RecordedJob { created_ms: 3 * number, ..RecordedJob::default() });
        }
        let jobs = keeper.jobs;
        assert_eq!((jobs.stride, jobs.seen), (2, count));
        assert_eq!(jobs.rows.len(), KEPT_MAX / 2 + 5);
        let even = |row: &RecordedJob| {
            row.created_ms.is_multiple_of(6) && row.gap_ms.is_none_or(|gap| gap == 3)
        };
        assert!(jobs.rows.iter().all(even));
    }

    /// Jobs 3 s apart, answered after as many ms as their number: of every second one the gap is still 3 s, and the answer
    /// that of the job left out. A late answer is kept, whatever order the records come in.
    #[test]
    fn simulated_jobs_are_thinned_as_the_trace_is() {
        for stride in [1, 2, 3] {
            let mut watcher = Watcher { stride, ..Watcher::default() };
            for number in (0..10_u64).rev() {
                let mut record = JobRecord::default();
                record.job.number = number;
                record.job.created = crate::base::units::SimTime(3_000_000_000 * number);
                watcher.job(&record);
                record.stored.dispatched_ms = Some(3000 * number + number);
                watcher.answered_late(&record);
            }
            let jobs = watcher.jobs(Vec::new());
            let numbers: Vec<u64> = jobs.rows.iter().map(|row| row.created_ms / 3000).collect();
            let expected: Vec<u64> = (0..10).filter(|n| n % stride == 0).collect();
            assert_eq!((numbers, jobs.seen), (expected, 10));
            for row in &jobs.rows[1..] {
                assert_eq!(row.gap_ms, Some(3000));
                assert_eq!(row.ack_before_ms.map(u64::from), Some(row.created_ms / 3000 - 1));
            }
        }
    }
}
