//! A confidence sequence that knows a few lines only, fixed beforehand, and can be laid aside and taken up again: the
//! products of its bets stay what they were, so all that was bet, whenever, is one supermartingale, and the chance that a
//! line that is not below the mean is ever excluded stays at most its level (Ville; optional continuation).
//!
//! Source: spec/theory.md 1.6.

use crate::base::math;
use crate::statistics::LowerSequence;
use crate::statistics::Method;
use crate::statistics::beta_binomial;
use crate::statistics::betting;
use crate::statistics::betting::Bets;
use serde::Deserialize;
use serde::Serialize;

/// What the evidence against one line consists of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Capital {
    /// The product of each of the sixteen bets, not their mean.
    Products(Bets),
    /// Numbers that were 1, and that were 0: the mixture is a function of them.
    Counts(u64, u64),
}

/// A line, as a share of the range, and the evidence that the mean is above it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct CarriedLine {
    at: f64,
    is_excluded: bool,
    capital: Capital,
}

/// A confidence sequence whose evidence can be stored and taken up again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarriedSequence {
    level: f64,
    lines: Vec<CarriedLine>,
}

impl CarriedSequence {
    /// A sequence at `level` against these lines, each a share of the range; none for a method whose evidence cannot be
    /// carried on.
    #[must_use]
    pub fn new(method: Method, level: f64, lines: &[f64]) -> Option<Self> {
        let capital = match method {
            Method::Betting => Capital::Products(Bets::new()),
            Method::BetaBinomial => Capital::Counts(0, 0),
            Method::EmpiricalBernstein | Method::Asymptotic => return None,
        };
        let each = |line: &f64| CarriedLine {
            at: *line,
            is_excluded: *line < 0.0,
            capital: capital.clone(),
        };
        Some(Self { level, lines: lines.iter().map(each).collect() })
    }

    /// The capital against the line at `place`: what 1 has become.
    #[must_use]
    pub fn capital(&self, place: usize) -> Option<f64> {
        let CarriedLine { at, capital, .. } = self.lines.get(place)?;
        Some(match capital {
            Capital::Products(bets) => bets.capital(),
            Capital::Counts(ones, zeros) => {
                math::exp(beta_binomial::ln_mixture(*at, math::float(*ones), math::float(*zeros)))
            }
        })
    }
}

impl LowerSequence for CarriedSequence {
    fn push(&mut self, x: f64) {
        let fractions = betting::fractions();
        let log_goal = -math::ln(self.level);
        // What is excluded stays so, whatever comes.
        for own in self.lines.iter_mut().filter(|own| !own.is_excluded) {
            let line = own.at;
            let excludes = match &mut own.capital {
                // Against 0 the bet is without limit: anything above it wins.
                Capital::Products(_) if line <= 0.0 => x > 0.0,
                Capital::Products(bets) => {
                    bets.push(x, line, &fractions);
                    bets.capital() >= 1.0 / self.level
                }
                Capital::Counts(ones, zeros) => {
                    *(if x > 0.0 { &mut *ones } else { &mut *zeros }) += 1;
                    let (ones, zeros) = (math::float(*ones), math::float(*zeros));
                    beta_binomial::excludes(log_goal, line, ones, ones + zeros)
                }
            };
            own.is_excluded = excludes;
        }
    }

    /// # Panics
    /// When it is not one of its lines.
    fn exceeds(&mut self, line: f64) -> bool {
        let own = self.lines.iter().find(|own| own.at.total_cmp(&line).is_eq());
        own.expect("one of the lines it was made for").is_excluded
    }

    fn lower(&self) -> f64 {
        let excluded = self.lines.iter().filter(|own| own.is_excluded).map(|own| own.at);
        excluded.fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::coverage;
    use proptest::prelude::*;

    /// A sequence that is written down and read again after every number.
    fn written(method: Method, level: f64, line: f64, xs: &[f64]) -> CarriedSequence {
        let mut carried = CarriedSequence::new(method, level, &[line]).unwrap();
        for x in xs {
            carried.push(*x);
            let text = serde_json::to_string(&carried).unwrap();
            carried = serde_json::from_str(&text).unwrap();
        }
        carried
    }

    proptest! {
        #![proptest_config(coverage::written_seed())]

        #[test]
        fn laid_aside_after_every_number_it_is_the_sequence_that_never_was(
            xs in prop::collection::vec(0.0_f64..=1.0, 1..40), line in 0.0_f64..1.0
        ) {
            let mut whole = betting::Betting::new(0.2);
            for x in &xs {
                whole.push(*x);
            }
            let mut carried = written(Method::Betting, 0.2, line, &xs);
            prop_assert_eq!(carried.exceeds(line), whole.exceeds(line));
        }
    }

    #[test]
    fn counts_are_carried_as_they_are() {
        // As in the beta-binomial sequence: ten successes against 1/2 make 2047/11 = 186.1.
        let carried = written(Method::BetaBinomial, 1.0 / 186.0, 0.5, &[1.0; 10]);
        assert!((carried.capital(0).unwrap() - 2047.0 / 11.0).abs() < 1e-9);
        assert!(carried.clone().exceeds(0.5) && (carried.lower() - 0.5).abs() < 1e-15);
        let short = written(Method::BetaBinomial, 1.0 / 187.0, 0.5, &[1.0; 10]);
        assert!(!short.clone().exceeds(0.5) && short.lower().abs() < 1e-15);
    }

    #[test]
    fn a_method_without_products_cannot_be_carried() {
        for method in [Method::EmpiricalBernstein, Method::Asymptotic] {
            assert_eq!(CarriedSequence::new(method, 0.05, &[0.5]), None);
        }
    }
}
