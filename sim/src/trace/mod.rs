//! A recorded trace: import, the exact replay of scoring, validators and chain over it (no engine, no draw), statistics,
//! fits of a scenario, and the check of a scenario against it.

mod choice;
mod error;
pub(crate) mod fit;
mod guard;
mod history;
mod import;
mod jobs;
mod map;
mod measure;
mod metagraph;
mod pay;
mod places;
mod plan;
mod plateau;
mod replay;
mod scan;
mod source;
mod table;
mod timetable;
mod translate;
pub(crate) mod validate;

pub(crate) use error::TraceError;
pub(crate) use history::RunHistory;
pub(crate) use history::beside as history_beside;
pub(crate) use import::TraceRows;
pub(crate) use jobs::RecordedJobs;
pub(crate) use map::ColumnMap;
pub(crate) use metagraph::GUESS as METAGRAPH_GUESS;
pub(crate) use metagraph::scenario as metagraph_scenario;
pub(crate) use plan::ReplayPlan;
pub(crate) use replay::ReplayResult;
pub use replay::ReplayedMiner;
pub(crate) use replay::replay;
pub(crate) use source::open;
pub(crate) use table::to_csv;

/// Number of statistics of each part.
pub(crate) const STATISTICS_COUNT: usize = measure::STATISTICS.len() + 1;

/// The statistics of a validation: name and unit.
pub(crate) fn statistics() -> impl Iterator<Item = (&'static str, &'static str)> {
    measure::STATISTICS.into_iter().chain([measure::STRICT])
}
