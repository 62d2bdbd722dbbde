//! What a scenario may say about validators.

use crate::base::units::NANOS_PER_SECOND;
use crate::base::units::SimSpan;
use crate::model::rules::ValidatorLoop;
use crate::model::rules::ValidatorRules;
use crate::model::weighting::WeightingSpec;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// How every validator turns scores into weights, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ValidatorSettings {
    /// Length of the window in which validators act once [min]. Source: offchain.md section 7, 20 minutes.
    #[schemars(range(min = 1, max = 1440))]
    pub(crate) window_min: u64,
    /// Last minute of a window in which a step is begun, `0..window_min`. Source: offchain.md section 7, minute mod 20 <= 2.
    #[schemars(range(min = 0, max = 1439))]
    pub(crate) open_min: u64,
    /// Sleep after a step [s]. Source: offchain.md section 7, 70 s.
    #[schemars(range(min = 1, max = 86_400))]
    pub(crate) pause_s: u64,
    /// Time of day of the scenario's start, UTC [s since midnight]. Source: ours, midnight.
    #[schemars(range(min = 0, max = 86_399))]
    pub(crate) start_utc_s: u64,
    /// How scores become weights. Source: offchain.md section 7; e77da61 ran in October 2025.
    pub(crate) weighting: WeightingSpec,
}

impl Default for ValidatorSettings {
    fn default() -> Self {
        Self {
            window_min: 20,
            open_min: 2,
            pause_s: 70,
            start_utc_s: 0,
            weighting: WeightingSpec::default(),
        }
    }
}

impl ValidatorSettings {
    /// What every validator goes by.
    pub(crate) fn resolved(&self) -> ValidatorRules {
        ValidatorRules {
            acting: ValidatorLoop {
                window_min: self.window_min,
                open_min: self.open_min,
                pause: SimSpan(self.pause_s * NANOS_PER_SECOND),
                start_utc_s: self.start_utc_s,
            },
            weighting: self.weighting.clone(),
        }
    }
}
