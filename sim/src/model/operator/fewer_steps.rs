//! Computes fewer steps than asked and sends the image as if it were whole.

use crate::base::family::Doc;
use crate::base::math;
use crate::base::random::Word;
use crate::model::operator::Operator;
use crate::model::operator::Sight;
use crate::work::Plan;
use crate::work::Request;
use crate::work::WorkPlan;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Computes fewer steps than asked and sends the image as if it were whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Share of the steps asked for that is computed, rounded up to whole steps, `0.0..=1.0`; at least one is.
    #[serde(default = "half")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) share: f64,
}

/// Share of the steps. Source: ours; half the time, and an image that looks whole.
fn half() -> f64 {
    0.5
}

impl Doc for Spec {
    const NAME: &'static str = "fewer_steps";
    const ABOUT: &'static str =
        "Computes a share of the steps asked for: faster, and not the image.";
    const SOURCE: &'static str =
        "ours, because it is the cheapest cheat that no check of the trace sees";
    const EXAMPLE: &'static str = "[fewer_steps]\nshare = 0.5\n";
}

impl Spec {
    pub(super) fn build(&self) -> FewerSteps {
        FewerSteps { share: self.share }
    }
}

/// The behaviour made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct FewerSteps {
    share: f64,
}

impl FewerSteps {
    fn steps(self, asked: u32) -> u32 {
        let wanted = math::round_to_u64((f64::from(asked) * self.share).ceil());
        u32::try_from(wanted).unwrap_or(asked).min(asked).max(1)
    }
}

impl Operator for FewerSteps {
    fn plan(&mut self, job: &Request, _sight: &Sight, _word: Word) -> Plan {
        let honest = Plan::honest(job);
        Plan { work: WorkPlan { steps: self.steps(job.steps), ..honest.work }, ..honest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(share: f64, asked: u32) -> u32 {
        let job = Request { steps: asked, ..Request::default() };
        Spec { share }.build().plan(&job, &Sight::default(), Word(1)).work.steps
    }

    #[test]
    fn the_share_is_rounded_up_to_whole_steps_and_one_is_always_computed() {
        // 51 x 0.5 = 25.5, so 26; 10 x 0.3 = 3; nothing of 10 is still 1.
        let cases = [(0.5, 50, 25), (0.5, 51, 26), (0.3, 10, 3), (0.0, 10, 1), (1.0, 10, 10)];
        for (share, asked, expected) in cases {
            assert_eq!(steps(share, asked), expected, "{share} of {asked}");
        }
    }
}
