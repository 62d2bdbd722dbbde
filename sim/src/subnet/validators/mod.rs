//! Validators: when they act and how scores become weights.

mod clock;

pub(crate) use clock::Clock;
