//! One replication: the parts of the world, and the loop that moves time and hands events on.

use crate::base::ids::MinerId;
use crate::base::random::Streams;
use crate::base::units::SimTime;
use crate::engine::Backends;
use crate::engine::Cut;
use crate::engine::Replication;
use crate::engine::Standing;
use crate::engine::demand::Demand;
use crate::engine::event::Class;
use crate::engine::servers::Servers;
use crate::model::operator::Statement;
use crate::observe::Observer;
use crate::observe::Observers;
use crate::property::Books;
use crate::property::Mechanism;
use crate::scenario::Load;
use crate::scenario::Miner;
use crate::scenario::Scenario;
use crate::subnet::ledger::Ledger;
use crate::subnet::orchestrator::Auditor;
use crate::subnet::orchestrator::Orchestrator;
use crate::subnet::orchestrator::audit;
use crate::subnet::roster::Roster;
use crate::subnet::validators::Metagraph;
use crate::subnet::validators::Validators;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// Everything one replication changes.
pub(super) struct World<'r, 'o> {
    /// What holds now: the scenario, or the stretch of its schedule that has begun last.
    scenario: &'r Scenario,
    /// Stretches of the schedule still to come, in the order of time.
    to_come: &'r [(SimTime, Scenario)],
    /// Clients and their requests to come.
    pub(super) demand: Demand,
    /// Who routes, stores, checks and scores.
    pub(super) orchestrator: Orchestrator,
    /// Miners at work, and the jobs they hold.
    pub(super) servers: Servers,
    /// Who turns scores into weights.
    validators: Validators,
    /// The chain that pays, and what is on its way to it.
    ledger: Ledger,
    /// Who sits on which uid, with which stake.
    roster: Roster,
    /// The observers that are told what happens.
    pub(super) observers: Observers<'o>,
    /// Whether a clock may strike earlier than was known.
    pub(super) clocks_changed: bool,
    /// Epochs ended so far.
    pub(super) epoch: u32,
    /// Most jobs that may wait for a worker slot at a time.
    waiting_max: usize,
}

impl<'r, 'o> World<'r, 'o> {
    pub(super) fn new(
        scenario: &'r Scenario,
        number: u64,
        backends: Option<Backends>,
        observers: Observers<'o>,
    ) -> Self {
        let streams = Streams::new(scenario.run.seed, number);
        let roster = Roster::new(scenario);
        let stakes = roster.snapshot(SimTime(0));
        let (miners, trusted) = match backends {
            Some(backends) => (Some(backends.miners), backends.trusted),
            None => (None, audit::drawn(&scenario.orchestrator)),
        };
        let auditor = Auditor::new(&scenario.orchestrator, scenario.miners.len(), trusted);
        let seats = roster.miners().iter().map(|seat| (seat.uid, seat.coldkey));
        let neurons = Metagraph::new(scenario.chain.uids, scenario.chain.owner_uid, seats);
        let offsets = scenario.validators.iter().map(|v| SimTime(v.offset.0));
        Self {
            demand: Demand::new(scenario, &streams),
            orchestrator: Orchestrator::new(scenario, &stakes, auditor),
            servers: Servers::new(scenario, miners),
            validators: Validators::new(&scenario.validating, offsets, neurons),
            ledger: Ledger::new(scenario, &stakes),
            roster,
            observers,
            clocks_changed: false,
            epoch: 0,
            waiting_max: usize::try_from(scenario.run.waiting_max).unwrap_or(usize::MAX),
            to_come: &scenario.phases,
            scenario,
        }
    }

    /// Turns until the last epoch has ended.
    ///
    /// # Errors
    /// When `stop` was set before, or more jobs wait than may.
    pub(super) fn turn(&mut self, stop: &AtomicBool) -> Result<(), Cut> {
        let epochs = self.scenario.run.epochs;
        // The subnet has been at work before: who asks at the very start finds the miners that are there.
        if self.orchestrator.next_health_check() == SimTime(0) {
            self.check_health(SimTime(0));
        }
        let mut clock = self.next_clock();
        while self.epoch < epochs {
            let request = self.demand.first();
            match self.servers.first() {
                Some((at, miner)) if at <= request && at <= clock.0 => {
                    self.miner_event(miner);
                    if self.clocks_changed {
                        self.clocks_changed = false;
                        clock = self.next_clock();
                    }
                }
                _ if (request, Class::Request) <= clock => self.ask(),
                _ => {
                    self.strike(clock);
                    clock = self.next_clock();
                    if stop.load(Ordering::Relaxed) {
                        return Err(Cut::Stopped);
                    }
                }
            }
            if self.servers.waiting() > self.waiting_max {
                return Err(Cut::Crowded {
                    waiting_max: self.scenario.run.waiting_max,
                    load: Load::of(self.scenario),
                });
            }
        }
        Ok(())
    }

    /// The clock that strikes next; what miners and clients wait for comes before it at the same instant.
    fn next_clock(&self) -> (SimTime, Class) {
        let change = self.to_come.first().map_or(SimTime::NEVER, |(at, _)| *at);
        (self.orchestrator.next_audit_verdict(), Class::AuditVerdict)
            .min((self.orchestrator.next_health_check(), Class::HealthCheck))
            .min((self.orchestrator.next_score_run(), Class::ScoreRun))
            .min((self.validators.next_step(), Class::ValidatorStep))
            .min((self.ledger.next_epoch(), Class::Epoch))
            .min((change, Class::Change))
    }

    fn strike(&mut self, (now, class): (SimTime, Class)) {
        match class {
            Class::AuditVerdict => {
                let banned = self.orchestrator.audit_verdict();
                self.banned(banned, now);
            }
            Class::HealthCheck => self.check_health(now),
            Class::ScoreRun => self.orchestrator.run_scores(now),
            Class::ValidatorStep => self.step_validators(now),
            Class::Epoch => self.end_epoch(now),
            Class::Change => self.begin_stretch(now),
            Class::Answer | Class::Arrival | Class::Done | Class::Callback | Class::Request => {
                unreachable!("{class:?} has no clock")
            }
        }
    }

    /// A miner has lost its validity to an audit, if any has.
    pub(super) fn banned(&mut self, miner: Option<MinerId>, now: SimTime) {
        if let Some(miner) = miner {
            self.observers.flags_changed(now, miner, self.orchestrator.flags(miner));
        }
    }

    fn check_health(&mut self, now: SimTime) {
        for miner in self.orchestrator.check_health(now, &self.scenario.miners) {
            self.observers.flags_changed(now, miner, self.orchestrator.flags(miner));
        }
    }

    /// Every validator whose time it is weighs the scores and sends its row to the chain.
    fn step_validators(&mut self, now: SimTime) {
        let block = self.ledger.block_at(now);
        let (orchestrator, ledger) = (&self.orchestrator, &mut self.ledger);
        self.validators.act(
            (now, block),
            (orchestrator.shown_version(), || orchestrator.shown()),
            |validator, row| ledger.submit(validator, row, now),
        );
    }

    /// The chain runs an epoch and pays.
    fn end_epoch(&mut self, now: SimTime) {
        self.ledger.run_epoch(now, self.epoch);
        let shares = self.weight_shares();
        self.observers.epoch_ended(self.ledger.record(), &shares);
        self.show_mechanism();
        self.observers.settle_epoch(self.ledger.record(), &shares, self.scenario);
        self.tell_operators(&shares);
        self.epoch += 1;
        self.servers.rebase(now);
    }

    /// Shows what decided the weights and the pay of the epoch that has just ended.
    fn show_mechanism(&mut self) {
        if !self.observers.judges_mechanism() {
            return;
        }
        let record = self.ledger.record();
        self.observers.mechanism(&Mechanism {
            epoch: self.epoch,
            weighting: self.validators.weighting(),
            board: self.validators.board(record.block),
            stake: self.ledger.stake(),
            validators: &self.ledger.validator_uids(),
            hyper: self.ledger.hyper(),
            tempo: self.scenario.chain.tempo,
            rao: record.minted.0,
        });
    }

    /// Every operator learns what its miner was paid.
    fn tell_operators(&mut self, shares: &[f64]) {
        let (record, neurons) = (self.ledger.record(), self.validators.neurons());
        let scores: Vec<f64> = (0..shares.len()).map(|place| neurons.score(place)).collect();
        let mut sorted = scores.clone();
        sorted.sort_by(|a, b| b.total_cmp(a));
        self.servers.settle_epoch(|place, requests| {
            let score = scores[place];
            let better = sorted.partition_point(|other| *other > score);
            let rank = if score > 0.0 { better + 1 } else { 0 };
            Statement {
                epoch: record.number,
                requests,
                score,
                weight_share: shares[place],
                pay: record.miner_pay[place],
                rank: u32::try_from(rank).expect("at most 256 miners"),
            }
        });
    }

    /// Another stretch of the schedule begins. What has been drawn stays drawn: work in service, answers under way and a
    /// client's next request keep their times.
    fn begin_stretch(&mut self, now: SimTime) {
        let ((_, next), rest) = self.to_come.split_first().expect("its clock has struck");
        let before = std::mem::replace(&mut self.scenario, next);
        self.to_come = rest;
        self.roster.restake(next);
        let stakes = self.roster.snapshot(now);
        self.observers.change(next, now);
        self.ledger.change(next, &stakes);
        self.demand.change(before, next, now);
        self.validators.change(&next.validating);
        self.orchestrator.change(next, &stakes, self.servers.draws());
        self.servers.change(before, next);
        for miner in (0..next.miners.len()).map(MinerId::of) {
            self.take_waiting(miner, now);
        }
    }

    /// Weight share of every miner in the miners' pot; all 0 before the first weighing.
    fn weight_shares(&self) -> Vec<f64> {
        let uids = self.validators.neurons().miner_uids();
        let Some(row) = self.validators.last_row() else { return vec![0.0; uids.len()] };
        let weights = uids.iter().map(|uid| row.weighing.weights[*uid]);
        let weights: Vec<f64> = weights.map(|w| if w.is_nan() { 0.0 } else { w }).collect();
        let pot: f64 = weights.iter().sum();
        weights.into_iter().map(|w| if pot > 0.0 { w / pot } else { 0.0 }).collect()
    }

    /// Where every miner stands at the end.
    fn standing(&self) -> Vec<Standing> {
        let (neurons, record) = (self.validators.neurons(), self.ledger.record());
        let one = |(place, miner): (usize, &Miner)| {
            let uid = usize::from(miner.uid.0);
            let mut standing = Standing {
                score: neurons.score(place),
                incentive: record.miner_incentive.get(place).copied().unwrap_or(0),
                ..Standing::default()
            };
            if let Some(row) = self.validators.last_row() {
                let rate = row.weighing.win_rates[uid];
                standing.wins = row.weighing.wins[uid];
                standing.win_rate = rate.is_finite().then_some(rate);
                standing.weight = row.weighing.weights[uid];
                standing.weight_u16 = row.value(miner.uid);
            }
            standing
        };
        self.scenario.miners.iter().enumerate().map(one).collect()
    }

    pub(super) fn finish(mut self, number: u64) -> Replication {
        for (record, is_lost) in self.servers.still_open() {
            self.observers.open_at_end(record, is_lost);
        }
        let standing = self.standing();
        let seen = self.observers.finish();
        let (invalidated, audits) = self.orchestrator.finish();
        let jobs = self.demand.count();
        let books = Books { jobs, facts: &seen.facts };
        let invariants = seen.watch.map_or_else(Vec::new, |watch| watch.end(&books));
        Replication {
            number,
            digest: seen.digest,
            standing,
            facts: seen.facts,
            series: seen.series,
            overwritten: seen.overwritten,
            invariants,
            invalidated,
            rows_refused: self.ledger.refused(),
            jobs,
            audits,
        }
    }
}
