//! The amounts that can be shared out, and who is counted as one.

use crate::base::ids::MinerId;
use crate::base::ids::OperatorId;
use crate::base::math;
use crate::metrics::MinerSummary;
use crate::metrics::RunSummary;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// An amount that every miner has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Amount {
    /// Pay from the chain, after u16 rounding [rao].
    #[default]
    Pay,
    /// Useful work: steps fully computed for requests answered in time [steps].
    UsefulWork,
    /// Requests routed to the miner [jobs].
    Requests,
    /// Stake of the miner's hotkey [rao].
    Stake,
}

impl Amount {
    /// The word in labels.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::UsefulWork => "useful_work",
            Self::Requests => "requests",
            Self::Stake => "stake",
        }
    }

    /// Whether one is pay and the other the useful work that it should follow.
    pub(crate) fn are_pay_and_work(one: Self, other: Self) -> bool {
        matches!((one, other), (Self::Pay, Self::UsefulWork) | (Self::UsefulWork, Self::Pay))
    }

    /// Why there is no value when all of it is 0.
    pub(crate) const fn none(self) -> &'static str {
        match self {
            Self::Pay => "no pay",
            Self::UsefulWork => "no useful work",
            Self::Requests => "no requests",
            Self::Stake => "no stake",
        }
    }

    /// How much of this amount a miner has.
    pub(crate) const fn of(self, miner: &MinerSummary) -> u64 {
        match self {
            Self::Pay => miner.pay.0,
            Self::UsefulWork => miner.useful_steps,
            Self::Requests => miner.requests,
            Self::Stake => miner.stake.0,
        }
    }
}

/// Whether miners or whole operators are counted as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum By {
    /// Each miner counts by itself.
    #[default]
    Miner,
    /// All chosen miners of an operator together.
    Operator,
}

impl By {
    /// The word in labels.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Miner => "miner",
            Self::Operator => "operator",
        }
    }

    /// The amounts of the chosen active miners, or of their operators in the order of their ids.
    pub(crate) fn amounts(self, of: Amount, facts: &RunSummary, chosen: &[MinerId]) -> Vec<u64> {
        let active = facts.active(chosen);
        match self {
            Self::Miner => active.into_iter().map(|miner| of.of(miner)).collect(),
            Self::Operator => {
                let mut sums: BTreeMap<OperatorId, u64> = BTreeMap::new();
                for miner in active {
                    let sum = sums.entry(miner.operator).or_default();
                    *sum = plus(*sum, of.of(miner));
                }
                sums.into_values().collect()
            }
        }
    }
}

/// What fairness is measured by unless another target is named.
pub(crate) fn useful_work() -> Amount {
    Amount::UsefulWork
}

/// The exact sum of amounts.
pub(crate) fn sum(amounts: impl IntoIterator<Item = u64>) -> u64 {
    amounts.into_iter().fold(0, plus)
}

/// The sum of an amount over the chosen miners, active or not: pay may arrive after a miner has left.
pub(crate) fn total(of: Amount, facts: &RunSummary, chosen: &[MinerId]) -> u64 {
    sum(chosen.iter().map(|miner| of.of(&facts.miners[miner.index()])))
}

/// `part / whole` of two exact sums; none when the whole is 0.
pub(crate) fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| math::float(part) / math::float(whole))
}

fn plus(sum: u64, amount: u64) -> u64 {
    sum.checked_add(amount).expect("all money, steps and requests of a run fit 64 bits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    #[test]
    fn an_operator_counts_as_one() {
        let mut facts = sample::of_pay(&[(0, 1), (0, 2), (0, 4)]);
        facts.miners[2].operator = OperatorId(0);
        let all = facts.all();
        assert_eq!(By::Miner.amounts(Amount::Pay, &facts, &all), [1, 2, 4]);
        assert_eq!(By::Operator.amounts(Amount::Pay, &facts, &all), [5, 2]);
        assert_eq!(total(Amount::Pay, &facts, &all[..2]), 3);
    }

    #[test]
    fn nothing_is_no_part_of_nothing() {
        assert_eq!(ratio(0, 0), None);
        assert_eq!(ratio(1, 4), Some(0.25));
    }
}
