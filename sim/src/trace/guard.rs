//! A filter before the CSV reader: it refuses lines that are too long and quotes that are never closed, so that memory is
//! bounded and a bad row does not hide those after it.

use std::io;
use std::io::BufRead;
use std::io::Read;

/// Longest line let through [bytes]; a row of the published file has about 90.
const LINE_BYTES_MAX: usize = 1 << 16;
/// What stands in place of a line that is too long. A NUL begins no field of ours.
const TOO_LONG: &[u8] = b"\0too long\n";
/// What stands in place of a line with an odd number of quotes.
const UNPAIRED_QUOTE: &[u8] = b"\0unpaired quote\n";

/// What is wrong with a row that has so many fields and this first one, where so many are due; none when nothing is.
pub(super) fn shape_fault(first: &[u8], found: usize, due: usize) -> Option<String> {
    let is_mark = |mark: &[u8]| found == 1 && mark.strip_suffix(b"\n") == Some(first);
    if is_mark(TOO_LONG) {
        return Some("the line is too long, allowed: 65,535 bytes".to_string());
    }
    if is_mark(UNPAIRED_QUOTE) {
        return Some("a quote is opened and not closed in the line".to_string());
    }
    let ending = if found == 1 { "" } else { "s" };
    (found != due).then(|| {
        format!("has {found} field{ending}, allowed: {due}, as many as there are headings")
    })
}

/// Passes lines on, a bad one as one short mark, so that line numbers stay true.
#[derive(Debug)]
pub(super) struct Guard<R> {
    inner: R,
    line: Vec<u8>,
    passed: usize,
    pairs_quotes: bool,
}

impl<R: BufRead> Guard<R> {
    /// A gate before `inner`.
    pub(super) fn new(inner: R) -> Self {
        Self { inner, line: Vec::new(), passed: 0, pairs_quotes: true }
    }

    /// The same gate for text in which quotes mean nothing.
    pub(super) fn keeping_quotes(self) -> Self {
        Self { pairs_quotes: false, ..self }
    }

    /// The next line without its end; none at the end of the file.
    ///
    /// # Errors
    /// When reading fails, or a line is longer than may be held.
    pub(super) fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.fill()?;
        self.passed = self.line.len();
        let end = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        Ok((!self.line.is_empty()).then(|| end.to_vec()))
    }

    /// Reads the next line into the buffer; an empty buffer is the end.
    fn fill(&mut self) -> io::Result<()> {
        self.line.clear();
        self.passed = 0;
        let limit = u64::try_from(LINE_BYTES_MAX).expect("the limit is small");
        self.inner.by_ref().take(limit).read_until(b'\n', &mut self.line)?;
        if self.line.len() == LINE_BYTES_MAX && self.line.last() != Some(&b'\n') {
            self.skip_line()?;
            self.line.clear();
            self.line.extend_from_slice(TOO_LONG);
        } else if self.pairs_quotes
            && self.line.iter().fold(false, |odd, byte| odd ^ (*byte == b'"'))
        {
            self.line.clear();
            self.line.extend_from_slice(UNPAIRED_QUOTE);
        }
        Ok(())
    }

    /// Reads on to the end of the line and keeps nothing.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let ahead = self.inner.fill_buf()?;
            let end = ahead.iter().position(|byte| *byte == b'\n');
            let (used, done) = match end {
                Some(place) => (place + 1, true),
                None => (ahead.len(), ahead.is_empty()),
            };
            self.inner.consume(used);
            if done {
                return Ok(());
            }
        }
    }
}

impl<R: BufRead> Read for Guard<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.passed == self.line.len() {
            self.fill()?;
        }
        let ready = &self.line[self.passed..];
        let count = ready.len().min(target.len());
        target[..count].copy_from_slice(&ready[..count]);
        self.passed += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        Guard::new(bytes).read_to_end(&mut out).unwrap();
        out
    }

    #[test]
    fn good_lines_pass_unchanged() {
        for text in ["", "a,b\n", "a,b\r\n\"c\",d", "\n\n"] {
            assert_eq!(through(text.as_bytes()), text.as_bytes());
        }
    }

    #[test]
    fn a_line_of_ten_megabytes_becomes_a_mark_and_the_next_line_stands() {
        let mut text = vec![b'x'; 10 << 20];
        text.extend_from_slice(b"\ngood\n");
        assert_eq!(through(&text), [TOO_LONG, b"good\n"].concat());
    }

    #[test]
    fn a_long_line_at_the_end_of_the_file_becomes_a_mark() {
        assert_eq!(through(&vec![b'x'; LINE_BYTES_MAX + 1]), TOO_LONG);
        let longest = vec![b'x'; LINE_BYTES_MAX - 1];
        assert_eq!(through(&longest), longest);
    }

    #[test]
    fn an_unpaired_quote_ends_with_its_line() {
        assert_eq!(through(b"a,\"b\ngood\n"), [UNPAIRED_QUOTE, b"good\n"].concat());
    }
}
