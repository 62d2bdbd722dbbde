//! Drawn values give back the law they were drawn from, within its own errors.

use super::*;
use crate::base::random::Draws;
use crate::base::random::Word;
use crate::base::units::SimTime;
use crate::model::latency::DistributionSpec;

/// Times of a law as a trace records them: whole milliseconds.
fn drawn(text: &str, count: usize, seed: u64) -> Vec<f64> {
    let law = toml::from_str::<DistributionSpec>(text).unwrap().build();
    let mut draws: Draws = Word(seed).expand();
    let mut word = || Word(draws.bits());
    (0..count).map(|_| math::float(law.draw(SimTime(0), word()).whole_ms())).collect()
}

/// Five standard errors: two figures of a law each, wrong once in about a million.
fn assert_near(law: &FittedDistribution, expected: &[(&str, f64)]) {
    for (name, value) in expected {
        let found = law.parameters().into_iter().find(|(own, ..)| own == name);
        let (_, got, error) = found.unwrap_or_else(|| panic!("{name} in {law:?}"));
        let allowed = 5.0 * error.unwrap() + 0.3;
        assert!((got - value).abs() <= allowed, "{name} is {got}, not {value} ± {allowed}");
    }
}

#[test]
fn a_lognormal_time_is_told_as_such() {
    let law =
        FittedDistribution::of(drawn("lognormal = { median_ms = 6500.0, sigma = 0.3 }", 400, 1))
            .unwrap();
    assert_eq!(law.name(), "lognormal");
    assert_near(&law, &[("median_ms", 6500.0), ("sigma", 0.3)]);
}

#[test]
fn a_grid_is_told_as_such() {
    let text =
        "lattice = { a_ms = 731.0, step_ms = 1000.0, weights = [0.5, 0.3, 0.2], jitter_ms = 15.0 }";
    let law = FittedDistribution::of(drawn(text, 500, 2)).unwrap();
    assert_eq!(law.name(), "lattice");
    assert_near(&law, &[("a_ms", 731.0), ("jitter_ms", 15.0)]);
}

#[test]
fn what_no_family_holds_for_is_told_in_blocks() {
    let text = "mixture = { parts = [{ weight = 1, law.uniform = { min_ms = 100, max_ms = 137 } },
        { weight = 1, law.uniform = { min_ms = 4020, max_ms = 9333 } }] }";
    let law = FittedDistribution::of(drawn(text, 500, 3)).unwrap();
    assert_eq!(law.name(), "blocks");
    assert!((law.below(1000.0) - 0.5).abs() < 0.1 && law.ks < 0.1, "{law:?}");
}

#[test]
fn gamma_and_weibull_come_near() {
    let law =
        FittedDistribution::of(drawn("gamma = { mean_ms = 900.0, shape = 2.0 }", 3000, 4)).unwrap();
    assert!(law.p > HOLDS, "{law:?}");
    let weibull =
        FittedDistribution::of(drawn("weibull = { median_ms = 900.0, shape = 4.0 }", 3000, 5))
            .unwrap();
    assert_eq!(weibull.name(), "weibull");
    assert_near(&weibull, &[("median_ms", 900.0), ("shape", 4.0)]);
}

#[test]
fn few_and_equal_values_have_a_law_too() {
    assert_eq!(FittedDistribution::of(vec![]), None);
    assert_eq!(FittedDistribution::of(vec![5.0]).unwrap().shape, FittedLaw::Constant(5.5));
    assert_eq!(FittedDistribution::of(vec![5.0, 5.0]).unwrap().name(), "constant");
    assert_eq!(FittedDistribution::of(vec![5.0, 9.0, 20.0]).unwrap().name(), "lognormal");
}

#[test]
fn laws_are_written_as_a_scenario_reads_them() {
    for values in [vec![5.0], vec![5.0, 9.0, 20.0], (0..200).map(f64::from).collect()] {
        let law = FittedDistribution::of(values).unwrap();
        let spec: DistributionSpec = toml::from_str(&law.text()).unwrap();
        assert_eq!(spec.check(), [], "{}", law.text());
    }
}
