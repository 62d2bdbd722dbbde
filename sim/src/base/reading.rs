//! Reading a whole file that a stranger may have written: its bytes are counted as they come, for what a file says of its
//! own size is not to be trusted (a device or a pipe says 0).

use std::fs::File;
use std::io;
use std::io::Read;
use std::path::Path;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadingError {
    /// A folder stands there.
    #[error("is a folder, allowed: a file")]
    Folder,
    /// It is longer than is read.
    #[error("has more than {0} bytes, allowed: at most {0}")]
    TooLong(u64),
    /// It holds what is no text.
    #[error("line {0}: is not UTF-8; save the file as UTF-8")]
    NoText(usize),
    /// The disk or its permissions.
    #[error("cannot read the file: {0}")]
    Disk(io::Error),
}

/// The bytes of the file at `path`, at most `most`.
///
/// # Errors
/// When it is a folder, longer, or cannot be read.
pub(crate) fn whole(path: &Path, most: u64) -> Result<Vec<u8>, ReadingError> {
    let file = File::open(path).map_err(ReadingError::Disk)?;
    if file.metadata().is_ok_and(|about| about.is_dir()) {
        return Err(ReadingError::Folder);
    }
    all_of(file, most)
}

/// The bytes that `input` gives, at most `most`.
///
/// # Errors
/// When there are more, or reading fails.
pub(crate) fn all_of(input: impl Read, most: u64) -> Result<Vec<u8>, ReadingError> {
    let mut bytes = Vec::new();
    input.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(ReadingError::Disk)?;
    let count = u64::try_from(bytes.len()).expect("a length fits 64 bits");
    if count > most { Err(ReadingError::TooLong(most)) } else { Ok(bytes) }
}

/// The text of the file at `path`, at most `most` bytes, without the mark that some editors put before it.
///
/// # Errors
/// When it is a folder, longer, no UTF-8, or cannot be read.
pub(crate) fn text(path: &Path, most: u64) -> Result<String, ReadingError> {
    as_text(whole(path, most)?)
}

/// Bytes as text, without the mark that some editors put before it.
///
/// # Errors
/// When they are no UTF-8.
pub(crate) fn as_text(bytes: Vec<u8>) -> Result<String, ReadingError> {
    /// The mark that says "this is UTF-8".
    const MARK: char = '\u{feff}';
    let text = String::from_utf8(bytes).map_err(|error| {
        let end = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..end];
        ReadingError::NoText(before.split(|byte| *byte == b'\n').count())
    })?;
    Ok(text.strip_prefix(MARK).map_or_else(|| text.clone(), str::to_string))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_counted_as_they_come() {
        assert_eq!(all_of(&b"abc"[..], 3).unwrap(), b"abc");
        assert!(matches!(all_of(&b"abcd"[..], 3), Err(ReadingError::TooLong(3))));
        assert!(matches!(all_of(io::repeat(0), 1000), Err(ReadingError::TooLong(1000))));
    }

    #[test]
    fn a_folder_and_what_is_no_text_are_told() {
        let place = tempfile::tempdir().unwrap();
        assert!(matches!(whole(place.path(), 9), Err(ReadingError::Folder)));
        let error = as_text(b"a\nb\xff".to_vec()).unwrap_err();
        assert_eq!(error.to_string(), "line 2: is not UTF-8; save the file as UTF-8");
        assert_eq!(as_text("\u{feff}uid".into()).unwrap(), "uid");
    }
}
