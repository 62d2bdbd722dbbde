//! Recordings as files: what every backend of one replication did, job by job.
//!
//! Layout, version 1: text, a line each, UTF-8.
//!
//! 1. `assay-recording 1`: the format and its version;
//! 2. a JSON object, the [`Header`]: whose run it is;
//! 3. the headings of the columns;
//! 4. a line for each piece of work, in the order in which it was asked for: `miner` (place in the header's list; the
//!    place after the last is the trusted miner that repeats audited requests), `job` (number; the number of the job
//!    repeated with an `a` before it for an audit's), `took_ns`, `outcome` (`image`, `nothing`, `failed`), `image` (32 hexadecimal
//!    digits), `bytes`, `ack_ns` (empty where the backend has not measured it), `check`;
//! 5. when the run has ended, `end`, the number of lines of work, the replication's digest and a check.
//!
//! A check is the last 8 of the 16 hexadecimal digits of xxh3-64 over the check before it and the line's text up to its
//! own comma, so a line that was changed, lost or moved is found at its place. Lines are written one by one as the work
//! is done: a run that is interrupted leaves all that was finished, and a last line that was cut off is told from a
//! wrong one because it has no line break.

mod seal;

use crate::base::reading;
use crate::base::reading::ReadingError;
use crate::base::units::SimSpan;
use crate::miner::RERUN_BIT;
use crate::work::Completion;
use crate::work::Image;
use crate::work::Output;
use crate::work::digest::Digest;
pub(crate) use seal::seal;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use xxhash_rust::xxh3::xxh3_64;

/// First line: the format and its version.
const MAGIC: &str = "assay-recording 1";
/// Third line: the columns.
const HEADINGS: &str = "miner,job,took_ns,outcome,image,bytes,ack_ns,check";
/// Largest recording read [bytes].
const FILE_BYTES_MAX: u64 = 4 << 30;

/// Whose run a recording is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    /// Name of the scenario.
    pub(crate) scenario: String,
    /// Hash of all of the scenario that decides what backends are asked to do.
    pub(crate) scenario_hash: String,
    /// Seed of all randomness.
    pub(crate) seed: u64,
    /// Number of the replication.
    pub(crate) replication: u64,
    /// Version of the package.
    pub(crate) package_version: String,
    /// What the work was measured on.
    pub(crate) device: String,
    /// Cohorts whose work was measured; that of the others was drawn.
    pub(crate) measured: Vec<String>,
    /// Names of the miners, in the scenario's order.
    pub(crate) miners: Vec<String>,
}

/// Why a recording cannot be used or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TapeError {
    /// The file cannot be read.
    #[error("cannot read {0}: {1}")]
    Unreadable(PathBuf, io::Error),
    /// It is something else, or of another version.
    #[error("{0} is no recording of this version: its first line must be \"{MAGIC}\"")]
    NotOne(PathBuf),
    /// A line is not what was written.
    #[error("{0}, line {1} is corrupted: make the recording again")]
    Corrupt(PathBuf, usize),
    /// The run did not end.
    #[error(
        "{0} is unfinished after {1} pieces of work: go on with `assay-harness run --resume`, or get the whole file"
    )]
    Unfinished(PathBuf, usize),
    /// The disk failed while the file was read or written.
    #[error("cannot write {0}: {1}; choose another place")]
    Disk(PathBuf, io::Error),
}

/// What a recording keeps.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RecordingContent {
    /// Whose run it is.
    pub(crate) header: Header,
    /// The replication's digest, when the run has ended.
    pub(crate) digest: Option<Digest>,
    works: BTreeMap<(u32, u64), Completion>,
    check: u64,
    /// Bytes of its whole lines.
    bytes: u64,
}

impl RecordingContent {
    /// Reads a recording, finished or not.
    ///
    /// # Errors
    /// When it cannot be read, is something else, or any whole line is not what was written.
    pub(crate) fn read(file: &Path) -> Result<Self, TapeError> {
        let unreadable = |e| TapeError::Unreadable(file.to_path_buf(), e);
        let bytes = reading::whole(file, FILE_BYTES_MAX).map_err(|error| match error {
            ReadingError::Disk(error) => unreadable(error),
            other => unreadable(io::Error::other(other)),
        })?;
        let text = String::from_utf8(bytes);
        Self::of(file, &text.map_err(|_| TapeError::NotOne(file.to_path_buf()))?)
    }

    /// Reads the text of a recording that stands, or will stand, at `file`.
    fn of(file: &Path, text: &str) -> Result<Self, TapeError> {
        let corrupt = |line: usize| TapeError::Corrupt(file.to_path_buf(), line);
        let whole = whole_lines(text);
        let mut lines = whole.lines().zip(1..);
        if lines.next().is_none_or(|(line, _)| line != MAGIC) {
            return Err(TapeError::NotOne(file.to_path_buf()));
        }
        let (header, _) = lines.next().ok_or_else(|| corrupt(2))?;
        let mut kept = Self {
            header: serde_json::from_str(header).map_err(|_| corrupt(2))?,
            check: first_check(header),
            bytes: u64::try_from(whole.len()).expect("a length fits 64 bits"),
            ..Self::default()
        };
        if lines.next().is_none_or(|(line, _)| line != HEADINGS) {
            return Err(corrupt(3));
        }
        for (line, number) in lines {
            kept.take(line).ok_or_else(|| corrupt(number))?;
        }
        Ok(kept)
    }

    /// Reads a recording of a run that has ended.
    ///
    /// # Errors
    /// As [`Self::read`], and when the run did not end.
    pub(crate) fn finished(file: &Path) -> Result<(Self, Digest), TapeError> {
        let kept = Self::read(file)?;
        match kept.digest {
            Some(digest) => Ok((kept, digest)),
            None => Err(TapeError::Unfinished(file.to_path_buf(), kept.works.len())),
        }
    }

    /// What the miner at `place` did for `job`.
    pub(crate) fn get(&self, place: u32, job: u64) -> Option<Completion> {
        self.works.get(&(place, job)).copied()
    }

    /// Every piece of work, by miner and job.
    pub(crate) fn works(&self) -> impl Iterator<Item = (u32, u64, Completion)> {
        self.works.iter().map(|((place, job), produced)| (*place, *job, *produced))
    }

    /// Name of the miner at `place`.
    pub(crate) fn name(&self, place: u32) -> &str {
        let miners = self.header.miners.iter().zip(0..);
        miners.into_iter().find(|(_, own)| *own == place).map_or("the trusted miner", |(n, _)| n)
    }

    fn take(&mut self, line: &str) -> Option<()> {
        let (body, check) = line.rsplit_once(',')?;
        self.check = next_check(self.check, body);
        if self.digest.is_some() || check != shown(self.check) {
            return None;
        }
        if let Some(end) = body.strip_prefix("end,") {
            let (count, digest) = end.split_once(',')?;
            self.digest = Some(Digest::parse(digest)?);
            return (count.parse() == Ok(self.works.len())).then_some(());
        }
        let [place, job, took, outcome, image, bytes, ack] =
            body.split(',').collect::<Vec<_>>().try_into().ok()?;
        let outcome = match outcome {
            "image" => Output::Done(Image {
                id: u128::from_str_radix(image, 16).ok()?,
                size_bytes: bytes.parse().ok()?,
            }),
            "nothing" => Output::Nothing,
            "failed" => Output::Failed,
            _ => return None,
        };
        let job = match job.strip_prefix('a') {
            Some(repeated) => repeated.parse::<u64>().ok()? | RERUN_BIT,
            None => job.parse().ok()?,
        };
        let ack = if ack.is_empty() { None } else { Some(SimSpan(ack.parse().ok()?)) };
        let produced = Completion { took: SimSpan(took.parse().ok()?), outcome, ack };
        let is_new = self.works.insert((place.parse().ok()?, job), produced).is_none();
        is_new.then_some(())
    }
}

/// A recording being written.
#[derive(Debug)]
pub(crate) struct RecordingWriter {
    path: PathBuf,
    file: File,
    check: u64,
    count: usize,
}

impl RecordingWriter {
    /// Begins a recording in a file that is not there yet.
    ///
    /// # Errors
    /// When the file is there or cannot be written.
    pub(crate) fn begin(path: &Path, header: &Header) -> Result<Self, TapeError> {
        let disk = |e| TapeError::Disk(path.to_path_buf(), e);
        let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(disk)?;
        let header = serde_json::to_string(header).expect("plain values are JSON");
        file.write_all(format!("{MAGIC}\n{header}\n{HEADINGS}\n").as_bytes()).map_err(disk)?;
        Ok(Self { path: path.to_path_buf(), file, check: first_check(&header), count: 0 })
    }

    /// Goes on with an unfinished recording, of which `kept` was read.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn go_on(path: &Path, kept: &RecordingContent) -> Result<Self, TapeError> {
        let disk = |e| TapeError::Disk(path.to_path_buf(), e);
        let file = OpenOptions::new().append(true).open(path).map_err(disk)?;
        file.set_len(kept.bytes).map_err(disk)?;
        Ok(Self { path: path.to_path_buf(), file, check: kept.check, count: kept.works.len() })
    }

    /// Keeps a piece of work.
    ///
    /// # Errors
    /// When the disk fails.
    pub(crate) fn append(
        &mut self,
        place: u32,
        job: u64,
        produced: &Completion,
    ) -> Result<(), TapeError> {
        let took = produced.took.0;
        let outcome = match produced.outcome {
            Output::Done(Image { id, size_bytes }) => format!("image,{id:032x},{size_bytes}"),
            Output::Nothing => "nothing,,".to_string(),
            Output::Failed => "failed,,".to_string(),
        };
        let ack = produced.ack.map(|ack| ack.0.to_string()).unwrap_or_default();
        let repeats = if job & RERUN_BIT == 0 { "" } else { "a" };
        let job = job & !RERUN_BIT;
        self.count += 1;
        self.line(&format!("{place},{repeats}{job},{took},{outcome},{ack}"))
    }

    /// Ends the recording of a run that has ended with this digest.
    ///
    /// # Errors
    /// When the disk fails.
    pub(crate) fn end(&mut self, digest: Digest) -> Result<(), TapeError> {
        let count = self.count;
        self.line(&format!("end,{count},{digest}"))?;
        self.file.sync_all().map_err(|e| TapeError::Disk(self.path.clone(), e))
    }

    fn line(&mut self, body: &str) -> Result<(), TapeError> {
        self.check = next_check(self.check, body);
        let line = format!("{body},{}\n", shown(self.check));
        self.file.write_all(line.as_bytes()).map_err(|e| TapeError::Disk(self.path.clone(), e))
    }
}

/// The text without a last line that was cut off while it was written: it has no line break.
fn whole_lines(text: &str) -> &str {
    text.rfind('\n').map_or("", |place| &text[..=place])
}

/// The check of the lines before the first piece of work.
fn first_check(header: &str) -> u64 {
    next_check(next_check(0, MAGIC), header)
}

fn next_check(before: u64, body: &str) -> u64 {
    xxh3_64(&[&before.to_le_bytes(), body.as_bytes()].concat())
}

/// The last 8 hexadecimal digits.
fn shown(check: u64) -> String {
    format!("{:08x}", check & 0xffff_ffff)
}

#[cfg(test)]
mod tests;
