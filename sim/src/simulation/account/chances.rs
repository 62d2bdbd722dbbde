//! What the scenario's own router makes of one miner: asked with many words, and with one thing about the miner changed.

use crate::base::ids::KindId;
use crate::base::ids::MinerId;
use crate::base::math;
use crate::base::random;
use crate::base::random::Word;
use crate::base::units::Alpha;
use crate::model::router::Payload;
use crate::model::router::View;
use crate::scenario::Client;
use crate::scenario::Scenario;
use crate::work::Request;

/// Requests put to the router for each kind of job: a share is told to a whole percent.
const ASKED: u64 = 4096;

/// What a router sees of one miner that may be changed to learn what decides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SeenChances {
    /// Stake of the miner's hotkey.
    pub(super) stake: Alpha,
    /// Kinds of job it offers, a bit by kind.
    pub(super) offers: u64,
    /// Its published score; none where no score run has seen it.
    pub(super) score: Option<f64>,
}

/// The share of the requests that the router gives the miner at `place`, `0.0..=1.0`, were it `seen` so and everybody up and
/// idle; `scores` are those published of all miners.
pub(super) fn share(scenario: &Scenario, place: usize, seen: SeenChances, scores: &[f64]) -> f64 {
    let other = |miner: usize| {
        let own = &scenario.miners[miner];
        SeenChances {
            stake: own.stake.whole(),
            offers: own.offers,
            score: scores.get(miner).copied(),
        }
    };
    asked_of(scenario, place, |miner| Some(if miner == place { seen } else { other(miner) }))
}

/// The same beside one other miner alone, which offers everything, has the least stake that counts or as much, and no record:
/// a weight above 0 is seen, however small it is among all.
pub(super) fn share_of_two(scenario: &Scenario, place: usize, seen: SeenChances) -> f64 {
    let other = usize::from(place == 0);
    let beside = SeenChances { stake: Alpha(seen.stake.0.max(1)), offers: u64::MAX, score: None };
    asked_of(scenario, place, |miner| match miner {
        own if own == place => Some(seen),
        one if one == other => Some(beside),
        _ => None,
    })
}

/// The share of the miner at `place` where the router sees every miner as told, and those of whom nothing is told as invalid.
fn asked_of(scenario: &Scenario, place: usize, seen: impl Fn(usize) -> Option<SeenChances>) -> f64 {
    let miners = &scenario.miners;
    let count = miners.len();
    let each: Vec<Option<SeenChances>> = (0..count).map(seen).collect();
    let stake: Vec<Alpha> = each.iter().map(|own| own.map_or(Alpha(0), |own| own.stake)).collect();
    let kinds: Vec<u64> = each.iter().map(|own| own.map_or(0, |own| own.offers)).collect();
    let payload: Vec<Option<Payload>> =
        each.iter().map(|own| own.and_then(|own| own.score).map(published)).collect();
    let hash = |miner| random::mix(u64::try_from(miner).expect("a place fits 64 bits"));
    let name_hash: Vec<u64> = (0..count).map(hash).collect();
    let view = View {
        valid: &each.iter().map(Option::is_some).collect::<Vec<_>>(),
        stake: &stake,
        payload: &payload,
        failed_audits: &vec![0; count],
        in_flight: &vec![0; count],
        capacity: &miners.iter().map(|miner| miner.concurrency).collect::<Vec<_>>(),
        service_ns: &vec![0.0; count],
        kinds: &kinds,
        name_hash: &name_hash,
    };
    let mut router = scenario.router.build();
    router.update(&view, &(0..count).map(MinerId::of).collect::<Vec<_>>());
    let mut share = 0.0;
    for (kind, part) in asked(scenario) {
        let mut own = 0;
        for number in 0..ASKED {
            let request = Request { number, kind, ..Request::default() };
            let chosen = router.route(&view, &request, Word(random::mix(number + 1)));
            own += u64::from(chosen == Some(MinerId::of(place)));
        }
        share += part * math::float(own) / math::float(ASKED);
    }
    share
}

/// Kinds of job that some client asks for, each with its part of the requests, all clients alike.
fn asked(scenario: &Scenario) -> Vec<(KindId, f64)> {
    let clients = math::float_len(scenario.clients.len().max(1));
    let part = |place: usize| {
        let of_client = |client: &Client| {
            let mut before = 0.0;
            for (kind, until) in &client.kinds {
                if kind.index() == place {
                    return until - before;
                }
                before = *until;
            }
            0.0
        };
        scenario.clients.iter().map(of_client).sum::<f64>() / clients
    };
    let all = (0..scenario.kinds.len()).map(|place| (KindId::of(place), part(place)));
    all.filter(|(_, part)| *part > 0.0).collect()
}

fn published(score: f64) -> Payload {
    let scores = Some(score);
    Payload { scores, ema_score: scores, is_slashed: false, failure_count: 0 }
}
