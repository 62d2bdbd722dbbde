//! Laws that take over from one another at given hours.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::model::latency::Distribution;
use crate::model::latency::DistributionSpec;
use crate::model::latency::bounds;
use crate::model::latency::bounds::LATEST_H;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Laws that take over from one another at given hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The laws in order of time; the first holds from hour 0.
    #[schemars(length(min = 1))]
    pub(crate) steps: Vec<DistributionStep>,
}

/// One law and when it takes over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DistributionStep {
    /// Hour of simulated time from which the law holds [h]; 0 in the first step.
    #[schemars(range(min = 0.0, max = LATEST_H))]
    pub(crate) from_h: f64,
    /// The law that holds from then on.
    pub(crate) law: DistributionSpec,
}

impl Doc for Spec {
    const NAME: &'static str = "regimes";
    const ABOUT: &'static str = "Laws that take over from one another at given hours.";
    const SOURCE: &'static str =
        "trace of October 2025: regimes of operators hold 46 % of the variance of log latency";
    const EXAMPLE: &'static str = "[regimes]\nsteps = [\n\
         \x20 { from_h = 0.0, law.constant = { value_ms = 5740.0 } },\n\
         \x20 { from_h = 18.5, law.lattice = { a_ms = 731.0, step_ms = 1000.0, weights = [1.0, 1.0] } },\n]\n";

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
            let inner = step.law.check().into_iter();
            problems.extend(inner.map(|p| p.under(&format!("{key}.law"))));
        }
        if self.steps.is_empty() {
            problems.push(MemberProblem::new("steps", "empty", "at least one step"));
        }
        problems
    }
}

impl Spec {
    pub(super) fn build(&self) -> Regimes {
        let build = |step: &DistributionStep| (bounds::instant(step.from_h), step.law.build());
        Regimes(self.steps.iter().map(build).collect())
    }
}

/// The law made from a [`Spec`]: each law with the instant from which it holds.
#[derive(Debug)]
pub(super) struct Regimes(Vec<(SimTime, Box<dyn Distribution>)>);

impl Regimes {
    fn at(&self, at: SimTime) -> &dyn Distribution {
        let begun = self.0.partition_point(|(from, _)| *from <= at);
        self.0[begun.saturating_sub(1)].1.as_ref()
    }
}

impl Distribution for Regimes {
    fn draw(&self, at: SimTime, word: Word) -> SimSpan {
        self.at(at).draw(at, word)
    }

    fn mean_ns(&self, at: SimTime) -> Option<f64> {
        self.at(at).mean_ns(at)
    }

    fn median_ns(&self, at: SimTime) -> Option<f64> {
        self.at(at).median_ns(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(hours: &[f64]) -> DistributionSpec {
        let step = |(place, from_h): (usize, &f64)| {
            format!("{{ from_h = {from_h:?}, law.constant.value_ms = {place} }}")
        };
        let steps: Vec<_> = hours.iter().enumerate().map(step).collect();
        toml::from_str(&format!("[regimes]\nsteps = [{}]", steps.join(", "))).unwrap()
    }

    #[test]
    fn a_law_holds_from_its_hour_until_the_next() {
        let law = spec(&[0.0, 1.5, 2.0]).build();
        let at = |seconds: f64| law.draw(SimTime(0) + SimSpan::from_seconds(seconds), Word(1));
        assert_eq!(at(0.0), SimSpan::from_ms(0));
        assert_eq!(at(5399.999), SimSpan::from_ms(0));
        assert_eq!(at(5400.0), SimSpan::from_ms(1));
        assert_eq!(at(7200.0), SimSpan::from_ms(2));
        assert_eq!(at(1e9), SimSpan::from_ms(2));
        assert_eq!(law.mean_ns(SimTime(0) + SimSpan::from_seconds(6000.0)), Some(1e6));
    }

    #[test]
    fn hours_out_of_order_are_refused_by_place() {
        let keys =
            |hours: &[f64]| spec(hours).check().into_iter().map(|p| p.key).collect::<Vec<String>>();
        assert_eq!(keys(&[0.0, 1.0, 1.0]), ["regimes.steps.2.from_h"]);
        assert_eq!(keys(&[0.5]), ["regimes.steps.0.from_h"]);
        assert_eq!(keys(&[]), ["regimes.steps"]);
        assert_eq!(keys(&[0.0, 1.0]), Vec::<String>::new());
    }
}
