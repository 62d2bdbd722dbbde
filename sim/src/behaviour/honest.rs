//! Computes what was asked and sends it.

use crate::behaviour::Behaviour;
use crate::behaviour::Sight;
use crate::family::Doc;
use crate::record::Job;
use crate::record::Plan;
use crate::rng::Word;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Computes what was asked and sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "honest";
    const ABOUT: &'static str = "Computes what was asked and sends it.";
    const SOURCE: &'static str = "dippy-studio-bittensor-miner 542a5b9, the stock miner";
    const EXAMPLE: &'static str = "[honest]\n";
}

#[expect(clippy::unused_self, reason = "the family calls every member the same way")]
impl Spec {
    pub(super) fn build(&self) -> Honest {
        Honest
    }
}

/// The behaviour made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Honest;

impl Behaviour for Honest {
    fn plan(&mut self, job: &Job, _sight: &Sight, _word: Word) -> Plan {
        Plan::honest(job)
    }
}
