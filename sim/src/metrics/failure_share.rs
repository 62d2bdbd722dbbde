//! Part of the chosen miners' requests that stand as failed, or whose dispatch failed.
//!
//! `sum_{i chosen} failures_i / sum_{i chosen} requests_i`; open requests count in the whole.

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::metrics::Declared;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::MinerSummary;
use crate::metrics::RunSummary;
use crate::metrics::amount;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Part of the requests that failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Which failures are counted: all, or those of the dispatch.
    #[serde(default)]
    pub(crate) kind: FailureKind,
}

impl Doc for Spec {
    const NAME: &'static str = "failure_share";
    const ABOUT: &'static str = "Part of the requests that failed.";
    const SOURCE: &'static str =
        "the October 2025 trace: 47 of 7,884 failed, 29 of them in dispatch";
    const EXAMPLE: &'static str = "[failure_share]\nkind = \"dispatch\"\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: format!("{}_share", self.kind.name()),
            unit: "1",
            range: Some((0.0, 1.0)),
            printed_for: &[Grouping::Whole, Grouping::Class, Grouping::Operator],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let miners = || chosen.iter().map(|miner| &facts.miners[miner.index()]);
        let failed = amount::sum(miners().map(|miner| self.kind.of(miner)));
        let part = amount::ratio(failed, amount::sum(miners().map(|miner| miner.requests)));
        part.map_or(Measured::Undefined("no requests"), |part| Measured::within((0.0, 1.0), part))
    }
}

/// Failures that are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FailureKind {
    /// Every failure, whatever its reason.
    #[default]
    Any,
    /// Those of the dispatch: refused, or not answered in time.
    Dispatch,
}

impl FailureKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Any => "failure",
            Self::Dispatch => "dispatch_failure",
        }
    }

    const fn of(self, miner: &MinerSummary) -> u64 {
        match self {
            Self::Any => miner.failures,
            Self::Dispatch => miner.dispatch_failures,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    fn facts() -> RunSummary {
        let mut facts = sample::of_pay(&[(0, 0), (1, 0)]);
        (facts.miners[0].requests, facts.miners[0].failures) = (6, 4);
        facts.miners[0].dispatch_failures = 1;
        facts.miners[1].requests = 2;
        facts
    }

    #[test]
    fn requests_of_all_chosen_are_the_whole() {
        let facts = facts();
        assert_eq!(Spec::default().measure(&facts, &facts.all()), Measured::Value(0.5));
        let dispatch = Spec { kind: FailureKind::Dispatch };
        assert_eq!(dispatch.measure(&facts, &facts.all()), Measured::Value(0.125));
        assert_eq!(dispatch.measure(&facts, &[MinerId(1)]), Measured::Value(0.0));
    }

    #[test]
    fn without_a_request_there_is_no_value() {
        let found = Spec::default().measure(&facts(), &[]);
        assert_eq!(found, Measured::Undefined("no requests"));
    }

    #[test]
    fn an_unknown_kind_is_refused() {
        assert!(toml::from_str::<Spec>("kind = \"bad luck\"").is_err());
    }
}
