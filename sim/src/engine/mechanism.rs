//! The mechanism's clocks: health checks, score runs, validator steps, epochs.

use crate::base::ids::MinerId;
use crate::base::units::NANOS_PER_MS;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::engine::Standing;
use crate::engine::ledger::Ledger;
use crate::engine::ledger::SentRow;
use crate::engine::neurons::Neurons;
use crate::engine::world::World;
use crate::model::operator::Statement;
use crate::model::rules::Probe;
use crate::model::scoring::Event;
use crate::model::scoring::Scoring;
use crate::model::weighting;
use crate::model::weighting::Weighing;
use crate::model::weighting::Weighting;
use crate::property;
use crate::scenario::Miner;
use crate::scenario::Scenario;
use crate::subnet::orchestrator::scores;
use crate::subnet::validators::Clock;
use crate::work::JobRecord;
use std::sync::Arc;

/// What happens by the clock, and what it needs to remember.
#[derive(Debug)]
pub(super) struct Mechanism {
    /// The next check of every miner's health.
    pub(super) next_health: SimTime,
    /// The next score run: the last nanosecond of its millisecond.
    pub(super) next_score_run: SimTime,
    /// The earliest next validator step.
    pub(super) next_validator: SimTime,
    /// Miners that lost their validity while they had a score.
    pub(super) invalidated: u64,
    health_period: SimSpan,
    score_period: SimSpan,
    scoring: Box<dyn Scoring>,
    /// Finished jobs of each miner, as far as a score run needs them.
    finished: Vec<scores::Ledger>,
    weighting: Box<dyn Weighting>,
    clock: Clock,
    steps: Vec<SimTime>,
    /// The last weighing, and the row made from it.
    weighed: Option<Weighed>,
    neurons: Neurons,
}

/// A weighing and what is sent of it.
#[derive(Debug)]
struct Weighed {
    weighing: Weighing,
    row: Arc<SentRow>,
    burn_rate: f64,
    /// Whether a score has changed since.
    stale: bool,
}

impl Mechanism {
    /// The clocks of a scenario, none of which has struck.
    pub(super) fn new(scenario: &Scenario) -> Self {
        let orchestrator = &scenario.orchestrator;
        let clock = Clock::new(scenario.validating.acting);
        let steps: Vec<_> =
            scenario.validators.iter().map(|v| clock.first_step(SimTime(v.offset.0))).collect();
        Self {
            next_health: SimTime(0),
            next_score_run: end_of_ms(orchestrator.score_runs.first),
            next_validator: steps.iter().copied().min().unwrap_or(SimTime::NEVER),
            invalidated: 0,
            health_period: orchestrator.health_checks.every,
            score_period: orchestrator.score_runs.every,
            scoring: orchestrator.rules.scoring.build(),
            finished: vec![scores::Ledger::default(); scenario.miners.len()],
            weighting: scenario.validating.weighting.build(),
            clock,
            steps,
            weighed: None,
            neurons: Neurons::new(scenario),
        }
    }

    /// Another stretch of the scenario begins. Clocks keep their next stroke and take the new periods from there.
    pub(super) fn change(&mut self, before: &Scenario, next: &Scenario) {
        self.health_period = next.orchestrator.health_checks.every;
        self.score_period = next.orchestrator.score_runs.every;
        if before.orchestrator.rules.scoring != next.orchestrator.rules.scoring {
            self.scoring = next.orchestrator.rules.scoring.build();
        }
        if before.validating.weighting != next.validating.weighting {
            self.weighting = next.validating.weighting.build();
        }
        self.clock = Clock::new(next.validating.acting);
        self.weighed = None;
    }

    /// The next validator step has to weigh again.
    pub(super) fn scores_changed(&mut self) {
        if let Some(weighed) = &mut self.weighed {
            weighed.stale = true;
        }
    }

    /// A job's stored status has just changed: the next score run will read it.
    #[inline]
    pub(super) fn finished(&mut self, record: &JobRecord, event: Option<Event>) {
        let Some(event) = event else { return };
        let ledger = &mut self.finished[record.miner.index()];
        let (number, visible) = (record.job.number, record.stored.last_updated_ms);
        let rule = self.scoring.as_ref();
        if record.overwritten > 0 {
            ledger.replace(rule, number, visible, &event);
        } else {
            ledger.push(rule, number, visible, &event);
        }
    }

    /// Where every miner stands at the end.
    pub(super) fn standing(&self, scenario: &Scenario, ledger: &Ledger) -> Vec<Standing> {
        let one = |(place, miner): (usize, &Miner)| {
            let uid = usize::from(miner.uid.0);
            let mut standing = Standing {
                score: self.neurons.scores[uid],
                incentive: ledger.record().miner_incentive.get(place).copied().unwrap_or(0),
                ..Standing::default()
            };
            if let Some(Weighed { weighing, row, .. }) = &self.weighed {
                let rate = weighing.win_rates[uid];
                standing.wins = weighing.wins[uid];
                standing.win_rate = rate.is_finite().then_some(rate);
                standing.weight = weighing.weights[uid];
                standing.weight_u16 = row.value(miner.uid);
            }
            standing
        };
        scenario.miners.iter().enumerate().map(one).collect()
    }

    /// Weight share of every miner in the miners' pot; all 0 before the first weighing.
    fn weight_shares(&self) -> Vec<f64> {
        let Some(Weighed { weighing, .. }) = &self.weighed else {
            return vec![0.0; self.neurons.miner_uids.len()];
        };
        let weights = self.neurons.miner_uids.iter().map(|uid| weighing.weights[*uid]);
        let weights: Vec<f64> = weights.map(|w| if w.is_nan() { 0.0 } else { w }).collect();
        let pot: f64 = weights.iter().sum();
        weights.into_iter().map(|w| if pot > 0.0 { w / pot } else { 0.0 }).collect()
    }
}

/// The last nanosecond of an instant's millisecond.
fn end_of_ms(at: SimTime) -> SimTime {
    SimTime(at.whole_ms() * NANOS_PER_MS + (NANOS_PER_MS - 1))
}

impl World<'_> {
    /// Looks whether every miner is up.
    pub(super) fn health(&mut self, now: SimTime) {
        let mut changed = Vec::new();
        let rules = self.scenario.orchestrator.rules.health;
        for (place, miner) in self.scenario.miners.iter().enumerate() {
            if now < miner.from {
                continue;
            }
            let was_valid = self.board.valid[place];
            let valid = rules.is_valid(Probe {
                was_valid: self.board.known[place].then_some(was_valid),
                reachable: Some(now < miner.until),
                capacity_unreadable: false,
                failed_audits: self.board.failed_audits[place],
            });
            // The ban of a failed audit is a service of its own and holds in every version.
            let valid = valid && self.board.failed_audits[place] == 0;
            self.board.known[place] = true;
            if valid == was_valid {
                continue;
            }
            self.board.valid[place] = valid;
            changed.push(MinerId::of(place));
            if !valid && self.board.payload[place].is_some() {
                self.mechanism.invalidated += 1;
            }
        }
        if !changed.is_empty() {
            self.mechanism.scores_changed();
            self.router.update(&self.board.view(), &changed);
        }
        self.mechanism.next_health = now + self.mechanism.health_period;
    }

    /// A dispatch error raises the failure count that the router reads, in versions that count them between score runs.
    pub(super) fn count_failure(&mut self, miner: MinerId) {
        if let Some(payload) = &mut self.board.payload[miner.index()] {
            payload.failure_count += 1;
            self.router.update(&self.board.view(), &[miner]);
        }
    }

    /// Rebuilds and publishes the score of every valid miner. A miner that has turned invalid keeps what was published;
    /// since scores are taken from invalid miners, it is published as 0 and keeps its failures.
    pub(super) fn score_run(&mut self, now: SimTime) {
        let mechanism = &mut self.mechanism;
        let now_ms = now.whole_ms();
        let takes_scores = self.scenario.orchestrator.rules.slashes_invalid;
        let mut changed = Vec::new();
        for place in 0..self.scenario.miners.len() {
            let is_valid = self.board.valid[place];
            let is_taken = takes_scores && self.board.payload[place].is_some();
            if !is_valid && !is_taken {
                continue;
            }
            let found = mechanism.finished[place].run(mechanism.scoring.as_ref(), now_ms);
            let published = if is_valid { found } else { scores::taken(&found) };
            let payload = scores::payload(&published);
            mechanism.neurons.stored[place] = published.score;
            if self.board.payload[place] != Some(payload) {
                self.board.payload[place] = Some(payload);
                changed.push(MinerId::of(place));
            }
        }
        if !changed.is_empty() {
            mechanism.scores_changed();
            self.router.update(&self.board.view(), &changed);
        }
        mechanism.next_score_run = end_of_ms(now + mechanism.score_period);
    }

    /// Every validator whose time it is weighs the scores and sends its row to the chain.
    pub(super) fn validators(&mut self, now: SimTime) {
        let block = self.ledger.block_at(now);
        let mechanism = &mut self.mechanism;
        let burn_rate = mechanism.weighting.burn_rate(block);
        let stale = |w: &Weighed| w.stale || w.burn_rate.total_cmp(&burn_rate).is_ne();
        if mechanism.weighed.as_ref().is_none_or(stale) {
            let rules = &self.scenario.orchestrator.rules;
            mechanism.neurons.show(rules, &self.board.valid, &self.board.failed_audits);
            let neurons = &mechanism.neurons;
            let weighing = mechanism.weighting.weigh(&neurons.board(block));
            let row = Arc::new(SentRow::new(&weighting::to_u16(&weighing.weights)));
            mechanism.weighed = Some(Weighed { weighing, row, burn_rate, stale: false });
        }
        let weighed = mechanism.weighed.as_ref().expect("it was just made");
        let next = mechanism.clock.next_step(now);
        for (index, step) in mechanism.steps.iter_mut().enumerate() {
            if *step == now {
                self.ledger.submit(index, &weighed.row, now);
                *step = next;
            }
        }
        mechanism.next_validator = mechanism.steps.iter().copied().min().unwrap_or(SimTime::NEVER);
    }

    /// The chain runs an epoch and pays.
    pub(super) fn end_epoch(&mut self, now: SimTime) {
        self.ledger.run_epoch(now, self.epoch);
        let shares = self.mechanism.weight_shares();
        let record = self.ledger.record();
        self.digester.epoch(record);
        self.witness.epoch(record);
        self.show_mechanism();
        let record = self.ledger.record();
        if let Some(settled) = self.tally.epoch(record, &shares, self.scenario) {
            self.witness.epoch_facts(&settled);
        }
        let jobs = self.clients.count();
        self.series.push(record, jobs - self.jobs_at_epoch);
        self.jobs_at_epoch = jobs;
        self.learn(&shares);
        self.epoch += 1;
        self.list.rebase(now);
        for (miner, station) in self.stations.iter().enumerate() {
            self.list.set(miner, station.earliest());
        }
    }

    /// Shows what decided the weights and the pay of the epoch that has just ended.
    fn show_mechanism(&mut self) {
        let (chain, neurons) = (&self.scenario.chain, &self.mechanism.neurons);
        let validators = self.ledger.validator_uids();
        let block = self.ledger.record().block;
        self.witness.mechanism(&property::Mechanism {
            epoch: self.epoch,
            weighting: self.mechanism.weighting.as_ref(),
            board: neurons.board(block),
            stake: self.ledger.stake(),
            validators: &validators,
            hyper: self.ledger.hyper(),
            tempo: chain.tempo,
            rao: self.ledger.record().minted.0,
        });
    }

    /// Every operator learns what its miner was paid.
    fn learn(&mut self, shares: &[f64]) {
        let record = self.ledger.record();
        let scores = &self.mechanism.neurons.scores;
        let uids = &self.mechanism.neurons.miner_uids;
        let mut sorted: Vec<f64> = uids.iter().map(|uid| scores[*uid]).collect();
        sorted.sort_by(|a, b| b.total_cmp(a));
        for (place, behaviour) in self.behaviours.iter_mut().enumerate() {
            let score = scores[uids[place]];
            let better = sorted.partition_point(|other| *other > score);
            let rank = if score > 0.0 { better + 1 } else { 0 };
            behaviour.learn(&Statement {
                epoch: record.number,
                requests: std::mem::take(&mut self.requests[place]),
                score,
                weight_share: shares[place],
                pay: record.miner_pay[place],
                rank: u32::try_from(rank).expect("at most 256 miners"),
            });
        }
    }
}
