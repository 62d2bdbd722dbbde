//! The orchestrator: its books, its rules, its settings.

mod audit;
mod books;
pub(crate) mod rules;
mod settings;

pub(crate) use audit::AuditSettings;
pub(crate) use books::Books;
pub(crate) use books::Callback;
pub(crate) use books::Carried;
pub(crate) use rules::Version;
pub(crate) use settings::Settings;
