//! Verdicts: what was decided, and the bound that decided it.

use crate::property::Broken;
use crate::property::Expect;
use crate::property::Finding;
use serde::Deserialize;
use serde::Serialize;

/// The verdict in a word: PASS, FAIL or UNDECIDED.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum VerdictStatus {
    /// The claim holds, up to its margin.
    Pass,
    /// The claim is false.
    Fail,
    /// The runs do not tell.
    Undecided,
}

impl VerdictStatus {
    /// The word in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Undecided => "UNDECIDED",
        }
    }
}

/// One end of an interval, and the chance that it is ever wrong.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ConfidenceBound {
    /// Where the interval ends, in the quantity's unit.
    pub value: f64,
    /// Chance that the bound is ever wrong, `0.0..1.0`.
    pub level: f64,
}

/// A judgement with all that supports it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Verdict {
    /// What was decided: PASS, FAIL or UNDECIDED.
    pub(crate) status: VerdictStatus,
    /// The exact statement behind the verdict.
    pub(crate) finding: Finding,
    /// Mean of the numbers; none before the first.
    pub(crate) estimate: Option<f64>,
    /// The lower bound, where it decided or nothing did.
    pub(crate) lower: Option<ConfidenceBound>,
    /// The upper bound, where it decided or nothing did.
    pub(crate) upper: Option<ConfidenceBound>,
    /// Name of the method; empty for an invariant, which is exact.
    pub(crate) method: &'static str,
    /// Runs that the verdict rests on.
    pub(crate) runs: u64,
    /// Runs in which the quantity had no value.
    pub(crate) undefined: u64,
    /// Number of the replication that speaks most against the claim.
    pub(crate) worst: Option<u64>,
    /// Why the verdict is what it is, in words.
    pub(crate) reason: String,
}

impl Verdict {
    /// The verdict on an invariant after `runs` replications, with the number of the first in which it was broken.
    pub(crate) fn of_invariant(runs: u64, first: Option<(u64, &Broken)>) -> Self {
        let (finding, reason) = match first {
            _ if runs == 0 => (Finding::Undecided, "no run".to_string()),
            None => (Finding::Shown, format!("held in every epoch and job of {runs} runs")),
            Some((_, broken)) => (Finding::Refuted, broken.what.clone()),
        };
        Self {
            status: finding.status(),
            finding,
            estimate: None,
            lower: None,
            upper: None,
            method: "",
            runs,
            undefined: 0,
            worst: first.map(|(run, _)| run),
            reason,
        }
    }

    /// Whether it is the verdict that was expected; none when nothing was decided.
    pub(crate) fn as_expected(&self, expect: Expect) -> Option<bool> {
        match self.status {
            VerdictStatus::Pass => Some(expect == Expect::Pass),
            VerdictStatus::Fail => Some(expect == Expect::Fail),
            VerdictStatus::Undecided => None,
        }
    }

    /// What exactly the verdict on a claim with a margin says; one on an invariant says all by itself.
    pub(crate) fn words(&self) -> &'static str {
        if self.method.is_empty() { "" } else { self.finding.name() }
    }

    /// The word in tables: the verdict, what exactly it says, and whether it was expected where that is not plain.
    pub(crate) fn label(&self, expect: Expect) -> String {
        let name = [self.status.name(), self.words()].join(" ");
        let name = name.trim_end();
        match (self.status, expect) {
            (VerdictStatus::Fail, Expect::Fail) => format!("{name} (expected)"),
            (VerdictStatus::Pass, Expect::Fail) => format!("{name} (surprise: expected to fail)"),
            _ => name.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invariant_fails_with_what_was_broken() {
        let broken = Broken { what: "a rao is missing".to_string() };
        let verdict = Verdict::of_invariant(20, Some((7, &broken)));
        assert_eq!((verdict.status, verdict.worst), (VerdictStatus::Fail, Some(7)));
        assert_eq!(verdict.reason, "a rao is missing");
        assert_eq!(Verdict::of_invariant(20, None).status, VerdictStatus::Pass);
        assert_eq!(Verdict::of_invariant(0, None).status, VerdictStatus::Undecided);
    }

    #[test]
    fn a_known_falsehood_that_passes_is_a_surprise() {
        let pass = Verdict::of_invariant(1, None);
        assert_eq!(pass.as_expected(Expect::Pass), Some(true));
        assert_eq!(pass.as_expected(Expect::Fail), Some(false));
        assert_eq!(pass.label(Expect::Fail), "PASS (surprise: expected to fail)");
        let undecided = Verdict::of_invariant(0, None);
        assert_eq!(undecided.as_expected(Expect::Fail), None);
        let fail = Verdict {
            status: VerdictStatus::Fail,
            finding: Finding::Refuted,
            method: "betting confidence sequence",
            ..pass
        };
        assert_eq!(fail.label(Expect::Fail), "FAIL refuted (expected)");
        let within =
            Verdict { status: VerdictStatus::Pass, finding: Finding::WithinMargin, ..fail.clone() };
        assert_eq!(within.label(Expect::Pass), "PASS within the margin");
        assert_eq!(fail.as_expected(Expect::Pass), Some(false));
    }
}
