//! How long miners wait for work: to the first request, or the longest stretch without one; the worst or the mean [s].
//!
//! A miner that got no request has waited at least as long as it was active in the window, and counts with that time: a
//! lower bound, so the truth may be worse.

use crate::base::family::Doc;
use crate::base::ids::MinerId;
use crate::base::math;
use crate::base::units::SimSpan;
use crate::metrics::Declared;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::MinerSummary;
use crate::metrics::RunSummary;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// How long miners wait for work: time to the first job, or the longest gap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Which wait is measured: to the first job, or the longest gap.
    #[serde(default)]
    pub(crate) wait: Wait,
    /// The worst miner or the mean of all.
    #[serde(default)]
    pub(crate) over: WaitsOver,
}

impl Doc for Spec {
    const NAME: &'static str = "starvation";
    const ABOUT: &'static str =
        "How long miners wait for work: time to the first job, or the longest gap.";
    const SOURCE: &'static str =
        "ours: the most asked question of the subnet, why have I received no requests";
    const EXAMPLE: &'static str = "[starvation]\nwait = \"longest_gap\"\nover = \"worst\"\n";
}

impl Spec {
    pub(super) fn build(&self) -> Self {
        self.clone()
    }
}

impl Metric for Spec {
    fn declared(&self) -> Declared {
        Declared {
            label: format!("{}_s_{}", self.wait.name(), self.over.name()),
            unit: "s",
            range: None,
            printed_for: &[Grouping::Whole, Grouping::Class, Grouping::Operator],
        }
    }

    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured {
        let miners = facts.active(chosen);
        if miners.is_empty() {
            return Measured::Undefined("no miner took part");
        }
        let waits = miners.iter().map(|miner| self.wait.of(miner).seconds());
        Measured::of(match self.over {
            WaitsOver::Worst => waits.fold(0.0, f64::max),
            WaitsOver::Mean => waits.sum::<f64>() / math::float_len(miners.len()),
        })
    }
}

/// A wait for work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wait {
    /// From the opening of the miner's active window to its first request.
    FirstJob,
    /// The longest stretch without a request inside its active window.
    #[default]
    LongestGap,
}

impl Wait {
    const fn name(self) -> &'static str {
        match self {
            Self::FirstJob => "first_job",
            Self::LongestGap => "longest_gap",
        }
    }

    fn of(self, miner: &MinerSummary) -> SimSpan {
        match self {
            Self::FirstJob => miner.first_job.unwrap_or(miner.active),
            Self::LongestGap => miner.longest_gap,
        }
    }
}

/// How the waits of several miners become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WaitsOver {
    /// The longest of all.
    #[default]
    Worst,
    /// The mean of the miners' waits.
    Mean,
}

impl WaitsOver {
    const fn name(self) -> &'static str {
        match self {
            Self::Worst => "worst",
            Self::Mean => "mean",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    fn facts() -> RunSummary {
        let mut facts = sample::of_pay(&[(0, 0), (0, 0)]);
        facts.miners[0].first_job = Some(SimSpan::from_seconds(10.0));
        facts.miners[0].longest_gap = SimSpan::from_seconds(200.0);
        facts.miners[1].longest_gap = facts.miners[1].active;
        facts
    }

    fn of(wait: Wait, over: WaitsOver) -> Measured {
        let facts = facts();
        Spec { wait, over }.measure(&facts, &facts.all())
    }

    #[test]
    fn who_got_no_request_has_waited_all_the_time() {
        assert_eq!(of(Wait::FirstJob, WaitsOver::Worst), Measured::Value(3600.0));
        assert_eq!(of(Wait::FirstJob, WaitsOver::Mean), Measured::Value(1805.0));
        assert_eq!(of(Wait::LongestGap, WaitsOver::Mean), Measured::Value(1900.0));
    }

    #[test]
    fn who_is_not_there_does_not_starve() {
        let mut facts = facts();
        facts.miners[1].active = SimSpan::ZERO;
        let found = Spec::default().measure(&facts, &facts.all());
        assert_eq!(found, Measured::Value(200.0));
        let found = Spec::default().measure(&facts, &[MinerId(1)]);
        assert_eq!(found, Measured::Undefined("no miner took part"));
    }

    #[test]
    fn an_unknown_wait_is_refused() {
        assert!(toml::from_str::<Spec>("wait = \"forever\"").is_err());
    }
}
