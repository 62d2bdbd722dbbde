//! The router of October 2025: stake up to 500, times score.

use crate::base::family::Doc;
use crate::base::wording;
use crate::model::router::lottery::Lottery;
use crate::model::router::offer;
use crate::model::router::sn11;
use crate::model::router::weight;
use crate::model::router::weight::WeightRule;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// The router of October 2025: stake up to 500, times score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Spec {
    /// Stake above this adds nothing [alpha], `0.0..=21e6`; 0 gives nobody weight, and then all valid miners are alike.
    #[schemars(range(min = 0.0, max = sn11::CAP_MAX))]
    pub(crate) cap_alpha: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "v001";
    const ABOUT: &'static str =
        "Stake up to 500 times score, at least 0.05: the router of the trace of October 2025.";
    const SOURCE: &'static str =
        "orchestrator b164b3e (2025-10-27), version 0.0.1; confirmed by the trace";
    const EXAMPLE: &'static str = "[v001]\ncap_alpha = 500\n";

    fn told(&self) -> Option<String> {
        let cap = wording::figure(self.cap_alpha);
        Some(format!(
            "by stake up to {cap} alpha times the score, which counts as at least {}: the router of October 2025",
            wording::figure(weight::FLOOR)
        ))
    }
}

impl Spec {
    /// The router; a miner that does not offer the kind is asked all the same.
    pub(super) fn build(&self) -> Lottery<WeightRule> {
        sn11::router(WeightRule { cap: self.cap_alpha, ..WeightRule::V001 }, offer::valid)
    }
}

impl Default for Spec {
    fn default() -> Self {
        Self { cap_alpha: weight::CAP }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::router::Payload;
    use crate::model::router::trial;
    use crate::model::router::trial::TrialMiners;

    fn build() -> Lottery<WeightRule> {
        Spec::default().build()
    }

    /// 500 x 1 (no record), 500 x 0.5, 250 x 0.05 (score 0) of 762.5.
    #[test]
    fn stake_counts_times_score() {
        let mut miners = TrialMiners::with_stake(&[800, 500, 250]);
        miners.payload = vec![None, Some(trial::payload(0.5)), Some(trial::payload(0.0))];
        let shares = [500.0, 250.0, 12.5].map(|weight| weight / 762.5);
        miners.assert_shares(&mut build(), &shares);
        miners.assert_none_without_candidates(&mut build());
    }

    #[test]
    fn when_all_are_slashed_the_choice_is_uniform_over_the_valid() {
        let mut miners = TrialMiners::with_stake(&[800, 500, 250]);
        let slashed = Some(Payload { is_slashed: true, ..trial::payload(0.5) });
        miners.payload = vec![slashed; 3];
        miners.valid[1] = false;
        miners.assert_shares(&mut build(), &[0.5, 0.0, 0.5]);
    }
}
