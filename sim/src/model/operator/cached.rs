//! Sends an image computed for an earlier job wherever it has one that fits the request's class.

use crate::base::family::Doc;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::model::operator::Operator;
use crate::model::operator::Sight;
use crate::model::operator::timing;
use crate::work::Plan;
use crate::work::Request;
use crate::work::Source;
use crate::work::WorkPlan;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Sends an image computed for an earlier job wherever it has one that fits the request's class.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// How long a callback with a kept image is held back [ms], up to a day.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = timing::LONGEST_MS))]
    pub(crate) hold_ms: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "cached";
    const ABOUT: &'static str = "Computes the first image of a class honestly, then sends it for every request of that class.";
    const SOURCE: &'static str =
        "ours, because an image of the right class passes every look that does not compare seeds";
    const EXAMPLE: &'static str = "[cached]\nhold_ms = 20.0\n";
}

impl Spec {
    pub(super) fn build(&self) -> Cached {
        Cached { hold: SimSpan::from_ms_f64(self.hold_ms), kept: Vec::new() }
    }
}

/// The behaviour made from a [`Spec`], with what each class's image was computed for: (class, seed).
#[derive(Clone, Debug)]
pub(super) struct Cached {
    hold: SimSpan,
    kept: Vec<(u8, u64)>,
}

impl Operator for Cached {
    fn plan(&mut self, job: &Request, _sight: &Sight, _word: Word) -> Plan {
        let honest = Plan::honest(job);
        let known = self.kept.iter().find(|(class, _)| *class == job.class);
        let Some((_, key)) = known else {
            self.kept.push((job.class, job.seed));
            return honest;
        };
        let kept = WorkPlan { steps: 0, seed: job.seed, source: Source::Cached(*key) };
        timing::held_back(Plan { work: kept, ..honest }, self.hold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_image_of_a_class_is_computed_and_sent_ever_after() {
        let mut behaviour = Spec::default().build();
        let mut source = |class, seed| {
            let job = Request { class, seed, ..Request::default() };
            behaviour.plan(&job, &Sight::default(), Word(1)).work.source
        };
        assert_eq!(source(3, 10), Source::Computed);
        assert_eq!(source(4, 11), Source::Computed);
        assert_eq!(source(3, 12), Source::Cached(10));
        assert_eq!(source(4, 13), Source::Cached(11));
        assert_eq!(source(3, 14), Source::Cached(10));
    }
}
