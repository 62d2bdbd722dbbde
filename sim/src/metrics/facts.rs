//! All that is known of one finished replication in a window of time: small, flat, and enough for every metric.

use crate::base::ids::ClassId;
use crate::base::ids::MinerId;
use crate::base::ids::OperatorId;
use crate::base::math;
use crate::base::units::Rao;
use crate::base::units::SimSpan;
use crate::statistics::hill;
use hdrhistogram::Histogram;
use std::sync::Arc;

/// Longest total runtime told apart [ms]: 35 years, longer than any scenario.
const LATENCY_MS_MAX: u64 = 1 << 40;
/// Two decimal digits: a bin is at most 1/128 of its value wide, so a quantile is at most 0.8 % too high.
const LATENCY_DIGITS: u8 = 2;

/// One replication in its window: the whole run after warm-up, or one epoch of it where a property asks epoch by epoch.
///
/// A request belongs to the window in which it was created, with everything that became of it; pay belongs to the window
/// in which its epoch ran.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunSummary {
    /// Names of miners, classes and operators, shared by all replications.
    pub names: Arc<Names>,
    /// By miner, in the scenario's order.
    pub miners: Vec<MinerSummary>,
    /// Sums over the window.
    pub totals: Totals,
    /// Total runtimes of the successes, by class.
    pub latencies: Vec<Latencies>,
    /// Ages, at the end of the run, of the open requests that may still be answered, by class; shorter where the last
    /// classes have none. An open request without an age will never be answered. None where the window closed before the
    /// run's end: what became of its open requests is not known here.
    pub open_ages: Option<Vec<Latencies>>,
}

/// Names of the classes and operators of a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// By miner, in the scenario's order.
    pub miners: Vec<String>,
    /// Names of the classes, by [`ClassId`].
    pub classes: Vec<String>,
    /// Names of the operators, by [`OperatorId`].
    pub operators: Vec<String>,
    /// By the number in [`MinerSummary::coldkey`].
    pub coldkeys: Vec<String>,
}

/// What is known of one miner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MinerSummary {
    /// Class of the miner, as the scenario says.
    pub class: ClassId,
    /// Operator who runs the miner.
    pub operator: OperatorId,
    /// Number of its coldkey in the sorted list of coldkeys.
    pub coldkey: u16,
    /// Its stake at the end of the window.
    pub stake: Rao,
    /// True speed: 1 / mean service of an honest 50-step job \[1/s\]; none where that is not known.
    pub true_speed: Option<f64>,
    /// Jobs it can serve at once, at least 1.
    pub slots: u32,
    /// Requests sent to it: successes, failures and open ones.
    pub requests: u64,
    /// Requests that stand as success.
    pub successes: u64,
    /// Requests that stand as failed.
    pub failures: u64,
    /// Requests still open at the end.
    pub open: u64,
    /// Of the failures: those whose dispatch failed (refused, or not answered in time).
    pub dispatch_failures: u64,
    /// Of the successes: those whose callback carried no image.
    pub without_image: u64,
    /// Requests answered with their own image, all steps computed, inside the time limit.
    pub useful_jobs: u64,
    /// Useful work: steps fully computed for a request answered with its own image inside the time limit.
    pub useful_steps: u64,
    /// Sum of the total runtimes of its successes \[ms\].
    pub runtime_ms: u64,
    /// Pay from the chain in the window \[rao\].
    pub pay: Rao,
    /// Mean over the window's epochs of its weight share (before u16 and chain), `0.0..=1.0`.
    pub weight_share: f64,
    /// How long it took part inside the window; a miner with none is counted by no metric.
    pub active: SimSpan,
    /// From the opening of its active window to its first request, warm-up or not; none when it got no request.
    pub first_job: Option<SimSpan>,
    /// Longest stretch without a request inside its active part of the window, both ends counted; all of it when it got
    /// none.
    pub longest_gap: SimSpan,
    /// Service time of its work inside its active part of the window, summed over its slots.
    pub busy: SimSpan,
    /// Cost of taking part in the window \[rao\].
    pub cost: Rao,
}

/// Sums over the window. Minted = owner + validators + miners + burned + recycled + remainder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Minted to the subnet's participants \[rao\].
    pub minted: Rao,
    /// Cut of the subnet's owner \[rao\].
    pub owner: Rao,
    /// Paid to validators and their nominators.
    pub validators: Rao,
    /// Paid to miners by the chain \[rao\].
    pub miners: Rao,
    /// Miner pay withheld because the uid is the owner's.
    pub burned: Rao,
    /// Withheld from the owner's uid and taken out of issuance.
    pub recycled: Rao,
    /// Lost to rounding; below 0 where the chain's shares round in favour of miners \[rao\].
    pub remainder_rao: i64,
    /// Epochs that ended in the window.
    pub epochs: u32,
    /// Length of the window.
    pub span: SimSpan,
    /// Jobs created in the window.
    pub jobs: u64,
    /// Of these, jobs for which there was no candidate; they are nobody's requests.
    pub unrouted: u64,
}

impl RunSummary {
    /// Every miner, in the scenario's order.
    pub fn all(&self) -> Vec<MinerId> {
        (0..self.miners.len()).map(MinerId::of).collect()
    }

    /// The chosen miners that took part in the window, in the order chosen.
    #[must_use]
    pub fn active(&self, chosen: &[MinerId]) -> Vec<&MinerSummary> {
        let miners = chosen.iter().map(|miner| &self.miners[miner.index()]);
        miners.filter(|miner| miner.active > SimSpan::ZERO).collect()
    }
}

/// Counts of total runtimes in bins, in bounded memory (about 18 kB); equal runtimes in any order give equal counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Latencies(Histogram<u32>);

impl Default for Latencies {
    fn default() -> Self {
        let bins = Histogram::new_with_bounds(1, LATENCY_MS_MAX, LATENCY_DIGITS);
        Self(bins.expect("the bounds are constants that fit each other"))
    }
}

impl Latencies {
    /// Counts one total runtime \[ms\]; above 35 years it counts as that.
    pub fn record(&mut self, runtime_ms: u64) {
        self.0.saturating_record(runtime_ms);
    }

    /// Takes back one total runtime \[ms\] that was counted before, of a success that another callback overwrote.
    ///
    /// # Panics
    /// When it was not counted before.
    pub fn take_back(&mut self, runtime_ms: u64) {
        let mut one = Histogram::new_from(&self.0);
        one.saturating_record(runtime_ms);
        self.0.subtract(one).expect("it was counted before");
    }

    /// Takes in another count.
    ///
    /// # Panics
    /// Never: all counts have the same bounds.
    pub fn add(&mut self, other: &Self) {
        self.0.add(&other.0).expect("all counts have the same bounds");
    }

    /// Number of latencies that were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// Every runtime that was counted, as its bin's upper end \[ms\], and how often; in ascending order.
    pub fn counts(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.0.iter_recorded().map(|bin| (bin.value_iterated_to(), u64::from(bin.count_at_value())))
    }

    /// The tail index of what was counted, by Hill's estimate; none where too little was counted to tell.
    #[must_use]
    pub fn tail_index(&self) -> Option<f64> {
        hill(&self.counts().map(|(ms, n)| (math::float(ms), n)).collect::<Vec<_>>())
    }

    /// The smallest bin's upper end that at least a part `p` of the runtimes do not exceed \[ms\]; none when none was
    /// counted.
    #[must_use]
    pub fn quantile_ms(&self, p: f64) -> Option<u64> {
        (self.count() > 0).then(|| self.0.value_at_quantile(p))
    }
}

#[cfg(test)]
pub(crate) mod sample {
    //! Small facts for tests.

    use super::*;

    /// Miners active for an hour, each its own operator, with (class, pay); all else 0.
    pub(crate) fn of_pay(miners: &[(u16, u64)]) -> RunSummary {
        let classes = miners.iter().map(|(class, _)| class + 1).max().unwrap_or(0);
        let each = miners.iter().enumerate().map(|(i, (class, pay))| MinerSummary {
            class: ClassId(*class),
            operator: OperatorId::of(i),
            pay: Rao(*pay),
            slots: 1,
            active: SimSpan::from_seconds(3600.0),
            ..MinerSummary::default()
        });
        let numbered =
            |what: &str, count: usize| (0..count).map(|i| format!("{what}{i}")).collect();
        RunSummary {
            names: Arc::new(Names {
                miners: numbered("miner", miners.len()),
                classes: numbered("class", usize::from(classes)),
                operators: numbered("operator", miners.len()),
                coldkeys: Vec::new(),
            }),
            miners: each.collect(),
            totals: Totals {
                miners: miners.iter().map(|(_, pay)| Rao(*pay)).sum(),
                span: SimSpan::from_seconds(3600.0),
                epochs: 1,
                ..Totals::default()
            },
            latencies: vec![Latencies::default(); usize::from(classes)],
            open_ages: Some(Vec::new()),
        }
    }

    /// Property tests draw from a written seed: a pull request never flakes.
    pub(crate) fn written_seed() -> proptest::prelude::ProptestConfig {
        proptest::prelude::ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(11),
            failure_persistence: None,
            ..proptest::prelude::ProptestConfig::default()
        }
    }

    /// Miners of one class with (pay, useful steps).
    pub(crate) fn of_pay_and_work(miners: &[(u64, u64)]) -> RunSummary {
        let mut facts = of_pay(&miners.iter().map(|(pay, _)| (0, *pay)).collect::<Vec<_>>());
        for (miner, (_, steps)) in facts.miners.iter_mut().zip(miners) {
            miner.useful_steps = *steps;
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_at_most_a_bin_too_high() {
        let mut latencies = Latencies::default();
        for runtime_ms in 1..=10_000 {
            latencies.record(runtime_ms);
        }
        for (p, exact) in [(0.5, 5_000), (0.95, 9_500), (1.0, 10_000)] {
            let found = latencies.quantile_ms(p).unwrap();
            assert!(found >= exact && found <= exact + exact / 128 + 1, "{p}: {found}");
        }
        assert_eq!(latencies.count(), 10_000);
    }

    #[test]
    fn short_runtimes_are_exact_and_zero_counts() {
        let mut latencies = Latencies::default();
        for runtime_ms in [0, 3, 200] {
            latencies.record(runtime_ms);
        }
        assert_eq!(latencies.quantile_ms(0.1), Some(0));
        assert_eq!(latencies.quantile_ms(0.5), Some(3));
        assert_eq!(latencies.quantile_ms(1.0), Some(200));
    }

    #[test]
    fn bins_are_told_as_quantiles_tell_them() {
        let mut latencies = Latencies::default();
        for runtime_ms in [0, 7, 7, 100_000] {
            latencies.record(runtime_ms);
        }
        let last = latencies.quantile_ms(1.0).unwrap();
        assert_eq!(latencies.counts().collect::<Vec<_>>(), [(0, 1), (7, 2), (last, 1)]);
        assert!(last >= 100_000);
    }

    #[test]
    fn what_is_taken_back_was_never_counted() {
        let mut latencies = Latencies::default();
        for runtime_ms in [7, 100_000, 7] {
            latencies.record(runtime_ms);
        }
        latencies.take_back(100_000);
        latencies.take_back(7);
        assert_eq!((latencies.count(), latencies.quantile_ms(1.0)), (1, Some(7)));
    }

    #[test]
    fn counts_add_up_and_no_runtime_is_too_long() {
        let (mut one, mut other) = (Latencies::default(), Latencies::default());
        one.record(5);
        other.record(u64::MAX);
        one.add(&other);
        assert_eq!(one.count(), 2);
        assert!(one.quantile_ms(1.0).unwrap() >= LATENCY_MS_MAX);
        assert_eq!(Latencies::default().quantile_ms(0.5), None);
    }

    #[test]
    fn miners_that_did_not_take_part_are_left_out() {
        let mut facts = sample::of_pay(&[(0, 1), (0, 2)]);
        facts.miners[0].active = SimSpan::ZERO;
        assert_eq!(facts.active(&facts.all()).len(), 1);
        assert!(facts.active(&[]).is_empty());
    }
}
