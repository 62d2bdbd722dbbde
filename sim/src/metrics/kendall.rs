//! Kendall's tau-b of one amount against another: 1 when both rank the miners alike, -1 when one turns the other round.
//!
//! `tau_b = (c - d) / sqrt((n_0 - n_1)(n_0 - n_2))`: `c` concordant and `d` discordant pairs, `n_0 = n(n-1)/2` pairs, `n_1` and
//! `n_2` pairs tied in one and in the other amount; counted in `O(n log n)`.

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::base::math;
use crate::metrics::Amount;
use crate::metrics::Declared;
use crate::metrics::Fair;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Kendall's tau-b of one amount against another: do both rank miners alike?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The amount whose ranks are compared.
    #[serde(default)]
    pub(crate) of: Amount,
    /// The amount against which its ranks are compared.
    #[serde(default = "useful_work")]
    pub(crate) against: Amount,
}

impl Doc for Spec {
    const NAME: &'static str = "kendall";
    const ABOUT: &'static str =
        "Kendall's tau-b of one amount against another: do both rank miners alike?";
    const SOURCE: &'static str =
        "Kendall 1945, Biometrika 33(3); algorithm: Knight 1966, JASA 61(314)";
    const EXAMPLE: &'static str = "[kendall]\nof = \"pay\"\nagainst = \"useful_work\"\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: format!("kendall_{}_against_{}", self.of.name(), self.against.name()),
            unit: "1",
            range: Some((-1.0, 1.0)),
            printed_for: &[Grouping::Whole, Grouping::Class],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let miners = facts.active(chosen);
        if miners.len() < 2 {
            return Measured::Undefined("fewer than two to compare");
        }
        let pairs = miners.iter().map(|miner| (self.of.of(miner), self.against.of(miner)));
        tau_b(pairs.collect())
    }

    fn fair(&self) -> Option<Fair> {
        Amount::are_pay_and_work(self.of, self.against).then_some(Fair::High)
    }
}

impl Default for Spec {
    fn default() -> Self {
        Self { of: Amount::default(), against: useful_work() }
    }
}

fn useful_work() -> Amount {
    Amount::UsefulWork
}

/// The coefficient of at least two pairs.
fn tau_b(mut pairs: Vec<(u64, u64)>) -> Measured {
    pairs.sort_unstable();
    let count = len(&pairs);
    let all = count * (count - 1) / 2;
    let tied_both = tied(&pairs);
    let (firsts, mut seconds): (Vec<u64>, Vec<u64>) = pairs.into_iter().unzip();
    let tied_first = tied(&firsts);
    // Sorting the seconds of pairs sorted by their firsts exchanges each discordant pair once.
    let discordant = exchanges(&mut seconds);
    let tied_second = tied(&seconds);
    let (a, b) = (all - tied_first, all - tied_second);
    if a == 0 || b == 0 {
        return Measured::Undefined("all equal");
    }
    let concordant = all + tied_both - tied_first - tied_second - discordant;
    let difference = math::float(concordant) - math::float(discordant);
    Measured::within((-1.0, 1.0), difference / (math::float(a) * math::float(b)).sqrt())
}

fn len<T>(list: &[T]) -> u64 {
    u64::try_from(list.len()).expect("a length fits 64 bits")
}

/// Pairs of equal elements of a sorted list.
fn tied<T: PartialEq>(sorted: &[T]) -> u64 {
    sorted.chunk_by(PartialEq::eq).map(|equal| len(equal) * (len(equal) - 1) / 2).sum()
}

/// Sorts by merging and counts the pairs that stood in the wrong order.
fn exchanges(list: &mut [u64]) -> u64 {
    if list.len() < 2 {
        return 0;
    }
    let (left, right) = list.split_at_mut(list.len() / 2);
    let mut count = exchanges(left) + exchanges(right);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        if right[j] < left[i] {
            count += len(&left[i..]);
            merged.push(right[j]);
            j += 1;
        } else {
            merged.push(left[i]);
            i += 1;
        }
    }
    merged.extend_from_slice(&left[i..]);
    merged.extend_from_slice(&right[j..]);
    list.copy_from_slice(&merged);
    count
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
    fn four_miners_worked_by_hand() {
        // Of six pairs only (1, 2) with (2, 1) is discordant: (5 - 1) / 6.
        assert_eq!(of(&[(1, 2), (2, 1), (3, 3), (4, 4)]), Measured::Value(4.0 / 6.0));
    }

    #[test]
    fn ties_worked_by_hand() {
        // Work ties the first two: c = 2, d = 0, n_0 = 3, n_1 = 0, n_2 = 1: 2 / sqrt(3 * 2).
        let Measured::Value(tau) = of(&[(1, 5), (2, 5), (3, 6)]) else {
            panic!("there is a value")
        };
        assert!((tau - 2.0 / 6.0_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn the_same_order_is_1_and_the_opposite_is_minus_1() {
        assert_eq!(of(&[(1, 10), (2, 20), (3, 30)]), Measured::Value(1.0));
        assert_eq!(of(&[(1, 30), (2, 20), (3, 10)]), Measured::Value(-1.0));
    }

    #[test]
    fn there_is_no_value_without_company_or_when_all_are_equal() {
        assert_eq!(of(&[(1, 1)]), Measured::Undefined("fewer than two to compare"));
        assert_eq!(of(&[(0, 1), (0, 2)]), Measured::Undefined("all equal"));
        assert_eq!(of(&[(1, 3), (2, 3)]), Measured::Undefined("all equal"));
    }

    #[test]
    fn an_unknown_amount_is_refused() {
        assert!(toml::from_str::<Spec>("against = \"luck\"").is_err());
    }

    proptest! {
        #![proptest_config(sample::written_seed())]

        #[test]
        fn it_is_what_counting_all_pairs_gives(
            miners in prop::collection::vec((0_u64..6, 0_u64..6), 2..40)
        ) {
            let (mut score, mut a, mut b) = (0_i32, 0_i32, 0_i32);
            for (i, one) in miners.iter().enumerate() {
                for other in &miners[..i] {
                    let order = |x: u64, y: u64| x.cmp(&y) as i32;
                    score += order(one.0, other.0) * order(one.1, other.1);
                    a += i32::from(one.0 != other.0);
                    b += i32::from(one.1 != other.1);
                }
            }
            match of(&miners) {
                Measured::Value(tau) => {
                    let oracle = f64::from(score) / (f64::from(a) * f64::from(b)).sqrt();
                    prop_assert!((tau - oracle).abs() < 1e-12);
                }
                Measured::Undefined(_) => prop_assert!(a == 0 || b == 0),
            }
        }
    }
}
