//! What the orchestrator's version makes of each kind of job: how it is sent, and what its samples weigh.

use crate::base::ids::KindId;
use crate::base::units::SimSpan;
use crate::config::Kind;
use crate::config::Resolved;
use crate::model::rules::Version;
use crate::model::scoring;
use crate::model::scoring::KindWeights;

/// By kind, what the version makes of it.
#[derive(Clone, Debug)]
pub(super) struct Kinds {
    each: Vec<(SimSpan, scoring::Kind)>,
    /// Whether a failed dispatch counts against a miner before the next score run.
    pub(super) counts_failures: bool,
}

impl Kinds {
    /// The kinds of a scenario under its version.
    pub(super) fn of(scenario: &Resolved) -> Self {
        let orchestrator = &scenario.file.orchestrator;
        let weights = weights(orchestrator.version);
        let one = |kind: &Kind| {
            let known = scoring::Kind::weighed(kind.type_name(), weights);
            let weight = kind.score_weight.unwrap_or(known.weight);
            let timeout = orchestrator.dispatch(kind.type_name()).timeout;
            (timeout, scoring::Kind { weight, ..known })
        };
        Self {
            each: scenario.kinds.iter().map(one).collect(),
            counts_failures: orchestrator.version >= Version::Limited,
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

/// Weights of the kinds in a version. Source: spec/offchain.md section 0; versions before kinds had weights score by rules
/// that do not read them.
fn weights(version: Version) -> KindWeights {
    if version >= Version::Limited || version < Version::Weighted {
        KindWeights::HEAD
    } else if version >= Version::Reweighted {
        KindWeights::SECOND
    } else {
        KindWeights::FIRST
    }
}
