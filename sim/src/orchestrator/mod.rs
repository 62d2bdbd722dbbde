//! The orchestrator: it routes jobs, keeps their books, and scores the miners.

pub(crate) mod rules;
