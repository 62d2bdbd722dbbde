//! The rule of verdicts, on numbers given by hand.

use super::*;

fn claim(shape: ClaimShape) -> MeanClaim {
    MeanClaim {
        shape,
        event: None,
        range: (0.0, 1.0),
        method: Method::Betting,
        alpha: 0.05,
        beta: 0.05,
        max_replications: 300,
    }
}

fn side(relation: Relation, threshold: f64, margin: f64) -> ClaimShape {
    ClaimShape::Side { relation, threshold, margin }
}

fn judged(claim: MeanClaim, numbers: impl IntoIterator<Item = f64>) -> Verdict {
    let mut judge = Judge::new(claim, 0);
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
        (least, 0.9, VerdictStatus::Pass),
        (least, 0.1, VerdictStatus::Fail),
        (most, 0.1, VerdictStatus::Pass),
        (most, 0.9, VerdictStatus::Fail),
    ] {
        assert_eq!(judged(claim, vec![number; 300]).status, status, "{claim:?} {number}");
    }
}

#[test]
fn the_printed_bound_is_the_one_that_decided() {
    let pass = judged(claim(side(Relation::AtLeast, 0.5, 0.05)), vec![0.9; 300]);
    assert!(pass.lower.unwrap().value > 0.45 - 1e-12 && pass.upper.is_none(), "{pass:?}");
    let fail = judged(claim(side(Relation::AtLeast, 0.5, 0.05)), vec![0.1; 300]);
    assert!(fail.upper.unwrap().value < 0.45 + 1e-12 && fail.lower.is_none(), "{fail:?}");
    assert!(pass.runs < 30 && fail.runs < 30, "{} {}", pass.runs, fail.runs);
}

#[test]
fn inside_the_margin_it_goes_on_until_it_can_say_so() {
    let inside = MeanClaim { max_replications: 3_000, ..claim(side(Relation::AtLeast, 0.5, 0.05)) };
    let verdict = judged(inside, vec![0.47; 3_000]);
    assert_eq!((verdict.status, verdict.finding), (VerdictStatus::Pass, Finding::WithinMargin));
    assert!(
        verdict.reason.contains("is false, by less than its margin of 0.05"),
        "{}",
        verdict.reason
    );
    let (lower, upper) = (verdict.lower.unwrap().value, verdict.upper.unwrap().value);
    assert!(lower > 0.45 && upper < 0.5, "{lower} {upper}");
    // Close to the far end it is seen to be false first, and the budget ends before the margin is told.
    let spent = judged(MeanClaim { max_replications: 200, ..inside }, vec![0.455; 200]);
    assert_eq!(spent.finding, Finding::RefutedMarginUndecided);
    assert_eq!((spent.status, spent.runs), (VerdictStatus::Fail, 200));
    assert!(spent.upper.unwrap().value < 0.5 && spent.lower.unwrap().value < 0.45);
}

#[test]
fn a_claim_without_margin_is_shown_or_refuted() {
    let claim = claim(side(Relation::AtLeast, 0.5, 0.0));
    assert_eq!(judged(claim, vec![0.6; 300]).finding, Finding::Shown);
    assert_eq!(judged(claim, vec![0.4; 300]).finding, Finding::Refuted);
    assert_eq!(judged(claim, vec![0.5; 300]).finding, Finding::Undecided);
}

/// What is decided may not depend on being laid aside: all 300 numbers at once, or in nights of 7.
#[test]
fn laid_aside_and_taken_up_again_it_says_the_same() {
    let numbers = |n: usize| 0.4 + 0.1 * f64::from(u8::try_from(n % 3).unwrap());
    for shape in [
        side(Relation::AtLeast, 0.45, 0.1),
        side(Relation::AtMost, 0.55, 0.1),
        side(Relation::AtLeast, 0.7, 0.1),
        ClaimShape::Within { threshold: 0.5, margin: 0.1 },
        ClaimShape::Within { threshold: 0.8, margin: 0.1 },
    ] {
        let whole = judged(claim(shape), (0..300).map(numbers));
        let mut evidence = claim(shape).no_evidence().unwrap();
        for night in 0..43 {
            let first = night * 7;
            let tonight = MeanClaim { max_replications: 7, ..claim(shape) };
            let mut judge = Judge::taken_up(tonight, first, evidence);
            for n in first..first + 7 {
                judge.push(Measured::Value(numbers(usize::try_from(n).unwrap())));
            }
            let text = serde_json::to_string(&judge.evidence().unwrap()).unwrap();
            evidence = serde_json::from_str(&text).unwrap();
        }
        let last = Judge::taken_up(claim(shape), 301, evidence).verdict();
        assert_eq!((last.finding, last.runs), (whole.finding, whole.runs), "{shape:?}");
        assert_eq!((last.estimate, last.worst), (whole.estimate, whole.worst));
    }
}

#[test]
fn evidence_is_carried_by_the_methods_that_have_products() {
    let shape = side(Relation::AtLeast, 0.5, 0.05);
    let of = |method| MeanClaim { method, ..claim(shape) }.no_evidence();
    assert!(of(Method::Betting).is_some() && of(Method::BetaBinomial).is_some());
    assert!(of(Method::EmpiricalBernstein).is_none() && of(Method::Asymptotic).is_none());
}

#[test]
fn a_spent_budget_is_undecided_with_both_bounds() {
    let claim = MeanClaim { max_replications: 4, ..claim(side(Relation::AtLeast, 0.5, 0.01)) };
    let verdict = judged(claim, [0.4, 0.6, 0.4, 0.7, 0.9, 0.9]);
    assert_eq!((verdict.status, verdict.runs), (VerdictStatus::Undecided, 4));
    assert!(verdict.lower.unwrap().value < verdict.upper.unwrap().value);
    assert!(verdict.reason.contains("4 runs do not tell"), "{}", verdict.reason);
}

#[test]
fn an_equivalence_passes_inside_and_fails_outside() {
    let claim = claim(ClaimShape::Within { threshold: 0.5, margin: 0.1 });
    assert_eq!(judged(claim, vec![0.52; 300]).status, VerdictStatus::Pass);
    assert_eq!(judged(claim, vec![0.9; 300]).status, VerdictStatus::Fail);
    assert_eq!(judged(claim, vec![0.1; 300]).status, VerdictStatus::Fail);
    let edge = judged(claim, vec![0.6; 300]);
    assert_eq!(edge.status, VerdictStatus::Undecided);
    // Beta a side for a PASS, half of alpha a side for a FAIL.
    assert!((edge.lower.unwrap().level - 0.05).abs() < 1e-15);
    let far = judged(claim, vec![0.9; 300]);
    assert!((far.lower.unwrap().level - 0.025).abs() < 1e-15 && far.upper.is_none());
}

#[test]
fn one_run_without_a_value_leaves_it_undecided_for_good() {
    let mut judge = Judge::new(claim(side(Relation::AtLeast, 0.5, 0.05)), 0);
    judge.push(Measured::Value(0.9));
    assert!(judge.wants_more());
    judge.push(Measured::Undefined("no pay"));
    assert!(!judge.wants_more());
    for _ in 0..100 {
        judge.push(Measured::Value(0.9));
    }
    let verdict = judge.verdict();
    assert_eq!((verdict.status, verdict.undefined), (VerdictStatus::Undecided, 1));
    assert_eq!((verdict.estimate, verdict.lower), (None, None));
    assert_eq!(verdict.reason, "undefined in 1 of 102: no pay");
}

#[test]
fn what_comes_after_the_decision_changes_nothing() {
    let mut judge = Judge::new(claim(side(Relation::AtLeast, 0.5, 0.05)), 0);
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
    let claim = MeanClaim {
        event: Some(NumberEvent::AtMost(3600.0)),
        method: Method::BetaBinomial,
        ..claim(side(Relation::AtLeast, 0.8, 0.1))
    };
    let verdict = judged(claim, (0..300).map(|run| if run == 3 { 9000.0 } else { 60.0 }));
    assert_eq!((verdict.status, verdict.worst), (VerdictStatus::Pass, Some(3)));
    let rare = MeanClaim { shape: side(Relation::AtMost, 0.2, 0.1), ..claim };
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
    assert_eq!((verdict.status, verdict.runs), (VerdictStatus::Undecided, 0));
    assert_eq!((verdict.estimate, verdict.lower, verdict.upper), (None, None, None));
}
