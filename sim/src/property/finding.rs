//! The exact statement behind a verdict: whether the claim holds, holds up to its margin, or is refuted, in words.

use crate::property::ClaimShape;
use crate::property::Relation;
use crate::property::VerdictStatus;

/// What the runs say of a claim. Source: spec/theory.md 1.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// PASS: the claim is not false by its margin or more; whether it is false by less was not seen.
    UpToMargin,
    /// PASS: the claim was seen to be false, and by less than its margin.
    WithinMargin,
    /// PASS of a claim without a margin, of an equivalence or of an invariant.
    Shown,
    /// FAIL: the claim is false, by its margin or more.
    Refuted,
    /// FAIL: the claim is false; whether by its margin the budget did not tell.
    RefutedMarginUndecided,
    /// UNDECIDED: the evidence speaks neither for the claim nor against it.
    Undecided,
}

impl Finding {
    /// The verdict that the finding leads to.
    pub(crate) const fn status(self) -> VerdictStatus {
        match self {
            Self::UpToMargin | Self::WithinMargin | Self::Shown => VerdictStatus::Pass,
            Self::Refuted | Self::RefutedMarginUndecided => VerdictStatus::Fail,
            Self::Undecided => VerdictStatus::Undecided,
        }
    }

    /// The words behind the verdict; none where it says all.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::UpToMargin => "up to the margin",
            Self::WithinMargin => "within the margin",
            Self::Refuted => "refuted",
            Self::RefutedMarginUndecided => "refuted, margin undecided",
            Self::Shown | Self::Undecided => "",
        }
    }
}

impl ClaimShape {
    /// What `runs` runs found of it, in a sentence.
    pub(crate) fn words(self, finding: Finding, runs: u64) -> String {
        let (t, d, edge, holds, fails) = match self {
            Self::Side { relation: Relation::AtLeast, threshold: t, margin: d } => {
                (t, d, t - d, "above", "below")
            }
            Self::Side { relation: Relation::AtMost, threshold: t, margin: d } => {
                (t, d, t + d, "below", "above")
            }
            Self::Within { threshold: t, margin: d } => return within(t, d, finding, runs),
        };
        let edge = short(edge);
        match finding {
            Finding::UpToMargin => format!(
                "after {runs} runs the mean is {holds} {edge}: the claim ({}) holds up to its margin of {d}",
                self.claimed()
            ),
            Finding::WithinMargin => format!(
                "after {runs} runs the mean is {fails} {t} and {holds} {edge}: the claim ({}) is false, by less than \
                 its margin of {d}",
                self.claimed()
            ),
            Finding::Shown => format!("after {runs} runs the mean is {holds} {t}: the claim holds"),
            Finding::Refuted if d > 0.0 => format!(
                "after {runs} runs the mean is {fails} {edge}: the claim ({}) is false by its margin of {d} or more",
                self.claimed()
            ),
            Finding::Refuted => {
                format!("after {runs} runs the mean is {fails} {t}: the claim is false")
            }
            Finding::RefutedMarginUndecided => format!(
                "after {runs} runs the mean is {fails} {t}: the claim ({}) is false; whether by its margin of {d} or \
                 more they do not tell",
                self.claimed()
            ),
            Finding::Undecided => {
                format!("claimed {} with margin {d}: {runs} runs do not tell", self.claimed())
            }
        }
    }

    /// What is claimed of the mean, without the margin of a side.
    fn claimed(self) -> String {
        match self {
            Self::Side { relation: Relation::AtLeast, threshold, .. } => {
                format!("at least {threshold}")
            }
            Self::Side { relation: Relation::AtMost, threshold, .. } => {
                format!("at most {threshold}")
            }
            Self::Within { threshold, margin } => format!("within {margin} of {threshold}"),
        }
    }
}

/// The sentence that a finding on an equivalence makes.
fn within(t: f64, d: f64, finding: Finding, runs: u64) -> String {
    match finding.status() {
        VerdictStatus::Pass => {
            format!("after {runs} runs the mean is within {d} of {t}: the claim holds")
        }
        VerdictStatus::Fail => {
            format!("after {runs} runs the mean is further than {d} from {t}: refuted")
        }
        VerdictStatus::Undecided => format!("claimed within {d} of {t}: {runs} runs do not tell"),
    }
}

/// Six significant digits: a difference of two short numbers is short again.
pub(crate) fn short(x: f64) -> f64 {
    format!("{x:.5e}").parse().unwrap_or(x)
}
