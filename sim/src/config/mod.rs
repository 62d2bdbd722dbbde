//! From a scenario file to a resolved scenario, all problems at once.
//!
//! `tree` reads TOML with places, `overlay` lays files and options on each other, `schema` finds what is not allowed,
//! `check` what does not fit, `resolve` makes every miner, validator and client. `age` knows the keys that came and went, so
//! that results and recordings of older versions stay readable.

mod age;
mod asked;
mod change;
mod check;
mod cohort;
mod editor;
mod file;
mod limits;
mod load;
mod orchestrator;
mod overlay;
mod problem;
mod replay;
mod resolve;
mod schedule;
mod schema;
mod shorthand;
mod sweep;
mod table;
mod tree;
mod validators;
mod variant;

pub(crate) use age::is_text_of;
pub(crate) use change::ScheduledChange;
pub(crate) use cohort::Cohort;
pub(crate) use editor::file_schema;
pub(crate) use file::ScenarioFile;
pub(crate) use file::json_schema;
pub(crate) use load::Loaded;
pub(crate) use load::load;
pub(crate) use load::load_kept;
pub(crate) use load::read as text_of;
pub(crate) use orchestrator::OrchestratorSettings;
pub(crate) use problem::Troubles;
pub(crate) use problem::sweep_example;
pub(crate) use resolve::resolve;
pub(crate) use schema::Schema;
pub(crate) use sweep::SweepAxis;
pub(crate) use sweep::SweepCell;
pub(crate) use sweep::SweepTable;
pub(crate) use tree::Node;
pub(crate) use tree::Value;
#[cfg(any(feature = "report", test))]
pub(crate) use tree::parse;
pub(crate) use validators::ValidatorSettings;
pub(crate) use variant::load_variant;
