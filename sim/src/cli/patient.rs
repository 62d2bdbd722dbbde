//! Standard output whose reader may leave: the command goes on, writes its files and keeps its exit code.

use std::io;
use std::io::Write;

/// A writer that never fails: what nobody reads any more is let go, and any other failure is kept for the end.
pub(super) struct Patient<'w> {
    inner: &'w mut dyn Write,
    /// Whether the reader has gone, or writing failed.
    is_over: bool,
    failure: Option<io::Error>,
}

impl<'w> Patient<'w> {
    /// A patient writer to `inner`.
    pub(super) fn new(inner: &'w mut dyn Write) -> Self {
        Self { inner, is_over: false, failure: None }
    }

    /// Writes what is left, and gives what failed: a full disk, say. That the reader has gone is no failure.
    pub(super) fn end(mut self) -> Option<io::Error> {
        if !self.is_over {
            let flushed = self.inner.flush();
            self.note(flushed);
        }
        self.failure
    }

    fn note(&mut self, written: io::Result<()>) {
        if let Err(error) = written {
            self.is_over = true;
            if error.kind() != io::ErrorKind::BrokenPipe {
                self.failure = Some(error);
            }
        }
    }
}

impl Write for Patient<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_over {
            let written = self.inner.write_all(bytes);
            self.note(written);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.is_over {
            let flushed = self.inner.flush();
            self.note(flushed);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fails(io::ErrorKind);

    impl Write for Fails {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::from(self.0))
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_has_gone_is_no_failure_and_a_full_disk_is_one_at_the_end() {
        let ended = |kind| {
            let mut inner = Fails(kind);
            let mut patient = Patient::new(&mut inner);
            writeln!(patient, "a line").unwrap();
            writeln!(patient, "another").unwrap();
            patient.end().map(|error| error.kind())
        };
        assert_eq!(ended(io::ErrorKind::BrokenPipe), None);
        assert_eq!(ended(io::ErrorKind::StorageFull), Some(io::ErrorKind::StorageFull));
    }
}
