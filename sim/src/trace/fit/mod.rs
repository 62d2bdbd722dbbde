//! A scenario from a trace: arrivals, routing, operators with their regimes, outcomes; every estimate with its error.

mod arrivals;
mod blocks;
mod estimates;
mod groups;
mod joint;
mod lattice;
mod laws;
mod newcomers;
mod operators;
mod parameter;
mod partition;
mod regimes;
mod report;
mod routing;
mod scenario;
mod simple;
mod symbols;
mod uncertain;

use crate::trace::jobs::RecordedJobs;
use crate::trace::measure;
use arrivals::FittedArrivals;
use arrivals::ProcessModel;
use operators::FittedOperator;
use routing::Routing;

pub(crate) use estimates::estimates_csv;
pub(crate) use report::Goodness;
pub(crate) use report::goodness;
pub(crate) use report::to_json;
pub(crate) use report::words;
pub(crate) use scenario::text as scenario_text;

/// How a trace is fitted: which part of it, and with which freedom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FitSettings {
    /// Share of the trace's time that is looked at, `0.0..=1.0`.
    pub(crate) until: f64,
    /// One law for all time, as a control that must fail.
    pub(crate) stationary: bool,
}

/// The scenario that a trace makes likeliest, part by part.
#[derive(Clone, Debug)]
pub(crate) struct FitResult {
    /// The settings of the fit.
    pub(crate) settings: FitSettings,
    /// Rows looked at, of those read.
    pub(crate) rows: usize,
    /// Rows read, those left out among them.
    pub(crate) seen: u64,
    /// Every so many-th row was kept.
    pub(crate) stride: u64,
    /// Isolated rows at the beginning that were left out.
    pub(crate) isolated: usize,
    /// Denoising steps of all jobs; none when they differ.
    pub(crate) steps: Option<u32>,
    /// Traffic begins and ends [ms]; the end is the whole trace's.
    pub(crate) begin_ms: u64,
    /// The end of the traffic in the whole trace [ms].
    pub(crate) end_ms: u64,
    /// The last instant looked at [ms].
    pub(crate) until_ms: u64,
    /// The process of the clients' requests.
    pub(crate) arrivals: FittedArrivals,
    /// The router's stakes and scores, as its choices tell them.
    pub(crate) routing: Routing,
    /// The operators, whose laws say what becomes of requests.
    pub(crate) operators: Vec<FittedOperator>,
    /// Names of the miners, by their number.
    pub(crate) miners: Vec<String>,
    /// Jobs that were found in service while their miner got another.
    pub(crate) overlaps: usize,
    /// Successes later than a minute, which no law describes.
    pub(crate) late: usize,
    /// Images larger than a scenario allows.
    pub(crate) oversized: usize,
    /// Whether the trace does not say of some success what came.
    pub(crate) is_image_unknown: bool,
}

/// Why a trace gives no scenario.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(crate) enum FitError {
    /// The trace has too few jobs to be fitted: so many.
    #[error(
        "there are {0} jobs in the part looked at, allowed: at least 20; raise --until or give a longer trace"
    )]
    TooFew(usize),
    /// No job of the trace succeeded, so no service time is known.
    #[error("no job of the part looked at succeeded: there is no latency to fit")]
    NoSuccess,
    /// More miners than the chain has room for.
    #[error(
        "there are {0} miners, allowed: at most 250, for a subnet has 256 uids; split the trace by subnet"
    )]
    TooMany(usize),
    /// No family of arrivals describes the requests.
    #[error("no arrival process of a scenario describes the requests: {}; look at a shorter part with --until, or at one client's jobs alone", refutations(.0))]
    NoArrivals(Vec<ProcessModel>),
}

/// Why each family was refuted.
fn refutations(models: &[ProcessModel]) -> String {
    let one = |model: &ProcessModel| {
        let row = model.correlation.map_or(String::new(), |r| format!(", neighbours {r:+.2}"));
        format!(
            "{} (BIC {:.0}, KS {:.3}, a gap wrong by {:.1} %{row})",
            model.name,
            model.bic,
            model.ks,
            100.0 * model.misfit
        )
    };
    models.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Fewest jobs of a fit. Source: ours.
const JOBS_MIN: usize = 20;
/// Most miners: 256 uids less owner and validators.
const MINERS_MAX: usize = 250;

/// Fits a scenario to the first part of a trace. `progress` is told steps done, of about [`steps`].
///
/// # Errors
/// When there are too few jobs or successes, or too many miners.
pub(crate) fn fit(
    whole: &RecordedJobs,
    settings: FitSettings,
    progress: &dyn Fn(u64),
) -> Result<FitResult, FitError> {
    let until_ms = measure::share_of_time(whole, settings.until);
    // The last row of a whole trace belongs to it.
    let until_ms = if settings.until >= 1.0 { until_ms + 1 } else { until_ms };
    let jobs = whole.before(until_ms);
    let isolated = measure::isolated(&jobs);
    let rows = jobs.rows.len() - isolated;
    if rows < JOBS_MIN {
        return Err(FitError::TooFew(rows));
    }
    if jobs.miners.len() > MINERS_MAX {
        return Err(FitError::TooMany(jobs.miners.len()));
    }
    if !jobs.rows.iter().any(|row| row.latency_ms().is_some()) {
        return Err(FitError::NoSuccess);
    }
    let begin_ms = jobs.rows[isolated].created_ms;
    let end_ms = whole.rows.last().map_or(until_ms, |row| row.created_ms);
    let arrivals = arrivals::arrivals(&jobs, isolated).map_err(|refuted| {
        if refuted.is_empty() { FitError::TooFew(rows) } else { FitError::NoArrivals(refuted) }
    })?;
    let last_ms = jobs.rows.last().map_or(until_ms, |row| row.created_ms);
    let routing = routing::routing(&jobs, (begin_ms, last_ms, end_ms), progress);
    let operators = operators::operators(&jobs, begin_ms, settings.stationary, progress);
    let first_steps = jobs.rows[isolated].steps;
    let same_steps = jobs.rows[isolated..].iter().all(|row| row.steps == first_steps);
    let late = jobs.rows.iter().filter(|row| row.is_success() && row.latency_ms().is_none());
    Ok(FitResult {
        settings,
        rows,
        seen: jobs.seen,
        stride: jobs.stride,
        isolated,
        steps: same_steps.then_some(first_steps),
        begin_ms,
        end_ms,
        until_ms: until_ms.min(end_ms),
        arrivals,
        routing,
        operators,
        overlaps: overlaps(&jobs),
        late: late.count(),
        oversized: jobs
            .rows
            .iter()
            .filter(|row| row.image_bytes > Some(scenario::BYTES_MAX))
            .count(),
        is_image_unknown: jobs.rows.iter().any(|row| row.is_success() && row.has_image.is_none()),
        miners: jobs.miners,
    })
}

/// Jobs that reached a miner before it had called back for the one before.
fn overlaps(jobs: &RecordedJobs) -> usize {
    let mut busy_until = vec![0; jobs.miners.len()];
    let mut count = 0;
    for row in &jobs.rows {
        let busy = &mut busy_until[usize::from(row.miner)];
        count += usize::from(row.created_ms < *busy);
        let near = row.total_ms.filter(|_| row.latency_ms().is_some());
        *busy = (*busy).max(row.created_ms + u64::from(near.unwrap_or(0)));
    }
    count
}
