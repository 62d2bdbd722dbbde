//! By stake without a cap.

use crate::base::family::Doc;
use crate::model::router::lottery::Lottery;
use crate::model::router::offer;
use crate::model::router::sn11;
use crate::model::router::weight::WeightRule;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// By stake without a cap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "stake_proportional";
    const ABOUT: &'static str = "By stake without a cap, among those who offer the kind of job.";
    const SOURCE: &'static str = "ours: what the subnet's cap is measured against";
    const EXAMPLE: &'static str = "[stake_proportional]\n";
}

impl Spec {
    #[expect(clippy::unused_self, reason = "the family calls every member the same way")]
    pub(super) fn build(&self) -> Lottery<WeightRule> {
        sn11::router(WeightRule { cap: f64::INFINITY, ..WeightRule::PINNED }, offer::offering)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::router::trial::TrialMiners;

    #[test]
    fn shares_are_the_shares_of_stake() {
        let miners = TrialMiners::with_stake(&[1_000, 0, 9_000]);
        miners.assert_shares(&mut Spec {}.build(), &[0.1, 0.0, 0.9]);
        miners.assert_none_without_candidates(&mut Spec {}.build());
    }
}
