//! Burning through the owner: how much of a row goes to the owner's uid, whose pay the chain withholds.

use crate::base::family::MemberProblem;
use crate::base::math;
use crate::base::wording;
use crate::model::weighting::Board;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Burn in force from October 2025 to January 2026. Source: dippy-studio-bittensor e77da61.
const RATE: f64 = 0.75;
/// Blocks after which a burn schedule takes its next step. Source: dippy-studio-bittensor fd63f86.
const BLOCKS_PER_STEP: u64 = 1_000_000;

/// Share of a validator's weight that goes to the owner, whose pay is burned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Burn {
    /// Always this share, `0..=1`.
    Fixed(#[schemars(range(min = 0.0, max = 1.0))] f64),
    /// `base` less `step` for every million blocks of the chain, within `min..=max`.
    Schedule {
        /// Share at block 0, `0..=1`.
        #[schemars(range(min = 0.0, max = 1.0))]
        base: f64,
        /// What a million blocks take off, `0..=1`.
        #[schemars(range(min = 0.0, max = 1.0))]
        step: f64,
        /// Smallest share that is burned, `0..=1`.
        #[schemars(range(min = 0.0, max = 1.0))]
        min: f64,
        /// Largest share that is burned, `0..=1`.
        #[schemars(range(min = 0.0, max = 1.0))]
        max: f64,
    },
}

/// How the burn meets a weight that the owner's uid has earned itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OwnerWeight {
    /// All weights shrink by the burn; the owner's becomes the burn. Source: dippy-studio-bittensor 7dd5222.
    Replaced,
    /// All weights shrink by the burn, which is added to the owner's. Source: dippy-studio-bittensor fd63f86.
    Added,
    /// The owner's becomes the burn, the others share the rest in proportion to a sum that still has the owner in it.
    /// Source: dippy-studio-bittensor e77da61.
    #[default]
    Overwritten,
}

impl Default for Burn {
    fn default() -> Self {
        Self::Fixed(RATE)
    }
}

impl Burn {
    /// The share burned at `block`, `0.0..=1.0`.
    pub(super) fn rate(&self, block: u64) -> f64 {
        match *self {
            Self::Fixed(rate) => rate,
            Self::Schedule { base, step, min, max } => {
                let rate = base - step * math::float(block / BLOCKS_PER_STEP);
                if rate < min {
                    min
                } else if rate > max {
                    max
                } else {
                    rate
                }
            }
        }
    }

    /// The burn in words, for readers of the scenario.
    pub(super) fn told(&self) -> String {
        let percent = wording::percent;
        match *self {
            Self::Fixed(rate) => {
                format!("{} is burned through the owner's uid", percent(rate))
            }
            Self::Schedule { base, step, min, max } => format!(
                "{} less {} for every million blocks is burned through the owner's uid, from {} to {}",
                percent(base),
                percent(step),
                percent(min),
                percent(max)
            ),
        }
    }

    /// Every number that is out of its range.
    pub(super) fn check(&self) -> Vec<MemberProblem> {
        let shares = match *self {
            Self::Fixed(rate) => vec![("fixed", rate)],
            Self::Schedule { base, step, min, max } => vec![
                ("schedule.base", base),
                ("schedule.step", step),
                ("schedule.min", min),
                ("schedule.max", max),
            ],
        };
        let mut problems: Vec<_> = shares
            .into_iter()
            .filter(|(_, share)| !(0.0..=1.0).contains(share))
            .map(|(key, share)| MemberProblem::new(key, share, "0 to 1"))
            .collect();
        if let Self::Schedule { min, max, .. } = *self
            && min > max
        {
            problems.push(MemberProblem::new("schedule.min", min, "no more than schedule.max"));
        }
        problems
    }
}

/// The row that a validator submits: `shares` of the miners' pot with the burn taken to the owner, scaled to sum 1.
///
/// With `owner_takes_unscored` the owner gets all when every score is 0, and a row without an owner is uniform then; the
/// first validator had no such rule and its row is not a number anywhere. Without an owner nothing is burned.
pub(super) fn with_burn(
    shares: Vec<f64>,
    board: &Board<'_>,
    (rate, rule): (f64, OwnerWeight),
    owner_takes_unscored: bool,
) -> Vec<f64> {
    let count = shares.len();
    let all_zero = owner_takes_unscored && board.scores.iter().all(|score| is_zero(*score));
    let mut row = match board.owner {
        _ if all_zero => alone(count, board.owner),
        None => shares,
        Some(owner) => burned(&shares, owner, rate, rule),
    };
    let sum: f64 = row.iter().sum();
    // The first validator divides whatever the sum is.
    if sum > 0.0 || !owner_takes_unscored {
        for weight in &mut row {
            *weight /= sum;
        }
    }
    row
}

/// Whether a score is exactly nothing, of either sign.
pub(super) fn is_zero(score: f64) -> bool {
    score.abs() <= 0.0
}

/// All weight at one position; equal weights where there is none.
fn alone(count: usize, owner: Option<usize>) -> Vec<f64> {
    let Some(owner) = owner else {
        return vec![1.0 / math::float_len(count); count];
    };
    (0..count).map(|index| if index == owner { 1.0 } else { 0.0 }).collect()
}

fn burned(shares: &[f64], owner: usize, rate: f64, rule: OwnerWeight) -> Vec<f64> {
    let sum: f64 = shares.iter().sum();
    let left = 1.0 - rate;
    let weight = |(index, share): (usize, &f64)| match (rule, index == owner) {
        (OwnerWeight::Replaced | OwnerWeight::Overwritten, true) => rate,
        (OwnerWeight::Added, true) => share * left + rate,
        (OwnerWeight::Replaced | OwnerWeight::Added, false) => share * left,
        // A sum that is not a number is not above 0: the others stay at 0.
        (OwnerWeight::Overwritten, false) if sum > 0.0 => share * left / sum,
        (OwnerWeight::Overwritten, false) => 0.0,
    };
    shares.iter().enumerate().map(weight).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOARD: Board<'static> = Board {
        scores: &[0.5, 0.5],
        invalid: &[false; 2],
        banned: &[false; 2],
        coldkeys: &[None; 2],
        owner: Some(1),
        block: 0,
    };

    fn assert_row(got: &[f64], expected: &[f64]) {
        assert_eq!(got.len(), expected.len());
        for (got, expected) in got.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-12, "{got} is not {expected}");
        }
    }

    /// 0.75 - 0.001 x 6 = 0.744 at block 6.8 million; 0.99 - 0.006 = 0.984.
    #[test]
    fn a_schedule_steps_down_every_million_blocks_within_its_bounds() {
        let schedule = |base, min, max| Burn::Schedule { base, step: 0.001, min, max };
        assert!((schedule(0.75, 0.5, 0.75).rate(6_800_000) - 0.744).abs() < 1e-12);
        assert!((schedule(0.99, 0.97, 0.995).rate(6_999_999) - 0.984).abs() < 1e-12);
        assert!((schedule(0.99, 0.97, 0.995).rate(u64::MAX) - 0.97).abs() < 1e-12);
        assert!((schedule(1.0, 0.5, 0.75).rate(0) - 0.75).abs() < 1e-12);
    }

    /// Shares 0.9 and, the owner's, 0.1, burn 0.75. Replaced: 0.225, 0.75 over 0.975. Added: 0.225, 0.775.
    /// Overwritten: 0.225, 0.75 over 0.975.
    #[test]
    fn an_owner_with_a_score_is_treated_by_each_era_in_its_way() {
        let row = |rule| with_burn(vec![0.9, 0.1], &BOARD, (0.75, rule), true);
        assert_row(&row(OwnerWeight::Replaced), &[0.225 / 0.975, 0.75 / 0.975]);
        assert_row(&row(OwnerWeight::Added), &[0.225, 0.775]);
        assert_row(&row(OwnerWeight::Overwritten), &[0.225 / 0.975, 0.75 / 0.975]);
    }

    #[test]
    fn without_any_score_the_owner_gets_all_and_without_an_owner_all_get_alike() {
        let zero = Board { scores: &[0.0, -0.0], ..BOARD };
        let row = with_burn(vec![f64::NAN; 2], &zero, (0.75, OwnerWeight::Overwritten), true);
        assert_row(&row, &[0.0, 1.0]);
        let nobody = Board { owner: None, ..zero };
        let row = with_burn(vec![f64::NAN; 2], &zero, (0.99, OwnerWeight::Replaced), false);
        assert!(row.iter().all(|weight| weight.is_nan()), "the first validator: {row:?}");
        let row = with_burn(vec![f64::NAN; 2], &nobody, (0.75, OwnerWeight::Overwritten), true);
        assert_row(&row, &[0.5, 0.5]);
    }

    #[test]
    fn a_burn_of_everything_leaves_the_miners_nothing() {
        assert_row(
            &with_burn(vec![0.9, 0.1], &BOARD, (1.0, OwnerWeight::Overwritten), true),
            &[0.0, 1.0],
        );
    }

    #[test]
    fn shares_outside_the_whole_are_named() {
        let burn = Burn::Schedule { base: 1.5, step: 0.0, min: 0.9, max: 0.5 };
        let keys: Vec<_> = burn.check().into_iter().map(|problem| problem.key).collect();
        assert_eq!(keys, ["schedule.base", "schedule.min"]);
        assert_eq!(Burn::Fixed(-0.1).check().len(), 1);
    }
}
