//! The judge: takes one number per replication in seed order and decides as soon as its error bounds allow.

use crate::metrics::Measured;
use crate::property::ConfidenceBound;
use crate::property::Finding;
use crate::property::NumberEvent;
use crate::property::Relation;
use crate::property::Verdict;
use crate::property::VerdictStatus;
use crate::statistics::Bounds;
use crate::statistics::CarriedBounds;
use crate::statistics::Method;
use serde::Deserialize;
use serde::Serialize;

/// What is judged, in numbers only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MeanClaim {
    /// What is claimed of the mean.
    pub(crate) shape: ClaimShape,
    /// Where there is one, each number counts as 1 when it happened, else as 0.
    pub(crate) event: Option<NumberEvent>,
    /// Range of what is averaged; infinite where the method needs none.
    pub(crate) range: (f64, f64),
    /// The confidence sequence that bounds the mean.
    pub(crate) method: Method,
    /// Chance of a wrong FAIL of this claim.
    pub(crate) alpha: f64,
    /// Chance of a wrong PASS of this claim.
    pub(crate) beta: f64,
    /// Runs after which it stays undecided.
    pub(crate) max_replications: u64,
}

/// What is claimed of the mean theta.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ClaimShape {
    /// It is on this side of the threshold; false by less than the margin, the claim may PASS and says so.
    Side {
        /// On which side of the threshold the mean is claimed to lie.
        relation: Relation,
        /// The threshold `t`, in the quantity's unit.
        threshold: f64,
        /// The margin `d`, in the quantity's unit.
        margin: f64,
    },
    /// It is no further than the margin from the threshold.
    Within {
        /// The threshold `t`, in the quantity's unit.
        threshold: f64,
        /// The margin `d`, in the quantity's unit.
        margin: f64,
    },
}

/// A judge of one claim.
#[derive(Debug)]
pub(crate) struct Judge {
    claim: MeanClaim,
    /// What a PASS rests on, at beta.
    passing: Bounds,
    /// What a FAIL rests on, at alpha; half of it a side for an equivalence, where either side may err.
    failing: Bounds,
    /// Number of the next replication.
    next: u64,
    /// Runs since it was made, and those that it was told of then.
    runs: u64,
    runs_before: u64,
    undefined: u64,
    why_undefined: String,
    /// Whether the claim itself, without its margin, has been excluded.
    is_excluded: bool,
    decided: Option<VerdictStatus>,
    worst: Option<(f64, u64)>,
}

/// What a judge knows, to be taken up again by another one with further replications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Evidence {
    /// Runs whose numbers were taken in.
    pub(crate) runs: u64,
    /// Runs in which the quantity had no value, and why.
    pub(crate) undefined: u64,
    pub(crate) why_undefined: String,
    /// The verdict that no further run can change; none before.
    pub(crate) decided: Option<VerdictStatus>,
    /// How far the number that speaks most against the claim does, and its replication.
    pub(crate) worst: Option<(f64, u64)>,
    /// What a PASS rests on, line by line.
    pub(crate) passing: CarriedBounds,
    /// The evidence that a FAIL rests on.
    pub(crate) failing: CarriedBounds,
}

impl MeanClaim {
    /// Levels of the two sides of what a PASS, and of what a FAIL rests on.
    fn levels(&self) -> [f64; 2] {
        match self.shape {
            ClaimShape::Side { .. } => [self.beta, self.alpha],
            // A wrong PASS can err on one side only, a wrong FAIL on either.
            ClaimShape::Within { .. } => [self.beta, self.alpha / 2.0],
        }
    }

    /// Nothing known yet, of a claim whose evidence can be carried on; none for another.
    pub(crate) fn no_evidence(&self) -> Option<Evidence> {
        let of = |level: f64, below: &[f64], above: &[f64]| {
            let (levels, lines) = ((level, level), (below, above));
            Bounds::carriable(self.method, self.range, levels, lines)
        };
        let [pass, fail] = self.levels();
        let (passing, failing) = match self.shape {
            ClaimShape::Side { relation: Relation::AtLeast, threshold: t, margin: d } => {
                (of(pass, &[t - d], &[]), of(fail, &[], &[t - d, t]))
            }
            ClaimShape::Side { relation: Relation::AtMost, threshold: t, margin: d } => {
                (of(pass, &[], &[t + d]), of(fail, &[t + d, t], &[]))
            }
            ClaimShape::Within { threshold: t, margin: d } => {
                (of(pass, &[t - d], &[t + d]), of(fail, &[t + d], &[t - d]))
            }
        };
        Some(Evidence {
            runs: 0,
            undefined: 0,
            why_undefined: String::new(),
            decided: None,
            worst: None,
            passing: passing?,
            failing: failing?,
        })
    }
}

impl Judge {
    /// No runs yet; the first will be the replication with number `first`.
    pub(crate) fn new(claim: MeanClaim, first: u64) -> Self {
        let [pass, fail] = claim.levels();
        let bounds = |level| Bounds::new(claim.method, claim.range, (level, level));
        let (passing, failing) = (bounds(pass), bounds(fail));
        Self::with(claim, first, (passing, failing))
    }

    /// Goes on from the evidence of earlier replications, all with numbers below `first`.
    pub(crate) fn taken_up(claim: MeanClaim, first: u64, evidence: Evidence) -> Self {
        let Evidence { runs, undefined, why_undefined, decided, worst, passing, failing } =
            evidence;
        let (passing, failing) =
            (Bounds::taken_up(claim.range, passing), Bounds::taken_up(claim.range, failing));
        let plain = Self::with(claim, first, (passing, failing));
        let mut judge = Self { runs_before: runs, undefined, why_undefined, worst, ..plain };
        judge.is_excluded = judge.excludes_the_claim();
        Self { decided, ..judge }
    }

    fn with(claim: MeanClaim, first: u64, (passing, failing): (Bounds, Bounds)) -> Self {
        Self {
            claim,
            passing,
            failing,
            next: first,
            runs: 0,
            runs_before: 0,
            undefined: 0,
            why_undefined: String::new(),
            is_excluded: false,
            decided: None,
            worst: None,
        }
    }

    /// What is to be laid aside; none where it was not made for that.
    pub(crate) fn evidence(&self) -> Option<Evidence> {
        Some(Evidence {
            runs: self.runs_before + self.runs,
            undefined: self.undefined,
            why_undefined: self.why_undefined.clone(),
            decided: self.decided,
            worst: self.worst,
            passing: self.passing.laid_aside()?,
            failing: self.failing.laid_aside()?,
        })
    }

    /// Takes in the number of the next replication. What comes after a decision changes nothing.
    pub(crate) fn push(&mut self, number: Measured) {
        if self.decided.is_some() || self.runs >= self.claim.max_replications {
            return;
        }
        let run = self.next;
        self.next += 1;
        self.runs += 1;
        let value = match number {
            Measured::Value(value) => value,
            Measured::Undefined(reason) => {
                self.undefined += 1;
                self.why_undefined = reason.to_string();
                return;
            }
        };
        let against = self.against(value);
        if self.worst.is_none_or(|(worst, _)| against > worst) {
            self.worst = Some((against, run));
        }
        let counted = match self.claim.event {
            Some(event) => f64::from(event.happened(value)),
            None => value,
        };
        self.passing.push(counted);
        self.failing.push(counted);
        if self.undefined == 0 {
            self.decided = self.decide();
        }
    }

    /// Whether another run could change the verdict.
    pub(crate) fn wants_more(&self) -> bool {
        self.decided.is_none() && self.undefined == 0 && self.runs < self.claim.max_replications
    }

    /// What the runs say so far.
    pub(crate) fn finding(&self) -> Finding {
        let is_spent = self.runs >= self.claim.max_replications;
        let has_margin = match self.claim.shape {
            ClaimShape::Side { margin, .. } => margin > 0.0,
            ClaimShape::Within { .. } => false,
        };
        match self.decided {
            Some(VerdictStatus::Pass) if self.is_excluded => Finding::WithinMargin,
            Some(VerdictStatus::Pass) if has_margin => Finding::UpToMargin,
            Some(VerdictStatus::Pass) => Finding::Shown,
            Some(VerdictStatus::Fail) => Finding::Refuted,
            _ if self.is_excluded && is_spent && self.undefined == 0 => {
                Finding::RefutedMarginUndecided
            }
            _ => Finding::Undecided,
        }
    }

    /// The verdict so far.
    pub(crate) fn verdict(&self) -> Verdict {
        let (lower, upper) = self.printed();
        let finding = self.finding();
        Verdict {
            status: finding.status(),
            finding,
            // Over the runs that have a number only, it would be the mean of a choice.
            estimate: self.passing.mean().filter(|_| self.undefined == 0),
            lower,
            upper,
            method: self.claim.method.name(),
            runs: self.runs_before + self.runs,
            undefined: self.undefined,
            worst: self.worst.map(|(_, run)| run),
            reason: self.reason(finding),
        }
    }

    /// Whether the claim itself, without its margin, is excluded at alpha; an equivalence has none without.
    fn excludes_the_claim(&mut self) -> bool {
        match self.claim.shape {
            ClaimShape::Side { relation: Relation::AtLeast, threshold: t, .. } => {
                self.failing.is_below(t)
            }
            ClaimShape::Side { relation: Relation::AtMost, threshold: t, .. } => {
                self.failing.is_above(t)
            }
            ClaimShape::Within { .. } => false,
        }
    }

    /// The rule of spec/theory.md 1.2. Inside the margin it goes on until it can say so: to decide at the first of "above
    /// t - d" and "below t" would be to toss a coin there.
    fn decide(&mut self) -> Option<VerdictStatus> {
        self.is_excluded = self.is_excluded || self.excludes_the_claim();
        let (passing, failing) = (&mut self.passing, &mut self.failing);
        let (passes, fails) = match self.claim.shape {
            ClaimShape::Side { relation: Relation::AtLeast, threshold: t, margin: d } => {
                (passing.is_above(t - d), failing.is_below(t - d))
            }
            ClaimShape::Side { relation: Relation::AtMost, threshold: t, margin: d } => {
                (passing.is_below(t + d), failing.is_above(t + d))
            }
            ClaimShape::Within { threshold: t, margin: d } => (
                passing.is_above(t - d) && passing.is_below(t + d),
                failing.is_above(t + d) || failing.is_below(t - d),
            ),
        };
        match (passes, fails) {
            (true, _) => Some(VerdictStatus::Pass),
            (false, true) => Some(VerdictStatus::Fail),
            (false, false) => None,
        }
    }

    /// How far a number of one replication speaks against the claim; more is worse.
    fn against(&self, value: f64) -> f64 {
        let (relation, event) = match (self.claim.shape, self.claim.event) {
            (ClaimShape::Side { relation, .. }, event) => (relation, event),
            (ClaimShape::Within { .. }, Some(event)) => return (value - event.level()).abs(),
            (ClaimShape::Within { threshold, .. }, None) => return (value - threshold).abs(),
        };
        // A claim that the event is rare is hurt by numbers deep inside it.
        let wants_more = match event {
            None | Some(NumberEvent::AtLeast(_)) => relation == Relation::AtLeast,
            Some(NumberEvent::AtMost(_)) => relation == Relation::AtMost,
        };
        if wants_more { -value } else { value }
    }

    /// The bounds that decided; when nothing did, those that would have to.
    fn printed(&self) -> (Option<ConfidenceBound>, Option<ConfidenceBound>) {
        if self.undefined > 0 || self.passing.count() == 0 {
            return (None, None);
        }
        let [pass, fail] = self.claim.levels();
        let bound =
            |value: f64, level| value.is_finite().then_some(ConfidenceBound { value, level });
        let low = |bounds: &Bounds, level| bound(bounds.lower(), level);
        let high = |bounds: &Bounds, level| bound(bounds.upper(), level);
        let finding = self.finding();
        let (passes, fails) = match finding {
            Finding::UpToMargin | Finding::Shown => (true, false),
            Finding::Refuted => (false, true),
            Finding::WithinMargin | Finding::RefutedMarginUndecided | Finding::Undecided => {
                (true, true)
            }
        };
        match self.claim.shape {
            ClaimShape::Side { relation: Relation::AtLeast, .. } => (
                low(&self.passing, pass).filter(|_| passes),
                high(&self.failing, fail).filter(|_| fails),
            ),
            ClaimShape::Side { relation: Relation::AtMost, .. } => (
                low(&self.failing, fail).filter(|_| fails),
                high(&self.passing, pass).filter(|_| passes),
            ),
            ClaimShape::Within { threshold, .. } if finding == Finding::Refuted => (
                low(&self.failing, fail).filter(|bound| bound.value > threshold),
                high(&self.failing, fail).filter(|bound| bound.value < threshold),
            ),
            ClaimShape::Within { .. } => (low(&self.passing, pass), high(&self.passing, pass)),
        }
    }

    fn reason(&self, finding: Finding) -> String {
        let runs = self.runs_before + self.runs;
        if self.undefined > 0 {
            let (k, why) = (self.undefined, &self.why_undefined);
            return format!("undefined in {k} of {runs}: {why}");
        }
        self.claim.shape.words(finding, runs)
    }
}

#[cfg(test)]
mod tests;
