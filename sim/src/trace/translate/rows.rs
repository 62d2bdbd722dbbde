//! The rows of an export: CSV, JSON lines, or one JSON list of objects.

use crate::trace::error::TraceError;
use crate::trace::guard;
use crate::trace::guard::Guard;
use crate::trace::map::ColumnMap;
use crate::trace::map::Format;
use serde::Deserialize;
use serde_json::Value;
use std::io;
use std::io::BufRead;
use std::io::Read;
use std::rc::Rc;

/// Longest object of a list [bytes].
const OBJECT_BYTES_MAX: u64 = 1 << 20;

/// A row by its headings.
#[derive(Clone, Debug, Default)]
pub(super) struct HeadedRow {
    headings: Rc<Vec<String>>,
    fields: Vec<String>,
}

impl HeadedRow {
    /// What stands under a heading; empty where nothing does.
    pub(super) fn get(&self, heading: &str) -> &str {
        self.place(heading).and_then(|place| self.fields.get(place)).map_or("", String::as_str)
    }

    /// The place of a heading, from 0.
    pub(super) fn place(&self, heading: &str) -> Option<usize> {
        self.headings.iter().position(|own| own == heading)
    }

    fn of(value: &Value) -> Result<Self, String> {
        let object = value.as_object().ok_or("no JSON object")?;
        let text = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let (headings, fields) =
            object.iter().map(|(key, value)| (key.clone(), text(value))).unzip();
        Ok(Self { headings: Rc::new(headings), fields })
    }
}

/// A row, or what is wrong with it as a whole.
type Read1 = Result<HeadedRow, String>;

/// Rows as they come.
pub(super) enum RowReader {
    /// Lines of comma-separated fields, with their headings.
    Csv(Box<csv::Reader<Guard<Box<dyn BufRead>>>>, Rc<Vec<String>>),
    /// A line an object.
    Lines(Guard<Box<dyn BufRead>>, u64),
    /// Objects of JSON in one list.
    List(JsonList),
}

impl RowReader {
    /// The rows of `input`, in the map's format or the one that its first character says.
    ///
    /// # Errors
    /// When a column that the map names is not there, or the file cannot be read.
    pub(super) fn open(mut input: Box<dyn BufRead>, map: &ColumnMap) -> Result<Self, TraceError> {
        let failed = |source| TraceError::of_io(source, 1);
        let format = match map.format {
            Some(format) => format,
            None => match input.fill_buf().map_err(failed)?.trim_ascii_start().first() {
                Some(b'[') => Format::Json,
                Some(b'{') => Format::Jsonl,
                _ => Format::Csv,
            },
        };
        match format {
            Format::Jsonl => Ok(Self::Lines(Guard::new(input).keeping_quotes(), 0)),
            Format::Json => Ok(Self::List(JsonList { input, line: 1, state: ListState::Before })),
            Format::Csv => {
                let mut reader =
                    csv::ReaderBuilder::new().flexible(true).from_reader(Guard::new(input));
                let found = reader.byte_headers().map_err(|e| TraceError::of_csv(e, 1))?.clone();
                if found.is_empty() {
                    return Err(TraceError::Empty);
                }
                let text = |bytes: &[u8]| {
                    let text = String::from_utf8_lossy(bytes).into_owned();
                    text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_string)
                };
                let headings: Vec<String> = found.iter().map(text).collect();
                let missing = map.columns.iter().find(|(_, theirs)| !headings.contains(theirs));
                if let Some((ours, theirs)) = missing {
                    let found = headings.join(", ");
                    return Err(TraceError::Headings(format!(
                        "there is no column {theirs:?}, which the map gives for {ours}; there are: {found}"
                    )));
                }
                Ok(Self::Csv(Box::new(reader), Rc::new(headings)))
            }
        }
    }

    /// The next row with its line; none at the end.
    ///
    /// # Errors
    /// When reading fails; a bad row is no error and is given back as one.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, Read1)>> {
        match self {
            Self::List(list) => list.next(),
            Self::Lines(guard, line) => loop {
                let Some(text) = guard.line()? else { return Ok(None) };
                *line += 1;
                if text.trim_ascii().is_empty() {
                    continue;
                }
                let whole = guard::shape_fault(&text, 1, 1).map_or(Ok(()), Err);
                let value = whole.and_then(|()| {
                    serde_json::from_slice(&text).map_err(|_| "no JSON object".to_string())
                });
                return Ok(Some((*line, value.and_then(|value: Value| HeadedRow::of(&value)))));
            },
            Self::Csv(reader, headings) => {
                let mut record = csv::ByteRecord::new();
                if !reader.read_byte_record(&mut record).map_err(io::Error::from)? {
                    return Ok(None);
                }
                let line = record.position().map_or(0, csv::Position::line);
                let first = record.get(0).unwrap_or_default();
                if let Some(text) = guard::shape_fault(first, record.len(), headings.len()) {
                    return Ok(Some((line, Err(text))));
                }
                // A byte that is no UTF-8 becomes a control character, which no field may have.
                let text =
                    |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap_or("\u{1}".to_string());
                let fields = record.iter().map(text).collect();
                Ok(Some((line, Ok(HeadedRow { headings: headings.clone(), fields }))))
            }
        }
    }
}

/// Where in a list the reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ListState {
    Before,
    Within,
    Over,
}

/// One JSON list of objects, read object by object.
pub(super) struct JsonList {
    input: Box<dyn BufRead>,
    line: u64,
    state: ListState,
}

impl JsonList {
    fn next(&mut self) -> io::Result<Option<(u64, Read1)>> {
        loop {
            let Some(sign) = self.sign()? else {
                if self.state == ListState::Over {
                    return Ok(None);
                }
                let text = "the list is not closed";
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, text));
            };
            match (self.state, sign) {
                (ListState::Before, b'[') => self.state = ListState::Within,
                (ListState::Within, b']') => self.state = ListState::Over,
                (ListState::Within, b',') => {}
                (ListState::Within, b'{') => return self.object().map(Some),
                _ => {
                    let text = format!(
                        "line {}: {:?} stands where no list of objects has it",
                        self.line,
                        char::from(sign)
                    );
                    return Err(io::Error::new(io::ErrorKind::InvalidData, text));
                }
            }
            self.input.consume(1);
        }
    }

    /// The next sign that is no space; it stays to be read.
    fn sign(&mut self) -> io::Result<Option<u8>> {
        loop {
            let ahead = self.input.fill_buf()?;
            let Some(first) = ahead.first().copied() else { return Ok(None) };
            if !first.is_ascii_whitespace() {
                return Ok(Some(first));
            }
            self.line += u64::from(first == b'\n');
            self.input.consume(1);
        }
    }

    fn object(&mut self) -> io::Result<(u64, Read1)> {
        let line = self.line;
        let mut counted =
            LineCounter { inner: self.input.as_mut().take(OBJECT_BYTES_MAX), lines: 0 };
        let read = Value::deserialize(&mut serde_json::Deserializer::from_reader(&mut counted));
        self.line += counted.lines;
        // After a broken object nobody knows where the next one begins.
        let value = read.map_err(|error| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("the object at line {line}: {error}"),
            )
        })?;
        Ok((line, HeadedRow::of(&value)))
    }
}

/// Counts the lines that are read.
struct LineCounter<R> {
    inner: R,
    lines: u64,
}

impl<R: Read> Read for LineCounter<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        // One byte at a time is what the parser asks for: nothing after the object is taken.
        let count = self.inner.read(target)?;
        self.lines += target[..count].iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        Ok(count)
    }
}
