//! Part of the chosen miners' successes whose callback carried no image.
//!
//! `sum_{i chosen} successes without image_i / sum_{i chosen} successes_i`

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::metrics::Declared;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use crate::metrics::amount;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Part of the successes that carried no image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "success_without_image";
    const ABOUT: &'static str = "Part of the successes that carried no image.";
    const SOURCE: &'static str = "the October 2025 trace: 3,714 of 7,819";
    const EXAMPLE: &'static str = "[success_without_image]\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: "success_without_image_share".to_string(),
            unit: "1",
            range: Some((0.0, 1.0)),
            printed_for: &[Grouping::Whole, Grouping::Class, Grouping::Operator],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let miners = || chosen.iter().map(|miner| &facts.miners[miner.index()]);
        let without = amount::sum(miners().map(|miner| miner.without_image));
        let part = amount::ratio(without, amount::sum(miners().map(|miner| miner.successes)));
        part.map_or(Measured::Undefined("no success"), |part| Measured::within((0.0, 1.0), part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    #[test]
    fn successes_of_all_chosen_are_the_whole() {
        let mut facts = sample::of_pay(&[(0, 0), (1, 0)]);
        (facts.miners[0].successes, facts.miners[0].without_image) = (6, 4);
        facts.miners[1].successes = 2;
        assert_eq!(Spec {}.measure(&facts, &facts.all()), Measured::Value(0.5));
        assert_eq!(Spec {}.measure(&facts, &[MinerId(1)]), Measured::Value(0.0));
    }

    #[test]
    fn without_a_success_there_is_no_value() {
        let facts = sample::of_pay(&[(0, 1)]);
        let found = Spec {}.measure(&facts, &facts.all());
        assert_eq!(found, Measured::Undefined("no success"));
    }

    #[test]
    #[should_panic(expected = "contradict")]
    fn more_without_image_than_successes_is_a_bug() {
        let mut facts = sample::of_pay(&[(0, 1)]);
        (facts.miners[0].successes, facts.miners[0].without_image) = (1, 2);
        Spec {}.measure(&facts, &facts.all());
    }
}
