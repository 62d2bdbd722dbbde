//! By stake up to a cap, and nothing else.

use crate::base::family::Doc;
use crate::base::wording;
use crate::model::router::lottery::Lottery;
use crate::model::router::offer;
use crate::model::router::sn11;
use crate::model::router::weight::WeightRule;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// By stake up to a cap, and nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Stake above this adds nothing [alpha], `0.0..=21e6`; 0 gives nobody weight, and then all valid miners are alike.
    #[schemars(range(min = 0.0, max = sn11::CAP_MAX))]
    pub(crate) cap_alpha: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "stake_capped";
    const ABOUT: &'static str = "By stake up to a cap, and nothing else: 1000 is the version the FAQ links to, 6000 the first orchestrator.";
    const SOURCE: &'static str = "validator repository a51cdf8 (2025-10-05), cap 1000; orchestrator e3b1837 (2025-10-18), cap 6000";
    const EXAMPLE: &'static str = "[stake_capped]\ncap_alpha = 1000\n";

    fn told(&self) -> Option<String> {
        let cap = wording::figure(self.cap_alpha);
        Some(format!("by stake up to {cap} alpha, and nothing else"))
    }
}

impl Spec {
    /// The router made from these settings: a weighted lottery.
    pub(super) fn build(&self) -> Lottery<WeightRule> {
        sn11::router(WeightRule { cap: self.cap_alpha, ..WeightRule::PINNED }, offer::valid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::router::Router;
    use crate::model::router::trial::TrialMiners;

    /// Capped at 1000 the stakes weigh 250, 1000 and 1000.
    #[test]
    fn stake_counts_up_to_the_cap() {
        let miners = TrialMiners::with_stake(&[250, 1000, 9000]);
        let mut router = Spec { cap_alpha: 1000.0 }.build();
        miners.assert_shares(&mut router, &[1.0 / 9.0, 4.0 / 9.0, 4.0 / 9.0]);
        miners.assert_none_without_candidates(&mut Spec { cap_alpha: 1000.0 }.build());
    }

    #[test]
    fn a_miner_that_does_not_offer_the_kind_gets_the_job_all_the_same() {
        let mut miners = TrialMiners::with_stake(&[1, 3]);
        miners.kinds = vec![0, 0];
        miners.assert_shares(&mut Spec { cap_alpha: 1000.0 }.build(), &[0.25, 0.75]);
    }

    #[test]
    fn a_change_of_stake_is_seen_when_it_is_announced() {
        let mut miners = TrialMiners::with_stake(&[100, 100]);
        let mut router = Spec { cap_alpha: 1000.0 }.build();
        miners.assert_shares(&mut router, &[0.5, 0.5]);
        miners.stake[0].0 = 300;
        miners.assert_shares(&mut router, &[0.75, 0.25]);
    }

    /// The coupling that comparisons of caps live on: 0.72 by rejection, 0.30 by a prefix sum.
    #[test]
    fn two_caps_give_most_jobs_to_the_same_miner() {
        let stakes: Vec<u64> = (0..100).map(|miner| 50 + miner * 2950 / 99).collect();
        let miners = TrialMiners::with_stake(&stakes);
        let choices = |cap| {
            let router: &mut dyn Router = &mut Spec { cap_alpha: cap }.build();
            miners.choices(router, 50_000)
        };
        let (low, high) = (choices(500.0), choices(1000.0));
        let same = low.iter().zip(&high).filter(|(low, high)| low == high).count();
        assert!(same * 10 > low.len() * 6, "{same} of {}", low.len());
    }
}
