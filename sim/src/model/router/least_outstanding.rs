//! Who has the fewest jobs in flight.

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::base::math;
use crate::base::random::Word;
use crate::model::router::Router;
use crate::model::router::View;
use crate::model::router::least;
use crate::model::router::offer;
use crate::model::router::offer::PerKind;
use crate::work::Request;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Who has the fewest jobs in flight.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "least_outstanding";
    const ABOUT: &'static str = "Who has the fewest jobs in flight; by chance among equals.";
    const SOURCE: &'static str = "Winston 1977, join the shortest queue; Envoy's least request";
    const EXAMPLE: &'static str = "[least_outstanding]\n";
}

impl Spec {
    #[expect(clippy::unused_self, reason = "the family calls every member the same way")]
    pub(super) fn build(&self) -> LeastOutstanding {
        LeastOutstanding(PerKind::default())
    }
}

/// The router made from a [`Spec`]. It looks at every candidate for every job: that is its rule.
///
/// A miner that never calls back keeps its jobs in flight and so gets no more.
#[derive(Clone, Debug)]
pub(super) struct LeastOutstanding(PerKind<Vec<MinerId>>);

impl Router for LeastOutstanding {
    fn update(&mut self, view: &View<'_>, _changed: &[MinerId]) {
        self.0.each().for_each(|(kind, kept)| *kept = offer::candidates(view, kind));
    }

    fn route(&mut self, view: &View<'_>, job: &Request, word: Word) -> Option<MinerId> {
        let candidates = self.0.of(job, |kind| offer::candidates(view, kind));
        let jobs = |miner: MinerId| math::float(u64::from(view.in_flight[miner.index()]));
        least::least(candidates, word, jobs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::router::trial::TrialMiners;

    #[test]
    fn the_idle_share_the_jobs_and_the_busy_wait() {
        let mut miners = TrialMiners::with_stake(&[1, 1, 1, 1]);
        miners.in_flight = vec![3, 1, 1, 0];
        miners.valid[3] = false;
        miners.assert_shares(&mut Spec {}.build(), &[0.0, 0.5, 0.5, 0.0]);
        miners.assert_none_without_candidates(&mut Spec {}.build());
    }
}
