//! The validator that ran: a softmax over win rates, with a burn.
//!
//! Only ranks matter, never how far apart scores are. A win is a strictly greater score, so a tie is a win for neither
//! side. Uids without a score count as 0, so every scored miner beats them. Banned uids and those that share a coldkey get
//! no weight, and still count among the opponents.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::math;
use crate::base::wording;
use crate::model::weighting::Board;
use crate::model::weighting::Weighing;
use crate::model::weighting::Weighting;
use crate::model::weighting::burn::Burn;
use crate::model::weighting::burn::OwnerWeight;
use crate::model::weighting::burn::is_zero;
use crate::model::weighting::burn::with_burn;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Temperature of the softmax, 0.005 x 15. Source: dippy-studio-bittensor 1c1a310, validator.py.
const TEMPERATURE: f64 = 0.075;

/// A softmax over win rates, as the subnet's validators ran it. The defaults are commit e77da61, in force in the trace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Spec {
    /// Temperature of the softmax, above 0. Source: dippy-studio-bittensor, every commit.
    #[schemars(range(min = 0.0))]
    pub(crate) temperature: f64,
    /// How much is burned through the owner's uid. Source: dippy-studio-bittensor e77da61 (0.75; 1.0 since 5d57a78).
    pub(crate) burn: Burn,
    /// How the burn meets a weight that the owner's uid has earned itself.
    pub(crate) owner_weight: OwnerWeight,
    /// Whether uids on the ban list earn nothing. Source: dippy-studio-bittensor 3b03431.
    // See `Board::banned` for who stands on it.
    pub(crate) ban_list: bool,
    /// Whether uids that share a coldkey earn nothing. Source: dippy-studio-bittensor ed1e3a1.
    pub(crate) duplicate_coldkeys: bool,
    /// Whether the owner gets all when every score is 0; without this key it does. The first validator had no such rule
    /// and sent nothing then. Source: dippy-studio-bittensor 7dd5222 (none in 1c1a310).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-since" = "0.2.0"))]
    pub(crate) owner_takes_unscored: Option<bool>,
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            temperature: TEMPERATURE,
            burn: Burn::default(),
            owner_weight: OwnerWeight::default(),
            ban_list: false,
            duplicate_coldkeys: false,
            owner_takes_unscored: None,
        }
    }
}

impl Doc for Spec {
    const NAME: &'static str = "win_rate";
    const ABOUT: &'static str = "A softmax over the share of others beaten, with a burn.";
    const SOURCE: &'static str = "dippy-studio-bittensor 1c1a310 to 5d57a78";
    const EXAMPLE: &'static str = "[win_rate]\nburn = { fixed = 0.75 }\nban_list = true\n";

    fn check(&self) -> Vec<MemberProblem> {
        let mut problems: Vec<_> =
            self.burn.check().into_iter().map(|problem| problem.under("burn")).collect();
        if !(self.temperature.is_finite() && self.temperature > 0.0) {
            problems.push(MemberProblem::new("temperature", self.temperature, "a number above 0"));
        }
        problems
    }

    fn told(&self) -> Option<String> {
        let mut rules = vec![self.burn.told()];
        if self.ban_list {
            rules.push("uids on the ban list earn nothing".to_string());
        }
        if self.duplicate_coldkeys {
            rules.push("uids that share a coldkey earn nothing".to_string());
        }
        Some(format!(
            "a softmax over the share of other uids beaten, at temperature {}; {}",
            wording::figure(self.temperature),
            rules.join("; ")
        ))
    }
}

impl Spec {
    pub(crate) fn build(&self) -> WinRate {
        WinRate(self.clone())
    }
}

/// The rule made from a [`Spec`].
#[derive(Clone, Debug)]
pub(crate) struct WinRate(Spec);

impl Weighting for WinRate {
    fn weigh(&self, board: &Board<'_>) -> Weighing {
        let wins = wins(board.scores);
        let win_rates = self.masked(board, &rates(&wins));
        let shares = softmax(&win_rates, self.0.temperature);
        let burn = (self.burn_rate(board.block), self.0.owner_weight);
        let weights = with_burn(shares, board, burn, self.0.owner_takes_unscored.unwrap_or(true));
        Weighing { wins, win_rates, weights }
    }

    fn burn_rate(&self, block: u64) -> f64 {
        self.0.burn.rate(block)
    }

    /// A place is `1 / (uids - 1)` of a win rate.
    fn place_gain(&self, uids: u16) -> Option<f64> {
        let others = f64::from(uids.checked_sub(1).filter(|others| *others > 0)?);
        Some(math::exp(1.0 / (others * self.0.temperature)) - 1.0)
    }
}

impl WinRate {
    /// Win rates with minus infinity for who earns nothing.
    fn masked(&self, board: &Board<'_>, rates: &[f64]) -> Vec<f64> {
        let mut masked = rates.to_vec();
        for (index, rate) in masked.iter_mut().enumerate() {
            let out = board.invalid[index]
                || is_zero(board.scores[index])
                || (self.0.ban_list && board.banned[index]);
            if out {
                *rate = f64::NEG_INFINITY;
            }
        }
        if self.0.duplicate_coldkeys {
            mask_shared(board.coldkeys, &mut masked);
        }
        masked
    }
}

/// How many others each score beats: strictly greater counts, so ties win for nobody.
pub(super) fn wins(scores: &[f64]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let mut wins = vec![0; scores.len()];
    let mut beaten = 0;
    for (place, index) in order.iter().enumerate() {
        if place > 0 && scores[order[place - 1]] < scores[*index] {
            beaten = u32::try_from(place).expect("uids are few");
        }
        wins[*index] = beaten;
    }
    wins
}

/// Wins over the number of others; alone there is nobody to beat.
pub(super) fn rates(wins: &[u32]) -> Vec<f64> {
    let others = math::float_len(wins.len().saturating_sub(1));
    wins.iter().map(|won| if others > 0.0 { f64::from(*won) / others } else { 0.0 }).collect()
}

/// Takes out every uid whose coldkey another uid has too, scored or not.
fn mask_shared(coldkeys: &[Option<u32>], rates: &mut [f64]) {
    let mut sorted: Vec<_> = coldkeys.iter().flatten().copied().collect();
    sorted.sort_unstable();
    for (coldkey, rate) in coldkeys.iter().zip(rates) {
        let Some(coldkey) = coldkey else { continue };
        let first = sorted.partition_point(|other| other < coldkey);
        if sorted.get(first + 1) == Some(coldkey) {
            *rate = f64::NEG_INFINITY;
        }
    }
}

/// exp(rate / temperature), scaled to sum 1; NaN for all when every rate is minus infinity, as in production.
fn softmax(rates: &[f64], temperature: f64) -> Vec<f64> {
    let largest = rates.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let scaled = |rate: &f64| math::exp(rate / temperature - largest / temperature);
    let powers: Vec<f64> = rates.iter().map(scaled).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rules::ValidatorRules;
    use crate::model::rules::ValidatorVersion;
    use crate::model::weighting::WeightingSpec;

    fn of_commit(commit: &str) -> WeightingSpec {
        ValidatorRules::of(ValidatorVersion::parse(commit).unwrap()).weighting
    }
    use proptest::prelude::prop;
    use proptest::prelude::proptest;

    const NONE: [bool; 5] = [false; 5];

    /// Scores of four miners and, last, the owner.
    fn board(scores: &[f64]) -> Board<'_> {
        Board {
            scores,
            invalid: &NONE[..scores.len()],
            banned: &NONE[..scores.len()],
            coldkeys: &[None; 5][..scores.len()],
            owner: Some(scores.len() - 1),
            block: 0,
        }
    }

    fn weigh(commit: &str, board: &Board<'_>) -> Weighing {
        of_commit(commit).build().weigh(board)
    }

    fn assert_row(got: &[f64], expected: &[f64]) {
        assert_eq!(got.len(), expected.len());
        for (got, expected) in got.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-12, "{got} is not {expected}");
        }
    }

    /// Two miners, score 0.9 and 0.4, and one with none, no owner: win rates 1 and 1/2, so their weights stand as
    /// exp(0.5/0.075) = exp(6.667) = 785.77 to 1.
    #[test]
    fn weights_are_a_softmax_of_win_rates() {
        let weighing = weigh("e77da61", &Board { owner: None, ..board(&[0.9, 0.4, 0.0]) });
        assert_eq!(weighing.wins, [2, 1, 0]);
        assert_row(&weighing.win_rates[..2], &[1.0, 0.5]);
        assert!(weighing.win_rates[2] < 0.0);
        let lead = math::exp(0.5 / 0.075);
        assert_row(&weighing.weights, &[lead / (lead + 1.0), 1.0 / (lead + 1.0), 0.0]);
    }

    #[test]
    fn tied_miners_beat_only_those_below() {
        assert_eq!(wins(&[0.8, 0.9, 0.8, 0.0, -0.0]), [2, 4, 2, 0, 0]);
    }

    #[test]
    fn alone_there_is_nobody_to_beat() {
        assert_row(&rates(&wins(&[0.7])), &[0.0]);
    }

    /// The burn of 3/4 goes to the owner, the rest to the miners.
    #[test]
    fn the_owner_is_paid_the_burn() {
        let weighing = weigh("e77da61", &board(&[0.9, 0.4, 0.0]));
        assert_row(&weighing.weights[2..], &[0.75]);
        assert_row(&[weighing.weights.iter().sum()], &[1.0]);
    }

    /// The owner has `p = 1/(1 + e)` with `e = exp(1/0.075)` for two uids; then `b / (b + (1-b)(1-p))`.
    #[test]
    fn an_owner_with_a_score_gets_more_than_the_burn() {
        let weighing = weigh("e77da61", &board(&[0.9, 0.4]));
        let own = 1.0 / (1.0 + math::exp(1.0 / 0.075));
        assert!(weighing.win_rates[1].abs() < 1e-12, "the owner beats nobody");
        assert_row(&weighing.weights[1..], &[0.75 / (0.75 + 0.25 * (1.0 - own))]);
    }

    #[test]
    fn a_banned_uid_earns_nothing_and_is_still_an_opponent() {
        let scores = [0.9, 0.5, 0.3, 0.0];
        let banned = [true, false, false, false];
        let with_ban = Board { banned: &banned, ..board(&scores) };
        let weighing = weigh("3b03431", &with_ban);
        assert_eq!(weighing.wins, [3, 2, 1, 0]);
        assert_row(&weighing.weights[..1], &[0.0]);
        assert_row(&weighing.win_rates[1..2], &[2.0 / 3.0]);
        assert!(weigh("e77da61", &with_ban).weights[0] > 0.2, "the ban list came later");
    }

    #[test]
    fn a_shared_coldkey_costs_all_who_share_it_even_with_an_unscored_uid() {
        let scores = [0.9, 0.5, 0.0, 0.0];
        let shared = Board { coldkeys: &[Some(7), Some(8), Some(7), None], ..board(&scores) };
        assert_row(&weigh("ed1e3a1", &shared).weights, &[0.0, 0.25, 0.0, 0.75]);
        let empty = Board { coldkeys: &[None; 4], ..shared };
        assert!(weigh("ed1e3a1", &empty).weights[0] > 0.2, "no coldkey is not shared");
    }

    /// All that have a score are banned: the softmax is NaN; the owner takes all, and without an owner nothing is left.
    #[test]
    fn when_all_are_masked_the_owner_takes_all() {
        let scores = [0.9, 0.5, 0.0];
        let banned = [true, true, false];
        let masked = Board { banned: &banned, ..board(&scores) };
        assert_row(&weigh("3b03431", &masked).weights, &[0.0, 0.0, 1.0]);
        let nobody = weigh("3b03431", &Board { owner: None, ..masked });
        assert!(nobody.weights.iter().all(|weight| weight.is_nan()));
        assert_eq!(crate::model::weighting::to_u16(&nobody.weights), []);
    }

    #[test]
    fn every_commit_burns_its_own_share() {
        let rates = [
            ("1c1a310", 0.99),
            ("7dd5222", 0.99),
            ("fd63f86", 0.984),
            ("9450f1e", 0.744),
            ("e77da61", 0.75),
            ("3b03431", 0.75),
            ("ed1e3a1", 0.75),
            ("5d57a78", 1.0),
        ];
        for (commit, rate) in rates {
            let got = of_commit(commit).build().burn_rate(6_800_000);
            assert!((got - rate).abs() < 1e-12, "{commit}: {got}");
        }
    }

    #[test]
    fn a_temperature_of_nothing_is_refused() {
        let spec = Spec { temperature: 0.0, burn: Burn::Fixed(2.0), ..Spec::default() };
        let keys: Vec<_> = spec.check().into_iter().map(|problem| problem.key).collect();
        assert_eq!(keys, ["burn.fixed", "temperature"]);
    }

    proptest! {
        #[test]
        fn sorting_counts_the_same_wins_as_comparing_every_pair(scores in prop::collection::vec(0..20_u8, 0..40)) {
            let scores: Vec<f64> = scores.into_iter().map(|score| f64::from(score) / 19.0).collect();
            let pairwise: Vec<usize> =
                scores.iter().map(|a| scores.iter().filter(|b| a > *b).count()).collect();
            let sorted: Vec<usize> =
                wins(&scores).into_iter().map(|won| usize::try_from(won).unwrap()).collect();
            assert_eq!(sorted, pairwise);
        }
    }
}
