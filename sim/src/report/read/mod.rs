//! A results folder read back: the report is made from what stands there and from nothing else.

#[cfg(feature = "report")]
mod changes;
mod claimed;
#[cfg(feature = "report")]
mod course;
mod error;
#[cfg(feature = "report")]
mod kept;
#[cfg(feature = "report")]
mod metrics;
#[cfg(feature = "report")]
mod miners;
#[cfg(feature = "report")]
mod sweep;
#[cfg(feature = "report")]
mod table;
#[cfg(feature = "report")]
mod verdicts;

#[cfg(feature = "report")]
pub(crate) use changes::Change;
pub(crate) use claimed::Files;
pub(crate) use claimed::manifest_of;
#[cfg(feature = "report")]
pub(crate) use course::Course;
#[cfg(feature = "report")]
pub(crate) use course::Line;
pub(crate) use error::ReadError;
#[cfg(feature = "report")]
pub(crate) use kept::Kept;
#[cfg(feature = "report")]
pub(crate) use metrics::MetricLine;
#[cfg(feature = "report")]
pub(crate) use miners::Miners;
#[cfg(feature = "report")]
pub(crate) use sweep::Mark;
#[cfg(feature = "report")]
pub(crate) use sweep::Named;
#[cfg(feature = "report")]
pub(crate) use sweep::SweepFolder;
#[cfg(feature = "report")]
pub(crate) use verdicts::Bound;
#[cfg(feature = "report")]
pub(crate) use verdicts::VerdictLine;
