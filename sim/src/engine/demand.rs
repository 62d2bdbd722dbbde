//! The clients' clocks: when each asks next, and what for.

use crate::base::family::Used;
use crate::base::ids::ClientId;
use crate::base::random::Purpose;
use crate::base::random::Stream;
use crate::base::random::Streams;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::model::arrivals::Arrivals;
use crate::model::operator::OperatorSpec;
use crate::scenario::Client;
use crate::scenario::Kind;
use crate::scenario::Miner;
use crate::scenario::Scenario;
use crate::work::Request;
use crate::work::RequestWords;

/// All clients of a replication, and the requests to come.
#[derive(Debug)]
pub(super) struct Demand {
    each: Vec<One>,
    /// What a job of each kind asks for: steps and time limit.
    kinds: Vec<(u32, SimSpan)>,
    /// Number of the next job.
    next_number: u64,
    /// Who asks next, and when; kept so that the loop need not look at every client.
    first: (SimTime, usize),
}

#[derive(Debug)]
struct One {
    client: Client,
    arrivals: Box<dyn Arrivals>,
    waits: bool,
    /// Whether it waits for an answer now.
    pending: bool,
    /// When it asks next; never while it waits for an answer or has finished.
    next: SimTime,
    asked: u64,
    streams: JobStreams,
    clock: Stream,
}

/// A stream for each word of a job; none for a word that no part of the scenario reads.
#[derive(Debug)]
struct JobStreams {
    route: Stream,
    service: Stream,
    ack: Option<Stream>,
    outcome: Option<Stream>,
    size: Stream,
    content: Stream,
}

impl JobStreams {
    fn new(scenario: &Scenario, streams: &Streams, name: &str) -> Self {
        let acks = is_read(scenario, |miner| miner.ack.is_some());
        let outcomes = is_read(scenario, |miner| {
            !matches!(miner.behaviour, Used::Named(OperatorSpec::Honest(_)))
        });
        Self {
            route: streams.stream(Purpose::Route, name),
            service: streams.stream(Purpose::Service, name),
            ack: acks.then(|| streams.stream(Purpose::Ack, name)),
            outcome: outcomes.then(|| streams.stream(Purpose::Outcome, name)),
            size: streams.stream(Purpose::Size, name),
            content: streams.stream(Purpose::Content, name),
        }
    }

    /// One word a purpose, taken whether this job will use it or not.
    #[inline]
    fn words(&mut self) -> RequestWords {
        RequestWords {
            route: self.route.word(),
            service: self.service.word(),
            ack: self.ack.as_mut().map_or(Word::default(), Stream::word),
            outcome: self.outcome.as_mut().map_or(Word::default(), Stream::word),
            size: self.size.word(),
            content: self.content.word(),
        }
    }
}

impl Demand {
    /// The clients of a scenario, each at its first request.
    pub(super) fn new(scenario: &Scenario, streams: &Streams) -> Self {
        let one = |client: &Client| {
            let arrivals = client.arrivals.build();
            let name = client.name.as_str();
            let waits = arrivals.waits_for_answer();
            One {
                client: client.clone(),
                arrivals,
                waits,
                pending: false,
                next: SimTime::NEVER,
                asked: 0,
                streams: JobStreams::new(scenario, streams, name),
                clock: streams.stream(Purpose::Arrivals, name),
            }
        };
        let mut demand = Self {
            each: scenario.clients.iter().map(one).collect(),
            kinds: scenario.kinds.iter().map(sent).collect(),
            next_number: 0,
            first: (SimTime::NEVER, 0),
        };
        for one in &mut demand.each {
            let from = one.client.from;
            // A client in a closed loop asks at once; an open one after its first gap.
            if one.waits { one.next = from } else { one.schedule(from) }
        }
        demand.find_first();
        demand
    }

    /// Another stretch of the scenario begins. A request already timed keeps its time; an arrival process that changes
    /// starts afresh with the gap after it.
    pub(super) fn change(&mut self, before: &Scenario, next: &Scenario, now: SimTime) {
        self.kinds = next.kinds.iter().map(sent).collect();
        for (place, one) in self.each.iter_mut().enumerate() {
            let client = &next.clients[place];
            if before.clients[place].arrivals != client.arrivals {
                one.arrivals = client.arrivals.build();
                one.waits = one.arrivals.waits_for_answer();
            }
            one.client = client.clone();
            if one.next != SimTime::NEVER && one.next < client.from {
                one.next = client.from;
            }
            if one.next >= client.until {
                one.next = SimTime::NEVER;
            } else if one.next == SimTime::NEVER && !one.pending {
                one.schedule(now.max(client.from));
            }
        }
        self.find_first();
    }

    /// When the next client asks.
    #[inline]
    pub(super) fn first(&self) -> SimTime {
        self.first.0
    }

    /// Writes the next request, of the time that `first` tells, where its job will stand.
    #[inline]
    pub(super) fn ask(&mut self, request: &mut Request) {
        let (now, index) = self.first;
        let one = &mut self.each[index];
        let words = one.streams.words();
        let pick = words.content.unit();
        let kinds = &one.client.kinds;
        let kind = match kinds.as_slice() {
            [(only, _)] => *only,
            many => {
                let at = many.partition_point(|(_, cumulated)| *cumulated <= pick);
                many[at.min(many.len() - 1)].0
            }
        };
        let (steps, time_limit) = self.kinds[kind.index()];
        let content = words.content.derive(0).0;
        *request = Request {
            number: self.next_number,
            client: ClientId::of(index),
            kind,
            created: now,
            steps,
            prompt: u32::try_from(content >> 44).expect("20 bits"),
            class: u8::try_from(content % 10).expect("a digit"),
            adapter: 0,
            seed: words.content.derive(1).0 >> 32,
            time_limit,
            words,
        };
        self.next_number += 1;
        one.asked += 1;
        one.next = SimTime::NEVER;
        one.pending = one.waits;
        if !one.waits {
            one.schedule(now);
        }
        self.find_first();
    }

    /// Says that the request made last found no miner: it was refused and is no job.
    pub(super) fn refused(&mut self, job: &Request) {
        self.next_number -= 1;
        self.answered(job.client, job.created);
    }

    /// Tells a client that its request was answered.
    #[inline]
    pub(super) fn answered(&mut self, client: ClientId, now: SimTime) {
        let one = &mut self.each[client.index()];
        if one.pending {
            one.pending = false;
            one.schedule(now);
            self.find_first();
        }
    }

    /// Number of jobs asked for so far.
    pub(super) fn count(&self) -> u64 {
        self.next_number
    }

    fn find_first(&mut self) {
        if let [only] = self.each.as_slice() {
            self.first = (only.next, 0);
            return;
        }
        let times = self.each.iter().map(|one| one.next).enumerate();
        let earliest = times.min_by_key(|(index, at)| (*at, *index));
        self.first = earliest.map_or((SimTime::NEVER, 0), |(index, at)| (at, index));
    }
}

impl One {
    #[inline]
    fn schedule(&mut self, now: SimTime) {
        let word = self.clock.word();
        let finished = self.client.limit > 0 && self.asked >= self.client.limit;
        let gap = if finished { None } else { self.arrivals.gap(now, word) };
        let next = gap.map_or(SimTime::NEVER, |gap| now + gap);
        self.next = if next >= self.client.until { SimTime::NEVER } else { next };
    }
}

/// Whether some miner reads a word, before or after any change of the schedule.
fn is_read(scenario: &Scenario, reads: impl Fn(&Miner) -> bool) -> bool {
    let stretches = scenario.phases.iter().map(|(_, stretch)| stretch);
    std::iter::once(scenario).chain(stretches).any(|stretch| stretch.miners.iter().any(&reads))
}

/// Steps and time limit of a kind.
fn sent(kind: &Kind) -> (u32, SimSpan) {
    (kind.steps, kind.time_limit)
}
