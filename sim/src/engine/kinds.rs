//! What the orchestrator makes of each kind of job: how it is sent, and what its samples weigh.

use crate::base::ids::KindId;
use crate::base::units::SimSpan;
use crate::model::scoring;
use crate::scenario::Scenario;

/// By kind, what the rules make of it.
#[derive(Clone, Debug)]
pub(super) struct Kinds {
    each: Vec<(SimSpan, scoring::Kind)>,
    /// Whether a failed dispatch counts against a miner before the next score run.
    pub(super) counts_failures: bool,
}

impl Kinds {
    /// The kinds of a scenario under its rules.
    pub(super) fn of(scenario: &Scenario) -> Self {
        Self {
            each: scenario.kinds.iter().map(|kind| (kind.ack_timeout, kind.scored)).collect(),
            counts_failures: scenario.orchestrator.rules.counts_dispatch_failures,
        }
    }

    /// Longest wait for a miner's answer.
    #[inline]
    pub(super) fn ack_timeout(&self, kind: KindId) -> SimSpan {
        self.each[kind.index()].0
    }

    /// How the score service knows it.
    #[inline]
    pub(super) fn scored(&self, kind: KindId) -> scoring::Kind {
        self.each[kind.index()].1
    }
}
