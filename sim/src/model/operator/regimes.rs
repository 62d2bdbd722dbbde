//! Behaviours that take over from one another at given hours.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::random::Word;
use crate::base::units::SimTime;
use crate::model::operator::Action;
use crate::model::operator::Operator;
use crate::model::operator::OperatorSpec;
use crate::model::operator::Sight;
use crate::model::operator::Statement;
use crate::model::operator::timing;
use crate::work::Plan;
use crate::work::Request;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Behaviours that take over from one another at given hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The behaviours in order of time; the first holds from hour 0.
    #[schemars(length(min = 1))]
    pub(crate) steps: Vec<OperatorStep>,
}

/// One behaviour and when it takes over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OperatorStep {
    /// Hour of simulated time from which it decides [h]; 0 in the first step.
    #[schemars(range(min = 0.0, max = timing::LATEST_H))]
    pub(crate) from_h: f64,
    /// The behaviour that decides from then on.
    pub(crate) behaviour: OperatorSpec,
}

impl Doc for Spec {
    const NAME: &'static str = "regimes";
    const ABOUT: &'static str = "Behaviours that take over from one another at given hours.";
    const SOURCE: &'static str =
        "trace of October 2025: operators switch all their miners from images to none at one hour";
    const EXAMPLE: &'static str = "[regimes]\nsteps = [\n\
         \x20 { from_h = 0.0, behaviour.honest = {} },\n\
         \x20 { from_h = 57.1, behaviour.no_image = { hold_ms = 210.0 } },\n]\n";

    fn check(&self) -> Vec<MemberProblem> {
        let mut problems = Vec::new();
        let mut earliest = 0.0;
        for (place, step) in self.steps.iter().enumerate() {
            let key = format!("steps.{place}");
            if place == 0 && step.from_h > 0.0 {
                problems.push(MemberProblem::new(
                    &format!("{key}.from_h"),
                    step.from_h,
                    "0 in the first",
                ));
            } else if place > 0 && step.from_h <= earliest {
                let allowed = format!("above {earliest}, where the step before begins");
                problems.push(MemberProblem::new(&format!("{key}.from_h"), step.from_h, &allowed));
            }
            earliest = step.from_h;
            let inner = step.behaviour.check().into_iter();
            problems.extend(inner.map(|p| p.under(&format!("{key}.behaviour"))));
        }
        if self.steps.is_empty() {
            problems.push(MemberProblem::new("steps", "empty", "at least one step"));
        }
        problems
    }
}

impl Spec {
    pub(super) fn build(&self) -> OperatorRegimes {
        let build = |step: &OperatorStep| (timing::instant(step.from_h), step.behaviour.build());
        OperatorRegimes(self.steps.iter().map(build).collect())
    }
}

/// The behaviour made from a [`Spec`]: each behaviour with the instant from which it decides. All of them learn.
#[derive(Debug)]
pub(super) struct OperatorRegimes(Vec<(SimTime, Box<dyn Operator>)>);

impl Operator for OperatorRegimes {
    fn plan(&mut self, job: &Request, sight: &Sight, word: Word) -> Plan {
        let begun = self.0.partition_point(|(from, _)| *from <= sight.now);
        self.0[begun.saturating_sub(1)].1.plan(job, sight, word)
    }

    fn settle(&mut self, statement: &Statement) -> Vec<Action> {
        self.0.iter_mut().flat_map(|(_, inner)| inner.settle(statement)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::units::SimSpan;
    use crate::work::Reply;

    #[test]
    fn a_behaviour_decides_from_its_hour_until_the_next() {
        let text = "steps = [{ from_h = 0, behaviour.honest = {} },
                             { from_h = 1.5, behaviour.no_image = {} }]";
        let spec: Spec = toml::from_str(text).unwrap();
        let job = Request::default();
        let at = |seconds| {
            let now = SimTime(0) + SimSpan::from_seconds(seconds);
            spec.build().plan(&job, &Sight { now, ..Sight::default() }, Word(1))
        };
        assert_eq!(at(5399.0), Plan::honest(&job));
        assert_eq!(at(5400.0), Plan::idle(&job, Reply::NoImage));
    }

    #[test]
    fn hours_out_of_order_are_refused_by_place() {
        let keys = |steps: &str| {
            let spec: Spec = toml::from_str(&format!("steps = [{steps}]")).unwrap();
            spec.check().into_iter().map(|p| p.key).collect::<Vec<_>>()
        };
        let step = |hour| format!("{{ from_h = {hour}, behaviour.honest = {{}} }}");
        assert_eq!(keys(&step(1)), ["steps.0.from_h"]);
        assert_eq!(keys(&format!("{}, {}", step(0), step(0))), ["steps.1.from_h"]);
        assert_eq!(keys(""), ["steps"]);
    }
}
