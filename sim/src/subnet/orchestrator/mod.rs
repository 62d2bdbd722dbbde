//! The orchestrator: it routes requests, stores what becomes of them, checks miners' health, audits and scores.

pub(crate) mod audit;
mod dispatch;
pub(crate) mod scores;
mod store;

pub(crate) use audit::Auditor;
pub(crate) use audit::Audits;
pub(crate) use audit::Caught;
pub(crate) use store::Callback;
pub(crate) use store::Carried;
pub(crate) use store::Store;
pub(crate) use store::event;

use crate::base::family::Used;
use crate::base::ids::MinerId;
use crate::base::units::NANOS_PER_MS;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::model::router::Router;
use crate::model::router::RouterSpec;
use crate::model::rules::Capacity;
use crate::model::rules::Checked;
use crate::model::rules::HealthRules;
use crate::model::rules::Probe;
use crate::scenario::Kind;
use crate::scenario::Miner;
use crate::scenario::Scenario;
use crate::subnet::orchestrator::dispatch::MinerTable;
use crate::subnet::orchestrator::scores::Finished;
use crate::subnet::orchestrator::scores::Scores;
use crate::subnet::orchestrator::scores::Shown;
use crate::subnet::roster::StakeSnapshot;
use crate::work::FailureReason;
use crate::work::Flags;
use crate::work::JobRecord;
use crate::work::Request;

/// The orchestrator of one replication.
#[derive(Debug)]
pub(crate) struct Orchestrator {
    router: Box<dyn Router>,
    router_spec: Used<RouterSpec, dyn Router>,
    table: MinerTable,
    kinds: Vec<Kind>,
    store: Store,
    scores: Scores,
    auditor: Auditor,
    health: HealthRules,
    counts_dispatch_failures: bool,
    /// Whether no later stretch scores by another rule.
    keeps_rule: bool,
    score_period: SimSpan,
    health_period: SimSpan,
    next_score_run: SimTime,
    next_health_check: SimTime,
    /// Miners that lost their validity while they had a score.
    invalidated: u64,
    /// Counts the changes of what validators are answered.
    shown_version: u64,
}

impl Orchestrator {
    /// The orchestrator of a scenario, which has seen nobody yet.
    pub(crate) fn new(scenario: &Scenario, stakes: &StakeSnapshot, auditor: Auditor) -> Self {
        let own = &scenario.orchestrator;
        let mut orchestrator = Self {
            router: scenario.router.build(),
            router_spec: scenario.router.clone(),
            table: MinerTable::new(scenario, stakes),
            kinds: scenario.kinds.clone(),
            store: Store::new(own),
            scores: Scores::new(&own.rules, scenario.miners.len(), 0),
            auditor,
            health: own.rules.health,
            counts_dispatch_failures: own.rules.counts_dispatch_failures,
            keeps_rule: keeps_rule(scenario),
            score_period: own.score_runs.every,
            health_period: own.health_checks.every,
            next_score_run: end_of_ms(own.score_runs.first),
            next_health_check: own.health_checks.first,
            invalidated: 0,
            shown_version: 0,
        };
        orchestrator.tell_router_all();
        orchestrator
    }

    /// Another stretch of the schedule begins. Clocks keep their next stroke and take the new periods from there.
    pub(crate) fn change(&mut self, next: &Scenario, stakes: &StakeSnapshot, draws: bool) {
        let own = &next.orchestrator;
        self.kinds.clone_from(&next.kinds);
        self.store = Store::new(own);
        self.health = own.rules.health;
        self.counts_dispatch_failures = own.rules.counts_dispatch_failures;
        self.score_period = own.score_runs.every;
        self.health_period = own.health_checks.every;
        self.scores.change(&own.rules);
        self.table.refresh(next, stakes);
        self.auditor.change(own, draws);
        if self.router_spec != next.router {
            self.router = next.router.build();
            self.router_spec = next.router.clone();
        }
        self.tell_router_all();
    }

    fn tell_router_all(&mut self) {
        let all: Vec<MinerId> = (0..self.table.valid.len()).map(MinerId::of).collect();
        self.tell_router(&all);
    }

    #[inline]
    fn tell_router(&mut self, changed: &[MinerId]) {
        self.router.update(&self.table.view(self.scores.payload()), changed);
    }

    /// Sends a request to the miner that the router chooses, and gives the instant until which its answer is waited for;
    /// none when nobody can have it.
    #[inline]
    pub(crate) fn dispatch(&mut self, request: &Request) -> Option<(MinerId, SimTime)> {
        let view = self.table.view(self.scores.payload());
        let miner = self.router.route(&view, request, request.words.route)?;
        self.table.in_flight[miner.index()] += 1;
        Some((miner, self.answer_limit(request)))
    }

    #[inline]
    fn answer_limit(&self, request: &Request) -> SimTime {
        request.created + self.kinds[request.kind.index()].ack_timeout
    }

    /// The miner has answered the request, by `refusal` with a status, or is no longer waited for; whether the dispatch
    /// has failed. Of a job that was called back before, a failure is the last write.
    pub(crate) fn answered(
        &mut self,
        record: &mut JobRecord,
        now: SimTime,
        refusal: Option<u16>,
        was_called_back: bool,
    ) -> bool {
        let reason = match refusal {
            _ if now >= self.answer_limit(&record.job) => FailureReason::DispatchTimeout,
            Some(status) => FailureReason::DispatchStatus(status),
            None => {
                Store::dispatched(record, now);
                return false;
            }
        };
        if !was_called_back {
            self.table.in_flight[record.miner.index()] -= 1;
            if self.counts_dispatch_failures && self.scores.count_failure(record.miner) {
                self.tell_router(&[record.miner]);
            }
        }
        Store::dispatch_failed(record, now, reason);
        self.note(record);
        true
    }

    /// The miner called back; `was_failed` says that its dispatch had failed before.
    #[inline]
    pub(crate) fn called_back(
        &mut self,
        record: &mut JobRecord,
        (at, dispatched): (SimTime, Option<SimTime>),
        carried: Carried,
        was_failed: bool,
    ) {
        if !was_failed {
            self.table.in_flight[record.miner.index()] -= 1;
        }
        let is_kontext = self.kinds[record.job.kind.index()].scored.is_kontext;
        self.store.called_back(record, &Callback { at, carried, is_kontext, dispatched });
        self.note(record);
    }

    /// Nothing more will come of a job.
    #[inline]
    pub(crate) fn closed(&mut self, record: &JobRecord, now: SimTime) {
        if self.keeps_rule {
            self.scores.closed(record.miner, record.job.number, now.whole_ms());
        }
    }

    /// A job's stored status has just changed: the next score run will read it.
    #[inline]
    fn note(&mut self, record: &JobRecord) {
        let scored = self.kinds[record.job.kind.index()].scored;
        let Some(event) = event(&record.stored, scored) else { return };
        let (number, visible_ms) = (record.job.number, record.stored.last_updated_ms);
        let created_ms = record.job.created.whole_ms();
        let job = Finished { number, created_ms, visible_ms, event };
        self.scores.finished(record.miner, &job, record.overwritten > 0);
    }

    /// A miner's work took so long.
    #[inline]
    pub(crate) fn served(&mut self, miner: MinerId, service: SimSpan) {
        self.table.served(miner, service.0);
    }

    /// Looks whether every miner is up; gives those whose flag has changed.
    pub(crate) fn check_health(&mut self, now: SimTime, miners: &[Miner]) -> Vec<MinerId> {
        let mut changed = Vec::new();
        for (place, miner) in miners.iter().enumerate() {
            if now < miner.from {
                continue;
            }
            let was_valid = self.table.valid[place];
            let failed_audits = self.table.failed_audits[place];
            let checked = self.health.check(Probe {
                was_valid: self.table.known[place].then_some(was_valid),
                reachable: Some(now < miner.until),
                // What the stock miner answers; another answer can be asked of `assay rule`.
                capacity: Capacity::Readable,
                failed_audits,
            });
            // The ban of a failed audit is a service of its own and holds in every version.
            let valid = checked == Checked::Flag(true) && failed_audits == 0;
            self.table.known[place] = true;
            if valid == was_valid {
                continue;
            }
            self.set_valid(place, valid);
            changed.push(MinerId::of(place));
        }
        if !changed.is_empty() {
            self.shown_changed(&changed);
        }
        self.next_health_check = now + self.health_period;
        changed
    }

    fn set_valid(&mut self, place: usize, valid: bool) {
        if self.table.valid[place] && !valid && self.scores.payload()[place].is_some() {
            self.invalidated += 1;
        }
        self.table.valid[place] = valid;
    }

    /// Runs and publishes the scores.
    pub(crate) fn run_scores(&mut self, now: SimTime) {
        let changed = self.scores.run(now.whole_ms(), &self.table.valid);
        if !changed.is_empty() {
            self.shown_changed(&changed);
        }
        self.next_score_run = end_of_ms(now + self.score_period);
    }

    /// What validators and the router are shown of some miners has changed.
    fn shown_changed(&mut self, changed: &[MinerId]) {
        self.shown_version += 1;
        self.tell_router(changed);
    }

    /// Shows a finished request to the auditor; gives the miner where that bans it.
    pub(crate) fn consider_audit(&mut self, record: &JobRecord, now: SimTime) -> Option<MinerId> {
        if self.table.failed_audits[record.miner.index()] > 0 {
            return None;
        }
        let caught = self.auditor.finished(record, now)?;
        self.ban(caught)
    }

    /// The trusted miner has repeated a request: the images are compared. Gives the miner where that bans it.
    pub(crate) fn audit_verdict(&mut self) -> Option<MinerId> {
        let caught = self.auditor.verdict()?;
        self.ban(caught)
    }

    /// A miner failed an audit: it is invalid, publishes 0 and gets no more requests. Later verdicts on what it did
    /// before are added to its record.
    fn ban(&mut self, caught: Caught) -> Option<MinerId> {
        let place = caught.miner.index();
        self.table.failed_audits[place] += 1;
        if self.table.failed_audits[place] > 1 {
            return None;
        }
        self.auditor.facts.caught.push(caught);
        self.set_valid(place, false);
        self.shown_changed(&[caught.miner]);
        Some(caught.miner)
    }

    /// Counts the changes of what validators are answered.
    pub(crate) fn shown_version(&self) -> u64 {
        self.shown_version
    }

    /// What validators are answered now.
    pub(crate) fn shown(&self) -> Shown {
        let all = (0..self.table.valid.len()).map(MinerId::of);
        let flags: Vec<Flags> = all.map(|miner| self.flags(miner)).collect();
        self.scores.shown(&flags)
    }

    /// What is held of a miner besides its score.
    pub(crate) fn flags(&self, miner: MinerId) -> Flags {
        let place = miner.index();
        Flags { valid: self.table.valid[place], failed_audits: self.table.failed_audits[place] }
    }

    /// Whether anything is audited.
    #[inline]
    pub(crate) fn audits(&self) -> bool {
        self.auditor.is_on()
    }

    /// When the next audit's verdict falls.
    #[inline]
    pub(crate) fn next_audit_verdict(&self) -> SimTime {
        self.auditor.next_verdict()
    }

    /// When all miners' health is checked next.
    #[inline]
    pub(crate) fn next_health_check(&self) -> SimTime {
        self.next_health_check
    }

    /// When scores are run next: the last nanosecond of a millisecond, since a run reads all that is stored in it.
    #[inline]
    pub(crate) fn next_score_run(&self) -> SimTime {
        self.next_score_run
    }

    /// Miners that lost their validity while they had a score, and what audits did.
    pub(crate) fn finish(self) -> (u64, Audits) {
        (self.invalidated, self.auditor.facts)
    }
}

/// Whether every stretch of a scenario's schedule scores by the same rule.
fn keeps_rule(scenario: &Scenario) -> bool {
    let rule = |stretch: &Scenario| stretch.orchestrator.rules.scoring.clone();
    scenario.phases.iter().all(|(_, stretch)| rule(stretch) == rule(scenario))
}

/// The last nanosecond of an instant's millisecond.
pub(crate) fn end_of_ms(at: SimTime) -> SimTime {
    SimTime(at.whole_ms().saturating_mul(NANOS_PER_MS).saturating_add(NANOS_PER_MS - 1))
}
