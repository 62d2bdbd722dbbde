//! What clients ask for beside what miners can serve: whether queues will grow.

use crate::base::math;
use crate::base::random::Purpose;
use crate::base::random::Streams;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::scenario::Client;
use crate::scenario::Miner;
use crate::scenario::Scenario;
use std::fmt;

/// Requests of a client that are drawn to learn its rate. Source: ours, 1 % of it where requests are Poisson.
const DRAWS_MAX: u64 = 10_000;

/// Jobs an epoch, about: the rates hold before any change of the schedule, and a server's way of polling is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Load {
    /// How many clients ask for; none where a client asks again at the very instant of its answer.
    pub(crate) asked: Option<u64>,
    /// How many miners can serve, working all the time; none where a law has no mean in closed form.
    pub(crate) served: Option<u64>,
}

impl Load {
    /// The load of a scenario.
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let end = scenario.chain.epoch_time(scenario.run.epochs - 1);
        let epochs = f64::from(scenario.run.epochs);
        let streams = Streams::new(scenario.run.seed, 0);
        let asked = scenario.clients.iter().map(|client| asked(client, end, &streams));
        let served = scenario.miners.iter().map(|miner| served(miner, end, scenario));
        let an_epoch = |jobs: Option<f64>| jobs.map(|jobs| math::round_to_u64(jobs / epochs));
        Self { asked: an_epoch(asked.sum()), served: an_epoch(served.sum()) }
    }

    /// Whether more is asked for than can be served.
    pub(crate) fn is_too_much(self) -> bool {
        matches!((self.asked, self.served), (Some(asked), Some(served)) if asked > served)
    }
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.asked {
            Some(asked) => write!(f, "clients ask for about {asked} jobs an epoch")?,
            None => write!(f, "a client asks again as soon as it is answered")?,
        }
        match self.served {
            Some(served) => write!(f, " and miners can serve about {served}"),
            None => write!(f, ", and a law of service times has no mean in closed form"),
        }
    }
}

/// Jobs that a client asks for until `end`, by the rate of its first requests; as if every answer came at once.
fn asked(client: &Client, end: SimTime, streams: &Streams) -> Option<f64> {
    let mut arrivals = client.arrivals.build();
    let mut words = streams.stream(Purpose::Analysis, &client.name);
    let end = end.min(client.until);
    let (mut now, mut count) = (client.from, 0);
    let limit = if client.limit == 0 { u64::MAX } else { client.limit };
    while count < DRAWS_MAX.min(limit) {
        let Some(gap) = arrivals.gap(now, words.word()) else { break };
        let next = SimTime(now.0.saturating_add(gap.0));
        if next >= end {
            return Some(math::float(count));
        }
        (now, count) = (next, count + 1);
    }
    let drawn = math::float(now.since(client.from).0);
    if count < DRAWS_MAX || drawn == 0.0 {
        return (count < DRAWS_MAX).then(|| math::float(count));
    }
    let active = math::float(end.since(client.from).0);
    Some((math::float(count) * active / drawn).min(math::float(limit)))
}

/// Jobs that a miner can serve until `end`, by the mean of its law at its beginning and the mean steps of a job.
fn served(miner: &Miner, end: SimTime, scenario: &Scenario) -> Option<f64> {
    let active = SimSpan(miner.until.min(end).0.saturating_sub(miner.from.0));
    let steps: f64 = scenario.kinds.iter().map(|kind| f64::from(kind.steps)).sum();
    let steps = math::round_to_u64(steps / math::float_len(scenario.kinds.len().max(1)));
    let steps = u32::try_from(steps).expect("a mean of 32-bit numbers");
    let mean_ns = miner.service.mean_ns(miner.from)? * miner.speed.multiplier(steps);
    let slots = f64::from(miner.concurrency);
    (mean_ns > 0.0).then(|| slots * math::float(active.0) / mean_ns)
}
