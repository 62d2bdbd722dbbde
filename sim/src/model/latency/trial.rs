//! For tests: puts a law beside its distribution function.

use crate::base::random::Word;
use crate::base::sample::oracle;
use crate::base::units::SimTime;
use crate::model::latency::Distribution;
use crate::model::latency::DistributionSpec;

/// Draws in milliseconds from words.
fn draw_ms(law: &dyn Distribution, word: Word) -> f64 {
    1e3 * law.draw(SimTime(0), word).seconds()
}

/// Asserts that a continuous law has the distribution function `cdf` of a time [ms], and the mean it states.
pub(crate) fn assert_law(law: &dyn Distribution, seed: u64, cdf: impl Fn(f64) -> f64) {
    oracle::assert_follows(seed, |word| draw_ms(law, word), cdf);
    assert_mean(law, seed);
}

/// Asserts that a law has the mean it states.
pub(crate) fn assert_mean(law: &dyn Distribution, seed: u64) {
    let mean_ms = law.mean_ns(SimTime(0)).expect("this law states a mean") / 1e6;
    oracle::assert_mean(seed, |word| draw_ms(law, word), mean_ms);
}

/// The draws of three words, mixed from 1, 2 and 3 [ns].
pub(crate) fn first(law: &dyn Distribution) -> [u64; 3] {
    [1, 2, 3].map(|word| {
        let mut draws = Word(word).expand();
        let [_, second] = [draws.bits(), draws.bits()];
        law.draw(SimTime(0), Word(second)).0
    })
}

/// Asserts that a law stays inside its bounds for 1,000 words and the two extreme ones.
pub(crate) fn assert_bounded(law: &dyn Distribution) {
    let words = oracle::words(1, 1000).chain([Word(0), Word(u64::MAX)]);
    assert!(words.map(|word| draw_ms(law, word)).all(|ms| ms <= super::bounds::LONGEST_MS));
}

#[test]
fn every_example_draws_the_same_twice_and_stays_inside_its_bounds() {
    for entry in DistributionSpec::ALL {
        let spec: DistributionSpec = toml::from_str(entry.example).unwrap();
        let (one, two) = (spec.build(), spec.build());
        for word in oracle::words(1, 1000).chain([Word(0), Word(u64::MAX)]) {
            let at = SimTime::from_ms(word.0 >> 32);
            assert_eq!(one.draw(at, word), two.draw(at, word), "{}", entry.name);
        }
        assert_bounded(one.as_ref());
    }
}

/// Half of many draws are below the median that a law states: of 20,000, within 4 standard deviations (1 in 16,000 a law).
#[test]
fn half_of_the_draws_are_below_the_stated_median() {
    const DRAWS: usize = 20_000;
    let mut stated = Vec::new();
    for entry in DistributionSpec::ALL {
        let law = toml::from_str::<DistributionSpec>(entry.example).unwrap().build();
        let Some(stated_ns) = law.median_ns(SimTime(0)) else { continue };
        stated.push(entry.name);
        let words: Vec<Word> = oracle::words(3, DRAWS).collect();
        let draws: Vec<f64> = words.iter().map(|word| draw_ms(law.as_ref(), *word)).collect();
        let median_ms = stated_ns / 1e6;
        let below = draws.iter().filter(|ms| **ms < median_ms - 1e-6).count();
        let above = draws.iter().filter(|ms| **ms > median_ms + 1e-6).count();
        let bound = DRAWS / 2 + 283;
        assert!(below <= bound && above <= bound, "{}: {below} and {above}", entry.name);
    }
    for name in ["constant", "uniform", "exponential", "lognormal", "weibull", "truncated_pareto"] {
        assert!(stated.contains(&name), "{name} states no median");
    }
}
