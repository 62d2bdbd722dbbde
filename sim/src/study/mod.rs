//! Many replications of one scenario, in parallel, gathered in index order. The only place with threads.

mod agreement;
mod check;
mod compare;
mod each;
mod measure;
mod served;

pub(crate) use agreement::Agreement;
#[cfg(feature = "report")]
pub(crate) use agreement::ClassLine;
pub(crate) use agreement::Excess;
#[cfg(feature = "report")]
pub(crate) use agreement::LatencyLine;
pub(crate) use agreement::Margins;
pub(crate) use agreement::SeedTrio;
pub(crate) use agreement::agreement;
pub(crate) use check::CheckCourse;
pub(crate) use check::CheckedClaims;
pub(crate) use check::Paired;
pub(crate) use check::PropertyCase;
pub(crate) use check::check;
pub(crate) use compare::Compared;
pub use compare::ComparedGroup;
pub use compare::Difference;
pub(crate) use compare::compare;
pub(crate) use compare::pairs_min;
pub(crate) use each::each;
pub(crate) use served::foreign;
pub(crate) use served::header;
pub(crate) use served::replay;
pub(crate) use served::serve;

use crate::engine;
use crate::engine::Backends;
pub(crate) use crate::engine::Cut;
use crate::engine::Eyes;
use crate::engine::Replication;
use crate::observe::Nobody;
use crate::observe::Observer;
use crate::property::Broken;
use crate::property::Invariant;
use crate::scenario::Scenario;
use crate::work::digest::Digest;
use rayon::ThreadPool;
use rayon::ThreadPoolBuilder;
use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::thread;

/// All replications of a scenario.
#[derive(Clone, Debug)]
pub(crate) struct Study {
    /// The replications, in the order of their numbers.
    pub(crate) replications: Vec<Replication>,
    /// The run's fingerprint: the hash of its replications' digests.
    pub(crate) digest: Digest,
    /// Every invariant, and the first replication in which it was broken.
    pub(crate) invariants: Vec<(Invariant, Option<(u64, Broken)>)>,
}

/// How work is done; no result depends on it.
#[derive(Clone, Copy)]
pub(crate) struct Pace<'a> {
    /// Threads; 0: as many as cores.
    pub(crate) threads: usize,
    /// Ends the work when it is set.
    pub(crate) stop: &'a AtomicBool,
    /// Called after each replication.
    pub(crate) done: &'a (dyn Fn() + Sync),
}

/// Why a study has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StudyError {
    /// The study was stopped before its end.
    #[error("stopped before the end")]
    Stopped,
    /// More jobs wait than may.
    #[error("{0}")]
    Crowded(String),
    /// More threads than any machine this is for has.
    #[error("--threads is {0}, allowed: 0 (as many as cores) to {THREADS_MAX}")]
    TooMany(usize),
    /// The machine gave no threads.
    #[error("cannot start {0} threads: {1}; ask for fewer with --threads")]
    Threads(usize, String),
}

impl From<Cut> for StudyError {
    fn from(cut: Cut) -> Self {
        match cut {
            Cut::Stopped => Self::Stopped,
            Cut::Crowded { .. } => Self::Crowded(cut.to_string()),
        }
    }
}

/// Runs every replication of `scenario`.
///
/// # Errors
/// When it was stopped before the end, more jobs wait than may, or there are no threads to be had.
pub(crate) fn run(scenario: &Scenario, pace: Pace<'_>) -> Result<Study, StudyError> {
    run_seen(scenario, pace, None)
}

/// The same; `first` sees the first replication as it happens.
///
/// # Errors
/// When it was stopped before the end, or there are no threads to be had.
pub(crate) fn run_seen(
    scenario: &Scenario,
    pace: Pace<'_>,
    first: Option<&mut (dyn Observer + Send)>,
) -> Result<Study, StudyError> {
    let Pace { threads, stop, done } = pace;
    let pool = pool(threads)?;
    let first = Mutex::new(first);
    let one = |number| {
        let is_first = number == scenario.run.first_replication;
        let eyes = first.lock().expect("nobody panics with it").take_if(|_| is_first);
        let replication = match eyes {
            Some(eyes) => watched(scenario, number, None, eyes, stop),
            None => watched(scenario, number, None, &mut Nobody, stop),
        };
        done();
        replication
    };
    let gathered: Result<Vec<_>, Cut> =
        pool.install(|| numbers(scenario).into_par_iter().map(one).collect());
    Ok(Study::of(gathered?))
}

/// Numbers of a scenario's replications.
pub(crate) fn numbers(scenario: &Scenario) -> Range<u64> {
    scenario.run.numbers()
}

/// Most threads. Source: ours, four times the cores of the largest machine that one buys; each takes memory.
const THREADS_MAX: usize = 1024;

/// A pool of so many threads; as many as cores for 0, whatever the environment says.
fn pool(threads: usize) -> Result<ThreadPool, StudyError> {
    if threads > THREADS_MAX {
        return Err(StudyError::TooMany(threads));
    }
    let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get).min(THREADS_MAX);
    let threads = if threads == 0 { cores() } else { threads };
    ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|e| StudyError::Threads(threads, e.to_string()))
}

/// What was found of every invariant in one replication.
pub(crate) type Found = Vec<(Invariant, Option<Broken>)>;

/// A replication with what was found of every invariant.
pub(crate) type Watched = (Replication, Found);

/// Runs one replication under the eyes of every invariant, and before these eyes.
///
/// # Errors
/// When it was stopped before the end, or more jobs wait than may.
pub(crate) fn watched(
    scenario: &Scenario,
    number: u64,
    backends: Option<Backends>,
    eyes: &mut dyn Observer,
    stop: &AtomicBool,
) -> Result<Watched, Cut> {
    let eyes = Eyes::with_invariants(eyes);
    let mut replication = engine::run(scenario, number, backends, eyes, stop)?;
    let found = std::mem::take(&mut replication.invariants);
    Ok((replication, found))
}

impl Study {
    /// The study of these replications, in index order.
    pub(crate) fn of(gathered: Vec<Watched>) -> Self {
        let digests: Vec<_> = gathered.iter().map(|(replication, _)| replication.digest).collect();
        let first_break = |place: usize| {
            let each = gathered.iter().map(|(r, found)| (r.number, found[place].1.clone()));
            each.into_iter().find_map(|(number, broken)| broken.map(|broken| (number, broken)))
        };
        let invariants = Invariant::ALL.iter().enumerate();
        let invariants = invariants.map(|(place, one)| (*one, first_break(place))).collect();
        let replications = gathered.into_iter().map(|(replication, _)| replication).collect();
        Self { digest: Digest::of_replications(&digests), replications, invariants }
    }

    /// Invariants that did not hold, in words.
    pub(crate) fn broken(&self) -> Vec<String> {
        let broken = self.invariants.iter().filter_map(|(invariant, broken)| {
            let (number, broken) = broken.as_ref()?;
            Some(format!("{} in replication {number}: {}", invariant.name(), broken.what))
        });
        broken.collect()
    }
}

#[cfg(test)]
mod tests;
