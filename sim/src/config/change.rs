//! One change of a schedule: when it begins to hold, and what it sets.

use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::scenario::ChainSettings;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Milliseconds in an hour.
const HOUR_MS: f64 = 3_600_000.0;

/// A change of the schedule: the keys it sets, and from when on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ScheduledChange {
    /// Hour from which it holds [h since the start]; this or `at_epoch`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1e6))]
    pub(crate) at_hour: Option<f64>,
    /// Epoch from whose beginning it holds, counted from 0; this or `at_hour`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub(crate) at_epoch: Option<u32>,
    /// Changes as `--set` takes them: `"router.v001.cap_alpha = 1000"`, `"cohort.slow.behaviour.no_image = {}"`,
    /// `"operator.farm.stake_alpha = 50"` for every cohort of an operator.
    pub(crate) set: Vec<String>,
}

impl ScheduledChange {
    /// When it begins to hold; the run's beginning where no instant is given.
    pub(crate) fn instant(&self, chain: &ChainSettings) -> SimTime {
        match self.at_epoch {
            Some(epoch) => chain.epoch_time(epoch.saturating_sub(1)),
            None => SimTime(SimSpan::from_ms_f64(self.at_hour.unwrap_or(0.0) * HOUR_MS).0),
        }
    }

    /// What is wrong with its instant; none when all is well.
    pub(crate) fn instant_fault(&self) -> Option<String> {
        match (self.at_hour, self.at_epoch) {
            (Some(_), None) | (None, Some(_)) => None,
            (None, None) => Some("says no instant, allowed: at_hour or at_epoch".to_string()),
            (Some(_), Some(_)) => Some("says two instants, allowed: one of them".to_string()),
        }
    }
}
