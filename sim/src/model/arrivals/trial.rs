//! For tests: what a client does with its clock.

use crate::base::sample::oracle;
use crate::base::units::SimTime;
use crate::model::arrivals::Arrivals;
use crate::model::arrivals::ArrivalsSpec;

/// The requests of an open client that starts at `start`, at most `count` of them.
pub(crate) fn requests(
    arrivals: &mut dyn Arrivals,
    seed: u64,
    start: SimTime,
    count: usize,
) -> Vec<SimTime> {
    let mut now = start;
    let next = |word| {
        now = now + arrivals.gap(now, word)?;
        Some(now)
    };
    oracle::words(seed, count).map_while(next).collect()
}

/// The first three requests after the start [ns].
pub(crate) fn first(arrivals: &mut dyn Arrivals) -> Vec<u64> {
    requests(arrivals, 1, SimTime(0), 3).into_iter().map(|at| at.0).collect()
}

#[test]
fn every_example_asks_at_the_same_times_twice() {
    for entry in ArrivalsSpec::ALL {
        let spec: ArrivalsSpec = toml::from_str(entry.example).unwrap();
        let times = || requests(spec.build().as_mut(), 3, SimTime(0), 1000);
        assert!(times().len() >= 3 && times().is_sorted(), "{}", entry.name);
        assert_eq!(times(), times(), "{}", entry.name);
    }
}
