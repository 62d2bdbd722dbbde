//! The orchestrator: what it stores of jobs, and the scores it makes of that.

pub(crate) mod scores;
mod store;

pub(crate) use store::Books;
pub(crate) use store::Callback;
pub(crate) use store::Carried;
