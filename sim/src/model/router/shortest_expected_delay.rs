//! Who should finish the job first.

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

/// Who should finish the job first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "shortest_expected_delay";
    const ABOUT: &'static str =
        "Who should finish the job first, by its jobs in flight and its past speed.";
    const SOURCE: &'static str = "Weinrib, Shenker 1988, \"Greed is not enough\": the greedy rule";
    const EXAMPLE: &'static str = "[shortest_expected_delay]\n";
}

impl Spec {
    #[expect(clippy::unused_self, reason = "the family calls every member the same way")]
    pub(super) fn build(&self) -> ShortestExpectedDelay {
        ShortestExpectedDelay(PerKind::default())
    }
}

/// The router made from a [`Spec`]. It looks at every candidate for every job: that is its rule.
///
/// Expected delay is `(jobs in flight + 1) x mean service / capacity`. A miner that has not answered yet counts as the
/// fastest known, so that it is tried and still waits its turn; queues are taken to be shared evenly by the slots.
#[derive(Clone, Debug)]
pub(super) struct ShortestExpectedDelay(PerKind<Vec<MinerId>>);

impl Router for ShortestExpectedDelay {
    fn update(&mut self, view: &View<'_>, _changed: &[MinerId]) {
        self.0.each().for_each(|(kind, kept)| *kept = offer::candidates(view, kind));
    }

    fn route(&mut self, view: &View<'_>, job: &Request, word: Word) -> Option<MinerId> {
        let candidates = self.0.of(job, |kind| offer::candidates(view, kind));
        let known = candidates.iter().map(|miner| view.service_ns[miner.index()]);
        let fastest = known.filter(|service| *service > 0.0).fold(f64::INFINITY, f64::min);
        let fastest = if fastest.is_finite() { fastest } else { 1.0 };
        let delay = |miner: MinerId| {
            let service = view.service_ns[miner.index()];
            let service = if service > 0.0 { service } else { fastest };
            let jobs = math::float(u64::from(view.in_flight[miner.index()])) + 1.0;
            jobs * service / math::float(u64::from(view.capacity[miner.index()]))
        };
        least::least(candidates, word, delay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::router::trial::TrialMiners;

    fn one_choice(in_flight: &[u32], service_ns: &[f64], capacity: &[u32]) -> usize {
        let mut miners = TrialMiners::with_stake(&vec![1; in_flight.len()]);
        miners.in_flight = in_flight.to_vec();
        miners.service_ns = service_ns.to_vec();
        miners.capacity = capacity.to_vec();
        miners.choices(&mut Spec {}.build(), 1)[0].unwrap().index()
    }

    /// 3 x 10 against 2 x 16, then against 1 x 16; two slots halve 3 x 10.
    #[test]
    fn the_product_of_queue_and_service_decides() {
        assert_eq!(one_choice(&[2, 1], &[10.0, 16.0], &[1, 1]), 0);
        assert_eq!(one_choice(&[2, 0], &[10.0, 16.0], &[1, 1]), 1);
        assert_eq!(one_choice(&[2, 0], &[10.0, 16.0], &[2, 1]), 0);
    }

    /// Unknown counts as 10, the fastest: 1 x 10 beats 2 x 10, and 3 x 10 does not.
    #[test]
    fn an_unknown_miner_is_tried_and_not_flooded() {
        assert_eq!(one_choice(&[1, 0], &[10.0, 0.0], &[1, 1]), 1);
        assert_eq!(one_choice(&[1, 2], &[10.0, 0.0], &[1, 1]), 0);
    }

    #[test]
    fn at_the_start_all_are_alike() {
        let miners = TrialMiners::with_stake(&[1, 9]);
        miners.assert_shares(&mut Spec {}.build(), &[0.5, 0.5]);
        miners.assert_none_without_candidates(&mut Spec {}.build());
    }
}
