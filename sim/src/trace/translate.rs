//! Another export's rows in the published columns, one by one, so that the importer judges them as it does ours.
//!
//! What cannot be read is passed on as a fault with its place in the export, for the importer to refuse.

mod rows;

use crate::base::cell;
use crate::base::instant;
use crate::base::instant::Unit;
use crate::trace::error::TraceError;
use crate::trace::import::RowFault;
use crate::trace::map::ColumnMap;
use crate::work::columns::HEADINGS;
use rows::HeadedRow;
use rows::RowReader;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;

/// Column of the rows' lines in the export.
pub(super) const LINE: &str = "assay_line";
/// First field of a row that tells a fault: then its line, column, heading and text.
pub(super) const FAULT: &str = "\u{2}fault";
/// Characters of a bad value that a message shows.
const SHOWN_CHARACTERS: usize = 40;

/// `input` in the published columns.
///
/// # Errors
/// When a column that the map names is not there.
pub(super) fn translate(
    input: Box<dyn BufRead>,
    map: &ColumnMap,
) -> Result<Box<dyn BufRead>, TraceError> {
    let rows = RowReader::open(input, map)?;
    let mut translated = Translated {
        rows,
        map: map.clone(),
        unit: map.time_unit,
        ready: Vec::new(),
        passed: 0,
        origin_ms: None,
        number: 0,
    };
    let mut headings = HEADINGS.to_vec();
    headings.push(LINE);
    translated.write(&headings);
    Ok(Box::new(BufReader::new(translated)))
}

/// The published columns, as bytes.
struct Translated {
    rows: RowReader,
    map: ColumnMap,
    /// Unit of instants, once it is known.
    unit: Option<Unit>,
    ready: Vec<u8>,
    passed: usize,
    origin_ms: Option<u64>,
    number: u64,
}

impl Translated {
    fn write(&mut self, fields: &[&str]) {
        self.ready.clear();
        self.passed = 0;
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(&mut self.ready);
        writer.write_record(fields).expect("writing to memory");
        writer.flush().expect("writing to memory");
        drop(writer);
    }

    /// The next line; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        let Some((line, record)) = self.rows.next()? else { return Ok(false) };
        let line = line.to_string();
        let fields = record.map_err(|text| (None, text)).and_then(|record| self.fields(&record));
        match fields {
            Ok(mut fields) => {
                fields.push(line);
                let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
                self.write(&fields);
            }
            Err((column, text)) => {
                let (place, heading) = column.unwrap_or_default();
                self.write(&[FAULT, &line, &place.to_string(), &heading, &text]);
            }
        }
        Ok(true)
    }

    fn fields(&mut self, record: &HeadedRow) -> Result<Vec<String>, RowFault> {
        let row = MappedRow { map: &self.map, record };
        let unit = row.unit(self.unit)?;
        let created = instant::instant_ms(&row.text("created_at_ms"), unit)
            .map_err(|allowed| row.fault("created_at_ms", &allowed))?;
        let origin = *self.origin_ms.get_or_insert(created);
        self.unit = Some(unit);
        let instant = |ours: &str| -> Result<Option<u64>, RowFault> {
            let text = row.text(ours);
            if text.is_empty() {
                return Ok(None);
            }
            let at =
                instant::instant_ms(&text, unit).map_err(|allowed| row.fault(ours, &allowed))?;
            let since = at.checked_sub(origin);
            since.map(Some).ok_or_else(|| row.fault(ours, "an instant from the first row's on"))
        };
        let duration = |ours: &str| -> Result<Option<u64>, RowFault> {
            let text = row.text(ours);
            let read = || instant::duration_ms(&text, self.map.duration_unit);
            if text.is_empty() { Ok(None) } else { read().map(Some) }
                .map_err(|allowed| row.fault(ours, &allowed))
        };
        let created = instant("created_at_ms")?.expect("it was read");
        let dispatched = instant("dispatched_ms")?;
        let callback = instant("callback_received_ms")?;
        let response = instant("response_ms")?;
        let last = [Some(created), dispatched, callback, response].into_iter().flatten().max();
        let updated = instant("last_updated_ms")?.or(last);
        let between = |from: Option<u64>| from.zip(callback).and_then(|(a, b)| b.checked_sub(a));
        let latency = duration("latency_ms")?.or_else(|| between(dispatched));
        let total = duration("total_runtime_ms")?.or_else(|| between(Some(created)));
        let size = row.whole("image_size")?;
        let image = match (row.text("has_image").as_str(), size) {
            ("", Some(_)) => Some(true),
            ("", None) => None,
            (text, _) => {
                let truth = cell::truth(text);
                Some(truth.ok_or_else(|| row.fault("has_image", "1, 0, true, false or nothing"))?)
            }
        };
        let steps = row.whole("num_inference_steps")?;
        let job = row.whole("job")?.unwrap_or(self.number);
        let (miner, status) = (row.needed("miner")?, row.status()?);
        let shown = |number: Option<u64>| number.map(|n| n.to_string()).unwrap_or_default();
        let fields = vec![
            job.to_string(),
            created.to_string(),
            shown(dispatched),
            miner,
            steps.unwrap_or(u64::from(self.map.num_inference_steps)).to_string(),
            status,
            row.text("failure_reason"),
            shown(latency),
            shown(total),
            shown(callback),
            shown(response),
            shown(updated),
            shown(image.map(u64::from)),
            shown(size),
        ];
        self.number += 1;
        assert_eq!(fields.len(), HEADINGS.len(), "a field a heading");
        Ok(fields)
    }
}

/// A row of the export, as the map reads it.
struct MappedRow<'r> {
    map: &'r ColumnMap,
    record: &'r HeadedRow,
}

impl MappedRow<'_> {
    /// What stands in a published column; empty where nothing does.
    fn text(&self, ours: &str) -> String {
        match self.map.columns.get(ours) {
            Some(theirs) => cell::filled(self.record.get(theirs)).to_string(),
            None => self.map.constant(ours).unwrap_or_default(),
        }
    }

    /// The unit of instants: the one that is known, else milliseconds where the creation can be nothing else.
    fn unit(&self, known: Option<Unit>) -> Result<Unit, RowFault> {
        let is_unclear = || instant::needs_unit(&self.text("created_at_ms"));
        if known.is_none() && is_unclear() {
            let allowed =
                "with time_unit in the map: ms, s, us, ns or iso; the number does not say it";
            return Err(self.fault("created_at_ms", allowed));
        }
        Ok(known.unwrap_or_default())
    }

    fn needed(&self, ours: &str) -> Result<String, RowFault> {
        let text = self.text(ours);
        if text.is_empty() { Err(self.fault(ours, "a value")) } else { Ok(text) }
    }

    fn whole(&self, ours: &str) -> Result<Option<u64>, RowFault> {
        let text = self.text(ours);
        if text.is_empty() {
            return Ok(None);
        }
        cell::whole(&text).map(Some).ok_or_else(|| self.fault(ours, "a whole number"))
    }

    /// The status by the map's words, whatever they are, else by ours.
    fn status(&self) -> Result<String, RowFault> {
        let theirs = self.map.columns.get("status").map(|theirs| self.record.get(theirs).trim());
        if let Some(ours) = theirs.and_then(|word| self.map.status.get(word)) {
            return Ok(ours.clone());
        }
        let word = self.needed("status")?;
        let word = self.map.status.get(&word).cloned().unwrap_or(word);
        if crate::work::columns::parse_status(&word).is_some() {
            return Ok(word);
        }
        Err(self.fault("status", "pending, success, failed, or a word that [status] names"))
    }

    /// What is wrong with a column: what stands there, as the export has it, and what may.
    fn fault(&self, ours: &str, allowed: &str) -> RowFault {
        let column = self.map.columns.get(ours).map(|theirs| {
            let place = self.record.place(theirs).map_or(0, |place| place + 1);
            (place, theirs.clone())
        });
        let text = match self.map.columns.get(ours) {
            Some(theirs) => self.record.get(theirs).to_string(),
            None => self.map.constant(ours).unwrap_or_default(),
        };
        let mut shown: String = text.chars().take(SHOWN_CHARACTERS).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        (column, format!("is {shown:?} for {ours}, allowed: {allowed}"))
    }
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
