//! The score service: finished jobs in, published scores out. Engine and replay both run this one.

mod held;
mod history;

pub(crate) use held::Held;
pub(crate) use held::HeldJob;
pub(crate) use history::Finished;
pub(crate) use history::History;

use crate::base::ids::MinerId;
use crate::model::router::Payload;
use crate::model::rules::OrchestratorRules;
use crate::model::scoring::Published;
use crate::model::scoring::Scoring;
use crate::model::scoring::ScoringSpec;
use crate::work::Flags;

/// Scores of all miners, by the rules in force.
#[derive(Debug)]
pub(crate) struct Scores {
    spec: ScoringSpec,
    rule: Box<dyn Scoring>,
    slashes_invalid: bool,
    injected_below: Option<f64>,
    /// Finished jobs of each miner, as far as a score run needs them.
    histories: Vec<History>,
    /// What each miner's last score run found; none before the first that saw it.
    published: Vec<Option<Published>>,
    /// What the router reads of it.
    payload: Vec<Option<Payload>>,
}

/// What the score service answers validators.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    /// Score of every miner, in the order of their seats.
    pub(crate) scores: Vec<f64>,
    /// Score of the owner's hotkey.
    pub(crate) owner: f64,
}

impl Scores {
    /// The service for `miners` miners, whose jobs may become visible up to `grace_ms` after their event time.
    pub(crate) fn new(rules: &OrchestratorRules, miners: usize, grace_ms: u64) -> Self {
        Self {
            spec: rules.scoring.clone(),
            rule: rules.scoring.build(),
            slashes_invalid: rules.slashes_invalid,
            injected_below: rules.injected_below,
            histories: vec![History::with_grace(grace_ms); miners],
            published: vec![None; miners],
            payload: vec![None; miners],
        }
    }

    /// Another stretch of the schedule begins. What a rule has judged keeps that judgement.
    pub(crate) fn change(&mut self, rules: &OrchestratorRules) {
        if self.spec != rules.scoring {
            self.spec = rules.scoring.clone();
            self.rule = rules.scoring.build();
        }
        self.slashes_invalid = rules.slashes_invalid;
        self.injected_below = rules.injected_below;
    }

    /// Takes in a finished job of `miner`; with `again`, one that had finished otherwise before.
    #[inline]
    pub(crate) fn finished(&mut self, miner: MinerId, job: &Finished, again: bool) {
        self.histories[miner.index()].finished(self.rule.as_ref(), job, again);
    }

    /// Nothing more can come of job `number` of `miner`, and nothing earlier than `now_ms` of any of its jobs.
    #[inline]
    pub(crate) fn closed(&mut self, miner: MinerId, number: u64, now_ms: u64) {
        self.histories[miner.index()].closed(self.rule.as_ref(), number, now_ms);
    }

    /// Takes in a job of `miner` judged by `rule`; with `superseded_ms`, a status that another one took the place of then.
    pub(crate) fn finished_by(
        &mut self,
        rule: &dyn Scoring,
        miner: MinerId,
        job: &Finished,
        superseded_ms: Option<u64>,
    ) {
        let history = &mut self.histories[miner.index()];
        match superseded_ms {
            None => {
                history.finished(rule, job, false);
            }
            Some(at_ms) => history.superseded(rule, job, at_ms),
        }
    }

    /// Rebuilds and publishes the score of every valid miner; gives those whose published score moved.
    ///
    /// A miner that has turned invalid keeps what was published; since scores are taken from invalid miners, it is
    /// published as 0 and keeps its failures.
    pub(crate) fn run(&mut self, now_ms: u64, valid: &[bool]) -> Vec<MinerId> {
        let mut changed = Vec::new();
        for (place, is_valid) in valid.iter().copied().enumerate() {
            let is_taken = self.slashes_invalid && self.payload[place].is_some();
            if !is_valid && !is_taken {
                continue;
            }
            let found = self.histories[place].run(self.rule.as_ref(), now_ms);
            let published = if is_valid { found } else { taken(&found) };
            self.published[place] = Some(published);
            let payload = Some(payload(&published));
            if self.payload[place] != payload {
                self.payload[place] = payload;
                changed.push(MinerId::of(place));
            }
        }
        changed
    }

    /// Settles what no later job can come before, so that memory stays bounded between runs far apart.
    pub(crate) fn settle(&mut self, now_ms: u64) {
        for history in &mut self.histories {
            history.settle(self.rule.as_ref(), now_ms);
        }
    }

    /// Jobs that became visible later than the grace allows: only then can a run differ from a rebuild.
    pub(crate) fn late(&self) -> u64 {
        self.histories.iter().map(History::late).sum()
    }

    /// A dispatch error raises the failures that the router reads; whether there was a payload to raise them in.
    pub(crate) fn count_failure(&mut self, miner: MinerId) -> bool {
        let payload = &mut self.payload[miner.index()];
        if let Some(payload) = payload {
            payload.failure_count += 1;
        }
        payload.is_some()
    }

    /// What the router reads of every miner's published score.
    #[inline]
    pub(crate) fn payload(&self) -> &[Option<Payload>] {
        &self.payload
    }

    /// What each miner's last score run found; none before the first that saw it.
    pub(crate) fn published(&self) -> &[Option<Published>] {
        &self.published
    }

    /// What validators are answered now. Source: spec/offchain.md section 3.6.
    pub(crate) fn shown(&self, flags: &[Flags]) -> Shown {
        let mut sum = 0.0;
        let mut scores = Vec::with_capacity(self.published.len());
        for (place, published) in self.published.iter().enumerate() {
            let stored = published.map_or(0.0, |published| published.score);
            sum += stored;
            let Flags { valid, failed_audits } = flags[place];
            let is_slashed = failed_audits > 0 || (self.slashes_invalid && !valid);
            scores.push(if is_slashed { 0.0 } else { stored });
        }
        let is_injected = self.injected_below.is_some_and(|least| sum < least);
        Shown { scores, owner: if is_injected { 1.0 } else { 0.0 } }
    }
}

/// What is left of a record when its miner has lost its score: the failures. Source: orchestrator 1b6ccf1.
fn taken(published: &Published) -> Published {
    Published {
        score: 0.0,
        ema: published.ema.map(|_| 0.0),
        success_count: 0,
        failure_count: published.failure_count,
    }
}

/// What routers read of a published score. `is_slashed` is the audits' to set.
fn payload(published: &Published) -> Payload {
    Payload {
        scores: Some(published.score),
        ema_score: published.ema,
        is_slashed: false,
        failure_count: published.failure_count.unwrap_or(0),
    }
}
