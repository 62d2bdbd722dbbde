//! The first reading of a trace: every row checked, and what a replay must know before it begins.

use crate::trace::error::BadRow;
use crate::trace::error::TraceError;
use crate::trace::import::Imported;
use crate::trace::import::TraceRows;
use std::collections::BTreeSet;
use std::io::BufRead;

/// Bad rows that are told one by one.
const TOLD_MAX: usize = 20;
/// Most miners: a trace of more is none of this subnet.
const MINERS_MAX: usize = 1024;

/// Miners, kinds and times of a trace, after its first reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scan {
    /// Rows that can be used.
    pub(crate) rows: u64,
    /// Rows left out because they cannot be read.
    pub(crate) skipped: u64,
    /// The first of the rows left out.
    pub(crate) bad: Vec<BadRow>,
    /// Miners in the order of their first rows, with the lines of those.
    pub(crate) miners: Vec<(String, u64)>,
    /// Last write of any job [ms].
    pub(crate) last_write_ms: u64,
    /// Longest time from a job's event to its last write [ms].
    pub(crate) lag_ms: u64,
}

/// Reads the whole trace once. With `skip_bad` bad rows are counted, else the first is the error.
///
/// # Errors
/// When the file cannot be read, its headings are not the published ones, or no row can be used.
pub(crate) fn scan(input: impl BufRead, skip_bad: bool) -> Result<Scan, TraceError> {
    let mut rows = TraceRows::open(input)?;
    let (mut scan, mut imported) = (Scan::default(), Imported::default());
    let mut known = BTreeSet::new();
    loop {
        match rows.next(&mut imported) {
            Ok(false) => break,
            Ok(true) => {}
            Err(TraceError::Row(bad)) if skip_bad => {
                scan.skipped += 1;
                if scan.bad.len() < TOLD_MAX {
                    scan.bad.push(bad);
                }
                continue;
            }
            Err(error) => return Err(error),
        }
        let stored = &imported.row.stored;
        let at_ms = stored.response_ms.unwrap_or(stored.last_updated_ms);
        scan.rows += 1;
        scan.last_write_ms = scan.last_write_ms.max(stored.last_updated_ms);
        scan.lag_ms = scan.lag_ms.max(stored.last_updated_ms.saturating_sub(at_ms));
        if !known.contains(&imported.miner) {
            if known.len() == MINERS_MAX {
                let text = format!("there are more than {MINERS_MAX} miners");
                return Err(TraceError::Unplaced { line: imported.line, text });
            }
            known.insert(imported.miner.clone());
            scan.miners.push((imported.miner.clone(), imported.line));
        }
    }
    if scan.rows == 0 {
        let first = scan.bad.first().map(|bad| format!(", the first: {bad}")).unwrap_or_default();
        return Err(TraceError::NoRows { skipped: scan.skipped, first });
    }
    Ok(scan)
}
