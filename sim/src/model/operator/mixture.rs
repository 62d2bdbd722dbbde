//! One behaviour or another, by chance, job by job.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::random::Word;
use crate::base::sample;
use crate::base::sample::AliasTable;
use crate::model::operator::Action;
use crate::model::operator::Operator;
use crate::model::operator::OperatorSpec;
use crate::model::operator::Sight;
use crate::model::operator::Statement;
use crate::work::Plan;
use crate::work::Request;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// One behaviour or another, by chance, job by job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The behaviours and how often each decides.
    #[schemars(length(min = 1))]
    pub(crate) parts: Vec<OperatorPart>,
}

/// One behaviour of a mixture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OperatorPart {
    /// How often, in proportion to the other parts; the weights need not add up to 1.
    #[schemars(range(min = 0.0, max = 1e9))]
    pub(crate) weight: f64,
    /// The behaviour that decides the jobs falling to this part.
    pub(crate) behaviour: OperatorSpec,
}

impl Doc for Spec {
    const NAME: &'static str = "mixture";
    const ABOUT: &'static str = "One behaviour or another, by chance, job by job.";
    const SOURCE: &'static str =
        "trace of October 2025: class `phantom_cached`, mostly no image, some real";
    const EXAMPLE: &'static str = "[mixture]\nparts = [\n\
         \x20 { weight = 0.9, behaviour.no_image = {} },\n\
         \x20 { weight = 0.1, behaviour.honest = {} },\n]\n";

    fn check(&self) -> Vec<MemberProblem> {
        let mut problems = sample::weight_problems("parts", self.parts.iter().map(|p| p.weight));
        for (place, part) in self.parts.iter().enumerate() {
            let inner = part.behaviour.check().into_iter();
            problems.extend(inner.map(|p| p.under(&format!("parts.{place}.behaviour"))));
        }
        problems
    }
}

impl Spec {
    pub(super) fn build(&self) -> MixedOperator {
        let weights: Vec<f64> = self.parts.iter().map(|part| part.weight).collect();
        let parts = self.parts.iter().map(|part| part.behaviour.build()).collect();
        MixedOperator { choice: AliasTable::new(&weights), parts }
    }
}

/// The behaviour made from a [`Spec`]: the word chooses the part, a word derived from it is the part's own.
#[derive(Debug)]
pub(super) struct MixedOperator {
    choice: AliasTable,
    parts: Vec<Box<dyn Operator>>,
}

impl Operator for MixedOperator {
    fn plan(&mut self, job: &Request, sight: &Sight, word: Word) -> Plan {
        self.parts[self.choice.pick(word)].plan(job, sight, word.derive(0))
    }

    fn settle(&mut self, statement: &Statement) -> Vec<Action> {
        self.parts.iter_mut().flat_map(|part| part.settle(statement)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample::oracle;
    use crate::work::Source;

    /// Half honest, half a mixture of one canned image and nothing: a quarter each.
    #[test]
    fn nested_parts_take_their_shares() {
        let spec: OperatorSpec = toml::from_str(
            "[mixture]\nparts = [{ weight = 2, behaviour.honest = {} },
             { weight = 2, behaviour.mixture.parts = [
                 { weight = 1, behaviour.canned_image = { images = 1 } },
                 { weight = 1, behaviour.no_image = {} }] }]",
        )
        .unwrap();
        assert_eq!(spec.check(), []);
        let mut behaviour = spec.build();
        let (count, mut counts) = (20_000, [0; 3]);
        for word in oracle::words(1, count) {
            let plan = behaviour.plan(&Request::default(), &Sight::default(), word);
            let place = match plan.work.source {
                Source::Computed => 0,
                Source::Cached(_) => 1,
                Source::Nothing => 2,
            };
            counts[place] += 1;
        }
        for (got, share) in counts.into_iter().zip([0.5, 0.25, 0.25]) {
            oracle::assert_count(got, count, share);
        }
    }

    #[test]
    fn problems_of_a_part_carry_its_place() {
        let text = "parts = [{ weight = 0, behaviour.slow_ack = {} }]";
        let spec: Spec = toml::from_str(text).unwrap();
        let keys: Vec<_> = spec.check().into_iter().map(|p| p.key).collect();
        assert_eq!(keys, ["parts", "parts.0.behaviour.slow_ack.delay_ms"]);
    }
}
