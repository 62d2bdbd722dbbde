//! The jobs of one replication, in the columns of the October trace and, beside them, the truth the mechanism does not see.
//!
//! Further columns: `kind` of job; `useful_steps` [steps]; `computed_steps` [steps]; `began_ns` and `service_ns` [ns] of the
//! work; `created_ns` [ns] to the nanosecond; `image_id`, the content's name in 32 hexadecimal digits.

use crate::engine;
use crate::engine::Witness;
use crate::scenario::Scenario;
use crate::work::JobRecord;
use crate::work::columns::HEADINGS;
use crate::work::columns::KIND;
use crate::work::columns::TraceRow;
use std::sync::atomic::AtomicBool;

/// Headings of the truth.
const TRUTH: [&str; 7] =
    [KIND, "useful_steps", "computed_steps", "created_ns", "began_ns", "service_ns", "image_id"];

/// The jobs of replication `number` as CSV, in order of number; none when `stop` was set.
pub(crate) fn jobs(scenario: &Scenario, number: u64, stop: &AtomicBool) -> Option<Vec<u8>> {
    let mut last = LastOfEach::default();
    engine::run(scenario, number, None, &mut last, stop)?;
    let headings: Vec<&str> = HEADINGS.into_iter().chain(TRUTH).collect();
    let rows = last.records.iter().flatten().map(|record| row(scenario, record));
    Some(super::tables::csv(&headings, rows))
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

fn row(scenario: &Scenario, record: &JobRecord) -> Vec<String> {
    let job = &record.job;
    let published = TraceRow {
        job: job.number,
        created_at_ms: job.created.whole_ms(),
        num_inference_steps: job.steps,
        stored: record.stored,
    };
    let name = &scenario.miners[record.miner.index()].name;
    let mut cells: Vec<String> =
        published.fields(name).into_iter().map(std::borrow::Cow::into_owned).collect();
    let truth = &record.truth;
    cells.extend([
        scenario.kinds[job.kind.index()].type_name.clone(),
        truth.useful_steps.to_string(),
        truth.computed_steps.to_string(),
        job.created.0.to_string(),
        truth.began.map_or_else(String::new, |at| at.0.to_string()),
        truth.service.0.to_string(),
        truth.image_id.map_or_else(String::new, |id| format!("{id:032x}")),
    ]);
    cells
}
