//! Computes every step, from noise of its own choice.

use crate::behaviour::Behaviour;
use crate::behaviour::Sight;
use crate::family::Doc;
use crate::record::Job;
use crate::record::Plan;
use crate::record::WorkPlan;
use crate::rng::Word;
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

impl Behaviour for WrongSeed {
    fn plan(&mut self, job: &Job, _sight: &Sight, _word: Word) -> Plan {
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
            let job = Job { seed: asked, steps: 5, ..Job::default() };
            let work = Spec { seed: 7 }.build().plan(&job, &Sight::default(), Word(1)).work;
            assert_eq!((work.seed, work.steps), (used, 5));
        }
    }
}
