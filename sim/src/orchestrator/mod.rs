//! The orchestrator: its books, its rules, its settings.

mod books;
pub(crate) mod rules;
mod settings;
mod version;

pub(crate) use books::Books;
pub(crate) use books::Carried;
pub(crate) use settings::Settings;
pub(crate) use version::Version;
