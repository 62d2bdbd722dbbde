//! The last record of every job of one replication, as an export of the orchestrator's database holds it.

use crate::engine::Witness;
use crate::record::JobRecord;

/// Keeps the last record of every job.
#[derive(Debug, Default)]
pub(crate) struct LastOfEach {
    records: Vec<Option<JobRecord>>,
}

impl LastOfEach {
    /// The records, in order of the jobs' numbers.
    pub(crate) fn records(&self) -> impl Iterator<Item = &JobRecord> {
        self.records.iter().flatten()
    }

    fn keep(&mut self, record: &JobRecord) {
        let index = usize::try_from(record.job.number).expect("jobs held in memory");
        if self.records.len() <= index {
            self.records.resize(index + 1, None);
        }
        self.records[index] = Some(*record);
    }
}

impl Witness for LastOfEach {
    fn job(&mut self, record: &JobRecord) {
        self.keep(record);
    }

    fn answered_late(&mut self, record: &JobRecord) {
        self.keep(record);
    }
}
