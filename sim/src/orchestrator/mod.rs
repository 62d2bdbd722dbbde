//! The orchestrator: its books, its rules, its settings.

mod books;
pub(crate) mod rules;
mod settings;

pub(crate) use books::Books;
pub(crate) use books::Callback;
pub(crate) use books::Carried;
pub(crate) use rules::Version;
pub(crate) use settings::Settings;
