//! What the orchestrator decides, as pure functions: no clock, no draw, no store.

pub(crate) mod score_run;
