//! A score run over one miner: what it has stored by an instant, made into a published score.
//!
//! Where a run begins with nothing, [`History`] keeps as little as the rule allows. Without a look-back that is the record
//! and what came in since the last run; with one, 16 bytes for each job inside it. Either way a run gives, to the bit,
//! what a rebuild from all jobs would give: events are taken in by (event time, job number), and the copy that is
//! published is decayed, never the record that is kept. Where a run begins with the stored record, the jobs are kept as
//! the relay holds them, and the record that is published is the one stored.
//!
//! What we leave out where runs begin with nothing: a stored status that is overwritten after a run has taken it in.
//! Production rebuilds from its store and sees the last status only; we count both, and [`History::finished`] says so,
//! for the caller to report.

use crate::model::scoring::FinishedJob;
use crate::model::scoring::Published;
use crate::model::scoring::Record;
use crate::model::scoring::Sample;
use crate::model::scoring::Scoring;
use crate::model::scoring::Start;
use crate::model::scoring::publish;
use crate::model::scoring::published;
use crate::model::scoring::seconds;
use crate::subnet::orchestrator::scores::held::HELD_MS;
use crate::subnet::orchestrator::scores::held::Held;
use crate::subnet::orchestrator::scores::held::HeldJob;
use std::collections::VecDeque;

/// The finished jobs of one miner, as far as a score run still needs them.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    /// All that is settled, where the rule has no look-back; the stored settings in any case.
    record: Record,
    /// Settled jobs inside the look-back, by event time, where the rule has one.
    window: VecDeque<KeptJob>,
    /// Successes in the window.
    window_successes: usize,
    /// Whether a status was taken in that another one takes the place of.
    has_superseded: bool,
    /// Jobs not yet settled, by (event time, number).
    waiting: VecDeque<Waiting>,
    /// A job may become visible this long after its event time.
    grace_ms: u64,
    /// Event time of the last job settled.
    settled_ms: u64,
    /// Jobs that became visible later than the grace allows, and so were taken in out of order.
    late: u64,
    /// Jobs as the relay holds them, where a run begins with the stored record.
    held: Held,
    /// Whether the last run left a stored record that the next begins with.
    is_stored: bool,
}

/// A job inside the look-back: 16 bytes, because there may be many.
#[derive(Clone, Copy, Debug)]
struct KeptJob {
    at_ms: u64,
    /// Worth of a success; below 0 for a failure.
    worth: f64,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    created_ms: u64,
    visible_ms: u64,
    at_ms: u64,
    number: u64,
    /// From when on another status stands in its place; never for the last one.
    superseded_ms: u64,
    sample: Sample,
    /// Whether nothing more can come of the job.
    is_final: bool,
}

/// A finished job, as a score run finds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Finished {
    /// Number of the job, in order of creation.
    pub(crate) number: u64,
    /// When it was created [ms].
    pub(crate) created_ms: u64,
    /// From when on a run reads this status [ms].
    pub(crate) visible_ms: u64,
    /// What is stored about it.
    pub(crate) event: FinishedJob,
}

impl History {
    /// A ledger for jobs that may become visible up to `grace_ms` after their event time.
    pub(crate) fn with_grace(grace_ms: u64) -> Self {
        Self { grace_ms, ..Self::default() }
    }

    /// Takes in a finished job; with `again`, one whose earlier status was taken in before.
    ///
    /// False when a run has already settled the earlier status: then both count, unlike in production.
    pub(crate) fn finished(&mut self, rule: &dyn Scoring, job: &Finished, again: bool) -> bool {
        let is_known = again && self.withdraw(job.number);
        self.push(rule, job, u64::MAX);
        is_known || !again
    }

    /// Nothing more can come of job `number`, and nothing earlier than `now_ms` of any job: what is final up to there is
    /// settled at once, so that a busy miner's jobs do not gather from one run to the next.
    ///
    /// The rule must be the one of the next run: a caller whose rule may change before says nothing.
    pub(crate) fn closed(&mut self, rule: &dyn Scoring, number: u64, now_ms: u64) {
        if let Some(job) = self.waiting.iter_mut().rev().find(|job| job.number == number) {
            job.is_final = true;
        }
        let is_settled =
            |job: &mut Waiting| job.is_final && job.at_ms < now_ms && job.visible_ms < now_ms;
        if self.is_stored
            || self.has_superseded
            || !self.waiting.front_mut().is_some_and(is_settled)
        {
            return;
        }
        let terms = rule.terms();
        // A record's settings are those of its first run.
        let is_set = terms.settings.is_none() || self.record.settings.is_some();
        if terms.lookback_ms.is_none() && !(is_set && self.window.is_empty()) {
            return;
        }
        while let Some(job) = self.waiting.pop_front_if(is_settled) {
            match terms.lookback_ms {
                None => self.settle_one(rule, &job),
                Some(_) => self.keep(&job),
            }
        }
    }

    /// Takes a job into the record.
    fn settle_one(&mut self, rule: &dyn Scoring, job: &Waiting) {
        self.late += u64::from(job.at_ms < self.settled_ms);
        self.settled_ms = self.settled_ms.max(job.at_ms);
        rule.advance(&mut self.record, seconds(job.at_ms), Some(job.sample));
    }

    /// Takes a job into the window.
    fn keep(&mut self, job: &Waiting) {
        let kept = KeptJob::of(job);
        self.window_successes += usize::from(kept.is_success());
        // Nearly every job comes after all that are there.
        let is_last = self.window.back().is_none_or(|last| last.at_ms <= kept.at_ms);
        if is_last {
            self.window.push_back(kept);
        } else {
            let place = self.window.partition_point(|other| other.at_ms <= kept.at_ms);
            self.window.insert(place, kept);
        }
    }

    /// Forgets the status of a job that no run has settled; whether there was one.
    fn withdraw(&mut self, number: u64) -> bool {
        if let Some(place) = self.waiting.iter().position(|other| other.number == number) {
            self.waiting.remove(place);
            return true;
        }
        self.held.withdraw(number)
    }

    /// Takes in a status that another one has taken the place of at `superseded_ms`, unless a run settles it before.
    pub(crate) fn superseded(&mut self, rule: &dyn Scoring, job: &Finished, superseded_ms: u64) {
        self.has_superseded |= rule.terms().start == Start::Nothing;
        self.push(rule, job, superseded_ms);
    }

    #[inline]
    fn push(&mut self, rule: &dyn Scoring, job: &Finished, superseded_ms: u64) {
        let Some(sample) = rule.judge(&job.event) else { return };
        let Finished { number, created_ms, visible_ms, event } = *job;
        let at_ms = event.at_ms;
        let waiting = Waiting {
            created_ms,
            visible_ms,
            at_ms,
            number,
            superseded_ms,
            sample,
            is_final: false,
        };
        if rule.terms().start == Start::Nothing {
            self.wait(waiting);
        } else {
            self.held.push(waiting.held());
        }
    }

    #[inline]
    fn wait(&mut self, job: Waiting) {
        // Jobs come nearly in order: the place is at the end or a few before it.
        let key = (job.at_ms, job.number);
        let before = self.waiting.iter().rposition(|other| (other.at_ms, other.number) <= key);
        self.waiting.insert(before.map_or(0, |before| before + 1), job);
    }

    /// Another stretch of a schedule may have changed what a run begins with: the jobs go where such a run looks.
    fn shelve(&mut self, start: Start) {
        if start == Start::Nothing {
            if self.is_stored {
                self.record = Record { settings: self.record.settings, ..Record::default() };
            }
            for job in self.held.take() {
                self.has_superseded |= job.gone_ms < job.at_ms.saturating_add(HELD_MS);
                self.wait(Waiting::of(&job));
            }
        } else {
            // What has been judged inside a look-back has no number any more: it is held by its event time.
            for kept in std::mem::take(&mut self.window) {
                let (at_ms, gone_ms) = (kept.at_ms, kept.at_ms.saturating_add(HELD_MS));
                let sample = kept.sample();
                self.held.push(HeldJob { at_ms, number: 0, visible_ms: at_ms, gone_ms, sample });
            }
            self.window_successes = 0;
            for job in std::mem::take(&mut self.waiting) {
                self.held.push(job.held());
            }
        }
        self.is_stored = start != Start::Nothing;
    }

    /// The score run at `now_ms`, over all that is visible by then. Runs must not go back in time.
    pub(crate) fn run(&mut self, rule: &dyn Scoring, now_ms: u64) -> Published {
        let terms = rule.terms();
        self.shelve(terms.start);
        if terms.start != Start::Nothing {
            self.held.run(rule, &mut self.record, now_ms);
            return published(rule, &self.record);
        }
        self.drop_superseded(now_ms);
        self.record.settings = self.record.settings.or(terms.settings);
        match terms.lookback_ms {
            None => self.run_over_all(rule, now_ms),
            Some(lookback_ms) => {
                self.slide(now_ms, now_ms.saturating_sub(lookback_ms));
                publish(rule, &self.rebuild(rule), now_ms)
            }
        }
    }

    /// Settles what no later job can come before, so that memory stays bounded between runs far apart.
    pub(crate) fn settle(&mut self, rule: &dyn Scoring, now_ms: u64) {
        if self.is_stored {
            return self.held.expire(now_ms);
        }
        if self.has_superseded {
            // Only a run may settle a status that another one takes the place of.
            return;
        }
        match rule.terms().lookback_ms {
            None => self.settle_up_to(rule, now_ms, now_ms.saturating_sub(self.grace_ms)),
            Some(lookback_ms) => self.slide(now_ms, now_ms.saturating_sub(lookback_ms)),
        }
    }

    /// Jobs that became visible later than the grace allows: only then can a run differ from a rebuild.
    pub(crate) fn late(&self) -> u64 {
        self.late
    }

    /// Statuses that no run has settled before others took their place never count.
    fn drop_superseded(&mut self, now_ms: u64) {
        if self.has_superseded {
            self.waiting.retain(|job| job.superseded_ms > now_ms);
        }
    }

    fn run_over_all(&mut self, rule: &dyn Scoring, now_ms: u64) -> Published {
        self.settle_up_to(rule, now_ms, now_ms.saturating_sub(self.grace_ms));
        let mut record = self.record;
        for job in self.waiting.iter().filter(|job| job.visible_ms <= now_ms) {
            rule.advance(&mut record, seconds(job.at_ms), Some(job.sample));
        }
        publish(rule, &record, now_ms)
    }

    fn settle_up_to(&mut self, rule: &dyn Scoring, now_ms: u64, horizon_ms: u64) {
        self.window_successes = 0;
        for kept in std::mem::take(&mut self.window) {
            rule.advance(&mut self.record, seconds(kept.at_ms), Some(kept.sample()));
        }
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.retain(|job| {
            let settles = job.visible_ms <= now_ms && job.at_ms <= horizon_ms;
            if settles {
                self.settle_one(rule, job);
            }
            !settles
        });
        self.waiting = waiting;
    }

    /// Moves the window on: what has become visible comes in, what is older than `from_ms` goes.
    fn slide(&mut self, now_ms: u64, from_ms: u64) {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.retain(|job| {
            let visible = job.visible_ms <= now_ms;
            if visible {
                self.keep(job);
            }
            !visible
        });
        self.waiting = waiting;
        while let Some(kept) = self.window.front().filter(|kept| kept.at_ms < from_ms) {
            self.window_successes -= usize::from(kept.is_success());
            self.window.pop_front();
        }
    }

    /// The record made from the window alone. With an alpha of 1 a success sets average and score whatever they were,
    /// so it is enough to begin at the last one, with the counts of all before it.
    fn rebuild(&self, rule: &dyn Scoring) -> Record {
        let mut record = Record { settings: self.record.settings, ..Record::default() };
        let mut first = 0;
        if record.settings.is_some_and(|settings| settings.alpha >= 1.0) {
            let successes = self.window_successes.saturating_sub(1);
            first = match self.window_successes {
                0 => self.window.len().saturating_sub(1),
                _ => self.window.iter().rposition(KeptJob::is_success).expect("one is counted"),
            };
            let count = |n: usize| u64::try_from(n).expect("a length fits 64 bits");
            record.success_count = count(successes);
            record.sample_count = count(successes);
            record.failure_count = count(first - successes.min(first));
        }
        for kept in self.window.range(first..) {
            rule.advance(&mut record, seconds(kept.at_ms), Some(kept.sample()));
        }
        record
    }
}

impl Waiting {
    fn of(job: &HeldJob) -> Self {
        let HeldJob { at_ms, number, visible_ms, gone_ms, sample } = *job;
        let created_ms = gone_ms.saturating_sub(HELD_MS).min(at_ms);
        Self {
            created_ms,
            visible_ms,
            at_ms,
            number,
            superseded_ms: gone_ms,
            sample,
            is_final: false,
        }
    }

    fn held(&self) -> HeldJob {
        let Self { created_ms, visible_ms, at_ms, number, superseded_ms, sample, .. } = *self;
        let gone_ms = created_ms.saturating_add(HELD_MS).min(superseded_ms);
        HeldJob { at_ms, number, visible_ms, gone_ms, sample }
    }
}

impl KeptJob {
    fn of(job: &Waiting) -> Self {
        let worth = match job.sample {
            Sample::Success(worth) => worth,
            Sample::Failure => -1.0,
        };
        Self { at_ms: job.at_ms, worth }
    }

    fn is_success(&self) -> bool {
        self.worth >= 0.0
    }

    fn sample(self) -> Sample {
        if self.is_success() { Sample::Success(self.worth) } else { Sample::Failure }
    }
}

#[cfg(test)]
mod tests;
