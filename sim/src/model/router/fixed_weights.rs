//! By given weights that nothing changes.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::ids::MinerId;
use crate::base::math;
use crate::base::random::Word;
use crate::base::sample;
use crate::base::sample::AliasTable;
use crate::model::router::Router;
use crate::model::router::View;
use crate::model::router::offer;
use crate::model::router::offer::PerKind;
use crate::work::Request;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// By given weights that nothing changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// A weight for each miner, in the scenario's order; miners beyond the list have none. Without a list: the stake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) weights: Option<Vec<f64>>,
}

impl Doc for Spec {
    const NAME: &'static str = "fixed_weights";
    const ABOUT: &'static str =
        "By given weights that nothing changes: for theory and studies of speed.";
    const SOURCE: &'static str = "Walker 1977, the alias method; a change moves many other choices";
    const EXAMPLE: &'static str = "[fixed_weights]\nweights = [1.0, 0.707, 0.577, 0.5]\n";

    fn check(&self) -> Vec<MemberProblem> {
        let weights = self.weights.as_deref();
        weights.map_or_else(Vec::new, |w| sample::weight_problems("weights", w.iter().copied()))
    }
}

impl Spec {
    pub(super) fn build(&self) -> FixedWeights {
        FixedWeights { weights: self.weights.clone(), tables: PerKind::default() }
    }
}

/// The router made from a [`Spec`].
#[derive(Clone, Debug)]
pub(super) struct FixedWeights {
    weights: Option<Vec<f64>>,
    tables: PerKind<WeightTable>,
}

/// The candidates of a kind with their weights.
#[derive(Clone, Debug)]
struct WeightTable {
    candidates: Vec<MinerId>,
    /// None without a candidate.
    alias: Option<AliasTable>,
}

impl WeightTable {
    fn new(view: &View<'_>, candidates: Vec<MinerId>, weights: Option<&[f64]>) -> Self {
        let weight = |miner: &MinerId| match weights {
            Some(weights) => weights.get(miner.index()).copied().unwrap_or(0.0),
            None => math::float(view.stake[miner.index()].0),
        };
        let mut weights: Vec<f64> = candidates.iter().map(weight).collect();
        if !weights.iter().any(|weight| *weight > 0.0) {
            weights.fill(1.0);
        }
        let alias = (!candidates.is_empty()).then(|| AliasTable::new(&weights));
        Self { candidates, alias }
    }
}

impl Router for FixedWeights {
    fn update(&mut self, view: &View<'_>, _changed: &[MinerId]) {
        for (kind, table) in self.tables.each() {
            let candidates = offer::candidates(view, kind);
            *table = WeightTable::new(view, candidates, self.weights.as_deref());
        }
    }

    fn route(&mut self, view: &View<'_>, job: &Request, word: Word) -> Option<MinerId> {
        let weights = self.weights.as_deref();
        let make = |kind| WeightTable::new(view, offer::candidates(view, kind), weights);
        let table = self.tables.of(job, make);
        Some(table.candidates[table.alias.as_ref()?.pick(word)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::router::trial::TrialMiners;

    fn build(weights: &[f64]) -> FixedWeights {
        Spec { weights: Some(weights.to_vec()) }.build()
    }

    #[test]
    fn shares_are_those_of_the_weights_among_the_valid() {
        let mut miners = TrialMiners::with_stake(&[9, 9, 9, 9]);
        miners.assert_shares(&mut build(&[1.0, 2.0, 5.0]), &[0.125, 0.25, 0.625, 0.0]);
        miners.valid[2] = false;
        miners.assert_shares(&mut build(&[1.0, 3.0, 5.0]), &[0.25, 0.75, 0.0, 0.0]);
        miners.assert_none_without_candidates(&mut build(&[1.0]));
    }

    #[test]
    fn without_a_list_stake_is_the_weight_and_without_stake_all_are_alike() {
        let by_stake = || Spec::default().build();
        TrialMiners::with_stake(&[1, 3]).assert_shares(&mut by_stake(), &[0.25, 0.75]);
        TrialMiners::with_stake(&[0, 0]).assert_shares(&mut by_stake(), &[0.5, 0.5]);
    }

    #[test]
    fn a_change_of_validity_is_seen_when_it_is_announced() {
        let mut miners = TrialMiners::with_stake(&[1, 1]);
        let mut router = build(&[1.0, 1.0]);
        miners.assert_shares(&mut router, &[0.5, 0.5]);
        miners.valid[0] = false;
        miners.assert_shares(&mut router, &[0.0, 1.0]);
    }

    #[test]
    fn negative_weights_are_refused_by_place() {
        assert_eq!(Spec { weights: Some(vec![1.0, -1.0]) }.check()[0].key, "weights.1");
        assert_eq!(Spec { weights: Some(vec![]) }.check()[0].key, "weights");
    }
}
