//! The jobs of one replication, in the columns of the October trace and, beside them, the truth the mechanism does not see.
//!
//! Further columns: `kind` of job; `useful_steps` [steps]; `computed_steps` [steps]; `began_ns` and `service_ns` [ns] of the
//! work; `created_ns` [ns] to the nanosecond; `image_id`, the content's name in 32 hexadecimal digits.

use crate::engine;
use crate::engine::Witness;
use crate::report::table::Cell;
use crate::report::table::Table;
use crate::scenario::Scenario;
use crate::work::JobRecord;
use crate::work::columns::HEADINGS;
use crate::work::columns::KIND;
use crate::work::columns::TraceRow;
use std::sync::atomic::AtomicBool;

/// Headings of the truth.
const TRUTH: [&str; 7] =
    [KIND, "useful_steps", "computed_steps", "created_ns", "began_ns", "service_ns", "image_id"];

/// The jobs of replication `number` in order of number; none when `stop` was set.
pub(crate) fn jobs(scenario: &Scenario, number: u64, stop: &AtomicBool) -> Option<Table> {
    let mut last = LastOfEach::default();
    engine::run(scenario, number, None, &mut last, stop)?;
    let rows = last.records.iter().flatten().map(|record| row(scenario, record));
    Some(Table::new(HEADINGS.into_iter().chain(TRUTH)).with(rows))
}

/// Keeps the last record of every job, as an export of the orchestrator's database does.
#[derive(Debug, Default)]
struct LastOfEach {
    records: Vec<Option<JobRecord>>,
}

impl Witness for LastOfEach {
    fn job(&mut self, record: &JobRecord) {
        let index = usize::try_from(record.job.number).expect("jobs held in memory");
        if self.records.len() <= index {
            self.records.resize(index + 1, None);
        }
        self.records[index] = Some(*record);
    }

    fn answered_late(&mut self, record: &JobRecord) {
        self.job(record);
    }
}

fn row(scenario: &Scenario, record: &JobRecord) -> Vec<Cell> {
    let job = &record.job;
    let published = TraceRow {
        job: job.number,
        created_at_ms: job.created.whole_ms(),
        num_inference_steps: job.steps,
        stored: record.stored,
    };
    let name = &scenario.miners[record.miner.index()].name;
    let mut cells: Vec<Cell> =
        published.fields(name).into_iter().map(|text| Cell::Text(text.into_owned())).collect();
    let truth = &record.truth;
    cells.extend([
        scenario.kinds[job.kind.index()].type_name.clone().into(),
        truth.useful_steps.into(),
        truth.computed_steps.into(),
        job.created.0.into(),
        truth.began.map_or(Cell::Figure(None), |at| at.0.into()),
        truth.service.0.into(),
        truth.image_id.map_or_else(String::new, |id| format!("{id:032x}")).into(),
    ]);
    cells
}
