//! The experiment every confidence sequence has to pass: looked at after every step, with the mean exactly on the line.
//!
//! Seeds are written; `CHECKS` repeated checks of each model. A sequence is refuted when so many wrong exclusions
//! have a chance below 0.01 at its level: a sound one fails a model with probability at most 0.01, once for the seeds
//! written here.

use crate::base::math;
use crate::base::random::Draws;
use crate::base::random::Word;
use crate::statistics::LowerSequence;
use statrs::distribution::Binomial;
use statrs::distribution::DiscreteCDF;

/// Repeated checks of each model.
const CHECKS: u64 = 2_000;
/// Looks in a check.
const LOOKS: usize = 150;
/// Level of the sequences: large, so that a wrong one is seen.
const LEVEL: f64 = 0.1;
/// Chance that a sound sequence is refuted.
const FALSE_ALARM: f64 = 0.01;

/// A model of variables in `0.0..=1.0`, with its mean.
pub(super) struct BoundedModel {
    pub(super) name: &'static str,
    pub(super) mean: f64,
    pub(super) draw: fn(&mut Draws) -> f64,
}

/// Fair and rare coins, a flat and a skewed law, and a narrow one.
pub(super) const MODELS: &[BoundedModel] = &[
    BoundedModel { name: "fair coin", mean: 0.5, draw: |d| f64::from(d.unit() < 0.5) },
    BoundedModel { name: "rare coin", mean: 0.03, draw: |d| f64::from(d.unit() < 0.03) },
    BoundedModel { name: "frequent coin", mean: 0.95, draw: |d| f64::from(d.unit() < 0.95) },
    BoundedModel { name: "flat", mean: 0.5, draw: Draws::unit },
    BoundedModel { name: "cube", mean: 0.25, draw: |d| math::pow(d.unit(), 3.0) },
    BoundedModel { name: "narrow", mean: 0.6, draw: |d| 0.55 + 0.1 * d.unit() },
];

/// The first so many models give 0 or 1.
const COINS: usize = 3;

type MakeSequence = fn(f64) -> Box<dyn LowerSequence>;

/// Whether `wrong` or more of `checks` have a chance below [`FALSE_ALARM`] where each is wrong with chance `level`: the
/// exact one-sided test of the binomial law.
pub(crate) fn is_refuted(wrong: u64, checks: u64, level: f64) -> bool {
    let law = Binomial::new(level, checks).unwrap();
    wrong > 0 && law.sf(wrong - 1) < FALSE_ALARM
}

/// How many of the checks exclude `line` at some look, over variables made by `draw`.
fn exclusions(make: MakeSequence, model: &BoundedModel, line: f64, looks: usize) -> u64 {
    let mut wrong = 0;
    for check in 0..CHECKS {
        let mut draws = Word(check).nth(8).expand();
        let mut sequence = make(LEVEL);
        sequence.exceeds(line);
        for _ in 0..looks {
            sequence.push((model.draw)(&mut draws));
        }
        wrong += u64::from(sequence.exceeds(line));
    }
    wrong
}

/// Asserts that no model's mean is excluded more often than the level allows.
pub(super) fn holds_on_the_edge(make: MakeSequence) {
    holds_for(make, MODELS);
}

/// The same for sequences that take 0 and 1 only.
pub(super) fn coins_hold_on_the_edge(make: MakeSequence) {
    holds_for(make, &MODELS[..COINS]);
}

fn holds_for(make: MakeSequence, models: &[BoundedModel]) {
    for model in models {
        let wrong = exclusions(make, model, model.mean, LOOKS);
        let refuted = is_refuted(wrong, CHECKS, LEVEL);
        assert!(!refuted, "{}: {wrong} of {CHECKS} wrong at level {LEVEL}", model.name);
    }
}

/// Asserts that a line well below the mean is excluded in nearly all checks within `looks`: a bound that never moves
/// would pass the test above.
pub(super) fn finds_what_is_above(make: MakeSequence, looks: usize) {
    for model in MODELS.iter().filter(|model| model.mean > 0.2) {
        let found = exclusions(make, model, model.mean - 0.12, looks);
        assert!(found * 10 >= CHECKS * 9, "{}: found in {found} of {CHECKS}", model.name);
    }
}

/// Property tests draw from a written seed: a pull request never flakes.
pub(super) fn written_seed() -> proptest::prelude::ProptestConfig {
    proptest::prelude::ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(11),
        failure_persistence: None,
        ..proptest::prelude::ProptestConfig::default()
    }
}

#[test]
fn three_wrong_of_three_refute_a_level_as_worked_by_hand() {
    // Three of three have the chance level^3: 0.008 at 0.2, 0.027 at 0.3.
    assert!(is_refuted(3, 3, 0.2) && !is_refuted(3, 3, 0.3));
    assert!(!is_refuted(0, 3, 0.2) && !is_refuted(0, 0, 0.2));
}

/// A control: looking at a fixed-sample interval after every step excludes the truth far more often than its level.
#[test]
fn a_fixed_sample_interval_looked_at_every_step_is_refuted() {
    #[derive(Debug)]
    struct Peeked(crate::statistics::RunningMoments, f64, f64);
    impl LowerSequence for Peeked {
        fn push(&mut self, x: f64) {
            self.0.push(x);
            // Two-sided at twice the level is one-sided at the level.
            if let Some(interval) = self.0.interval(1.0 - 2.0 * self.1) {
                self.2 = self.2.max(interval.low);
            }
        }
        fn exceeds(&mut self, line: f64) -> bool {
            self.2 >= line
        }
        fn lower(&self) -> f64 {
            self.2
        }
    }
    let make: MakeSequence =
        |level| Box::new(Peeked(crate::statistics::RunningMoments::default(), level, 0.0));
    let wrong = exclusions(make, &MODELS[3], MODELS[3].mean, LOOKS);
    assert!(is_refuted(wrong, CHECKS, 2.0 * LEVEL), "{wrong} of {CHECKS}");
}
