//! A column map: how another subnet's export is read in the published columns.
//!
//! ```toml
//! format = "csv"                  # or "jsonl", a JSON object a line; without it as the file's name ends
//! time_unit = "s"                 # of instants: "ms", "s", "us", "ns", or "iso" (2025-10-27T05:35:01.5Z)
//! duration_unit = "ms"            # of latency_ms and total_runtime_ms
//! num_inference_steps = 50        # where there is no column of steps
//!
//! [columns]                       # the published column = the export's
//! created_at_ms = "created"       # needed; rows stand by it; instants become milliseconds since the first row's
//! miner = "hotkey"                # needed
//! status = "state"                # needed
//! callback_received_ms = "done"   # total_runtime_ms follows from it where it has no column of its own
//!
//! [status]                        # the export's words = pending, success or failed
//! completed = "success"
//! ```

use crate::work::columns::HEADINGS;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Columns without which nothing can be done.
const NEEDED: [&str; 3] = ["created_at_ms", "miner", "status"];
/// Statuses that there are.
const STATUSES: [&str; 3] = ["pending", "success", "failed"];
/// Steps of a job where an export says nothing. Source: trace of October 2025.
const STEPS: u32 = 60;

/// How another subnet's export is read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColumnMap {
    /// How rows are written.
    #[serde(default)]
    pub(crate) format: Format,
    /// Unit of instants.
    #[serde(default)]
    pub(crate) time_unit: Unit,
    /// Unit of durations.
    #[serde(default)]
    pub(crate) duration_unit: Unit,
    /// Steps of every job, where no column has them.
    #[serde(default = "steps")]
    pub(crate) num_inference_steps: u32,
    /// Published column to the export's.
    pub(crate) columns: BTreeMap<String, String>,
    /// The export's statuses to ours.
    #[serde(default)]
    pub(crate) status: BTreeMap<String, String>,
}

fn steps() -> u32 {
    STEPS
}

/// How rows are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// Comma-separated, with headings.
    #[default]
    Csv,
    /// A JSON object a line.
    Jsonl,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unit {
    /// Milliseconds.
    #[default]
    Ms,
    /// Seconds.
    S,
    /// Microseconds.
    Us,
    /// Nanoseconds.
    Ns,
    /// An instant by calendar, in UTC.
    Iso,
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
        for name in map.columns.keys() {
            if !HEADINGS.contains(&name.as_str()) {
                let allowed = HEADINGS.join(", ");
                return Err(format!("[columns] names {name}, allowed: {allowed}"));
            }
        }
        if let Some(name) = NEEDED.iter().find(|name| !map.columns.contains_key(**name)) {
            return Err(format!("[columns] has no {name}, needed: {}", NEEDED.join(", ")));
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
}

/// A number in a unit as whole milliseconds; none of what is no number of at least 0.
pub(super) fn milliseconds(text: &str, unit: Unit) -> Option<u64> {
    const S: f64 = 1000.0;
    const US: f64 = 1e-3;
    const NS: f64 = 1e-6;
    let scale = match unit {
        Unit::Ms => 1.0,
        Unit::S => S,
        Unit::Us => US,
        Unit::Ns => NS,
        Unit::Iso => return calendar(text),
    };
    let number: f64 = text.trim().parse().ok()?;
    let ms = number * scale;
    (0.0..=EXACT).contains(&ms).then(|| crate::base::math::round_to_u64(ms))
}

/// Largest whole number that a float holds exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// Days of 1970-01-01 since the year 0, with years that begin in March.
const EPOCH_DAYS: u64 = 719_468;

/// `2025-10-27T05:35:01.5Z` as milliseconds since 1970; a space for the T, no Z and `+00:00` are the same.
fn calendar(text: &str) -> Option<u64> {
    let text = text.trim().trim_end_matches('Z').trim_end_matches("+00:00");
    let (date, time) = text.split_once(['T', ' '])?;
    let digits = |part: &str, most: u64| -> Option<u64> {
        let plain = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|number| plain && *number <= most)
    };
    let mut date = date.split('-');
    let (year, month, day) =
        (digits(date.next()?, 9999)?, digits(date.next()?, 12)?, digits(date.next()?, 31)?);
    let mut clock = time.split(':');
    let (hour, minute) = (digits(clock.next()?, 23)?, digits(clock.next()?, 59)?);
    let (whole, part) = clock.next()?.split_once('.').unwrap_or((time.rsplit(':').next()?, "0"));
    let second = digits(whole, 60)?;
    let thousandths = digits(&format!("{part:0<3}")[..3], 999)?;
    if date.next().is_some() || clock.next().is_some() || year < 1970 || month < 1 || day < 1 {
        return None;
    }
    // Days since 1970, with years that begin in March, so that the leap day is the last.
    let (years, months) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        365 * years + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + day - 1;
    let seconds = ((days - EPOCH_DAYS) * 24 + hour) * 3600 + minute * 60 + second;
    Some(seconds * 1000 + thousandths)
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
        ] {
            let error = ColumnMap::parse(text).unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
    }

    #[test]
    fn instants_come_in_many_units() {
        assert_eq!(milliseconds("1.5", Unit::S), Some(1500));
        assert_eq!(milliseconds("1500", Unit::Ms), Some(1500));
        assert_eq!(milliseconds("1500000000", Unit::Ns), Some(1500));
        for bad in ["NaN", "-1", "inf", "", "x", "1e300"] {
            assert_eq!(milliseconds(bad, Unit::S), None, "{bad}");
        }
        // 2025-10-27 is day 20,388 since 1970; 05:35:01 is second 20,101.
        assert_eq!(milliseconds("2025-10-27T05:35:01.5Z", Unit::Iso), Some(1_761_543_301_500));
        assert_eq!(milliseconds("1970-01-01 00:00:00", Unit::Iso), Some(0));
        assert_eq!(milliseconds("2024-02-29T00:00:00+00:00", Unit::Iso), Some(1_709_164_800_000));
        for bad in ["2025-13-01T00:00:00Z", "2025-10-27", "2025-10-27T25:00:00Z", "é-1-1T0:0:0"] {
            assert_eq!(milliseconds(bad, Unit::Iso), None, "{bad}");
        }
    }
}
