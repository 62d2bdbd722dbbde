//! The judge: takes one number per replication in seed order and decides as soon as its error bounds allow.

use crate::metrics::Measured;
use crate::property::Bound;
use crate::property::Event;
use crate::property::Relation;
use crate::property::Status;
use crate::property::Verdict;
use crate::statistics::Bounds;
use crate::statistics::Method;

/// What is judged, in numbers only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Claim {
    /// What is claimed of the mean.
    pub(crate) shape: Shape,
    /// Where there is one, each number counts as 1 when it happened, else as 0.
    pub(crate) event: Option<Event>,
    /// Finite range of what is averaged.
    pub(crate) range: (f64, f64),
    /// The confidence sequence.
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
pub(crate) enum Shape {
    /// It is on this side of the threshold; nearer than the margin either verdict is right.
    Side {
        /// Which side.
        relation: Relation,
        /// The threshold `t`.
        threshold: f64,
        /// The margin `d`.
        margin: f64,
    },
    /// It is no further than the margin from the threshold.
    Within {
        /// The threshold `t`.
        threshold: f64,
        /// The margin `d`.
        margin: f64,
    },
}

/// A judge of one claim.
#[derive(Debug)]
pub(crate) struct Judge {
    claim: Claim,
    /// What a PASS rests on, at beta.
    passing: Bounds,
    /// What a FAIL rests on, at alpha.
    failing: Bounds,
    runs: u64,
    undefined: u64,
    why_undefined: &'static str,
    decided: Option<Status>,
    worst: Option<(f64, u64)>,
}

impl Judge {
    /// No runs yet.
    pub(crate) fn new(claim: Claim) -> Self {
        let each = |level: f64| match claim.shape {
            Shape::Side { .. } => (level, level),
            // A two-sided sequence spends half of its level on each side.
            Shape::Within { .. } => (level / 2.0, level / 2.0),
        };
        let bounds = |level| Bounds::new(claim.method, claim.range, each(level));
        Self {
            passing: bounds(claim.beta),
            failing: bounds(claim.alpha),
            claim,
            runs: 0,
            undefined: 0,
            why_undefined: "",
            decided: None,
            worst: None,
        }
    }

    /// Takes in the number of the next replication. What comes after a decision changes nothing.
    pub(crate) fn push(&mut self, number: Measured) {
        if self.decided.is_some() || self.runs >= self.claim.max_replications {
            return;
        }
        let run = self.runs;
        self.runs += 1;
        let value = match number {
            Measured::Value(value) => value,
            Measured::Undefined(reason) => {
                self.undefined += 1;
                self.why_undefined = reason;
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

    /// What was decided so far, without the bounds.
    pub(crate) fn status(&self) -> Status {
        self.decided.unwrap_or(Status::Undecided)
    }

    /// The verdict so far.
    pub(crate) fn verdict(&self) -> Verdict {
        let (lower, upper) = self.printed();
        Verdict {
            status: self.status(),
            // Over the runs that have a number only, it would be the mean of a choice.
            estimate: self.passing.mean().filter(|_| self.undefined == 0),
            lower,
            upper,
            method: self.claim.method.name(),
            runs: self.runs,
            undefined: self.undefined,
            worst: self.worst.map(|(_, run)| run),
            reason: self.reason(),
        }
    }

    fn decide(&mut self) -> Option<Status> {
        let estimate = self.passing.mean()?;
        let (passes, fails, holds) = match self.claim.shape {
            Shape::Side { relation: Relation::AtLeast, threshold: t, margin: d } => {
                (self.passing.is_above(t - d), self.failing.is_below(t + d), estimate >= t)
            }
            Shape::Side { relation: Relation::AtMost, threshold: t, margin: d } => {
                (self.passing.is_below(t + d), self.failing.is_above(t - d), estimate <= t)
            }
            Shape::Within { threshold: t, margin: d } => (
                self.passing.is_above(t - d) && self.passing.is_below(t + d),
                self.failing.is_above(t + d) || self.failing.is_below(t - d),
                (estimate - t).abs() <= d,
            ),
        };
        match (passes, fails) {
            (true, true) => Some(if holds { Status::Pass } else { Status::Fail }),
            (true, false) => Some(Status::Pass),
            (false, true) => Some(Status::Fail),
            (false, false) => None,
        }
    }

    /// How far a number of one replication speaks against the claim; more is worse.
    fn against(&self, value: f64) -> f64 {
        let (relation, event) = match (self.claim.shape, self.claim.event) {
            (Shape::Side { relation, .. }, event) => (relation, event),
            (Shape::Within { .. }, Some(event)) => return (value - event.level()).abs(),
            (Shape::Within { threshold, .. }, None) => return (value - threshold).abs(),
        };
        // A claim that the event is rare is hurt by numbers deep inside it.
        let wants_more = match event {
            None | Some(Event::AtLeast(_)) => relation == Relation::AtLeast,
            Some(Event::AtMost(_)) => relation == Relation::AtMost,
        };
        if wants_more { -value } else { value }
    }

    /// The bound that decided; when nothing did, those that would have to.
    fn printed(&self) -> (Option<Bound>, Option<Bound>) {
        if self.undefined > 0 || self.passing.count() == 0 {
            return (None, None);
        }
        let Claim { shape, alpha, beta, .. } = self.claim;
        let low = |bounds: &Bounds, level| Bound { value: bounds.lower(), level };
        let high = |bounds: &Bounds, level| Bound { value: bounds.upper(), level };
        let (pass, fail) = (&self.passing, &self.failing);
        let is_shown = |status| self.decided.is_none_or(|decided| decided == status);
        match shape {
            Shape::Side { relation: Relation::AtLeast, .. } => (
                is_shown(Status::Pass).then(|| low(pass, beta)),
                is_shown(Status::Fail).then(|| high(fail, alpha)),
            ),
            Shape::Side { relation: Relation::AtMost, .. } => (
                is_shown(Status::Fail).then(|| low(fail, alpha)),
                is_shown(Status::Pass).then(|| high(pass, beta)),
            ),
            Shape::Within { .. } => {
                let (bounds, level) = match self.decided {
                    Some(Status::Fail) => (fail, alpha / 2.0),
                    _ => (pass, beta / 2.0),
                };
                (Some(low(bounds, level)), Some(high(bounds, level)))
            }
        }
    }

    fn reason(&self) -> String {
        if self.undefined > 0 {
            let (k, n, why) = (self.undefined, self.runs, self.why_undefined);
            return format!("undefined in {k} of {n}: {why}");
        }
        let wanted = match self.claim.shape {
            Shape::Side { relation: Relation::AtLeast, threshold: t, margin: d } => {
                format!("at least {t} with margin {d}")
            }
            Shape::Side { relation: Relation::AtMost, threshold: t, margin: d } => {
                format!("at most {t} with margin {d}")
            }
            Shape::Within { threshold: t, margin: d } => format!("within {d} of {t}"),
        };
        match self.decided {
            Some(Status::Pass) => format!("claimed {wanted}: shown after {} runs", self.runs),
            Some(_) => format!("claimed {wanted}: refuted after {} runs", self.runs),
            None => format!("claimed {wanted}: {} runs do not tell", self.runs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(shape: Shape) -> Claim {
        Claim {
            shape,
            event: None,
            range: (0.0, 1.0),
            method: Method::Betting,
            alpha: 0.05,
            beta: 0.05,
            max_replications: 300,
        }
    }

    fn side(relation: Relation, threshold: f64, margin: f64) -> Shape {
        Shape::Side { relation, threshold, margin }
    }

    fn judged(claim: Claim, numbers: impl IntoIterator<Item = f64>) -> Verdict {
        let mut judge = Judge::new(claim);
        for number in numbers {
            judge.push(Measured::Value(number));
        }
        judge.verdict()
    }

    #[test]
    fn equal_numbers_far_from_the_threshold_decide() {
        let least = claim(side(Relation::AtLeast, 0.5, 0.05));
        let most = claim(side(Relation::AtMost, 0.5, 0.05));
        for (claim, number, status) in [
            (least, 0.9, Status::Pass),
            (least, 0.1, Status::Fail),
            (most, 0.1, Status::Pass),
            (most, 0.9, Status::Fail),
        ] {
            assert_eq!(judged(claim, vec![number; 300]).status, status, "{claim:?} {number}");
        }
    }

    #[test]
    fn the_printed_bound_is_the_one_that_decided() {
        let pass = judged(claim(side(Relation::AtLeast, 0.5, 0.05)), vec![0.9; 300]);
        assert!(pass.lower.unwrap().value > 0.45 - 1e-12 && pass.upper.is_none(), "{pass:?}");
        let fail = judged(claim(side(Relation::AtLeast, 0.5, 0.05)), vec![0.1; 300]);
        assert!(fail.upper.unwrap().value < 0.55 + 1e-12 && fail.lower.is_none(), "{fail:?}");
        assert!(pass.runs < 30 && fail.runs == pass.runs, "{} {}", pass.runs, fail.runs);
    }

    #[test]
    fn inside_the_margin_where_both_hold_the_estimate_decides() {
        // A wide margin and numbers near the threshold: L > 0.1 and U < 0.9 come in the same step.
        let claim = claim(side(Relation::AtLeast, 0.5, 0.4));
        assert_eq!(judged(claim, vec![0.51; 300]).status, Status::Pass);
        assert_eq!(judged(claim, vec![0.5; 300]).status, Status::Pass);
        assert_eq!(judged(claim, vec![0.49; 300]).status, Status::Fail);
    }

    #[test]
    fn a_spent_budget_is_undecided_with_both_bounds() {
        let claim = Claim { max_replications: 4, ..claim(side(Relation::AtLeast, 0.5, 0.01)) };
        let verdict = judged(claim, [0.4, 0.6, 0.4, 0.7, 0.9, 0.9]);
        assert_eq!((verdict.status, verdict.runs), (Status::Undecided, 4));
        assert!(verdict.lower.unwrap().value < verdict.upper.unwrap().value);
        assert!(verdict.reason.contains("4 runs do not tell"), "{}", verdict.reason);
    }

    #[test]
    fn an_equivalence_passes_inside_and_fails_outside() {
        let claim = claim(Shape::Within { threshold: 0.5, margin: 0.1 });
        assert_eq!(judged(claim, vec![0.52; 300]).status, Status::Pass);
        assert_eq!(judged(claim, vec![0.9; 300]).status, Status::Fail);
        assert_eq!(judged(claim, vec![0.1; 300]).status, Status::Fail);
        let edge = judged(claim, vec![0.6; 300]);
        assert_eq!(edge.status, Status::Undecided);
        assert!((edge.lower.unwrap().level - 0.025).abs() < 1e-15);
    }

    #[test]
    fn one_run_without_a_value_leaves_it_undecided_for_good() {
        let mut judge = Judge::new(claim(side(Relation::AtLeast, 0.5, 0.05)));
        judge.push(Measured::Value(0.9));
        assert!(judge.wants_more());
        judge.push(Measured::Undefined("no pay"));
        assert!(!judge.wants_more());
        for _ in 0..100 {
            judge.push(Measured::Value(0.9));
        }
        let verdict = judge.verdict();
        assert_eq!((verdict.status, verdict.undefined), (Status::Undecided, 1));
        assert_eq!((verdict.estimate, verdict.lower), (None, None));
        assert_eq!(verdict.reason, "undefined in 1 of 102: no pay");
    }

    #[test]
    fn what_comes_after_the_decision_changes_nothing() {
        let mut judge = Judge::new(claim(side(Relation::AtLeast, 0.5, 0.05)));
        while judge.wants_more() {
            judge.push(Measured::Value(0.9));
        }
        let verdict = judge.verdict();
        judge.push(Measured::Value(0.0));
        judge.push(Measured::Undefined("no pay"));
        assert_eq!(judge.verdict(), verdict);
    }

    #[test]
    fn an_event_counts_as_0_or_1_and_the_worst_run_is_the_furthest_from_it() {
        let claim = Claim {
            event: Some(Event::AtMost(3600.0)),
            method: Method::BetaBinomial,
            ..claim(side(Relation::AtLeast, 0.8, 0.1))
        };
        let verdict = judged(claim, (0..300).map(|run| if run == 3 { 9000.0 } else { 60.0 }));
        assert_eq!((verdict.status, verdict.worst), (Status::Pass, Some(3)));
        let rare = Claim { shape: side(Relation::AtMost, 0.2, 0.1), ..claim };
        let verdict = judged(rare, [9000.0, 60.0, 30.0, 40.0]);
        assert_eq!(verdict.worst, Some(2));
    }

    #[test]
    fn the_order_of_the_runs_is_part_of_the_verdict() {
        let claim = claim(side(Relation::AtLeast, 0.5, 0.05));
        let one = judged(claim, vec![0.9; 40]);
        assert_eq!(one, judged(claim, vec![0.9; 300]));
    }

    #[test]
    fn no_run_is_undecided_without_numbers() {
        let verdict = judged(claim(side(Relation::AtLeast, 0.5, 0.05)), []);
        assert_eq!((verdict.status, verdict.runs), (Status::Undecided, 0));
        assert_eq!((verdict.estimate, verdict.lower, verdict.upper), (None, None, None));
    }
}
