//! Reads trace.csv row by row, in bounded memory, and says of each bad row where and why.
//!
//! Rows stand in the order of creation, with rising job numbers: a number again, or a creation before the last row's,
//! is a bad row. Columns are found by their headings; further ones are left alone, but for `kind`.

use crate::base::cell;
use crate::trace::error::BadRow;
use crate::trace::error::TraceError;
use crate::trace::guard;
use crate::trace::guard::Guard;
use crate::trace::translate;
use crate::work::ObservedJob;
use crate::work::columns;
use crate::work::columns::HEADINGS;
use crate::work::columns::TraceRow;
use csv::ByteRecord;
use std::io::BufRead;

/// Latest instant allowed [ms]: all up to it are exact as floats.
const MS_MAX: u64 = 1 << 53;
/// Longest name of a miner or a kind [bytes].
const NAME_BYTES_MAX: usize = 256;
/// Characters of a bad value that a message shows.
const SHOWN_CHARACTERS: usize = 40;

/// A row of the trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Imported {
    /// Line of the file.
    pub(crate) line: u64,
    /// The job as it is stored.
    pub(crate) row: TraceRow,
    /// Name of the miner.
    pub(crate) miner: String,
    /// Name of the kind; empty where the file has none.
    pub(crate) kind: String,
    /// Stretch of the schedule in which the status was stored; 0 where the file does not say.
    pub(crate) stretch: usize,
}

/// The rows of a trace, one after the other.
#[derive(Debug)]
pub(crate) struct TraceRows<R> {
    reader: csv::Reader<Guard<R>>,
    record: ByteRecord,
    fields: usize,
    places: [usize; 14],
    kind_place: Option<usize>,
    stretch_place: Option<usize>,
    last: Option<(u64, u64)>,
    /// Column of the lines in the export, where the rows were translated.
    line_place: Option<usize>,
}

impl<R: BufRead> TraceRows<R> {
    /// Reads the headings.
    ///
    /// # Errors
    /// When the file is empty, cannot be read, or lacks a column.
    pub(crate) fn open(input: R) -> Result<Self, TraceError> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(Guard::new(input));
        let headings = reader.byte_headers().map_err(|e| TraceError::of_csv(e, 1))?;
        if headings.is_empty() {
            return Err(TraceError::Empty);
        }
        let find = |name: &str| headings.iter().position(|field| field == name.as_bytes());
        let missing: Vec<_> =
            HEADINGS.iter().copied().filter(|name| find(name).is_none()).collect();
        if !missing.is_empty() {
            let text = format!("columns are missing: {}", missing.join(", "));
            return Err(TraceError::Headings(text));
        }
        let count = |name: &str| headings.iter().filter(|field| *field == name.as_bytes()).count();
        if let Some(name) = HEADINGS.iter().find(|name| count(name) > 1) {
            return Err(TraceError::Headings(format!("the column {name} stands there twice")));
        }
        let places = HEADINGS.map(|name| find(name).expect("none is missing"));
        let (fields, kind_place) = (headings.len(), find(columns::KIND));
        let stretch_place = find(columns::STRETCH);
        let line_place = find(translate::LINE).filter(|place| *place + 1 == fields);
        Ok(Self {
            reader,
            record: ByteRecord::new(),
            fields,
            places,
            kind_place,
            stretch_place,
            last: None,
            line_place,
        })
    }

    /// The next row into `into`; false at the end.
    ///
    /// # Errors
    /// `Row` for a bad row, after which reading goes on; `Read` when the disk fails.
    pub(crate) fn next(&mut self, into: &mut Imported) -> Result<bool, TraceError> {
        let line = self.reader.position().line();
        let more = self
            .reader
            .read_byte_record(&mut self.record)
            .map_err(|e| TraceError::of_csv(e, line))?;
        if !more {
            return Ok(false);
        }
        into.line = self.line(line);
        let order = (|| {
            self.check_shape()?;
            self.parse(into)?;
            self.check_order(&into.row)
        })();
        let bad = |(column, text)| TraceError::Row(BadRow { line: into.line, column, text });
        order.map_err(bad)?;
        self.last = Some((into.row.job, into.row.created_at_ms));
        Ok(true)
    }

    /// The row's line in the file that was given.
    fn line(&self, line: u64) -> u64 {
        let is_fault = self.record.get(0) == Some(translate::FAULT.as_bytes());
        let place = self.line_place.map(|place| if is_fault { 1 } else { place });
        let field = place.and_then(|place| self.record.get(place));
        let told = field.and_then(|bytes| std::str::from_utf8(bytes).ok()?.parse().ok());
        told.or_else(|| self.record.position().map(csv::Position::line)).unwrap_or(line)
    }

    fn check_shape(&self) -> Result<(), RowFault> {
        let first = self.record.get(0).unwrap_or_default();
        if self.line_place.is_some() && first == translate::FAULT.as_bytes() {
            let field = |place: usize| {
                let bytes = self.record.get(place).unwrap_or_default();
                String::from_utf8_lossy(bytes).into_owned()
            };
            let place = field(2).parse().ok().filter(|place| *place > 0);
            return Err((place.map(|place| (place, field(3))), field(4)));
        }
        let fault = guard::shape_fault(first, self.record.len(), self.fields);
        fault.map_or(Ok(()), |text| Err((None, text)))
    }

    fn parse(&self, into: &mut Imported) -> Result<(), RowFault> {
        let cells = RowFields(self);
        let [
            job,
            created,
            dispatched,
            miner,
            steps,
            status,
            reason,
            latency,
            total,
            callback,
            response,
            updated,
            has_image,
            size,
        ] = std::array::from_fn(|index| index);
        let created_at_ms = cells.time(created)?;
        let status_text = cells.text(status)?;
        let known = columns::parse_status(status_text);
        let status_found =
            known.ok_or_else(|| cells.fault(status, "pending, success or failed"))?;
        into.row = TraceRow {
            job: cells.number(job, u64::MAX)?,
            created_at_ms,
            num_inference_steps: u32::try_from(cells.number(steps, u64::from(u32::MAX))?)
                .expect("it was bounded"),
            stored: ObservedJob {
                status: status_found,
                failure: columns::parse_reason(cells.text(reason)?),
                dispatched_ms: cells.later(dispatched, created_at_ms)?,
                callback_ms: cells.later(callback, created_at_ms)?,
                response_ms: cells.later(response, created_at_ms)?,
                last_updated_ms: cells
                    .later(updated, created_at_ms)?
                    .ok_or_else(|| cells.fault(updated, "a time"))?,
                total_runtime_ms: cells.maybe(total)?,
                latency_ms: cells.maybe(latency)?,
                has_image: cells.flag(has_image)?,
                image_bytes: cells.maybe_below(size, u64::MAX)?,
            },
        };
        into.miner.clear();
        into.miner.push_str(cells.name(miner)?);
        into.kind.clear();
        if let Some(place) = self.kind_place {
            let kind = self.record.get(place).unwrap_or_default();
            let kind = std::str::from_utf8(kind).ok().filter(|text| is_name(text));
            let text = || {
                (Some((place + 1, columns::KIND.to_string())), "is no printable text".to_string())
            };
            into.kind.push_str(kind.ok_or_else(text)?);
        }
        into.stretch = 0;
        if let Some(place) = self.stretch_place {
            let text = std::str::from_utf8(self.record.get(place).unwrap_or_default()).ok();
            let number = text.and_then(|text| text.parse().ok());
            let fault = || {
                (Some((place + 1, columns::STRETCH.to_string())), "is no whole number".to_string())
            };
            into.stretch = number.ok_or_else(fault)?;
        }
        Ok(())
    }

    fn check_order(&self, row: &TraceRow) -> Result<(), RowFault> {
        let Some((job, created)) = self.last else { return Ok(()) };
        let cells = RowFields(self);
        if row.job <= job {
            return Err(cells.fault(0, &format!("above {job}, the last row's: no job twice")));
        }
        if row.created_at_ms < created {
            let allowed = format!("from {created} on, the last row's: rows stand by creation");
            return Err(cells.fault(1, &allowed));
        }
        Ok(())
    }
}

/// The column at fault, from 1, and what is wrong.
pub(super) type RowFault = (Option<(usize, String)>, String);

/// The fields of the current row, by their place among the headings we know.
struct RowFields<'r, R>(&'r TraceRows<R>);

impl<'r, R> RowFields<'r, R> {
    fn bytes(&self, index: usize) -> &'r [u8] {
        self.0.record.get(self.0.places[index]).unwrap_or_default()
    }

    /// What is wrong with the field: what it is, and what it may be.
    fn fault(&self, index: usize, allowed: &str) -> RowFault {
        let text = String::from_utf8_lossy(self.bytes(index));
        let mut shown: String = text.chars().take(SHOWN_CHARACTERS).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        let column = (self.0.places[index] + 1, HEADINGS[index].to_string());
        (Some(column), format!("is {shown:?}, allowed: {allowed}"))
    }

    fn text(&self, index: usize) -> Result<&'r str, RowFault> {
        std::str::from_utf8(self.bytes(index)).map_err(|_| self.fault(index, "UTF-8 text"))
    }

    fn name(&self, index: usize) -> Result<&'r str, RowFault> {
        let text = self.text(index)?;
        let allowed = "1 to 256 bytes of printable text";
        if is_name(text) { Ok(text) } else { Err(self.fault(index, allowed)) }
    }

    fn number(&self, index: usize, most: u64) -> Result<u64, RowFault> {
        let text = self.text(index)?;
        let number = cell::whole(text).filter(|number| *number <= most);
        number.ok_or_else(|| self.fault(index, &format!("a whole number from 0 to {most}")))
    }

    /// Whether nothing stands there; the published columns have no word for it.
    fn is_empty(&self, index: usize) -> bool {
        self.bytes(index).is_empty()
    }

    fn maybe_below(&self, index: usize, most: u64) -> Result<Option<u64>, RowFault> {
        if self.is_empty(index) { Ok(None) } else { self.number(index, most).map(Some) }
    }

    fn maybe(&self, index: usize) -> Result<Option<u64>, RowFault> {
        self.maybe_below(index, MS_MAX)
    }

    fn time(&self, index: usize) -> Result<u64, RowFault> {
        self.number(index, MS_MAX)
    }

    /// A time that cannot come before the job's creation.
    fn later(&self, index: usize, created: u64) -> Result<Option<u64>, RowFault> {
        let time = self.maybe(index)?;
        if time.is_some_and(|time| time < created) {
            return Err(self.fault(index, &format!("from {created} on, the job's creation")));
        }
        Ok(time)
    }

    fn flag(&self, index: usize) -> Result<Option<bool>, RowFault> {
        if self.is_empty(index) {
            return Ok(None);
        }
        let truth = cell::truth(self.text(index)?);
        truth.map(Some).ok_or_else(|| self.fault(index, "0, 1 or nothing"))
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= NAME_BYTES_MAX && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests;
