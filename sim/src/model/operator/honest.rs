//! Computes what was asked and sends it.

use crate::base::family::Doc;
use crate::base::random::Word;
use crate::model::operator::Operator;
use crate::model::operator::Sight;
use crate::work::Plan;
use crate::work::Request;
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

impl Spec {
    #[expect(clippy::unused_self, reason = "the family calls every member the same way")]
    pub(super) fn build(&self) -> Honest {
        Honest
    }
}

/// The behaviour made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Honest;

impl Operator for Honest {
    fn plan(&mut self, job: &Request, _sight: &Sight, _word: Word) -> Plan {
        Plan::honest(job)
    }
}
