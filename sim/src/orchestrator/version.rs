//! Versions of the orchestrator that differ in what happens to a job before scoring.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Version of the orchestrator. Source: offchain.md section 0.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Version {
    /// O b164b3e, 2025-10-27, in force during the trace: a miner's answer is awaited for 15 s.
    #[default]
    V001,
    /// O 503d738, 2025-11-15: routing looks at task types and failed audits; else as v001.
    #[serde(rename = "503d738")]
    V503d738,
    /// O 44a4866, 2025-12-15: 20 s (60 s for image edits), the image edit's time rules, failures counted between runs.
    Head,
}
