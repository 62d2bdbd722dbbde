//! A recorded trace: import, and the exact replay of scoring, validators and chain over it. No engine, no draw.

mod error;
mod guard;
mod import;
mod pay;
mod places;
mod plan;
mod replay;
mod scan;
mod table;

pub(crate) use error::TraceError;
pub(crate) use plan::Plan;
pub(crate) use replay::Replayed;
pub(crate) use replay::replay;
pub(crate) use table::to_csv;
