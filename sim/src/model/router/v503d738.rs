//! The router of mid November 2025: it asks what a miner offers.

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

/// The router of mid November 2025: it asks what a miner offers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Spec {
    /// Stake above this adds nothing [alpha], `0.0..=21e6`; 0 gives nobody weight, and then all valid miners are alike.
    #[schemars(range(min = 0.0, max = sn11::CAP_MAX))]
    pub(crate) cap_alpha: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "v503d738";
    const ABOUT: &'static str = "As v001, among those who offer the kind of job; a failed audit on the miner's record takes all weight.";
    const SOURCE: &'static str = "orchestrator 503d738 (2025-11-15)";
    const EXAMPLE: &'static str = "[v503d738]\ncap_alpha = 500\n";

    fn told(&self) -> Option<String> {
        let cap = wording::figure(self.cap_alpha);
        Some(format!(
            "by stake up to {cap} alpha times the score, which counts as at least {}, among those who offer the kind of job \
             and have failed no audit: the router of 15 November 2025",
            wording::figure(weight::FLOOR)
        ))
    }
}

impl Spec {
    /// The router made from these settings: a weighted lottery.
    pub(super) fn build(&self) -> Lottery<WeightRule> {
        sn11::router(WeightRule { cap: self.cap_alpha, ..WeightRule::AUDITED }, offer::offering)
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

    #[test]
    fn only_those_who_offer_the_kind_get_the_job() {
        let mut miners = TrialMiners::with_stake(&[100, 300, 400]);
        miners.kinds = vec![1, 1, 2];
        miners.assert_shares(&mut Spec::default().build(), &[0.25, 0.75, 0.0]);
        miners.kinds = vec![2, 2, 2];
        miners.assert_none_without_candidates(&mut Spec::default().build());
        assert_eq!(miners.choices(&mut Spec::default().build(), 1), [None]);
    }

    #[test]
    fn a_failed_audit_takes_the_weight_and_a_failure_does_not() {
        let mut miners = TrialMiners::with_stake(&[100, 300, 400]);
        let failing = Some(Payload { failure_count: 9, ..trial::payload(1.0) });
        miners.payload = vec![failing, None, None];
        miners.failed_audits = vec![0, 0, 1];
        miners.assert_shares(&mut Spec::default().build(), &[0.25, 0.75, 0.0]);
    }
}
