//! What the subnet's published routers have in common: a weight rule and one draw per job, blind to load.
//!
//! Source: dippy-studio-bittensor-orchestrator, every version; spec/offchain.md section 1.

use crate::base::math;
use crate::model::router::View;
use crate::model::router::lottery::Lottery;
use crate::model::router::lottery::Weigh;
use crate::model::router::offer::Candidacy;
use crate::model::router::weight::RoutedStanding;
use crate::model::router::weight::WeightRule;

/// Largest stake cap a scenario may set [alpha]: more than will ever be minted.
pub(super) const CAP_MAX: f64 = 21_000_000.0;

/// The router of a weight rule among the miners that `may` get a job.
pub(super) fn router(rule: WeightRule, may: Candidacy) -> Lottery<WeightRule> {
    Lottery::among(may, rule)
}

impl Weigh for WeightRule {
    fn weight(&self, view: &View<'_>, miner: usize) -> f64 {
        Self::weight(
            self,
            &RoutedStanding {
                alpha_stake: math::float(view.stake[miner].0),
                payload: view.payload[miner].as_ref(),
                failed_audits: view.failed_audits[miner],
            },
        )
    }
}
