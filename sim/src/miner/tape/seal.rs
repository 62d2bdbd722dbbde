//! Sealing a recording anew: another header or another digest at its end, and the same work.

use crate::miner::Header;
use crate::miner::RecordingContent;
use crate::miner::TapeError;
use crate::miner::tape::HEADINGS;
use crate::miner::tape::MAGIC;
use crate::miner::tape::first_check;
use crate::miner::tape::next_check;
use crate::miner::tape::shown;
use crate::miner::tape::whole_lines;
use crate::work::digest::Digest;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// First word of the line that ends a recording.
const END: &str = "end,";

/// The text of the finished recording in `file` with this header and this digest, every check chained anew.
///
/// # Errors
/// When it cannot be read, is corrupted or unfinished.
pub(crate) fn seal(file: &Path, header: &Header, digest: Digest) -> Result<String, TapeError> {
    let (kept, _) = RecordingContent::finished(file)?;
    let text = fs::read_to_string(file);
    let text = text.map_err(|e| TapeError::Unreadable(file.to_path_buf(), e))?;
    let header = serde_json::to_string(header).expect("plain values are JSON");
    let mut sealed = format!("{MAGIC}\n{header}\n{HEADINGS}\n");
    let mut check = first_check(&header);
    let end = format!("{END}{},{digest}", kept.works.len());
    for body in works(&text).chain([end.as_str()]) {
        check = next_check(check, body);
        writeln!(sealed, "{body},{}", shown(check)).expect("writing to memory");
    }
    let again = RecordingContent::of(file, &sealed)?;
    assert!(again.works == kept.works && works(&sealed).eq(works(&text)), "sealing keeps all work");
    Ok(sealed)
}

/// The lines of work of a whole recording, without their checks.
fn works(text: &str) -> impl Iterator<Item = &str> {
    let bodies = whole_lines(text).lines().skip(3).filter_map(|line| line.rsplit_once(','));
    bodies.map(|(body, _)| body).filter(|body| !body.starts_with(END))
}
