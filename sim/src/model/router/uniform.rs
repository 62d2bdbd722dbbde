//! Every valid miner alike.

use crate::base::family::Doc;
use crate::model::router::View;
use crate::model::router::lottery::Lottery;
use crate::model::router::lottery::Weigh;
use crate::model::router::offer;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Every valid miner alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "uniform";
    const ABOUT: &'static str = "Every valid miner that offers the kind of job, all alike.";
    const SOURCE: &'static str = "ours: the control without stake or score";
    const EXAMPLE: &'static str = "[uniform]\n";
}

impl Spec {
    #[expect(clippy::unused_self, reason = "the family calls every member the same way")]
    pub(super) fn build(&self) -> Lottery<UniformWeight> {
        Lottery::among(offer::offering, UniformWeight)
    }
}

/// What a miner weighs by a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct UniformWeight;

impl Weigh for UniformWeight {
    fn weight(&self, _view: &View<'_>, _miner: usize) -> f64 {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::router::trial::TrialMiners;

    #[test]
    fn valid_miners_are_alike_whatever_their_stake() {
        let mut miners = TrialMiners::with_stake(&[0, 5, 500, 7]);
        miners.valid[1] = false;
        miners.assert_shares(&mut Spec {}.build(), &[1.0 / 3.0, 0.0, 1.0 / 3.0, 1.0 / 3.0]);
        miners.assert_none_without_candidates(&mut Spec {}.build());
    }

    #[test]
    fn who_does_not_offer_the_kind_is_not_asked() {
        let mut miners = TrialMiners::with_stake(&[1, 1]);
        miners.kinds[0] = 0b10;
        miners.assert_shares(&mut Spec {}.build(), &[0.0, 1.0]);
    }
}
