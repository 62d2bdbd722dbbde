//! How often whole verdicts are wrong, over models whose truth is known: cheap ones, many times.
//!
//! A rate is refuted when so many wrong verdicts have a chance below 0.01 at what DESIGN section 6 allows; a sound judge
//! fails one such test with probability at most 0.01, once for the seeds written here.

use crate::base::math;
use crate::base::random::Draws;
use crate::base::random::Word;
use crate::metrics::Measured;
use crate::property::Claim;
use crate::property::Event;
use crate::property::Judge;
use crate::property::Relation;
use crate::property::Shape;
use crate::property::Status;
use crate::statistics::Method;
use crate::statistics::is_refuted;

/// Repeated checks of each claim.
const CHECKS: u64 = 2_000;
/// Budget of each check.
const RUNS: u64 = 200;
/// Level of both errors: large, so that a wrong judge is seen.
const LEVEL: f64 = 0.1;
/// Threshold and margin of the claims about the mean of a flat law on 0..1, moved to where it is needed.
const MARGIN: f64 = 0.05;

fn claim(shape: Shape) -> Claim {
    Claim {
        shape,
        event: None,
        range: (0.0, 1.0),
        method: Method::Betting,
        alpha: LEVEL,
        beta: LEVEL,
        max_replications: RUNS,
    }
}

/// The statuses of repeated checks of `claim` over numbers made by `draw`.
fn statuses(claim: Claim, draw: Distribution) -> Vec<Status> {
    let check = |seed| {
        let mut draws = Word(seed).derive(13).expand();
        let mut judge = Judge::new(claim);
        while judge.wants_more() {
            judge.push(Measured::Value(draw(&mut draws)));
        }
        judge.status()
    };
    (0..CHECKS).map(check).collect()
}

fn count(statuses: &[Status], status: Status) -> u64 {
    statuses.iter().map(|found| u64::from(*found == status)).sum()
}

fn assert_rare(wrong: u64, level: f64, what: &str) {
    let refuted = is_refuted(wrong, CHECKS, level);
    assert!(!refuted, "{what}: {wrong} of {CHECKS} wrong at level {level}");
}

/// Makes a number.
type Distribution = fn(&mut Draws) -> f64;

/// Numbers of mean 1/2: a flat law, a fair coin, a narrow law, and one in which the mean rests on a rare large value.
const LAWS: &[(&str, Distribution)] = &[
    ("flat", Draws::unit),
    ("coin", |d| f64::from(d.unit() < 0.5)),
    ("narrow", |d| 0.45 + 0.1 * d.unit()),
    ("skewed", |d| if d.unit() < 0.1 { 1.0 } else { 4.0 / 9.0 }),
];

#[test]
fn a_mean_exactly_at_the_edge_of_the_margin_is_judged_wrongly_no_more_often_than_stated() {
    for (name, law) in LAWS {
        for relation in [Relation::AtLeast, Relation::AtMost] {
            let sign = if relation == Relation::AtLeast { 1.0 } else { -1.0 };
            // The mean is t + d (for at least): a FAIL is wrong. Then t - d: a PASS is wrong.
            for (side, wrong) in [(1.0, Status::Fail), (-1.0, Status::Pass)] {
                let threshold = 0.5 - side * sign * MARGIN;
                let shape = Shape::Side { relation, threshold, margin: MARGIN };
                let found = statuses(claim(shape), *law);
                assert_rare(count(&found, wrong), LEVEL, &format!("{name} {relation:?} {wrong:?}"));
            }
        }
    }
}

#[test]
fn claims_that_are_clearly_right_or_wrong_are_decided() {
    // A judge that never decides would pass the test above.
    for (side, right) in [(1.0, Status::Pass), (-1.0, Status::Fail)] {
        let shape = Shape::Side {
            relation: Relation::AtLeast,
            threshold: 0.5 - side * 0.15,
            margin: MARGIN,
        };
        let found = count(&statuses(claim(shape), Draws::unit), right);
        assert!(found * 100 >= CHECKS * 95, "{right:?}: {found} of {CHECKS}");
    }
}

#[test]
fn a_probability_at_the_edge_is_judged_wrongly_no_more_often_than_stated() {
    // P(x <= 0.8) = 0.8 for the flat law.
    let event = Some(Event::AtMost(0.8));
    for (threshold, wrong) in [(0.75, Status::Fail), (0.85, Status::Pass)] {
        let shape = Shape::Side { relation: Relation::AtLeast, threshold, margin: MARGIN };
        let of_event = Claim { event, method: Method::BetaBinomial, ..claim(shape) };
        let found = statuses(of_event, Draws::unit);
        assert_rare(count(&found, wrong), LEVEL, &format!("{threshold}"));
    }
}

#[test]
fn an_equivalence_at_its_edge_is_passed_or_failed_wrongly_no_more_often_than_stated() {
    for (name, law) in LAWS {
        for threshold in [0.4, 0.6] {
            let found = statuses(claim(Shape::Within { threshold, margin: 0.1 }), *law);
            // On the edge both verdicts are at the end of what they may say.
            assert_rare(count(&found, Status::Pass), LEVEL, name);
            assert_rare(count(&found, Status::Fail), LEVEL, name);
        }
        let inside = statuses(claim(Shape::Within { threshold: 0.5, margin: 0.2 }), *law);
        assert!(count(&inside, Status::Fail) == 0, "{name}");
    }
}

/// Ten dependent properties of one run: a common part and a part of each.
fn ten(draws: &mut Draws) -> [f64; 10] {
    let common = draws.unit();
    std::array::from_fn(|_| f64::midpoint(common, draws.unit()))
}

/// In how many checks of ten properties, each true by its margin (or false), any is judged `wrong`.
fn any_wrong(threshold: f64, level: f64, wrong: Status) -> u64 {
    let shape = Shape::Side { relation: Relation::AtLeast, threshold, margin: MARGIN };
    let each = Claim { alpha: level, beta: level, ..claim(shape) };
    let check = |seed| {
        let mut draws = Word(seed).derive(17).expand();
        let mut judges: Vec<Judge> = (0..10).map(|_| Judge::new(each)).collect();
        while judges.iter().any(Judge::wants_more) {
            for (judge, number) in judges.iter_mut().zip(ten(&mut draws)) {
                judge.push(Measured::Value(number));
            }
        }
        u64::from(judges.iter().any(|judge| judge.status() == wrong))
    };
    (0..CHECKS).map(check).sum()
}

#[test]
fn in_a_file_of_ten_dependent_properties_any_wrong_verdict_is_no_more_likely_than_stated() {
    let shared = LEVEL / math::float(10);
    assert_rare(any_wrong(0.5 - MARGIN, shared, Status::Fail), LEVEL, "any wrong FAIL");
    assert_rare(any_wrong(0.5 + MARGIN, shared, Status::Pass), LEVEL, "any wrong PASS");
}

/// A control: without sharing the level among the ten, some verdict is wrong more often than stated.
#[test]
fn ten_properties_at_the_full_level_each_are_refuted() {
    // Independent claims of a coin, each a little wrong at the full level, add up.
    let shape = Shape::Side { relation: Relation::AtLeast, threshold: 0.5, margin: 0.0 };
    let each = claim(shape);
    let check = |seed| {
        let mut draws = Word(seed).derive(19).expand();
        let mut judges: Vec<Judge> = (0..10).map(|_| Judge::new(each)).collect();
        while judges.iter().any(Judge::wants_more) {
            for judge in &mut judges {
                judge.push(Measured::Value(f64::from(draws.unit() < 0.5)));
            }
        }
        u64::from(judges.iter().any(|judge| judge.status() == Status::Fail))
    };
    let wrong: u64 = (0..CHECKS).map(check).sum();
    assert!(is_refuted(wrong, CHECKS, LEVEL), "{wrong} of {CHECKS}");
}
