//! What a simulated run writes beside its jobs: all that a file with one row a job cannot say.
//!
//! `t.csv` of `assay run --jobs` has `t.history.csv` beside it. A row of it is one of two:
//!
//! - `flags`: from `at_ns` on, `miner` is `valid` or not and has so many `failed_audits`;
//! - `status`: until `at_ns` the job stood as the row's stored columns say, and then another status took that one's place.
//!
//! Rows of flags stand in the order of time, those of a job's statuses in the order in which they were stored.

use crate::base::units::SimTime;
use crate::trace::error::TraceError;
use crate::trace::import::Imported;
use crate::work::Flags;
use crate::work::ObservedJob;
use crate::work::columns;
use crate::work::columns::HISTORY;
use crate::work::columns::TraceRow;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

/// A miner's flags from an instant on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FlagsChange {
    /// The instant from which the flags hold.
    pub(super) at: SimTime,
    /// The miner whose flags change, by its name.
    pub(super) miner: String,
    /// The flags that hold from then on.
    pub(super) flags: Flags,
    line: u64,
}

/// A status that another one took the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Earlier {
    /// The job as it stood.
    pub(super) row: Imported,
    /// When the other one took its place [ms].
    pub(super) superseded_ms: u64,
}

/// A run's history, whole in memory: flags change seldom, and few statuses are overwritten.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunHistory {
    /// Changes of flags, in the order of time.
    pub(super) flags: Vec<FlagsChange>,
    earlier: BTreeMap<u64, Vec<Earlier>>,
}

/// Where the history of the jobs in `file` stands.
pub(crate) fn beside(file: &Path) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!("{stem}.history.csv"))
}

impl RunHistory {
    /// Reads a history.
    ///
    /// # Errors
    /// When it cannot be read, has other headings, or a row is not what a run writes.
    pub(crate) fn read(input: impl Read) -> Result<Self, TraceError> {
        let mut reader = csv::Reader::from_reader(input);
        let headings = reader.headers().map_err(|e| TraceError::of_csv(e, 1))?;
        if headings.iter().ne(HISTORY) {
            let text = format!("of a history must be: {}", HISTORY.join(","));
            return Err(TraceError::Headings(text));
        }
        let mut history = Self::default();
        for record in reader.records() {
            let record = record.map_err(|e| TraceError::of_csv(e, 1))?;
            let line = record.position().map_or(0, csv::Position::line);
            let understood = history.take_in(&record, line);
            understood.ok_or_else(|| TraceError::Unplaced {
                line,
                text: "the history's row is not what a run writes: make it again".to_string(),
            })?;
        }
        Ok(history)
    }

    fn take_in(&mut self, record: &csv::StringRecord, line: u64) -> Option<()> {
        let cell = |heading: &str| {
            let place = HISTORY.iter().position(|own| *own == heading)?;
            record.get(place)
        };
        let number = |heading: &str| cell(heading)?.parse::<u64>().ok();
        let maybe = |heading: &str| match cell(heading)? {
            "" => Some(None),
            text => text.parse::<u64>().ok().map(Some),
        };
        let at = SimTime(number("at_ns")?);
        let miner = cell("miner")?.to_string();
        match cell("what")? {
            "flags" => {
                let valid = number("valid")? == 1;
                let failed_audits = u32::try_from(number("failed_audits")?).ok()?;
                if self.flags.last().is_some_and(|last| last.at > at) {
                    return None;
                }
                let flags = Flags { valid, failed_audits };
                self.flags.push(FlagsChange { at, miner, flags, line });
            }
            "status" => {
                let stored = ObservedJob {
                    status: columns::parse_status(cell("status")?)?,
                    failure: columns::parse_reason(cell("failure_reason")?),
                    dispatched_ms: maybe("dispatched_ms")?,
                    callback_ms: maybe("callback_received_ms")?,
                    response_ms: maybe("response_ms")?,
                    last_updated_ms: number("last_updated_ms")?,
                    total_runtime_ms: maybe("total_runtime_ms")?,
                    latency_ms: maybe("latency_ms")?,
                    has_image: maybe("has_image")?.map(|flag| flag == 1),
                    image_bytes: maybe("image_size")?,
                };
                let job = number("job")?;
                let row = TraceRow {
                    job,
                    created_at_ms: number("created_at_ms")?,
                    num_inference_steps: u32::try_from(number("num_inference_steps")?).ok()?,
                    stored,
                };
                let kind = cell(columns::KIND)?.to_string();
                let stretch = usize::try_from(number(columns::STRETCH)?).ok()?;
                let row = Imported { line, row, miner, kind, stretch };
                let earlier = Earlier { row, superseded_ms: at.whole_ms() };
                self.earlier.entry(job).or_default().push(earlier);
            }
            _ => return None,
        }
        Some(())
    }

    /// The statuses that job `number` had before its last one.
    pub(super) fn earlier(&self, number: u64) -> &[Earlier] {
        self.earlier.get(&number).map_or(&[], Vec::as_slice)
    }

    /// Whether every miner that it names is known.
    ///
    /// # Errors
    /// The first that is not.
    pub(super) fn check_names(&self, known: &BTreeMap<&str, usize>) -> Result<(), TraceError> {
        let flags = self.flags.iter().map(|change| (change.line, &change.miner));
        let earlier = self.earlier.values().flatten().map(|one| (one.row.line, &one.row.miner));
        let unknown = |(_, miner): &(u64, &String)| !known.contains_key(miner.as_str());
        flags.chain(earlier).find(unknown).map_or(Ok(()), |(line, miner)| {
            let text = format!("the history names {miner}, whom the scenario does not know");
            Err(TraceError::Unplaced { line, text })
        })
    }
}
