//! The jobs of one replication, in the columns of the October trace and, beside them, the truth the mechanism does not see.
//!
//! Further columns: `kind` of job; `stretch` of the schedule in which its status was stored; `useful_steps` [steps];
//! `computed_steps` [steps]; `began_ns` and `service_ns` [ns] of the work; `created_ns` [ns] to the nanosecond; `image_id`, the
//! content's name in 32 hexadecimal digits.
//!
//! What one row a job cannot say is written beside it, as the run's history: statuses that others took the place of, and
//! from when on which miner was valid. A replay of both by the same rules gives the run's scores.

use crate::base::ids::MinerId;
use crate::base::units::SimTime;
use crate::engine;
use crate::engine::Cut;
use crate::engine::Eyes;
use crate::observe::Observer;
use crate::report::table::Cell;
use crate::report::table::Table;
use crate::scenario::Kind;
use crate::scenario::Scenario;
use crate::work::Before;
use crate::work::FailureReason;
use crate::work::Flags;
use crate::work::JobRecord;
use crate::work::Status;
use crate::work::columns::HEADINGS;
use crate::work::columns::HISTORY;
use crate::work::columns::KIND;
use crate::work::columns::STRETCH;
use crate::work::columns::TraceRow;
use std::borrow::Cow;
use std::sync::atomic::AtomicBool;

/// Headings of the truth.
const TRUTH: [&str; 8] = [
    KIND,
    STRETCH,
    "useful_steps",
    "computed_steps",
    "created_ns",
    "began_ns",
    "service_ns",
    "image_id",
];

/// The jobs of one replication, and the history beside them.
#[derive(Clone, Debug, PartialEq)]
pub struct JobTables {
    /// The jobs, in order of number, in the columns of the October trace and the truth beside them.
    pub jobs: Table,
    /// What one row a job cannot say: statuses that others took the place of, and from when on which miner was valid.
    pub history: Table,
}

/// The jobs of replication `number`.
///
/// # Errors
/// When `stop` was set, or more jobs wait than may.
pub(crate) fn jobs(scenario: &Scenario, number: u64, stop: &AtomicBool) -> Result<JobTables, Cut> {
    let mut export = JobsExport::default();
    engine::run(scenario, number, None, Eyes::of(&mut export), stop)?;
    Ok(export.tables(scenario))
}

/// A job as it is stored, and in which stretch that happened.
#[derive(Clone, Copy, Debug)]
struct StoredInStretch {
    record: JobRecord,
    stretch: usize,
}

/// Keeps the last record of every job, as an export of the orchestrator's database does, and what that cannot say.
#[derive(Debug, Default)]
pub(crate) struct JobsExport {
    last: Vec<Option<StoredInStretch>>,
    earlier: Vec<(u64, StoredInStretch)>,
    flags: Vec<(SimTime, MinerId, Flags)>,
    stretch: usize,
}

impl JobsExport {
    /// What it has seen of a replication of `scenario`.
    pub(crate) fn tables(&self, scenario: &Scenario) -> JobTables {
        let rows = self.last.iter().flatten().map(|kept| row(scenario, kept));
        let flags = self
            .flags
            .iter()
            .map(|(at, miner, flags)| flags_row(*at, &scenario.miners[miner.index()].name, *flags));
        let statuses = self.earlier.iter().map(|(at, kept)| status_row(scenario, *at, kept));
        let jobs = Table::new(HEADINGS.into_iter().chain(TRUTH)).with(rows);
        let history = Table::new(HISTORY).with(flags.chain(statuses));
        JobTables { jobs, history }
    }

    fn place(&mut self, record: &JobRecord) -> &mut Option<StoredInStretch> {
        let index = usize::try_from(record.job.number).expect("jobs held in memory");
        if self.last.len() <= index {
            self.last.resize(index + 1, None);
        }
        &mut self.last[index]
    }
}

impl Observer for JobsExport {
    fn status_changed(&mut self, record: &JobRecord, before: Before) {
        let stored = StoredInStretch { record: *record, stretch: self.stretch };
        let earlier = self.place(record).replace(stored);
        if let Some(earlier) = earlier.filter(|_| before.status != Status::Pending) {
            let written_ms = written_ms(record);
            self.earlier.push((written_ms, earlier));
        }
    }

    fn answered_late(&mut self, record: &JobRecord) {
        let stretch = self.place(record).map_or(0, |kept| kept.stretch);
        *self.place(record) = Some(StoredInStretch { record: *record, stretch });
    }

    fn still_open(&mut self, record: &JobRecord) {
        let stretch = self.stretch;
        *self.place(record) = Some(StoredInStretch { record: *record, stretch });
    }

    fn flags_changed(&mut self, at: SimTime, miner: MinerId, flags: Flags) {
        self.flags.push((at, miner, flags));
    }

    fn stretch_began(&mut self, _at: SimTime) {
        self.stretch += 1;
    }
}

/// When a status was written [ms]: a stored response is written when the callback arrives, though it is read later.
fn written_ms(record: &JobRecord) -> u64 {
    let stored = &record.stored;
    match stored.failure {
        Some(
            FailureReason::DispatchTimeout
            | FailureReason::DispatchStatus(_)
            | FailureReason::EmptyImage
            | FailureReason::MinRuntime,
        ) => stored.last_updated_ms,
        None | Some(FailureReason::CallbackStatus | FailureReason::MaxLatency) => {
            stored.callback_ms.unwrap_or(stored.last_updated_ms)
        }
    }
}

fn published<'r>(record: &JobRecord, miner: &'r str) -> [Cow<'r, str>; 14] {
    TraceRow {
        job: record.job.number,
        created_at_ms: record.job.created.whole_ms(),
        num_inference_steps: record.job.steps,
        stored: record.stored,
    }
    .fields(miner)
}

fn kind(scenario: &Scenario, record: &JobRecord) -> String {
    let kind = &scenario.kinds[record.job.kind.index()];
    Kind::label(&scenario.kinds, kind).to_string()
}

fn row(scenario: &Scenario, kept: &StoredInStretch) -> Vec<Cell> {
    let record = &kept.record;
    let (job, truth) = (&record.job, &record.truth);
    let name = &scenario.miners[record.miner.index()].name;
    let mut cells: Vec<Cell> = published(record, name).into_iter().map(text).collect();
    cells.extend([
        kind(scenario, record).into(),
        stretch(kept),
        truth.useful_steps.into(),
        truth.computed_steps.into(),
        job.created.0.into(),
        truth.began.map_or(Cell::Figure(None), |at| at.0.into()),
        truth.service.0.into(),
        truth.image_id.map_or_else(String::new, |id| format!("{id:032x}")).into(),
    ]);
    cells
}

fn text(cell: Cow<'_, str>) -> Cell {
    Cell::Text(cell.into_owned())
}

fn stretch(kept: &StoredInStretch) -> Cell {
    Cell::Whole(i128::try_from(kept.stretch).expect("few stretches"))
}

fn flags_row(at: SimTime, miner: &str, flags: Flags) -> Vec<Cell> {
    let cell = |heading: &str| match heading {
        "what" => "flags".into(),
        "at_ns" => at.0.into(),
        "miner" => miner.into(),
        "valid" => u16::from(flags.valid).into(),
        "failed_audits" => flags.failed_audits.into(),
        _ => Cell::Figure(None),
    };
    HISTORY.iter().map(|heading| cell(heading)).collect()
}

fn status_row(scenario: &Scenario, until_ms: u64, kept: &StoredInStretch) -> Vec<Cell> {
    let record = &kept.record;
    let name = &scenario.miners[record.miner.index()].name;
    let until = SimTime::from_ms(until_ms).0.into();
    let mut cells = vec!["status".into(), until, Cell::Figure(None), Cell::Figure(None)];
    cells.extend(published(record, name).into_iter().map(text));
    cells.extend([kind(scenario, record).into(), stretch(kept)]);
    cells
}

#[cfg(test)]
mod tests;
