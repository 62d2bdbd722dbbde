//! Takes turns by stake, spread as evenly as can be.

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::base::random::Word;
use crate::base::wording;
use crate::model::router::Router;
use crate::model::router::View;
use crate::model::router::offer;
use crate::model::router::offer::PerKind;
use crate::work::Request;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Takes turns by stake, spread as evenly as can be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Stake above this adds nothing [alpha]; without it there is no cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 21_000_000))]
    pub(crate) cap_alpha: Option<u64>,
}

impl Doc for Spec {
    const NAME: &'static str = "smooth_round_robin";
    const ABOUT: &'static str =
        "Takes turns by stake, spread as evenly as can be; no chance in it.";
    const SOURCE: &'static str =
        "nginx 1.3.1, ngx_http_upstream_get_peer: smooth weighted round-robin balancing";
    const EXAMPLE: &'static str = "[smooth_round_robin]\ncap_alpha = 500\n";

    fn told(&self) -> Option<String> {
        let cap = self.cap_alpha.map(|cap| format!(" up to {} alpha", wording::whole(cap)));
        Some(format!("turns by stake{}, spread evenly, no chance in it", cap.unwrap_or_default()))
    }
}

impl Spec {
    pub(super) fn build(&self) -> SmoothRoundRobin {
        SmoothRoundRobin { cap: self.cap_alpha.unwrap_or(u64::MAX), turns: PerKind::default() }
    }
}

/// The router made from a [`Spec`]. It looks at every miner for every job: that is its rule.
#[derive(Clone, Debug)]
pub(super) struct SmoothRoundRobin {
    cap: u64,
    turns: PerKind<Vec<Turn>>,
}

/// A candidate's standing in its kind of job.
#[derive(Clone, Copy, Debug)]
struct Turn {
    miner: MinerId,
    weight: i128,
    /// Grows by the weight at every job and falls by the sum of weights at an own one.
    credit: i128,
}

impl SmoothRoundRobin {
    /// The candidates of a kind with the credit they had before.
    fn turns(view: &View<'_>, cap: u64, candidates: Vec<MinerId>, before: &[Turn]) -> Vec<Turn> {
        let stake = |miner: MinerId| view.stake[miner.index()].0.min(cap);
        let nobody = candidates.iter().all(|miner| stake(*miner) == 0);
        let turn = |miner: MinerId| Turn {
            miner,
            weight: if nobody { 1 } else { i128::from(stake(miner)) },
            credit: before.iter().find(|turn| turn.miner == miner).map_or(0, |turn| turn.credit),
        };
        candidates.into_iter().map(turn).collect()
    }
}

impl Router for SmoothRoundRobin {
    fn update(&mut self, view: &View<'_>, _changed: &[MinerId]) {
        for (kind, turns) in self.turns.each() {
            *turns = Self::turns(view, self.cap, offer::candidates(view, kind), turns);
        }
    }

    fn route(&mut self, view: &View<'_>, job: &Request, _word: Word) -> Option<MinerId> {
        let make = |kind| Self::turns(view, self.cap, offer::candidates(view, kind), &[]);
        let turns = self.turns.of(job, make);
        let sum: i128 = turns.iter().map(|turn| turn.weight).sum();
        for turn in turns.iter_mut() {
            turn.credit += turn.weight;
        }
        // The first of equals, as in nginx: `max_by_key` would take the last.
        let best = turns.iter_mut().rev().max_by_key(|turn| turn.credit)?;
        best.credit -= sum;
        Some(best.miner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::router::trial::TrialMiners;

    fn order(router: &mut SmoothRoundRobin, miners: &TrialMiners, count: usize) -> Vec<u16> {
        miners.choices(router, count).into_iter().map(|miner| miner.unwrap().0).collect()
    }

    /// The example of nginx's commit message: weights 5, 1, 1 give a a b a c a a.
    #[test]
    fn turns_are_spread_as_in_nginx() {
        let miners = TrialMiners::with_stake(&[5, 1, 1]);
        let got = order(&mut Spec::default().build(), &miners, 14);
        assert_eq!(got, [0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0]);
        miners.assert_none_without_candidates(&mut Spec::default().build());
    }

    #[test]
    fn the_cap_makes_the_rich_alike() {
        let miners = TrialMiners::with_stake(&[5000, 700, 500]);
        assert_eq!(order(&mut Spec { cap_alpha: Some(500) }.build(), &miners, 4), [0, 1, 2, 0]);
    }

    #[test]
    fn without_stake_all_take_turns() {
        let miners = TrialMiners::with_stake(&[0, 0]);
        assert_eq!(order(&mut Spec::default().build(), &miners, 4), [0, 1, 0, 1]);
    }

    #[test]
    fn an_announced_change_keeps_the_credit() {
        let miners = TrialMiners::with_stake(&[2, 1]);
        let mut router = Spec::default().build();
        let mut got = order(&mut router, &miners, 1);
        got.extend(order(&mut router, &miners, 2));
        assert_eq!(got, order(&mut Spec::default().build(), &miners, 3));
    }
}
