//! The state of one replication, and the loop that drives it.
//!
//! Order of things at one instant: what miners wait for (answer, arrival, done, callback), then clients, then audits' verdicts,
//! health, score run, validators, epoch, changes of the schedule. A score run at millisecond t reads all that is stored with a stamp of at most t, so it
//! stands at the last nanosecond of its millisecond.

use crate::base::ids::MinerId;
use crate::base::random::Streams;
use crate::base::units::SimTime;
use crate::engine::Backends;
use crate::engine::Replication;
use crate::engine::Series;
use crate::engine::Witness;
use crate::engine::auditor;
use crate::engine::auditor::Auditor;
use crate::engine::board::Board;
use crate::engine::clients::Clients;
use crate::engine::jobs::Jobs;
use crate::engine::kinds::Kinds;
use crate::engine::ledger::Ledger;
use crate::engine::list::EventList;
use crate::engine::mechanism::Mechanism;
use crate::engine::station::Station;
use crate::engine::tallies::Tallies;
use crate::miner::Backend;
use crate::miner::Drawn;
use crate::model::operator::Operator;
use crate::model::router::Router;
use crate::scenario::Miner;
use crate::scenario::Scenario;
use crate::subnet::orchestrator::Books;
use crate::work::digest::Digester;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// Everything one replication changes.
pub(super) struct World<'r> {
    /// What holds now: the scenario, or the stretch of its schedule that has begun last.
    pub(super) scenario: &'r Scenario,
    /// Stretches of the schedule still to come, in the order of time.
    pub(super) to_come: &'r [(SimTime, Scenario)],
    /// Whether the backends are the simulator's own and follow the schedule.
    pub(super) draws: bool,
    pub(super) witness: &'r mut dyn Witness,
    pub(super) list: EventList,
    pub(super) clients: Clients,
    pub(super) jobs: Jobs,
    pub(super) stations: Vec<Station>,
    pub(super) behaviours: Vec<Box<dyn Operator>>,
    pub(super) backends: Vec<Box<dyn Backend>>,
    pub(super) auditor: Auditor,
    /// Whether a clock may strike earlier than was known.
    pub(super) clocks_changed: bool,
    pub(super) router: Box<dyn Router>,
    pub(super) board: Board,
    pub(super) books: Books,
    pub(super) kinds: Kinds,
    /// Requests of each miner since the last epoch.
    pub(super) requests: Vec<u32>,
    pub(super) mechanism: Mechanism,
    pub(super) ledger: Ledger,
    pub(super) tally: Tallies,
    pub(super) series: Series,
    pub(super) digester: Digester,
    pub(super) overwritten: u64,
    pub(super) epoch: u32,
    pub(super) jobs_at_epoch: u64,
}

/// The slow clocks beside the event list, in their order at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Clock {
    Audit,
    Health,
    ScoreRun,
    Validator,
    Epoch,
    Change,
}

/// Runs replication `number` of `scenario`; none when `stop` was set before it ended.
pub(crate) fn run(
    scenario: &Scenario,
    number: u64,
    backends: Option<Backends>,
    witness: &mut dyn Witness,
    stop: &AtomicBool,
) -> Option<Replication> {
    let mut world = World::new(scenario, number, backends, witness);
    world.turn(stop).then(|| world.finish(number))
}

/// The simulator's own backend of a miner.
pub(crate) fn drawn(miner: &Miner) -> Box<dyn Backend> {
    let drawn = Drawn::new(miner.service.clone(), miner.speed, miner.image);
    Box::new(drawn.by_kind(&miner.by_kind))
}

impl<'r> World<'r> {
    fn new(
        scenario: &'r Scenario,
        number: u64,
        backends: Option<Backends>,
        witness: &'r mut dyn Witness,
    ) -> Self {
        let streams = Streams::new(scenario.run.seed, number);
        let by_epoch = witness.wants_epoch_facts();
        let draws = backends.is_none();
        let backends = backends.unwrap_or_else(|| Backends {
            miners: scenario.miners.iter().map(drawn).collect(),
            trusted: auditor::drawn(&scenario.orchestrator),
        });
        Self {
            witness,
            to_come: &scenario.phases,
            draws,
            list: EventList::new(scenario.miners.len()),
            clients: Clients::new(scenario, &streams),
            jobs: Jobs::default(),
            stations: scenario.miners.iter().map(|m| Station::new(m.concurrency)).collect(),
            behaviours: scenario.miners.iter().map(|m| m.behaviour.build()).collect(),
            backends: backends.miners,
            auditor: Auditor::new(&scenario.orchestrator, scenario.miners.len(), backends.trusted),
            clocks_changed: false,
            kinds: Kinds::of(scenario),
            router: scenario.router.build(),
            board: Board::new(scenario),
            books: Books::new(&scenario.orchestrator),
            mechanism: Mechanism::new(scenario),
            requests: vec![0; scenario.miners.len()],
            ledger: Ledger::new(scenario),
            tally: Tallies::new(scenario, by_epoch),
            series: Series::new(scenario, scenario.run.epochs),
            digester: Digester::default(),
            overwritten: 0,
            epoch: 0,
            jobs_at_epoch: 0,
            scenario,
        }
    }

    /// Turns until the last epoch has ended; false when `stop` was set before.
    fn turn(&mut self, stop: &AtomicBool) -> bool {
        self.router.update(&self.board.view(), &self.everyone());
        let epochs = self.scenario.run.epochs;
        let mut slow = self.next_slow_clock();
        while self.epoch < epochs {
            let client = self.clients.first();
            match self.list.first() {
                Some((at, miner)) if at <= client && at <= slow.0 => {
                    self.miner_event(miner);
                    if self.clocks_changed {
                        self.clocks_changed = false;
                        slow = self.next_slow_clock();
                    }
                }
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

    fn slow_clock(&mut self, (at, clock): (SimTime, Clock)) {
        match clock {
            Clock::Audit => self.audit_verdict(at),
            Clock::Health => self.health(at),
            Clock::ScoreRun => self.score_run(at),
            Clock::Validator => self.validators(at),
            Clock::Epoch => self.end_epoch(at),
            Clock::Change => self.begin_phase(at),
        }
    }

    fn next_slow_clock(&self) -> (SimTime, Clock) {
        let mechanism = &self.mechanism;
        (self.auditor.next_verdict(), Clock::Audit)
            .min((mechanism.next_health, Clock::Health))
            .min((mechanism.next_score_run, Clock::ScoreRun))
            .min((mechanism.next_validator, Clock::Validator))
            .min((self.ledger.next_epoch(), Clock::Epoch))
            .min((self.to_come.first().map_or(SimTime::NEVER, |(at, _)| *at), Clock::Change))
    }

    pub(super) fn everyone(&self) -> Vec<MinerId> {
        (0..self.scenario.miners.len()).map(MinerId::of).collect()
    }

    fn finish(mut self, number: u64) -> Replication {
        for record in self.jobs.still_open() {
            self.digester.job(record);
            self.witness.job(record);
        }
        let (facts, open) = self.tally.finish();
        for facts in &open {
            self.witness.epoch_facts(facts);
        }
        Replication {
            number,
            digest: self.digester.finish(),
            standing: self.mechanism.standing(self.scenario, &self.ledger),
            facts,
            series: self.series,
            overwritten: self.overwritten,
            invalidated: self.mechanism.invalidated,
            rows_refused: self.ledger.refused(),
            jobs: self.clients.count(),
            audits: self.auditor.facts,
        }
    }
}
