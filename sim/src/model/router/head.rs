//! Dippy's last router (December 2025): failures divide a miner's weight.

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

/// Dippy's last router (December 2025): failures divide a miner's weight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Spec {
    /// Stake above this adds nothing [alpha], `0.0..=21e6`; 0 gives nobody weight, and then all valid miners are alike.
    #[schemars(range(min = 0.0, max = sn11::CAP_MAX))]
    pub(crate) cap_alpha: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "head";
    const ABOUT: &'static str =
        "As v503d738, over one plus the miner's failures: the last router of December 2025.";
    const SOURCE: &'static str =
        "orchestrator 4dbc66b (2025-12-02), unchanged at 44a4866 (2025-12-15)";
    const EXAMPLE: &'static str = "[head]\ncap_alpha = 500\n";

    fn told(&self) -> Option<String> {
        let cap = wording::figure(self.cap_alpha);
        Some(format!(
            "by stake up to {cap} alpha times the score, which counts as at least {}, over one plus the failures, among those \
             who offer the kind of job and have failed no audit: the last router of December 2025",
            wording::figure(weight::FLOOR)
        ))
    }
}

impl Spec {
    /// The router made from these settings: a weighted lottery.
    pub(super) fn build(&self) -> Lottery<WeightRule> {
        sn11::router(WeightRule { cap: self.cap_alpha, ..WeightRule::HEAD }, offer::offering)
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

    /// 500 x 1 / (1 + 3) = 125 against 375.
    #[test]
    fn failures_divide_the_weight() {
        let mut miners = TrialMiners::with_stake(&[500, 375]);
        let failing = Some(Payload { failure_count: 3, ..trial::payload(1.0) });
        miners.payload = vec![failing, None];
        miners.assert_shares(&mut Spec::default().build(), &[0.25, 0.75]);
        miners.assert_none_without_candidates(&mut Spec::default().build());
    }

    #[test]
    fn a_failed_audit_takes_the_weight_and_the_offer_is_asked_for() {
        let mut miners = TrialMiners::with_stake(&[500, 100, 300]);
        miners.failed_audits = vec![1, 0, 0];
        miners.kinds = vec![1, 1, 2];
        miners.assert_shares(&mut Spec::default().build(), &[0.0, 1.0, 0.0]);
    }
}
