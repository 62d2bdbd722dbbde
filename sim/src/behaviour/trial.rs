//! For tests: what holds for every behaviour.

use crate::behaviour::BehaviourSpec;
use crate::behaviour::Sight;
use crate::record::Job;
use crate::sample::oracle;
use crate::units::Nanos;

#[test]
fn every_example_decides_the_same_twice() {
    for entry in BehaviourSpec::ALL {
        let spec: BehaviourSpec = toml::from_str(entry.example).unwrap();
        let plans = || {
            let mut behaviour = spec.build();
            let plan = |word| {
                let sight = Sight { now: Nanos::from_ms(word), ..Sight::default() };
                behaviour.plan(&Job::default(), &sight, crate::rng::Word(word))
            };
            oracle::words(5, 1000).map(|word| word.0 >> 36).map(plan).collect::<Vec<_>>()
        };
        assert_eq!(plans(), plans(), "{}", entry.name);
    }
}
