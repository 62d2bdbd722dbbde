//! A recorded trace: import, and the exact replay of scoring, validators and chain over it. No engine, no draw.

mod error;
mod guard;
mod import;
mod pay;
mod plan;
mod replay;
mod table;

pub(crate) use error::BadRow;
pub(crate) use error::TraceError;
pub(crate) use import::Imported;
pub(crate) use import::Rows;
pub(crate) use plan::Plan;
pub(crate) use replay::Replayed;
pub(crate) use replay::ReplayedMiner;
pub(crate) use replay::replay;
pub(crate) use table::to_csv;
