//! The subnet's services: they hold state and are told the time.

pub(crate) mod ledger;
pub(crate) mod orchestrator;
pub(crate) mod parameters;
pub(crate) mod roster;
pub(crate) mod validators;
