//! Many replications of one scenario, in parallel, gathered in index order. The only place with threads.

use crate::digest::Digest;
use crate::engine;
use crate::engine::Nobody;
use crate::engine::Replication;
use crate::scenario::Resolved;
use rayon::ThreadPoolBuilder;
use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;
use std::sync::atomic::AtomicBool;

/// All replications of a scenario.
#[derive(Clone, Debug)]
pub(crate) struct Study {
    /// In index order.
    pub(crate) replications: Vec<Replication>,
    /// The run's fingerprint.
    pub(crate) digest: Digest,
}

/// Why a study has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StudyError {
    /// It was told to stop.
    #[error("stopped before the end")]
    Stopped,
    /// The machine gave no threads.
    #[error("cannot start {0} threads: {1}; ask for fewer with --threads")]
    Threads(usize, String),
}

/// Runs every replication of `scenario` on `threads` threads (0: as many as cores). `done` is called after each.
///
/// # Errors
/// When `stop` was set before the end, or there are no threads to be had.
pub(crate) fn run(
    scenario: &Resolved,
    threads: usize,
    stop: &AtomicBool,
    done: &(dyn Fn() + Sync),
) -> Result<Study, StudyError> {
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|e| StudyError::Threads(threads, e.to_string()))?;
    let count = u64::from(scenario.file.run.replications);
    let one = |number| {
        let replication = engine::run(scenario, number, None, &mut Nobody, stop);
        done();
        replication
    };
    let gathered: Option<Vec<_>> = pool.install(|| (0..count).into_par_iter().map(one).collect());
    let replications = gathered.ok_or(StudyError::Stopped)?;
    let digests: Vec<_> = replications.iter().map(|r| r.digest).collect();
    Ok(Study { digest: Digest::of_replications(&digests), replications })
}

impl Study {
    /// Invariants that did not hold, in words.
    pub(crate) fn broken(&self) -> Vec<String> {
        Vec::new()
    }

    /// Every invariant, and whether it held.
    pub(crate) fn invariants(&self) -> Vec<String> {
        Vec::new()
    }
}
