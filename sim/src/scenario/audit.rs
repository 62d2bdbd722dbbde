//! What a scenario may say about audits. Source: spec/offchain.md section 5.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Audits: a share of finished requests is repeated on a trusted miner, and the images are compared.
///
/// A miner whose image differs is banned: one more failed audit on its record, invalid, published as 0, for good. That
/// holds in whatever version a scenario names, also in those that had no audits.
///
/// Production took the newest finished jobs when a person ran a script; here each finished request is taken by chance
/// when it finishes, so that the delay until a cheat is caught follows from the share alone. Left out: the broadcast
/// of one reference job to all miners, which slashes honest miners when the reference has no image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AuditSettings {
    /// Share of the finished requests that is audited, `0.0..=1.0`. Source: ours, one in twenty.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) share: f64,
    /// When audits begin [min after the start]. Source: ours, at once.
    #[schemars(range(min = 0.0, max = 100_000_000.0))]
    pub(crate) first_min: f64,
    /// Least time between two repetitions on the trusted miner [s]. Source: offchain.md section 5, 15 s.
    #[schemars(range(min = 0.0, max = 86_400.0))]
    pub(crate) spacing_s: f64,
    /// Most requests that wait for their repetition; what comes beyond is not audited, and counted as such.
    /// Source: offchain.md section 5, 10.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub(crate) waiting_max: u32,
    /// What a repetition takes the trusted miner where it is simulated [ms]. Source: trace of October 2025, the fastest
    /// full images took about 10 s.
    #[schemars(range(min = 0.0, max = 86_400_000.0))]
    pub(crate) rerun_ms: f64,
    /// What a repetition costs the subnet [alpha]; it is reported and paid by nobody here. Source: ours, nothing.
    #[schemars(range(min = 0.0, max = 21e6))]
    pub(crate) cost_alpha: f64,
    /// Whether an audited success without an image fails. Source: offchain.md section 5, production only warns.
    pub(crate) require_image: bool,
    /// An audited image smaller than this fails [bytes]; 0: none does. Source: offchain.md section 5, no such check.
    #[schemars(range(min = 0, max = 1_000_000_000))]
    pub(crate) image_bytes_min: u64,
}

impl Default for AuditSettings {
    fn default() -> Self {
        Self {
            share: 0.05,
            first_min: 0.0,
            spacing_s: 15.0,
            waiting_max: 10,
            rerun_ms: 10_000.0,
            cost_alpha: 0.0,
            require_image: false,
            image_bytes_min: 0,
        }
    }
}
