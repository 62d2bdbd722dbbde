//! Validators: when they act and how scores become weights.

mod clock;
mod settings;

pub(crate) use clock::Clock;
pub(crate) use settings::Settings;
