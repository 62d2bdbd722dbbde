//! What a version of the orchestrator means: one record of values and family members.
//!
//! A version is named in a scenario and becomes this record here, and nowhere else; all other code reads the record, so
//! that a scenario can replace any part of it. Source: spec/offchain.md section 0 for the order of versions.

use crate::base::units::SimSpan;
use crate::model::router::WeightRule;
use crate::model::rules::Version;
use crate::model::rules::callback::CallbackRules;
use crate::model::rules::dispatch::DispatchRules;
use crate::model::rules::health::BadCapacity;
use crate::model::rules::health::HealthRules;
use crate::model::rules::health::Revalidation;
use crate::model::scoring::KindWeights;
use crate::model::scoring::ScoringSpec;

/// Wait for a miner's answer [ms]. Source: orchestrator b164b3e.
const TIMEOUT_FIRST_MS: u64 = 15_000;
/// Wait for a miner's answer [ms]. Source: orchestrator 4dbc66b.
const TIMEOUT_MS: u64 = 20_000;
/// Wait for a miner's answer to an image edit [ms]. Source: orchestrator 4dbc66b.
const TIMEOUT_EDIT_MS: u64 = 60_000;
/// Most steps asked of an image edit. Source: orchestrator 44a4866, `TEMP_OVERRIDE_STEPS`.
const EDIT_STEPS_MAX: u32 = 10;
/// Shortest time from creation to the callback of an image edit [ms]. Source: orchestrator 32242b3.
const EDIT_RUNTIME_FIRST_MS: u64 = 10_000;
/// The same since orchestrator 4dbc66b, whose error text still says ten seconds [ms].
const EDIT_RUNTIME_MS: u64 = 8_000;
/// Longest time from answer to callback of an image edit [ms]. Source: orchestrator 4dbc66b.
const EDIT_LATENCY_MS: u64 = 15_000;
/// Sum of all stored scores below which the burn hotkey joins with a score of 1. Source: orchestrator 33ee295.
const INJECTED_BELOW: f64 = 1.0;

/// All that a version of the orchestrator decides.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule that a commit brought by itself")]
pub(crate) struct OrchestratorRules {
    /// Routing weight of a miner.
    pub(crate) routing: WeightRule,
    /// Whether only miners that offer a job's kind are asked.
    pub(crate) asks_offers_only: bool,
    /// How a request is sent.
    pub(crate) dispatch: DispatchRules,
    /// What becomes of a job when its miner calls back.
    pub(crate) callback: CallbackRules,
    /// Whether a miner is valid after a health check.
    pub(crate) health: HealthRules,
    /// How finished jobs become a score.
    pub(crate) scoring: ScoringSpec,
    /// Weights of the kinds, for rules that read them.
    pub(crate) kind_weights: KindWeights,
    /// Whether the version's own score weighs kinds.
    pub(crate) weighs_kinds: bool,
    /// Whether a failed dispatch raises the failures that the router reads before the next score run does.
    pub(crate) counts_dispatch_failures: bool,
    /// Whether an invalid miner loses its published score.
    pub(crate) slashes_invalid: bool,
    /// Sum of all stored scores below which the owner's hotkey joins them with a score of 1; none: it never does.
    pub(crate) injected_below: Option<f64>,
}

impl OrchestratorRules {
    /// The rules that this version of the orchestrator's code brought.
    pub(crate) fn of(version: Version) -> Self {
        let since = |first: Version| version >= first;
        Self {
            routing: match version {
                _ if since(Version::Limited) => WeightRule::HEAD,
                _ if since(Version::Audited) => WeightRule::AUDITED,
                _ if since(Version::V001) => WeightRule::V001,
                _ => WeightRule::EARLY,
            },
            asks_offers_only: since(Version::Audited),
            dispatch: dispatch(version),
            callback: CallbackRules {
                edit_runtime_ms_min: match version {
                    _ if since(Version::Limited) => Some(EDIT_RUNTIME_MS),
                    _ if since(Version::Guarded) => Some(EDIT_RUNTIME_FIRST_MS),
                    _ => None,
                },
                edit_latency_ms_max: since(Version::Limited).then_some(EDIT_LATENCY_MS),
                spares_audits: since(Version::Limited),
            },
            health: HealthRules {
                revalidation: match version {
                    _ if since(Version::Forgiving) => Revalidation::Gained,
                    _ if since(Version::Sticky) => Revalidation::Kept,
                    _ => Revalidation::Followed,
                },
                reads_audits: since(Version::Slashing),
                keeps_without_address: since(Version::Sticky),
                capacity: if since(Version::Audited) {
                    BadCapacity::Invalid
                } else {
                    BadCapacity::EndsRefresh
                },
            },
            scoring: match version {
                _ if since(Version::Multiplied) => ScoringSpec::head(),
                _ if since(Version::Lookback) => ScoringSpec::v001_with_lookback(),
                _ if since(Version::Repeatable) => ScoringSpec::v001_with_later_jobs(),
                _ => ScoringSpec::default(),
            },
            // Versions before kinds had weights score by rules that do not read them.
            kind_weights: match version {
                _ if since(Version::Limited) || !since(Version::Weighted) => KindWeights::HEAD,
                _ if since(Version::Reweighted) => KindWeights::SECOND,
                _ => KindWeights::FIRST,
            },
            weighs_kinds: since(Version::Weighted),
            counts_dispatch_failures: since(Version::Limited),
            slashes_invalid: since(Version::Slashing),
            injected_below: since(Version::Injected).then_some(INJECTED_BELOW),
        }
    }
}

fn dispatch(version: Version) -> DispatchRules {
    let first = SimSpan::from_ms(TIMEOUT_FIRST_MS);
    if version < Version::Limited {
        return DispatchRules {
            timeout: first,
            timeout_edit: first,
            edits_apart: false,
            edit_steps_max: None,
        };
    }
    DispatchRules {
        timeout: SimSpan::from_ms(TIMEOUT_MS),
        timeout_edit: SimSpan::from_ms(TIMEOUT_EDIT_MS),
        edits_apart: true,
        edit_steps_max: (version >= Version::Head).then_some(EDIT_STEPS_MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One row a date of spec/offchain.md section 0: what came with it.
    #[test]
    fn each_part_came_with_the_version_that_the_specification_names() {
        let of = OrchestratorRules::of;
        assert_eq!(of(Version::Early).routing, WeightRule::EARLY);
        assert_eq!(of(Version::V001).routing, WeightRule::V001);
        assert!(!of(Version::Forgiving).weighs_kinds && of(Version::Weighted).weighs_kinds);
        assert_eq!(of(Version::Weighted).injected_below, None);
        assert_eq!(of(Version::Injected).injected_below, Some(1.0));
        assert_eq!(of(Version::Guarded).callback.edit_latency_ms_max, None);
        assert_eq!(of(Version::Limited).callback.edit_latency_ms_max, Some(15_000));
        assert!(!of(Version::Limited).slashes_invalid && of(Version::Slashing).slashes_invalid);
    }
}
