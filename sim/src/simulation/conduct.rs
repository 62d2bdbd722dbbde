//! How work is done: on how many threads, until when, and who is told of its progress. No result depends on it.

use crate::study::Pace;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// How work is done; no result depends on it.
#[derive(Clone)]
pub struct Conduct<'a> {
    pub(super) threads: usize,
    pub(super) stop: Arc<AtomicBool>,
    pub(super) progress: &'a (dyn Fn() + Sync),
}

/// As many threads as cores, to the end, in silence.
impl Default for Conduct<'_> {
    fn default() -> Self {
        Self { threads: 0, stop: Arc::default(), progress: &|| {} }
    }
}

impl fmt::Debug for Conduct<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { threads, stop, .. } = self;
        f.debug_struct("Conduct")
            .field("threads", threads)
            .field("stop", stop)
            .finish_non_exhaustive()
    }
}

impl<'a> Conduct<'a> {
    /// On so many threads; 0: as many as cores.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    /// Until `flag` is set.
    #[must_use]
    pub fn stop(self, flag: &Arc<AtomicBool>) -> Self {
        Self { stop: flag.clone(), ..self }
    }

    pub(super) fn pace(&self) -> Pace<'_> {
        Pace { threads: self.threads, stop: &self.stop, done: self.progress }
    }

    /// Calls `told` after each replication.
    #[must_use]
    pub fn progress(self, told: &'a (dyn Fn() + Sync)) -> Self {
        Self { progress: told, ..self }
    }
}
