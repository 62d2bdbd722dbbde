//! From a scenario file to a resolved scenario, all problems at once.
//!
//! `tree` reads TOML with places, `overlay` lays files and options on each other, `schema` finds what is not allowed,
//! `check` what does not fit, `resolve` makes every miner, validator and client. `age` knows the keys that came and went, so
//! that results and recordings of older versions stay readable.

mod age;
mod asked;
mod audit;
mod chain;
mod check;
mod cohort;
mod file;
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

pub(crate) use age::gone as gone_keys;
pub(crate) use age::is_text_of;
pub(crate) use age::text;
pub(crate) use asked::asked_hash;
pub(crate) use audit::AuditSettings;
pub(crate) use chain::BLOCK_NS;
pub(crate) use chain::ChainSettings;
pub(crate) use cohort::Cohort;
pub(crate) use file::Kind;
pub(crate) use file::Run;
pub(crate) use load::Loaded;
pub(crate) use load::json_schema;
pub(crate) use load::load;
pub(crate) use load::load_kept;
pub(crate) use orchestrator::OrchestratorSettings;
pub(crate) use replay::ReplaySettings;
pub(crate) use resolve::Miner;
pub(crate) use resolve::Resolved;
pub(crate) use resolve::ResolvedClient;
pub(crate) use resolve::Validator;
pub(crate) use resolve::resolve;
pub(crate) use schema::Schema;
pub(crate) use sweep::Sweep;
pub(crate) use tree::Node;
pub(crate) use tree::Value;
pub(crate) use tree::parse;
pub(crate) use validators::ValidatorSettings;
pub(crate) use variant::load_variant;
