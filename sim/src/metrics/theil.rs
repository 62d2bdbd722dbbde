//! Theil's T of an amount over miners, whole or divided by class: inequality within classes and between them.
//!
//! `total = (1/n) sum_i (n s_i) ln(n s_i) = within + between`, `0 ln 0 = 0`;
//! `between = sum_k s_k ln(s_k n / n_k)`, `within = sum_k s_k total_k`, with `s_k` the share of class `k`'s `n_k` miners
//! and `total_k` the index inside it. 0 is equality, `ln n` is all for one; so there is no range for all `n`.

use crate::base::family::Doc;
use crate::base::ids::ClassId;
use crate::base::ids::MinerId;
use crate::base::math;
use crate::metrics::Amount;
use crate::metrics::Declared;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// Theil index T: inequality of all, within classes, or between classes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The amount whose inequality is measured.
    #[serde(default)]
    pub(crate) of: Amount,
    /// Which part of the inequality.
    #[serde(default)]
    pub(crate) part: TheilPart,
}

impl Doc for Spec {
    const NAME: &'static str = "theil";
    const ABOUT: &'static str =
        "Theil index T: inequality of all, within classes, or between classes.";
    const SOURCE: &'static str = "Theil 1967, Economics and Information Theory, chapter 4; Shorrocks 1980, Econometrica 48(3)";
    const EXAMPLE: &'static str = "[theil]\nof = \"pay\"\npart = \"between\"\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: format!("theil_{}_{}", self.of.name(), self.part.name()),
            unit: "1",
            range: None,
            printed_for: &[Grouping::Whole],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let miners = facts.active(chosen);
        if miners.len() < 2 {
            return Measured::Undefined("fewer than two to compare");
        }
        let mut classes: BTreeMap<ClassId, Vec<f64>> = BTreeMap::new();
        for miner in &miners {
            classes.entry(miner.class).or_default().push(math::float(self.of.of(miner)));
        }
        let whole: f64 = classes.values().map(|class| sum(class)).sum();
        if whole <= 0.0 {
            return Measured::Undefined(self.of.none());
        }
        let count = math::float_len(miners.len());
        let (mut within, mut between) = (0.0, 0.0);
        for class in classes.values() {
            let share = sum(class) / whole;
            within += share * total(class);
            between += x_ln_x(share, count / math::float_len(class.len()));
        }
        Measured::of(match self.part {
            TheilPart::Total => within + between,
            TheilPart::Within => within,
            TheilPart::Between => between,
        })
    }
}

/// A part of the inequality.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TheilPart {
    /// The whole inequality, within classes and between them.
    #[default]
    Total,
    /// Among miners of the same class.
    Within,
    /// Among the classes' means.
    Between,
}

impl TheilPart {
    const fn name(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Within => "within",
            Self::Between => "between",
        }
    }
}

fn sum(amounts: &[f64]) -> f64 {
    amounts.iter().sum()
}

/// The index of these amounts by themselves; 0 when they are all 0.
fn total(amounts: &[f64]) -> f64 {
    let (whole, count) = (sum(amounts), math::float_len(amounts.len()));
    if whole <= 0.0 {
        return 0.0;
    }
    amounts.iter().map(|amount| x_ln_x(amount / whole, count)).sum()
}

/// `share ln(share count)`, 0 at 0.
fn x_ln_x(share: f64, count: f64) -> f64 {
    if share > 0.0 { share * math::ln(share * count) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;
    use proptest::prelude::*;

    fn of(part: TheilPart, miners: &[(u16, u64)]) -> f64 {
        let facts = sample::of_pay(miners);
        let spec = Spec { part, ..Spec::default() };
        spec.measure(&facts, &facts.all()).value().unwrap()
    }

    #[test]
    fn two_classes_worked_by_hand() {
        // Class 0: 1, 3; class 1: 4. Shares 1/2 of 2 miners, 1/2 of 1 miner.
        let miners = [(0, 1), (0, 3), (1, 4)];
        // between = 1/2 ln(3/4) + 1/2 ln(3/2); within = 1/2 (1/4 ln(1/2) + 3/4 ln(3/2)).
        let between = 0.5 * math::ln(0.75) + 0.5 * math::ln(1.5);
        let within = 0.5 * (0.25 * math::ln(0.5) + 0.75 * math::ln(1.5));
        assert!((of(TheilPart::Between, &miners) - between).abs() < 1e-15);
        assert!((of(TheilPart::Within, &miners) - within).abs() < 1e-15);
    }

    #[test]
    fn equality_is_0_and_all_for_one_is_ln_n() {
        assert!(of(TheilPart::Total, &[(0, 5), (1, 5), (1, 5)]).abs() < 1e-15);
        assert!((of(TheilPart::Total, &[(0, 0), (1, 5), (1, 0)]) - math::ln(3.0)).abs() < 1e-15);
    }

    #[test]
    fn there_is_no_value_without_pay_or_company() {
        for (miners, why) in
            [(vec![(0, 5)], "fewer than two to compare"), (vec![(0, 0), (1, 0)], "no pay")]
        {
            let facts = sample::of_pay(&miners);
            let found = Spec::default().measure(&facts, &facts.all());
            assert_eq!(found, Measured::Undefined(why));
        }
    }

    #[test]
    fn an_unknown_part_is_refused() {
        assert!(toml::from_str::<Spec>("part = \"outside\"").is_err());
    }

    proptest! {
        #![proptest_config(sample::written_seed())]

        #[test]
        fn the_parts_are_not_negative_and_add_up_to_the_formula(
            mut miners in prop::collection::vec((0_u16..4, 0_u64..1000), 2..30)
        ) {
            miners[0].1 += 1;
            let whole: u64 = miners.iter().map(|miner| miner.1).sum();
            let count = math::float_len(miners.len());
            let oracle: f64 = miners.iter().filter(|miner| miner.1 > 0).map(|miner| {
                let relative = math::float(miner.1) * count / math::float(whole);
                relative * math::ln(relative) / count
            }).sum();
            let (within, between) = (of(TheilPart::Within, &miners), of(TheilPart::Between, &miners));
            prop_assert!(within > -1e-12 && between > -1e-12);
            prop_assert!((within + between - oracle).abs() < 1e-10);
        }
    }
}
