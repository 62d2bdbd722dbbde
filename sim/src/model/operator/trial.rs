//! For tests: what holds for every behaviour.

use crate::base::sample::oracle;
use crate::base::units::SimTime;
use crate::model::operator::OperatorSpec;
use crate::model::operator::Sight;
use crate::work::Request;

#[test]
fn every_example_decides_the_same_twice() {
    for entry in OperatorSpec::ALL {
        let spec: OperatorSpec = toml::from_str(entry.example).unwrap();
        let plans = || {
            let mut behaviour = spec.build();
            let plan = |word| {
                let sight = Sight { now: SimTime::from_ms(word), ..Sight::default() };
                behaviour.plan(&Request::default(), &sight, crate::base::random::Word(word))
            };
            oracle::words(5, 1000).map(|word| word.0 >> 36).map(plan).collect::<Vec<_>>()
        };
        assert_eq!(plans(), plans(), "{}", entry.name);
    }
}
