//! Sweeps: variants of a scenario that are run side by side.

use schemars::JsonSchema;
use schemars::Schema;
use schemars::SchemaGenerator;
use schemars::json_schema;
use serde::Deserialize;
use serde::Serialize;
use std::borrow::Cow;
use std::fmt;

/// The block as it is written, for who made a mistake in one.
pub(crate) const EXAMPLE: &str = "[[sweep.grid]]
key = \"router.v001.cap_alpha\"
values = [500.0, 1000.0]
";

/// Variants to run: every combination of the grid, and the cells listed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SweepTable {
    /// Axes of the grid; every combination of their values is a cell.
    pub(crate) grid: Vec<SweepAxis>,
    /// Single cells beside the grid.
    pub(crate) list: Vec<SweepCell>,
}

/// One axis of a grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SweepAxis {
    /// Path of the key that changes, as `--set` takes it.
    pub(crate) key: String,
    /// Its values, each as TOML.
    #[schemars(length(min = 1))]
    pub(crate) values: Vec<Setting>,
}

/// A value on an axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Setting {
    /// A whole number, as TOML writes it.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// A truth value: true or false.
    Boolean(bool),
    /// A text: as it is where the key takes text, else read as TOML.
    Text(String),
}

/// A cell of the sweep that stands beside its grid.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SweepCell {
    /// What it is called in the table.
    pub(crate) name: String,
    /// Another scenario file, relative to this one; without it this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    /// Changes as `--set` takes them.
    pub(crate) set: Vec<String>,
}

impl JsonSchema for Setting {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Setting".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["integer", "number", "boolean", "string"] })
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number:?}"),
            Self::Boolean(truth) => write!(f, "{truth}"),
            Self::Text(text) => write!(f, "{text}"),
        }
    }
}
