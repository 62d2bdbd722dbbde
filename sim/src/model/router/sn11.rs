//! What the subnet's published routers have in common: a weight rule and one draw per job, blind to load.
//!
//! Source: dippy-studio-bittensor-orchestrator, every version; spec/offchain.md section 1.

use crate::base::ids::MinerId;
use crate::base::math;
use crate::base::random::Word;
use crate::model::router::Router;
use crate::model::router::View;
use crate::model::router::choice::Choices;
use crate::model::router::offer::Candidacy;
use crate::model::router::weight::Standing;
use crate::model::router::weight::WeightRule;
use crate::work::Request;

/// Largest stake cap a scenario may set [alpha]: more than will ever be minted.
pub(super) const CAP_MAX: f64 = 21_000_000.0;

/// A published router.
#[derive(Clone, Debug)]
pub(super) struct Sn11 {
    rule: WeightRule,
    choices: Choices,
}

impl Sn11 {
    /// The router of a weight rule among the miners that `may` get a job.
    pub(super) fn new(rule: WeightRule, may: Candidacy) -> Self {
        Self { rule, choices: Choices::among(may) }
    }
}

impl Router for Sn11 {
    fn update(&mut self, view: &View<'_>, changed: &[MinerId]) {
        self.choices.update(view, changed, weights(self.rule, view));
    }

    fn route(&mut self, view: &View<'_>, job: &Request, word: Word) -> Option<MinerId> {
        self.choices.choose(view, job, word, weights(self.rule, view))
    }
}

/// The weight of each miner under a rule.
fn weights(rule: WeightRule, view: &View<'_>) -> impl Fn(usize) -> f64 {
    move |miner| {
        rule.weight(&Standing {
            alpha_stake: math::float(view.stake[miner].0),
            payload: view.payload[miner].as_ref(),
            failed_audits: view.failed_audits[miner],
        })
    }
}
