//! Another subnet's rows in the published columns, line by line, so that the importer judges them as it does ours.
//!
//! A value that cannot be read is passed on as it stands, for the importer to refuse with its place.

use crate::trace::error::TraceError;
use crate::trace::guard::Guard;
use crate::trace::map::ColumnMap;
use crate::trace::map::Format;
use crate::trace::map::milliseconds;
use crate::work::columns::HEADINGS;
use std::collections::BTreeMap;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;

/// Column of rows that had no line of headings: their numbers are one less.
pub(super) const NO_HEADINGS: &str = "assay_no_headings";

/// `input` in the published columns.
///
/// # Errors
/// When a column that the map names is not there.
pub(super) fn translate(
    input: Box<dyn BufRead>,
    map: &ColumnMap,
) -> Result<Box<dyn BufRead>, TraceError> {
    let rows = match map.format {
        Format::Jsonl => Rows::Json(Guard::new(input).keeping_quotes()),
        Format::Csv => {
            let guard = Guard::new(input);
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(guard);
            let found = reader.byte_headers().map_err(|e| TraceError::of_csv(e, 1))?.clone();
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let headings: Vec<String> = found.iter().map(text).collect();
            let missing = map.columns.iter().find(|(_, theirs)| !headings.contains(theirs));
            if let Some((ours, theirs)) = missing {
                let found = headings.join(", ");
                return Err(TraceError::Headings(format!(
                    "there is no column {theirs:?}, which the map gives for {ours}; there are: {found}"
                )));
            }
            Rows::Csv(Box::new(reader), headings)
        }
    };
    let mut translated = Translated {
        rows,
        map: map.clone(),
        ready: Vec::new(),
        passed: 0,
        origin_ms: None,
        number: 0,
    };
    let mut headings = HEADINGS.to_vec();
    if map.format == Format::Jsonl {
        headings.push(NO_HEADINGS);
    }
    translated.write(&headings);
    Ok(Box::new(BufReader::new(translated)))
}

/// Rows as they come.
enum Rows {
    Csv(Box<csv::Reader<Guard<Box<dyn BufRead>>>>, Vec<String>),
    Json(Guard<Box<dyn BufRead>>),
}

/// The published columns, as bytes.
struct Translated {
    rows: Rows,
    map: ColumnMap,
    ready: Vec<u8>,
    passed: usize,
    origin_ms: Option<u64>,
    number: u64,
}

impl Translated {
    fn write(&mut self, fields: &[&str]) {
        self.ready.clear();
        self.passed = 0;
        let mut writer = csv::Writer::from_writer(&mut self.ready);
        writer.write_record(fields).expect("writing to memory");
        writer.flush().expect("writing to memory");
        drop(writer);
    }

    /// The next line; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        let row = match &mut self.rows {
            Rows::Csv(reader, headings) => {
                let mut record = csv::ByteRecord::new();
                if !reader.read_byte_record(&mut record).map_err(io::Error::from)? {
                    return Ok(false);
                }
                if record.len() != headings.len() {
                    let first = String::from_utf8_lossy(record.get(0).unwrap_or_default());
                    let first = first.into_owned();
                    self.write(&[&first]);
                    return Ok(true);
                }
                // A byte that is no UTF-8 becomes a control character, which no field may have.
                let text =
                    |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap_or("\u{1}".to_string());
                headings.iter().cloned().zip(record.iter().map(text)).collect()
            }
            Rows::Json(guard) => {
                let Some(line) = guard.line()? else { return Ok(false) };
                if let Some(row) = object(&line) {
                    row
                } else {
                    self.write(&["no JSON object"]);
                    return Ok(true);
                }
            }
        };
        let fields = self.fields(&row);
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        self.write(&fields);
        Ok(true)
    }

    fn fields(&mut self, row: &BTreeMap<String, String>) -> Vec<String> {
        let map = self.map.clone();
        let found = |ours: &str| {
            let text = map.columns.get(ours).and_then(|theirs| row.get(theirs));
            text.map(|text| text.trim()).unwrap_or_default()
        };
        let created = milliseconds(found("created_at_ms"), map.time_unit);
        let origin = *self.origin_ms.get_or_insert(created.unwrap_or(0));
        // Before the first row's creation there is no instant: it stays as it stands and is refused.
        let instant = |ours: &str| match milliseconds(found(ours), map.time_unit) {
            Some(at) if at >= origin => (at - origin).to_string(),
            _ => found(ours).to_string(),
        };
        let duration = |ours: &str| match milliseconds(found(ours), map.duration_unit) {
            Some(ms) => ms.to_string(),
            None => found(ours).to_string(),
        };
        let number = |text: &str| text.parse::<u64>().ok();
        let [dispatched, callback, response] =
            ["dispatched_ms", "callback_received_ms", "response_ms"].map(instant);
        let created = instant("created_at_ms");
        let between = |from: &str, to: &str| {
            let (from, to) = (number(from), number(to));
            from.zip(to)
                .and_then(|(a, b)| b.checked_sub(a))
                .map(|ms| ms.to_string())
                .unwrap_or_default()
        };
        let or = |text: String, other: String| if text.is_empty() { other } else { text };
        let last = [&created, &dispatched, &callback, &response]
            .into_iter()
            .filter_map(|text| number(text))
            .max();
        let status = found("status");
        let size = found("image_size").to_string();
        let image = match found("has_image") {
            "true" | "True" => "1".to_string(),
            "false" | "False" => "0".to_string(),
            "" if !size.is_empty() => "1".to_string(),
            other => other.to_string(),
        };
        let steps =
            or(found("num_inference_steps").to_string(), map.num_inference_steps.to_string());
        let job = or(found("job").to_string(), self.number.to_string());
        self.number += 1;
        let mut fields = vec![
            job,
            created.clone(),
            dispatched.clone(),
            found("miner").to_string(),
            steps,
            map.status.get(status).cloned().unwrap_or(status.to_string()),
            found("failure_reason").to_string(),
            or(duration("latency_ms"), between(&dispatched, &callback)),
            or(duration("total_runtime_ms"), between(&created, &callback)),
            callback,
            response,
            or(instant("last_updated_ms"), last.map(|at| at.to_string()).unwrap_or_default()),
            image,
            size,
        ];
        assert_eq!(fields.len(), HEADINGS.len(), "a field a heading");
        if matches!(self.rows, Rows::Json(_)) {
            fields.push(String::new());
        }
        fields
    }
}

/// The keys of a JSON object with their plain values as text; none of what is no object.
fn object(line: &[u8]) -> Option<BTreeMap<String, String>> {
    let value: serde_json::Value = serde_json::from_slice(line).ok()?;
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some(value.as_object()?.iter().map(|(key, value)| (key.clone(), text(value))).collect())
}

impl Read for Translated {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.passed == self.ready.len() && !self.fill()? {
            return Ok(0);
        }
        let ready = &self.ready[self.passed..];
        let count = ready.len().min(target.len());
        target[..count].copy_from_slice(&ready[..count]);
        self.passed += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
