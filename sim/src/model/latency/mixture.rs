//! One law or another, by chance.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::random::Word;
use crate::base::sample;
use crate::base::sample::AliasTable;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::model::latency::Distribution;
use crate::model::latency::DistributionSpec;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// One law or another, by chance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The laws and how often each is drawn from.
    #[schemars(length(min = 1))]
    pub(crate) parts: Vec<DistributionPart>,
}

/// One law of a mixture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DistributionPart {
    /// How often, in proportion to the other parts; the weights need not add up to 1.
    #[schemars(range(min = 0.0, max = 1e9))]
    pub(crate) weight: f64,
    /// The law of the times that fall to this part.
    pub(crate) law: DistributionSpec,
}

impl Doc for Spec {
    const NAME: &'static str = "mixture";
    const ABOUT: &'static str = "One law or another, by chance.";
    const SOURCE: &'static str = "Pearson 1894; trace of October 2025, miners with several modes";
    const EXAMPLE: &'static str = "[mixture]\nparts = [\n\
         \x20 { weight = 0.9, law.lognormal = { median_ms = 6500.0, sigma = 0.1 } },\n\
         \x20 { weight = 0.1, law.constant = { value_ms = 200.0 } },\n]\n";

    fn check(&self) -> Vec<MemberProblem> {
        let mut problems = sample::weight_problems("parts", self.parts.iter().map(|p| p.weight));
        for (place, part) in self.parts.iter().enumerate() {
            let inner = part.law.check().into_iter();
            problems.extend(inner.map(|p| p.under(&format!("parts.{place}.law"))));
        }
        problems
    }
}

impl Spec {
    pub(super) fn build(&self) -> Mixture {
        let weights: Vec<f64> = self.parts.iter().map(|part| part.weight).collect();
        let laws = self.parts.iter().map(|part| part.law.build()).collect();
        Mixture { choice: AliasTable::new(&weights), laws, weights }
    }
}

/// The law made from a [`Spec`].
///
/// The word chooses the part, a word derived from it makes the part's draw: so a mixture inside a mixture makes a
/// choice of its own.
#[derive(Debug)]
pub(super) struct Mixture {
    choice: AliasTable,
    weights: Vec<f64>,
    laws: Vec<Box<dyn Distribution>>,
}

impl Distribution for Mixture {
    fn draw(&self, at: SimTime, word: Word) -> SimSpan {
        self.laws[self.choice.pick(word)].draw(at, word.derive(0))
    }

    fn mean_ns(&self, at: SimTime) -> Option<f64> {
        let (mut sum, mut whole) = (0.0, 0.0);
        for (law, weight) in self.laws.iter().zip(&self.weights).filter(|(_, w)| **w > 0.0) {
            sum += weight * law.mean_ns(at)?;
            whole += weight;
        }
        Some(sum / whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::latency::trial;
    use statrs::distribution::ContinuousCDF;
    use statrs::distribution::Exp;

    fn law(text: &str) -> Box<dyn Distribution> {
        let spec: DistributionSpec = toml::from_str(text).unwrap();
        assert_eq!(spec.check(), []);
        spec.build()
    }

    /// Half exponential, half a mixture of two others: with the outer choice passed on, the inner one would be fixed.
    const NESTED: &str = "[mixture]\nparts = [{ weight = 2, law.exponential.mean_ms = 10.0 },
        { weight = 2, law.mixture.parts = [{ weight = 1, law.exponential.mean_ms = 100.0 },
                                           { weight = 1, law.exponential.mean_ms = 1000.0 }] }]";

    #[test]
    fn draws_follow_the_nested_law_and_its_mean() {
        let part = |mean: f64, ms: f64| Exp::new(1.0 / mean).unwrap().cdf(ms);
        let cdf = |ms| 0.5 * part(10.0, ms) + 0.25 * part(100.0, ms) + 0.25 * part(1000.0, ms);
        trial::assert_law(law(NESTED).as_ref(), 1, cdf);
    }

    #[test]
    fn the_first_draws_are_pinned() {
        assert_eq!(trial::first(law(NESTED).as_ref()), [2_525_466_313, 257_704_758, 3_663_139]);
    }

    #[test]
    fn a_part_without_weight_is_never_drawn_and_does_not_hide_the_mean() {
        let law = law("[mixture]\nparts = [{ weight = 1, law.constant.value_ms = 5.0 },
            { weight = 0, law.lognormal = { median_ms = 1.0, sigma = 10.0 } }]");
        assert_eq!(trial::first(law.as_ref()), [5_000_000; 3]);
        assert_eq!(law.mean_ns(SimTime(0)), Some(5e6));
    }

    #[test]
    fn problems_of_a_part_carry_its_place() {
        let spec: DistributionSpec = toml::from_str(
            "[mixture]\nparts = [{ weight = 0, law.uniform = { min_ms = 2, max_ms = 1 } }]",
        )
        .unwrap();
        let keys: Vec<_> = spec.check().into_iter().map(|p| p.key).collect();
        assert_eq!(keys, ["mixture.parts", "mixture.parts.0.law.uniform.max_ms"]);
    }
}
