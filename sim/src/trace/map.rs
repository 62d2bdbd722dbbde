//! A column map: how another export is read in the published columns.
//!
//! ```toml
//! format = "csv"                  # or "jsonl" (a JSON object a line), or "json" (one list of objects); without it seen
//! time_unit = "s"                 # of instants: "ms", "s", "us", "ns", or "iso" (2025-10-27T05:35:01.5+02:00)
//! duration_unit = "ms"            # of latency_ms and total_runtime_ms
//! num_inference_steps = 50        # where there is no column of steps
//!
//! [columns]                       # the published column = the export's
//! created_at_ms = "created"       # needed; rows stand by it; instants become milliseconds since the first row's
//! miner = "hotkey"                # needed, here or as a constant
//! status = "state"                # needed, here or as a constant
//! callback_received_ms = "done"   # total_runtime_ms follows from it where it has no column of its own
//!
//! [constants]                     # the published column = what stands in it for every row
//! miner = "gpu-0"
//!
//! [status]                        # the export's words = pending, success or failed
//! completed = "success"
//! ```
//!
//! Without `time_unit` numbers are milliseconds, where they can be nothing else. `null`, `None`, `NaN` and their like are
//! missing values, and 30.0 is the whole number 30.

use crate::base::instant::Unit;
use crate::work::columns::HEADINGS;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Columns without which nothing can be done.
const NEEDED: [&str; 3] = ["created_at_ms", "miner", "status"];
/// The column that rows stand by: no constant.
const CREATED: &str = "created_at_ms";
/// Columns that a constant makes no sense of: they differ from row to row.
const NO_CONSTANTS: [&str; 6] =
    ["job", CREATED, "dispatched_ms", "callback_received_ms", "response_ms", "last_updated_ms"];
/// Statuses that there are.
const STATUSES: [&str; 3] = ["pending", "success", "failed"];
/// Steps of a job where an export says nothing. Source: trace of October 2025.
const STEPS: u32 = 60;

/// How another export is read.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColumnMap {
    /// How rows are written; without it as the file's first character says.
    #[serde(default)]
    pub(crate) format: Option<Format>,
    /// Unit of instants; without it milliseconds, where numbers can be nothing else.
    #[serde(default)]
    pub(crate) time_unit: Option<Unit>,
    /// Unit in which the trace writes durations.
    #[serde(default)]
    pub(crate) duration_unit: Unit,
    /// Steps of every job, where no column has them.
    #[serde(default = "steps")]
    pub(crate) num_inference_steps: u32,
    /// Published column to the export's.
    pub(crate) columns: BTreeMap<String, String>,
    /// Published column to what stands in it for every row.
    #[serde(default)]
    constants: BTreeMap<String, toml::Value>,
    /// The export's statuses to ours.
    #[serde(default)]
    pub(crate) status: BTreeMap<String, String>,
}

fn steps() -> u32 {
    STEPS
}

/// Format of the export: CSV, JSON lines or a JSON list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// Comma-separated values below a line of headings.
    Csv,
    /// A JSON object a line.
    Jsonl,
    /// One JSON list of objects.
    Json,
}

impl ColumnMap {
    /// Reads a map.
    ///
    /// # Errors
    /// Text that names line, key and what is allowed.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let map: Self = toml::from_str(text).map_err(|error| {
            let before = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = text[..before].split('\n').count();
            format!("line {line}: {}", error.message())
        })?;
        for (table, name) in map
            .columns
            .keys()
            .map(|name| ("columns", name))
            .chain(map.constants.keys().map(|name| ("constants", name)))
        {
            if !HEADINGS.contains(&name.as_str()) {
                let allowed = HEADINGS.join(", ");
                return Err(format!("[{table}] names {name}, allowed: {allowed}"));
            }
        }
        if let Some(name) = map.constants.keys().find(|name| map.columns.contains_key(*name)) {
            return Err(format!("[columns] and [constants] both name {name}: keep one of the two"));
        }
        if let Some(name) = map.constants.keys().find(|n| NO_CONSTANTS.contains(&n.as_str())) {
            return Err(format!("[constants] names {name}, which differs from row to row"));
        }
        let is_plain = |value: &toml::Value| !value.is_array() && !value.is_table();
        if let Some((name, _)) = map.constants.iter().find(|(_, value)| !is_plain(value)) {
            return Err(format!("[constants] {name}: allowed: a text, a number, true or false"));
        }
        let has = |name: &str| map.columns.contains_key(name) || map.constants.contains_key(name);
        if let Some(name) = NEEDED.iter().find(|name| !has(name)) {
            let needed = NEEDED.join(", ");
            return Err(format!(
                "[columns] has no {name}, needed: {needed}; all but {CREATED} may stand in [constants]"
            ));
        }
        if let Some((word, to)) = map.status.iter().find(|(_, to)| !STATUSES.contains(&to.as_str()))
        {
            return Err(format!("[status] makes {word} {to}, allowed: {}", STATUSES.join(", ")));
        }
        if map.duration_unit == Unit::Iso {
            return Err("duration_unit is iso, allowed: ms, s, us, ns".to_string());
        }
        Ok(map)
    }

    /// What stands in a published column for every row, where the map says so.
    pub(super) fn constant(&self, ours: &str) -> Option<String> {
        Some(match self.constants.get(ours)? {
            toml::Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "[columns]\ncreated_at_ms = 'c'\nminer = 'm'\nstatus = 's'\n";

    #[test]
    fn a_map_says_what_is_wrong_with_it() {
        assert!(ColumnMap::parse(SMALL).is_ok());
        for (text, told) in [
            ("[columns]\nminer = 'm'\nstatus = 's'\n", "created_at_ms"),
            ("[columns]\ncreatd = 'm'\n", "creatd"),
            ("time_unit = 'days'\n[columns]\n", "line 1"),
            (&format!("{SMALL}[status]\ndone = 'ok'\n"), "allowed: pending"),
            ("columns = 5", "line 1"),
            (&format!("{SMALL}[constants]\nminer = 'a'\n"), "both name miner"),
            (&format!("{SMALL}[constants]\njob = 1\n"), "differs from row to row"),
            (&format!("{SMALL}[constants]\nimage_size = [1]\n"), "allowed: a text"),
            ("[columns]\ncreated_at_ms = 'c'\n[constants]\nminer = 'a'\n", "has no status"),
        ] {
            let error = ColumnMap::parse(text).unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
    }

    #[test]
    fn constants_stand_for_columns() {
        let text = "[columns]\ncreated_at_ms = 'c'\n[constants]\nminer = 'a'\nstatus = 'success'\n\
            has_image = true\nnum_inference_steps = 30\n";
        let map = ColumnMap::parse(text).unwrap();
        let found = ["miner", "has_image", "num_inference_steps", "job"].map(|c| map.constant(c));
        let expected = [Some("a"), Some("true"), Some("30"), None];
        assert_eq!(found, expected.map(|text| text.map(str::to_string)));
    }
}
