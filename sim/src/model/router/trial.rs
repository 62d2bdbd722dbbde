//! For tests: miners as a router sees them.

use crate::base::ids::MinerId;
use crate::base::random;
use crate::base::sample::oracle;
use crate::base::units::Alpha;
use crate::model::router::Payload;
use crate::model::router::Router;
use crate::model::router::RouterSpec;
use crate::model::router::View;
use crate::work::Request;

/// Owns what a [`View`] shows; by default every miner is valid, unscored, idle and offers every kind.
#[derive(Clone, Debug)]
pub(crate) struct TrialMiners {
    pub(crate) valid: Vec<bool>,
    pub(crate) stake: Vec<Alpha>,
    pub(crate) payload: Vec<Option<Payload>>,
    pub(crate) failed_audits: Vec<u32>,
    pub(crate) in_flight: Vec<u32>,
    pub(crate) capacity: Vec<u32>,
    pub(crate) service_ns: Vec<f64>,
    pub(crate) kinds: Vec<u64>,
    name_hash: Vec<u64>,
}

/// A score payload without slashing or failures.
pub(crate) fn payload(score: f64) -> Payload {
    let scores = Some(score);
    Payload { scores, ema_score: scores, is_slashed: false, failure_count: 0 }
}

impl TrialMiners {
    /// Miners of these stakes [alpha].
    pub(crate) fn with_stake(stake: &[u64]) -> Self {
        let count = stake.len();
        let hash = |miner: usize| random::mix(u64::try_from(miner).unwrap() + 1);
        Self {
            valid: vec![true; count],
            stake: stake.iter().copied().map(Alpha).collect(),
            payload: vec![None; count],
            failed_audits: vec![0; count],
            in_flight: vec![0; count],
            capacity: vec![1; count],
            service_ns: vec![0.0; count],
            kinds: vec![u64::MAX; count],
            name_hash: (0..count).map(hash).collect(),
        }
    }

    /// The view that a router is shown: miners with scores, load and kinds.
    pub(crate) fn view(&self) -> View<'_> {
        View {
            valid: &self.valid,
            stake: &self.stake,
            payload: &self.payload,
            failed_audits: &self.failed_audits,
            in_flight: &self.in_flight,
            capacity: &self.capacity,
            service_ns: &self.service_ns,
            kinds: &self.kinds,
            name_hash: &self.name_hash,
        }
    }

    /// Tells `router` of all miners.
    pub(crate) fn announce(&self, router: &mut dyn Router) {
        let all: Vec<_> = (0..self.valid.len()).map(MinerId::of).collect();
        router.update(&self.view(), &all);
    }

    /// The choices of `count` jobs; nothing is in flight between them.
    pub(crate) fn choices(&self, router: &mut dyn Router, count: usize) -> Vec<Option<MinerId>> {
        self.announce(router);
        let route = |word| router.route(&self.view(), &Request::default(), word);
        oracle::words(7, count).map(route).collect()
    }

    /// Asserts that jobs are shared out in these shares, by 100,000 of them.
    pub(crate) fn assert_shares(&self, router: &mut dyn Router, shares: &[f64]) {
        let choices = self.choices(router, 100_000);
        for (miner, share) in shares.iter().enumerate() {
            let is = |choice: &&Option<MinerId>| **choice == Some(MinerId::of(miner));
            let got = u32::try_from(choices.iter().filter(is).count()).unwrap();
            oracle::assert_count(got, choices.len(), *share);
        }
    }

    /// Asserts that without a valid miner the router has no answer.
    pub(crate) fn assert_none_without_candidates(&self, router: &mut dyn Router) {
        let none = Self { valid: vec![false; self.valid.len()], ..self.clone() };
        assert_eq!(none.choices(router, 3), [None; 3]);
        assert_eq!(Self::with_stake(&[]).choices(router, 3), [None; 3]);
    }
}

#[test]
fn every_example_chooses_the_same_twice_and_only_candidates() {
    for entry in RouterSpec::ALL {
        let spec: RouterSpec = toml::from_str(entry.example).unwrap();
        let mut miners = TrialMiners::with_stake(&[10, 500, 0, 2000, 300]);
        miners.payload =
            vec![None, Some(payload(0.0)), Some(payload(0.5)), Some(payload(1.0)), None];
        miners.valid[4] = false;
        let choices = || miners.choices(spec.build().as_mut(), 1000);
        assert_eq!(choices(), choices(), "{}", entry.name);
        assert!(choices().iter().all(|choice| choice.unwrap() != MinerId(4)), "{}", entry.name);
        miners.assert_none_without_candidates(spec.build().as_mut());
    }
}

#[test]
fn every_example_sees_announced_changes_as_a_new_router_would() {
    for entry in RouterSpec::ALL {
        let spec: RouterSpec = toml::from_str(entry.example).unwrap();
        let mut miners = TrialMiners::with_stake(&[10, 500, 0, 2000]);
        let mut kept = spec.build();
        miners.choices(kept.as_mut(), 0);
        for word in oracle::words(9, 30) {
            let changed = MinerId::of(usize::try_from(word.0 % 4).unwrap());
            miners.stake[changed.index()] = Alpha(word.0 >> 52);
            miners.valid[changed.index()] = word.0 & 64 == 0;
            kept.update(&miners.view(), &[changed]);
            let mut fresh = spec.build();
            miners.announce(fresh.as_mut());
            let route = |router: &mut dyn Router| {
                router.route(&miners.view(), &Request::default(), word.derive(0))
            };
            if entry.name != "smooth_round_robin" {
                assert_eq!(route(kept.as_mut()), route(fresh.as_mut()), "{}", entry.name);
            }
        }
    }
}
