//! The least busy of a few drawn by chance.

use crate::base::family::Doc;
use crate::base::ids::MinerId;
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

/// The least busy of a few drawn by chance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// How many are drawn, `1..=256`; one may be drawn twice. 1 is uniform.
    #[schemars(range(min = 1, max = 256))]
    pub(crate) d: u32,
}

impl Doc for Spec {
    const NAME: &'static str = "power_of_d";
    const ABOUT: &'static str = "The one with the fewest jobs in flight of d drawn by chance.";
    const SOURCE: &'static str =
        "Mitzenmacher 2001; Vvedenskaya, Dobrushin, Karpelevich 1996: the power of two choices";
    const EXAMPLE: &'static str = "[power_of_d]\nd = 2\n";

    fn told(&self) -> Option<String> {
        Some(format!("the one with the fewest jobs in flight of {} drawn by chance", self.d))
    }
}

impl Spec {
    pub(super) fn build(&self) -> PowerOfD {
        PowerOfD { d: self.d, candidates: PerKind::default() }
    }
}

/// The router made from a [`Spec`]; among equals the first drawn.
#[derive(Clone, Debug)]
pub(super) struct PowerOfD {
    d: u32,
    candidates: PerKind<Vec<MinerId>>,
}

impl Router for PowerOfD {
    fn update(&mut self, view: &View<'_>, _changed: &[MinerId]) {
        self.candidates.each().for_each(|(kind, kept)| *kept = offer::candidates(view, kind));
    }

    fn route(&mut self, view: &View<'_>, job: &Request, word: Word) -> Option<MinerId> {
        let candidates = self.candidates.of(job, |kind| offer::candidates(view, kind));
        let count = u64::try_from(candidates.len()).expect("a length fits 64 bits");
        let mut draws = word.expand();
        let few = (0..self.d).filter_map(|_| {
            let place = least::below(Word(draws.bits()), count);
            candidates.get(usize::try_from(place).expect("below a length")).copied()
        });
        few.min_by_key(|miner| view.in_flight[miner.index()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::router::trial::TrialMiners;

    /// Of two draws among four, the busy one is taken only when both fall on it: 1 in 16.
    #[test]
    fn the_busy_are_taken_only_when_all_draws_fall_on_them() {
        let mut miners = TrialMiners::with_stake(&[1, 1, 1, 1]);
        miners.in_flight = vec![5, 0, 0, 0];
        let rest = 15.0 / 48.0;
        miners.assert_shares(&mut Spec { d: 2 }.build(), &[1.0 / 16.0, rest, rest, rest]);
        miners.assert_none_without_candidates(&mut Spec { d: 2 }.build());
    }

    #[test]
    fn one_draw_is_uniform() {
        let mut miners = TrialMiners::with_stake(&[1, 1]);
        miners.in_flight = vec![5, 0];
        miners.assert_shares(&mut Spec { d: 1 }.build(), &[0.5, 0.5]);
    }
}
