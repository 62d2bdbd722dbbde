//! `metrics.csv` read back.

use crate::report::read::ReadError;
use crate::report::read::table::ReadTable;

/// A metric over a group of miners.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MetricLine {
    /// Label of the metric, as `metrics.csv` prints it.
    pub(crate) metric: String,
    /// Its unit; `1` for a pure number.
    pub(crate) unit: String,
    /// Kind of group: whole, class, operator.
    pub(crate) grouping: String,
    /// The group; empty for all miners.
    pub(crate) group: String,
    /// Mean over replications; none where it has no value.
    pub(crate) mean: Option<f64>,
    /// Ends of the 95 % interval; none for one replication.
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    /// How the interval was made: Student or bootstrap-t.
    pub(crate) interval: String,
    /// Replications without a value.
    pub(crate) undefined: String,
    /// Why it has none.
    pub(crate) reason: String,
}

/// Reads the table.
///
/// # Errors
/// When a column is missing or a cell is no number.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Vec<MetricLine>, ReadError> {
    let table = ReadTable::read(file, bytes)?;
    let place = |heading| table.column(heading);
    let (metric, unit) = (place("metric")?, place("unit")?);
    let (grouping, group) = (place("grouping")?, place("group")?);
    let (mean, half_width) = (place("mean")?, place("half_width_95")?);
    // Results from before the interval was told by its ends have Student's.
    let later = |heading: &str| table.headings().iter().position(|own| own == heading);
    let ends = later("low_95").zip(later("high_95")).zip(later("interval"));
    let (undefined, reason) = (place("undefined")?, place("reason")?);
    let line = |row| {
        let text = |column| table.text(row, column).to_string();
        let centre = table.number(row, mean)?;
        let (low, high, interval) = if let Some(((low, high), interval)) = ends {
            (table.number(row, low)?, table.number(row, high)?, text(interval))
        } else {
            let both = centre.zip(table.number(row, half_width)?);
            let word = both.map_or(String::new(), |_| "Student".to_string());
            (both.map(|(c, half)| c - half), both.map(|(c, half)| c + half), word)
        };
        Ok(MetricLine {
            metric: text(metric),
            unit: text(unit),
            grouping: text(grouping),
            group: text(group),
            mean: centre,
            low,
            high,
            interval,
            undefined: text(undefined),
            reason: text(reason),
        })
    };
    (0..table.len()).map(line).collect()
}
