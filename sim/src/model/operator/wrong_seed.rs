//! Computes every step, from noise of its own choice.

use crate::base::family::Doc;
use crate::base::random::Word;
use crate::model::operator::Operator;
use crate::model::operator::Sight;
use crate::work::Plan;
use crate::work::Request;
use crate::work::WorkPlan;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Computes every step, from noise of its own choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The seed used for every job; a job that asks for this very seed gets the next one.
    #[serde(default)]
    #[schemars(range(min = 0, max = 4_294_967_295_u64))]
    pub(crate) seed: u64,
}

impl Doc for Spec {
    const NAME: &'static str = "wrong_seed";
    const ABOUT: &'static str =
        "Computes every step from another seed than asked: full work, another image.";
    const SOURCE: &'static str =
        "ours, because a miner that ignores a field of the request does this";
    const EXAMPLE: &'static str = "[wrong_seed]\nseed = 7\n";
}

impl Spec {
    pub(super) fn build(&self) -> WrongSeed {
        WrongSeed { seed: self.seed }
    }
}

/// The behaviour made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct WrongSeed {
    seed: u64,
}

impl Operator for WrongSeed {
    fn plan(&mut self, job: &Request, _sight: &Sight, _word: Word) -> Plan {
        let seed = if job.seed == self.seed { self.seed.wrapping_add(1) } else { self.seed };
        let honest = Plan::honest(job);
        Plan { work: WorkPlan { seed, ..honest.work }, ..honest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_is_never_the_one_asked_for() {
        for (asked, used) in [(7, 8), (8, 7), (0, 7)] {
            let job = Request { seed: asked, steps: 5, ..Request::default() };
            let work = Spec { seed: 7 }.build().plan(&job, &Sight::default(), Word(1)).work;
            assert_eq!((work.seed, work.steps), (used, 5));
        }
    }
}
