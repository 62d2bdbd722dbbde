//! Total variation distance between pay share and share of useful work (or of another target), by miner or by operator:
//! the part of the pay that would have to change hands for all to be paid as they worked.
//!
//! `TV = (1/2) sum_i |p_i - w_i|`, `p_i` and `w_i` the shares that `i` has of the chosen miners' pay and target. 0: paid exactly
//! as worked; 1: all pay goes to those who did nothing. Who was paid after leaving counts, so that all pay does.
//! It stands first on every page, and in `compare.csv` and `sweep.csv`.

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::metrics::Amount;
use crate::metrics::By;
use crate::metrics::Declared;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use crate::metrics::amount;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// Part of the pay that would have to change hands for all to be paid as they worked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-since" = "0.2.0"))]
pub(crate) struct Spec {
    /// What a fair share is a share of.
    #[serde(default = "amount::useful_work")]
    pub(crate) target: Amount,
    /// Who is counted as one.
    #[serde(default)]
    pub(crate) by: By,
}

impl Doc for Spec {
    const NAME: &'static str = "total_variation";
    const ABOUT: &'static str =
        "Part of the pay that would have to change hands for all to be paid as they worked.";
    const SOURCE: &'static str = "Levin, Peres, Wilmer 2009, Markov Chains and Mixing Times, proposition 4.2; of pay and work: ours";
    const EXAMPLE: &'static str = "[total_variation]\ntarget = \"useful_work\"\nby = \"miner\"\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        let (target, by) = (self.target.name(), self.by.name());
        Declared {
            label: format!("total_variation_of_pay_and_{target}_by_{by}"),
            unit: "1",
            range: Some((0.0, 1.0)),
            printed_for: &[Grouping::Whole, Grouping::Class],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let paid = amount::total(Amount::Pay, facts, chosen);
        let fair = amount::total(self.target, facts, chosen);
        if paid == 0 {
            return Measured::Undefined(Amount::Pay.none());
        }
        if fair == 0 {
            return Measured::Undefined(self.target.none());
        }
        let gap = |(pay, target): (u64, u64)| {
            let [p, w] = [amount::ratio(pay, paid), amount::ratio(target, fair)];
            (p.unwrap_or_default() - w.unwrap_or_default()).abs()
        };
        let whole: f64 = self.pairs(facts, chosen).into_iter().map(gap).sum();
        Measured::within((0.0, 1.0), 0.5 * whole)
    }
}

impl Spec {
    /// Pay and target of each miner, or of each operator in the order of their ids.
    fn pairs(&self, facts: &RunSummary, chosen: &[MinerId]) -> Vec<(u64, u64)> {
        let of = |miner: &MinerId| {
            let own = [*miner];
            (amount::total(Amount::Pay, facts, &own), amount::total(self.target, facts, &own))
        };
        if self.by == By::Miner {
            return chosen.iter().map(of).collect();
        }
        let mut sums: BTreeMap<_, (u64, u64)> = BTreeMap::new();
        for miner in chosen {
            let sum = sums.entry(facts.miners[miner.index()].operator).or_default();
            let (pay, target) = of(miner);
            *sum = (amount::sum([sum.0, pay]), amount::sum([sum.1, target]));
        }
        sums.into_values().collect()
    }
}

impl Default for Spec {
    fn default() -> Self {
        Self { target: amount::useful_work(), by: By::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;
    use proptest::prelude::*;

    fn of(miners: &[(u64, u64)]) -> Measured {
        let facts = sample::of_pay_and_work(miners);
        Spec::default().measure(&facts, &facts.all())
    }

    #[test]
    fn a_quarter_of_the_pay_for_no_work_is_a_quarter() {
        // Pay 1/4, 1/2, 1/4; work 0, 1/2, 1/2: gaps 1/4, 0, 1/4, of which half.
        assert_eq!(of(&[(1, 0), (2, 50), (1, 50)]), Measured::Value(0.25));
    }

    #[test]
    fn paid_as_worked_is_0_and_paid_for_nothing_is_1() {
        assert_eq!(of(&[(2, 1), (4, 2), (0, 0)]), Measured::Value(0.0));
        assert_eq!(of(&[(7, 0), (0, 3)]), Measured::Value(1.0));
        assert_eq!(of(&[(7, 3)]), Measured::Value(0.0));
    }

    #[test]
    fn an_operator_pays_its_own_miners_as_it_likes() {
        let mut facts = sample::of_pay_and_work(&[(4, 0), (0, 4), (4, 4)]);
        facts.miners[1].operator = facts.miners[0].operator;
        let by = |by| Spec { by, ..Spec::default() }.measure(&facts, &facts.all());
        assert_eq!((by(By::Miner), by(By::Operator)), (Measured::Value(0.5), Measured::Value(0.0)));
    }

    #[test]
    fn there_is_no_value_without_pay_or_target() {
        assert_eq!(of(&[(0, 1)]), Measured::Undefined("no pay"));
        assert_eq!(of(&[(1, 0)]), Measured::Undefined("no useful work"));
        assert_eq!(of(&[]), Measured::Undefined("no pay"));
    }

    #[test]
    fn an_unknown_target_is_refused() {
        assert!(toml::from_str::<Spec>("target = \"beauty\"").is_err());
    }

    proptest! {
        #![proptest_config(sample::written_seed())]

        #[test]
        fn it_is_what_the_overpaid_have_too_much(
            miners in prop::collection::vec((0_u64..1000, 0_u64..1000), 1..20)
        ) {
            // Oracle: sum of max(p - w, 0), proposition 4.2 of the source.
            let paid: u64 = miners.iter().map(|m| m.0).sum();
            let worked: u64 = miners.iter().map(|m| m.1).sum();
            let share = |part, whole| crate::base::math::float(part) / crate::base::math::float(whole);
            match of(&miners) {
                Measured::Value(found) => {
                    let above = miners.iter().map(|m| (share(m.0, paid) - share(m.1, worked)).max(0.0));
                    let oracle: f64 = above.sum();
                    prop_assert!((found - oracle).abs() < 1e-12, "{found} {oracle}");
                }
                Measured::Undefined(_) => prop_assert!(paid == 0 || worked == 0),
            }
        }
    }
}
