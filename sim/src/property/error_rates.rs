//! How often whole verdicts are wrong, over models whose truth is known: cheap ones, many times, on noisy numbers.
//!
//! At theta = t a FAIL is wrong, at theta = t - d a PASS is; each may happen with probability at most alpha and beta, alone
//! and among eleven properties judged together. "At most" means: a one-sided binomial test at 1 % does not refute it (31 of
//! 400 at 5 %); a sound judge fails one such test with probability at most 0.01, once for the seeds written here. Each has
//! its control, which fails the same test. What runs here is a piece of it; `.ci/nightly` runs and shows all 400 checks, of
//! one claim and of eleven together, which are `#[ignore]`d.

use crate::base::math;
use crate::base::random::Draws;
use crate::base::random::Word;
use crate::metrics::Measured;
use crate::property::ClaimShape::Side;
use crate::property::ClaimShape::Within;
use crate::property::Judge;
use crate::property::MeanClaim;
use crate::property::NumberEvent;
use crate::property::Relation;
use crate::property::VerdictStatus;
use crate::statistics::Bounds;
use crate::statistics::Method;
use crate::statistics::RunningMoments;
use crate::statistics::is_refuted;
use crate::statistics::relative_difference;

/// Repeated checks of each claim: all of them, and the piece that runs with every change. 32 wrong of 400, or 8 of 60,
/// refute a level of 5 %.
const CHECKS: u64 = 400;
const PIECE: u64 = 60;
/// Budget of each check: enough for most of them to be decided.
const RUNS: u64 = 3_000;
const LEVEL: f64 = 0.05;
/// Margin of the claims; every law has a standard deviation above it.
const MARGIN: f64 = 0.05;
/// Properties judged together. Source: as many as `scenarios/sn11.toml` has.
const TOGETHER: u64 = 11;
/// One claim, in the piece of the checks.
const ALONE: Trial = Trial { together: 1, checks: PIECE };

/// How many claims are judged together, and how often.
#[derive(Clone, Copy)]
struct Trial {
    together: u64,
    checks: u64,
}

/// Makes a number of a known law from draws.
type NumberDraw = fn(&mut Draws) -> f64;

/// A kind of claim on numbers of a known mean.
#[derive(Clone, Copy)]
struct Known {
    name: &'static str,
    theta: f64,
    range: (f64, f64),
    event: Option<NumberEvent>,
    method: Method,
    draw: NumberDraw,
}

const MEAN: Known = Known {
    name: "mean of a coin",
    theta: 0.5,
    range: (0.0, 1.0),
    event: None,
    method: Method::Betting,
    draw: coin,
};

/// Every kind of claim of a side, on numbers that are 0 or 1 and on others.
const WORLDS: &[Known] = &[
    MEAN,
    Known { name: "mean of a flat law", draw: Draws::unit, ..MEAN },
    Known {
        name: "mean, Bernstein",
        draw: Draws::unit,
        method: Method::EmpiricalBernstein,
        ..MEAN
    },
    Known {
        name: "mean that rests on a rare large value",
        draw: |d| if d.unit() < 0.1 { 1.0 } else { 4.0 / 9.0 },
        ..MEAN
    },
    Known {
        name: "probability",
        event: Some(NumberEvent::AtMost(0.5)),
        method: Method::BetaBinomial,
        draw: Draws::unit,
        ..MEAN
    },
    Known {
        name: "comparison of coins",
        theta: 0.0,
        range: (-1.0, 1.0),
        draw: |d| coin(d) - coin(d),
        ..MEAN
    },
    Known {
        name: "comparison of flat laws",
        theta: 0.0,
        range: (-1.0, 1.0),
        draw: |d| d.unit() - d.unit(),
        ..MEAN
    },
    Known {
        name: "relative difference of exponential laws",
        theta: 0.0,
        range: (-1.0, 1.0),
        draw: |d| relative_difference(exponential(d), exponential(d)),
        ..MEAN
    },
    Known {
        name: "relative difference of coins",
        theta: 0.0,
        range: (-1.0, 1.0),
        draw: |d| relative_difference(coin(d), coin(d)),
        ..MEAN
    },
    Known {
        name: "asymptotic, an exponential law",
        theta: 1.0,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        method: Method::Asymptotic,
        draw: exponential,
        ..MEAN
    },
];

fn coin(draws: &mut Draws) -> f64 {
    f64::from(draws.unit() < 0.5)
}

fn exponential(draws: &mut Draws) -> f64 {
    -math::ln(1.0 - draws.unit())
}

impl Known {
    fn claim(self, shape: crate::property::ClaimShape, together: u64) -> MeanClaim {
        let level = LEVEL / math::float(together);
        let Self { range, event, method, .. } = self;
        MeanClaim { shape, event, range, method, alpha: level, beta: level, max_replications: RUNS }
    }

    /// A claim of a side whose threshold is `margins` margins on the claimed side of the mean: 0, and a FAIL is wrong; 1,
    /// and the mean is t - d, so that a PASS is.
    fn side(self, relation: Relation, margins: f64, together: u64) -> MeanClaim {
        let sign = if relation == Relation::AtLeast { 1.0 } else { -1.0 };
        let threshold = self.theta + sign * margins * MARGIN;
        self.claim(Side { relation, threshold, margin: MARGIN }, together)
    }

    /// The statuses in repeated checks of like claims, each on numbers of its own.
    fn statuses(self, claim: MeanClaim, trial: Trial, rule: Judging) -> Vec<Vec<VerdictStatus>> {
        let one = |check: u64, place: u64| {
            let mut draws = Word(check).derive(13 + place).expand();
            rule(claim, &mut || (self.draw)(&mut draws))
        };
        let all = |check| (0..trial.together).map(|place| one(check, place)).collect();
        (0..trial.checks).map(all).collect()
    }

    /// In how many of the checks any claim came out as `wrong`.
    fn wrong(self, claim: MeanClaim, trial: Trial, wrong: VerdictStatus, rule: Judging) -> u64 {
        let all = self.statuses(claim, trial, rule);
        all.iter().map(|check| u64::from(check.contains(&wrong))).sum()
    }
}

/// Judges a claim on the numbers that it is handed.
type Judging = fn(MeanClaim, &mut dyn FnMut() -> f64) -> VerdictStatus;

/// The rule of this program.
fn ours(claim: MeanClaim, next: &mut dyn FnMut() -> f64) -> VerdictStatus {
    let mut judge = Judge::new(claim, 0);
    while judge.wants_more() {
        judge.push(Measured::Value(next()));
    }
    judge.finding().status()
}

const fn decided(passes: bool) -> VerdictStatus {
    if passes { VerdictStatus::Pass } else { VerdictStatus::Fail }
}

/// A control: FAIL as soon as U < t + d, so that inside the margin whoever is first wins.
fn first_come(claim: MeanClaim, next: &mut dyn FnMut() -> f64) -> VerdictStatus {
    let Side { relation, threshold: t, margin: d } = claim.shape else { panic!("a side") };
    let mut bounds = Bounds::new(claim.method, claim.range, (claim.beta, claim.alpha));
    for _ in 0..claim.max_replications {
        let x = next();
        bounds.push(claim.event.map_or(x, |event| f64::from(event.happened(x))));
        let is_least = relation == Relation::AtLeast;
        match (bounds.is_above(t - d), bounds.is_below(t + d)) {
            (true, true) | (false, false) => {}
            (true, false) => return decided(is_least),
            (false, true) => return decided(!is_least),
        }
    }
    VerdictStatus::Undecided
}

/// A control: a fixed-sample interval of the normal law, looked at after every number.
fn peeked(claim: MeanClaim, next: &mut dyn FnMut() -> f64) -> VerdictStatus {
    /// Standard deviations that cut off 5 % on one side.
    const Z: f64 = 1.645;
    /// Numbers before the first look.
    const LOOKS_FROM: u64 = 10;
    let (mut sample, mut count) = (RunningMoments::default(), 0);
    while count < claim.max_replications {
        let x = next();
        sample.push(claim.event.map_or(x, |event| f64::from(event.happened(x))));
        count += 1;
        let (Some(mean), Some(error)) = (sample.mean(), sample.error()) else { continue };
        if count < LOOKS_FROM || error <= 0.0 {
            continue;
        }
        let (low, high) = (mean - Z * error, mean + Z * error);
        let (passes, fails) = match claim.shape {
            Side { relation: Relation::AtLeast, threshold: t, margin: d } => {
                (low > t - d, high < t)
            }
            Side { relation: Relation::AtMost, threshold: t, margin: d } => (high < t + d, low > t),
            Within { threshold: t, margin: d } => {
                (low > t - d && high < t + d, high < t - d || low > t + d)
            }
        };
        if passes || fails {
            return decided(passes);
        }
    }
    VerdictStatus::Undecided
}

fn assert_rare(wrong: u64, checks: u64, what: &str) {
    println!("{what}: {wrong} of {checks} wrong");
    let refuted = is_refuted(wrong, checks, LEVEL);
    assert!(!refuted, "{what}: {wrong} of {checks} wrong at level {LEVEL}");
}

fn assert_refuted(wrong: u64, checks: u64, what: &str) {
    println!("control, {what}: {wrong} of {checks} wrong");
    let refuted = is_refuted(wrong, checks, LEVEL);
    assert!(refuted, "{what}: {wrong} of {checks} wrong are no more than stated");
}

const WRONGS: [(f64, VerdictStatus); 2] = [(0.0, VerdictStatus::Fail), (1.0, VerdictStatus::Pass)];

/// Both errors of every kind.
fn both_errors_are_rare(trial: Trial) {
    let Trial { together, checks } = trial;
    for world in WORLDS {
        for relation in [Relation::AtLeast, Relation::AtMost] {
            for (margins, wrong) in WRONGS {
                let claim = world.side(relation, margins, together);
                let found = world.wrong(claim, trial, wrong, ours);
                let what = format!("{together} x {}, {relation:?}, {wrong:?}", world.name);
                assert_rare(found, checks, &what);
            }
        }
    }
}

/// A true claim inside its margin, judged by whichever bound comes first, and by the rule.
fn the_first_bound_that_comes_is_refuted(trial: Trial) {
    for world in WORLDS.iter().filter(|world| world.method != Method::EmpiricalBernstein) {
        let claim = world.side(Relation::AtLeast, -0.1, 1);
        let of = |rule| world.wrong(claim, trial, VerdictStatus::Fail, rule);
        let what = |rule| format!("{}, a tenth of its margin above, {rule}", world.name);
        assert_refuted(of(first_come), trial.checks, &what("the first bound that comes"));
        assert_rare(of(ours), trial.checks, &what("the rule"));
    }
}

/// Both errors of equivalences at their edge: on it both verdicts are at the end of what they may say.
fn equivalences(trial: Trial, rule: Judging) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    for world in WORLDS {
        for side in [-1.0, 1.0] {
            let shape = Within { threshold: world.theta + side * MARGIN, margin: MARGIN };
            let claim = world.claim(shape, trial.together);
            for wrong in [VerdictStatus::Pass, VerdictStatus::Fail] {
                let what = format!("{} x equivalence, {}, {wrong:?}", trial.together, world.name);
                found.push((what, world.wrong(claim, trial, wrong, rule)));
            }
        }
    }
    found
}

fn errors_of_equivalences_are_rare(trial: Trial) {
    for (what, wrong) in equivalences(trial, ours) {
        assert_rare(wrong, trial.checks, &what);
    }
}

/// Nights of twenty numbers with the mean on the line: the products go on, and the error of all nights together is one.
fn a_ledger_errs_once_in_its_life(checks: u64) {
    const NIGHTS: u64 = 40;
    const A_NIGHT: u64 = 20;
    let claim = MeanClaim { max_replications: A_NIGHT, ..MEAN.side(Relation::AtLeast, 1.0, 1) };
    let life = |check: u64, carries_on: bool| {
        let mut draws = Word(check).nth(32).expand();
        let mut evidence = claim.no_evidence().unwrap();
        (0..NIGHTS).any(|night| {
            let before = if carries_on { evidence.clone() } else { claim.no_evidence().unwrap() };
            let mut judge = Judge::taken_up(claim, night * A_NIGHT, before);
            while judge.wants_more() {
                judge.push(Measured::Value(coin(&mut draws)));
            }
            evidence = judge.evidence().unwrap();
            judge.finding().status() == VerdictStatus::Pass
        })
    };
    let wrong = |carries_on| (0..checks).map(|check| u64::from(life(check, carries_on))).sum();
    assert_rare(wrong(true), checks, "a ledger of forty nights");
    assert_refuted(wrong(false), checks, "a fresh start every night");
}

#[test]
fn both_errors_of_every_kind_are_no_more_likely_than_stated() {
    both_errors_are_rare(ALONE);
}

#[test]
fn both_errors_of_an_equivalence_are_no_more_likely_than_stated() {
    errors_of_equivalences_are_rare(ALONE);
}

#[test]
fn a_true_claim_judged_by_whichever_bound_comes_first_is_refuted() {
    the_first_bound_that_comes_is_refuted(ALONE);
}

#[test]
fn a_ledger_is_wrong_in_its_life_no_more_often_than_stated() {
    a_ledger_errs_once_in_its_life(PIECE);
}

#[test]
#[ignore = "minutes: .ci/nightly runs it"]
fn all_checks_of_one_and_of_eleven_together() {
    for together in [1, TOGETHER] {
        let trial = Trial { together, checks: CHECKS };
        both_errors_are_rare(trial);
        errors_of_equivalences_are_rare(trial);
    }
    the_first_bound_that_comes_is_refuted(Trial { checks: CHECKS, ..ALONE });
    a_ledger_errs_once_in_its_life(CHECKS);
}

/// The control: eleven at the full level each.
#[test]
fn eleven_at_the_full_level_each_are_refuted() {
    let claim = MEAN.side(Relation::AtLeast, 1.0, 1);
    let trial = Trial { together: TOGETHER, checks: PIECE };
    let wrong = MEAN.wrong(claim, trial, VerdictStatus::Pass, ours);
    assert_refuted(wrong, PIECE, "eleven at 5 % each");
}

/// The control: an interval for one look, looked at all the time.
#[test]
fn an_interval_for_one_look_is_refuted() {
    // A law that rests on rare large values is peeked at wrongly on one side only: both are counted together.
    for world in WORLDS {
        let of = |(margins, wrong): (f64, VerdictStatus)| {
            world.wrong(world.side(Relation::AtLeast, margins, 1), ALONE, wrong, peeked)
        };
        let wrong = WRONGS.map(of).iter().sum();
        assert_refuted(wrong, 2 * PIECE, &format!("{}, peeked at", world.name));
    }
    let all = equivalences(ALONE, peeked);
    let checks = PIECE * u64::try_from(all.len()).unwrap();
    assert_refuted(all.iter().map(|(_, wrong)| wrong).sum(), checks, "equivalences, peeked at");
}

#[test]
fn inside_the_margin_the_verdict_is_stable() {
    // Theta = t - d/2: false, and within the margin. Numbers of a narrow law, so that the budget is large.
    let narrow = Known { name: "narrow", draw: |d| 0.4 + 0.2 * d.unit(), ..MEAN };
    let claim = narrow.side(Relation::AtLeast, 0.5, 1);
    let all = narrow.statuses(claim, ALONE, ours);
    let passed = all.iter().filter(|check| check[0] == VerdictStatus::Pass).count();
    assert!(passed * 100 >= all.len() * 99, "{passed} of {}", all.len());
}

#[test]
fn claims_that_are_clearly_right_or_wrong_are_decided() {
    // A judge that never decides would pass the tests above.
    for world in WORLDS {
        for (margins, right) in [(-3.0, VerdictStatus::Pass), (4.0, VerdictStatus::Fail)] {
            let claim = world.side(Relation::AtLeast, margins, 1);
            let all = world.statuses(claim, ALONE, ours);
            let found = all.iter().filter(|check| check[0] == right).count();
            // An exponential law is wide against its margin.
            let least = if world.method == Method::Asymptotic { 70 } else { 95 };
            assert!(found * 100 >= all.len() * least, "{} {right:?}: {found}", world.name);
        }
    }
}
