//! The state of one replication, and the loop that drives it.
//!
//! Order of things at one instant: what miners wait for (answer, arrival, done, callback), then clients, then health,
//! score run, validators, epoch. A score run at millisecond t reads all that is stored with a stamp of at most t, so it
//! stands at the last nanosecond of its millisecond.

use crate::behaviour::Behaviour;
use crate::digest::Digester;
use crate::engine::Backends;
use crate::engine::Replication;
use crate::engine::Series;
use crate::engine::Witness;
use crate::engine::board::Board;
use crate::engine::clients::Clients;
use crate::engine::jobs::Jobs;
use crate::engine::ledger;
use crate::engine::ledger::Ledger;
use crate::engine::list::EventList;
use crate::engine::mechanism::Mechanism;
use crate::engine::station::Station;
use crate::engine::tally::Tally;
use crate::ids::MinerId;
use crate::miner::Drawn;
use crate::orchestrator::Books;
use crate::orchestrator::Version;
use crate::rng::Streams;
use crate::router::Router;
use crate::scenario::Resolved;
use crate::scoring;
use crate::units::Nanos;
use crate::units::Span;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// Everything one replication changes.
pub(super) struct World<'r> {
    pub(super) scenario: &'r Resolved,
    pub(super) witness: &'r mut dyn Witness,
    pub(super) list: EventList,
    pub(super) clients: Clients,
    pub(super) jobs: Jobs,
    pub(super) stations: Vec<Station>,
    pub(super) behaviours: Vec<Box<dyn Behaviour>>,
    pub(super) backends: Backends,
    pub(super) router: Box<dyn Router>,
    pub(super) board: Board,
    pub(super) books: Books,
    pub(super) ack_timeout: Vec<Span>,
    pub(super) kinds: Vec<scoring::Kind>,
    /// Requests of each miner since the last epoch.
    pub(super) requests: Vec<u32>,
    /// Whether a failed dispatch counts against a miner before the next score run.
    pub(super) counts_failures: bool,
    pub(super) mechanism: Mechanism,
    pub(super) ledger: Ledger,
    pub(super) tally: Tally,
    pub(super) series: Series,
    pub(super) digester: Digester,
    pub(super) overwritten: u64,
    pub(super) epoch: u32,
    pub(super) jobs_at_epoch: u64,
    pub(super) useful: u64,
}

/// The slow clocks beside the event list, in their order at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Clock {
    Health,
    ScoreRun,
    Validator,
    Epoch,
}

/// Runs replication `number` of `scenario`; none when `stop` was set before it ended.
pub(crate) fn run(
    scenario: &Resolved,
    number: u64,
    backends: Option<Backends>,
    witness: &mut dyn Witness,
    stop: &AtomicBool,
) -> Option<Replication> {
    let mut world = World::new(scenario, number, backends, witness);
    world.turn(stop).then(|| world.finish(number))
}

impl<'r> World<'r> {
    fn new(
        scenario: &'r Resolved,
        number: u64,
        backends: Option<Backends>,
        witness: &'r mut dyn Witness,
    ) -> Self {
        let file = &scenario.file;
        let streams = Streams::new(file.run.seed, number);
        let last = ledger::epoch_time(&file.chain, file.run.epochs - 1);
        let opens = match file.run.warm_up_epochs {
            0 => Nanos(0),
            warm_up => ledger::epoch_time(&file.chain, warm_up - 1),
        };
        let version = file.orchestrator.version;
        let kind_types = || scenario.kinds.iter().map(crate::scenario::Kind::type_name);
        let drawn = |m: &crate::scenario::Miner| -> Box<dyn crate::miner::Backend> {
            Box::new(Drawn::new(m.service.clone(), m.speed, m.image))
        };
        Self {
            witness,
            list: EventList::new(scenario.miners.len()),
            clients: Clients::new(scenario, &streams),
            jobs: Jobs::default(),
            stations: scenario.miners.iter().map(|m| Station::new(m.concurrency)).collect(),
            behaviours: scenario.miners.iter().map(|m| m.behaviour.build()).collect(),
            backends: backends.unwrap_or_else(|| scenario.miners.iter().map(drawn).collect()),
            router: file.router.build(),
            board: Board::new(scenario),
            books: Books::new(&file.orchestrator),
            ack_timeout: kind_types().map(|t| file.orchestrator.dispatch(t).timeout).collect(),
            kinds: kind_types().map(scoring::Kind::named).collect(),
            mechanism: Mechanism::new(scenario),
            requests: vec![0; scenario.miners.len()],
            counts_failures: version >= Version::Limited,
            ledger: Ledger::new(scenario),
            tally: Tally::new(scenario, opens, last),
            series: Series::new(scenario, file.run.epochs),
            digester: Digester::default(),
            overwritten: 0,
            epoch: 0,
            jobs_at_epoch: 0,
            useful: 0,
            scenario,
        }
    }

    /// Turns until the last epoch has ended; false when `stop` was set before.
    fn turn(&mut self, stop: &AtomicBool) -> bool {
        self.router.update(&self.board.view(), &self.everyone());
        let epochs = self.scenario.file.run.epochs;
        let mut slow = self.next_slow_clock();
        while self.epoch < epochs {
            let client = self.clients.first();
            match self.list.first() {
                Some((at, miner)) if at <= client && at <= slow.0 => self.miner_event(miner),
                _ if client <= slow.0 => self.ask(client),
                _ => {
                    self.slow_clock(slow);
                    slow = self.next_slow_clock();
                    if stop.load(Ordering::Relaxed) {
                        return false;
                    }
                }
            }
        }
        true
    }

    fn slow_clock(&mut self, (at, clock): (Nanos, Clock)) {
        match clock {
            Clock::Health => self.health(at),
            Clock::ScoreRun => self.score_run(at),
            Clock::Validator => self.validators(at),
            Clock::Epoch => self.end_epoch(at),
        }
    }

    fn next_slow_clock(&self) -> (Nanos, Clock) {
        let mechanism = &self.mechanism;
        (mechanism.next_health, Clock::Health)
            .min((mechanism.next_score_run, Clock::ScoreRun))
            .min((mechanism.next_validator, Clock::Validator))
            .min((self.ledger.next_epoch(), Clock::Epoch))
    }

    pub(super) fn everyone(&self) -> Vec<MinerId> {
        (0..self.scenario.miners.len()).map(MinerId::of).collect()
    }

    fn finish(mut self, number: u64) -> Replication {
        for record in self.jobs.still_open() {
            self.digester.job(record);
            self.witness.job(record);
        }
        Replication {
            number,
            digest: self.digester.finish(),
            standing: self.mechanism.standing(self.scenario, &self.ledger),
            facts: self.tally.finish(),
            series: self.series,
            overwritten: self.overwritten,
            invalidated: self.mechanism.invalidated,
            rows_refused: self.ledger.refused(),
            jobs: self.clients.count(),
        }
    }
}
