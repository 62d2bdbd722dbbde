//! Reading a file that a stranger may have written, plain or packed: its bytes are counted as they come, for what a file says of its
//! own size is not to be trusted (a device or a pipe says 0).

use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

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

/// The two bytes that a gzip file begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Most bytes of a file that is read as it goes, unpacked: forty million rows of the published trace.
const STREAM_BYTES_MAX: u64 = 4 << 30;
/// Unpacked bytes up to which nothing is said about how well a file was packed.
const UNSUSPICIOUS_BYTES: u64 = 32 << 20;
/// Times that a file of rows may be longer unpacked. Source: ours; tables pack to a tenth, and gzip's most is 1032.
const PACKED_MAX: u64 = 200;

/// The bytes of the file at `path` as they come, unpacked where it is packed (gzip). What grows beyond all measure while it
/// is unpacked ends in an error.
///
/// # Errors
/// When it is a folder, or cannot be opened.
pub(crate) fn stream(path: &Path) -> Result<Box<dyn BufRead>, ReadingError> {
    let file = File::open(path).map_err(ReadingError::Disk)?;
    if file.metadata().is_ok_and(|about| about.is_dir()) {
        return Err(ReadingError::Folder);
    }
    let packed = Arc::new(AtomicU64::new(0));
    let mut plain = BufReader::new(Counted { inner: file, count: packed.clone() });
    let is_packed = plain.fill_buf().map_err(ReadingError::Disk)?.starts_with(&GZIP);
    let inner: Box<dyn Read> =
        if is_packed { Box::new(MultiGzDecoder::new(plain)) } else { Box::new(plain) };
    Ok(Box::new(BufReader::new(Bounded { inner, read: 0, packed: is_packed.then_some(packed) })))
}

/// Counts the bytes that are read.
struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(target)?;
        self.count.fetch_add(u64::try_from(read).expect("it fits 64 bits"), Ordering::Relaxed);
        Ok(read)
    }
}

/// Ends what is too long, or longer than anything honest that was packed into so few bytes.
struct Bounded {
    inner: Box<dyn Read>,
    read: u64,
    /// Packed bytes read so far.
    packed: Option<Arc<AtomicU64>>,
}

impl Read for Bounded {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(target)?;
        self.read += u64::try_from(read).expect("it fits 64 bits");
        let refuse = |text: String| Err(io::Error::new(io::ErrorKind::InvalidData, text));
        if self.read > STREAM_BYTES_MAX {
            return refuse(format!(
                "it has more than {STREAM_BYTES_MAX} bytes, and no more are read"
            ));
        }
        let packed = self.packed.as_ref().map(|count| count.load(Ordering::Relaxed));
        let is_bomb = |packed: u64| self.read > UNSUSPICIOUS_BYTES.max(PACKED_MAX * packed);
        if packed.is_some_and(is_bomb) {
            return refuse(format!(
                "it unpacks to more than {PACKED_MAX} times its bytes, as no table does"
            ));
        }
        Ok(read)
    }
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
    fn what_grows_beyond_all_measure_is_refused_while_it_is_unpacked() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("bomb.csv.gz");
        let mut packer = flate2::write::GzEncoder::new(
            File::create(&file).unwrap(),
            flate2::Compression::best(),
        );
        let zeros = vec![b'\n'; 1 << 20];
        for _ in 0..64 {
            io::Write::write_all(&mut packer, &zeros).unwrap();
        }
        packer.finish().unwrap();
        let read = io::copy(&mut stream(&file).unwrap(), &mut io::sink());
        assert!(read.unwrap_err().to_string().contains("unpacks to more than 200 times"));
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
