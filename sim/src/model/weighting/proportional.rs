//! Weights in proportion to scores: the control in which the size of a score matters, not its rank.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::math;
use crate::base::wording;
use crate::model::weighting::Board;
use crate::model::weighting::Weighing;
use crate::model::weighting::Weighting;
use crate::model::weighting::burn::Burn;
use crate::model::weighting::burn::OwnerWeight;
use crate::model::weighting::burn::with_burn;
use crate::model::weighting::win_rate::rates;
use crate::model::weighting::win_rate::wins;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Weights in proportion to a power of the score. No published version does this.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Spec {
    /// Power to which scores are raised, above 0.
    #[schemars(range(min = 0.0))]
    pub(crate) exponent: f64,
    /// How much is burned through the owner's uid.
    pub(crate) burn: Burn,
}

impl Default for Spec {
    fn default() -> Self {
        Self { exponent: 1.0, burn: Burn::default() }
    }
}

impl Doc for Spec {
    const NAME: &'static str = "proportional";
    const ABOUT: &'static str = "In proportion to the score, with a burn.";
    const SOURCE: &'static str = "ours: the control that pays for how much, not for rank";
    const EXAMPLE: &'static str = "[proportional]\nexponent = 2.0\n";

    fn check(&self) -> Vec<MemberProblem> {
        let mut problems: Vec<_> =
            self.burn.check().into_iter().map(|problem| problem.under("burn")).collect();
        if !(self.exponent.is_finite() && self.exponent > 0.0) {
            problems.push(MemberProblem::new("exponent", self.exponent, "a number above 0"));
        }
        problems
    }

    fn told(&self) -> Option<String> {
        let power = match self.exponent {
            one if (one - 1.0).abs() <= 0.0 => String::new(),
            power => format!(" to the power {}", wording::figure(power)),
        };
        Some(format!("in proportion to the score{power}; {}", self.burn.told()))
    }
}

impl Spec {
    pub(super) fn build(&self) -> Proportional {
        Proportional(self.clone())
    }
}

/// The rule made from a [`Spec`].
#[derive(Clone, Debug)]
pub(super) struct Proportional(Spec);

impl Weighting for Proportional {
    fn weigh(&self, board: &Board<'_>) -> Weighing {
        let wins = wins(board.scores);
        let power = |index: usize| {
            let masked = board.invalid[index] || board.scores[index] <= 0.0;
            if masked { 0.0 } else { math::pow(board.scores[index], self.0.exponent) }
        };
        let powers: Vec<f64> = (0..wins.len()).map(power).collect();
        let sum: f64 = powers.iter().sum();
        let share = |power: f64| if sum > 0.0 { power / sum } else { 0.0 };
        let shares = powers.iter().map(|power| share(*power)).collect();
        let rate = self.burn_rate(board.block);
        let mut win_rates = rates(&wins);
        for (rate, power) in win_rates.iter_mut().zip(&powers) {
            if *power <= 0.0 {
                *rate = f64::NEG_INFINITY;
            }
        }
        let weights = with_burn(shares, board, (rate, OwnerWeight::Overwritten), true);
        Weighing { wins, win_rates, weights }
    }

    fn burn_rate(&self, block: u64) -> f64 {
        self.0.burn.rate(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores 3 and 1 and an owner: 3/4 and 1/4 of the quarter that is not burned.
    #[test]
    fn weights_follow_the_scores() {
        let board = Board {
            scores: &[3.0, 1.0, 0.0],
            invalid: &[false; 3],
            banned: &[false; 3],
            coldkeys: &[None; 3],
            owner: Some(2),
            block: 0,
        };
        let weighing = Spec::default().build().weigh(&board);
        for (got, expected) in weighing.weights.iter().zip([0.1875, 0.0625, 0.75]) {
            assert!((got - expected).abs() < 1e-12);
        }
        assert_eq!(weighing.wins, [2, 1, 0]);
    }
}
