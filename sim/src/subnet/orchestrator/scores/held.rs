//! The finished jobs of one miner that the relay still holds, for rules whose run goes on from the stored record.
//!
//! Version v001 takes every held job into the stored record again at each run, so that its counts grow run by run.
//! Version 2bd4f1b takes in only what comes after the last event of the run before.
//! Source: spec/offchain.md section 3.5.

use crate::model::scoring::Record;
use crate::model::scoring::Sample;
use crate::model::scoring::Scoring;
use crate::model::scoring::Start;
use crate::model::scoring::seconds;
use std::collections::VecDeque;

/// How long the relay holds a job after its creation \[ms\], seven days. Source: spec/offchain.md section 2.
pub(crate) const HELD_MS: u64 = 7 * 24 * 3_600_000;

/// A finished job, as the relay holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct HeldJob {
    /// Instant of the job's event \[ms\].
    pub(crate) at_ms: u64,
    /// The job's number; of equal event times the smaller comes first.
    pub(crate) number: u64,
    /// From when on a run sees it so \[ms\].
    pub(crate) visible_ms: u64,
    /// From when on no run sees it so any more \[ms\].
    pub(crate) gone_ms: u64,
    /// What the rule makes of it.
    pub(crate) sample: Sample,
}

impl HeldJob {
    fn is_success(&self) -> bool {
        matches!(self.sample, Sample::Success(_))
    }
}

/// Jobs by (event time, number), and what runs have found of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held {
    jobs: VecDeque<Seen>,
    /// Jobs that no run has seen yet.
    unseen: usize,
    /// Successes that the last run has seen.
    successes: u64,
    /// Failures that the last run has seen.
    failures: u64,
    /// Most that an event time lay after its job's creation, and so before the end of the time held \[ms\].
    longest_ms: u64,
    /// Whether a job goes before its time held is over.
    has_early: bool,
    /// Event time of the last job that a run took in, with the numbers of those at that instant.
    last: Option<(u64, Vec<u64>)>,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    job: HeldJob,
    /// Whether a run has seen it.
    is_seen: bool,
}

impl Held {
    /// Takes in a finished job.
    #[inline]
    pub(crate) fn push(&mut self, job: HeldJob) {
        let end = job.at_ms.saturating_add(HELD_MS);
        // A job of another past than the relay's goes at its own time.
        let before_end = end.saturating_sub(job.gone_ms);
        if before_end <= HELD_MS && job.gone_ms <= end {
            self.longest_ms = self.longest_ms.max(before_end);
        } else {
            self.has_early |= job.gone_ms < end;
        }
        let key = (job.at_ms, job.number);
        let before = self.jobs.iter().rposition(|other| (other.job.at_ms, other.job.number) <= key);
        self.jobs.insert(before.map_or(0, |before| before + 1), Seen { job, is_seen: false });
        self.unseen += 1;
    }

    /// Says that the job of this number has another status now; whether one was held.
    pub(crate) fn withdraw(&mut self, number: u64) -> bool {
        let Some(place) = self.jobs.iter().rposition(|seen| seen.job.number == number) else {
            return false;
        };
        let removed = self.jobs.remove(place).expect("it was found there");
        self.forget(&removed);
        true
    }

    /// Gives all jobs away, in their order.
    pub(crate) fn take(&mut self) -> Vec<HeldJob> {
        std::mem::take(self).jobs.into_iter().map(|seen| seen.job).collect()
    }

    /// Drops what the relay has deleted by `now_ms`.
    pub(crate) fn expire(&mut self, now_ms: u64) {
        if self.has_early {
            let all = std::mem::take(&mut self.jobs);
            let (gone, kept): (VecDeque<_>, VecDeque<_>) =
                all.into_iter().partition(|seen| seen.job.gone_ms <= now_ms);
            self.jobs = kept;
            for seen in &gone {
                self.forget(seen);
            }
            return;
        }
        let horizon_ms = now_ms.saturating_add(self.longest_ms);
        let may_be_gone = |seen: &Seen| seen.job.at_ms.saturating_add(HELD_MS) <= horizon_ms;
        let mut kept = Vec::new();
        while let Some(seen) = self.jobs.pop_front_if(|seen| may_be_gone(seen)) {
            if seen.job.gone_ms <= now_ms { self.forget(&seen) } else { kept.push(seen) }
        }
        for seen in kept.into_iter().rev() {
            self.jobs.push_front(seen);
        }
    }

    fn forget(&mut self, seen: &Seen) {
        if !seen.is_seen {
            self.unseen -= 1;
        } else if seen.job.is_success() {
            self.successes -= 1;
        } else {
            self.failures -= 1;
        }
    }

    /// Sees what has become visible by `now_ms`.
    fn look(&mut self, now_ms: u64) {
        let mut to_find = self.unseen;
        for seen in self.jobs.iter_mut().rev() {
            if to_find == 0 {
                break;
            }
            if seen.is_seen {
                continue;
            }
            to_find -= 1;
            if seen.job.visible_ms <= now_ms {
                seen.is_seen = true;
                self.unseen -= 1;
                let count =
                    if seen.job.is_success() { &mut self.successes } else { &mut self.failures };
                *count += 1;
            }
        }
    }

    /// A run at `now_ms`: it begins with the stored `record` and leaves the one that is stored and published.
    pub(crate) fn run(&mut self, rule: &dyn Scoring, record: &mut Record, now_ms: u64) {
        self.expire(now_ms);
        self.look(now_ms);
        let terms = rule.terms();
        if self.successes + self.failures == 0 {
            self.last = None;
            *record = Record {
                last_update: Some(seconds(now_ms)),
                settings: terms.settings,
                ..Record::default()
            };
            return;
        }
        load(rule, record);
        if terms.start == Start::StoredLater {
            self.take_later(rule, record);
        } else {
            self.take_all(rule, record);
        }
        rule.advance(record, seconds(now_ms), None);
    }

    /// A run at `now_ms` whose fetch of the jobs failed: the stored `record` only decays.
    pub(crate) fn run_blind(rule: &dyn Scoring, record: &mut Record, now_ms: u64) {
        load(rule, record);
        rule.advance(record, seconds(now_ms), None);
    }

    /// Every job on top of the record. With an alpha of 1 a success sets average and score whatever they were, so it is
    /// enough to begin at the last one, with the counts of all before it.
    fn take_all(&self, rule: &dyn Scoring, record: &mut Record) {
        let mut first = 0;
        if self.successes > 0 && record.settings.is_some_and(|settings| settings.alpha >= 1.0) {
            let is_last = |seen: &Seen| seen.is_seen && seen.job.is_success();
            first = self.jobs.iter().rposition(is_last).expect("one is counted");
            let later = self.jobs.range(first + 1..).filter(|seen| seen.is_seen).count();
            record.success_count += self.successes - 1;
            record.sample_count += self.successes - 1;
            record.failure_count +=
                self.failures - u64::try_from(later).expect("a length fits 64 bits");
        }
        for seen in self.jobs.range(first..).filter(|seen| seen.is_seen) {
            rule.advance(record, seconds(seen.job.at_ms), Some(seen.job.sample));
        }
    }

    /// Only jobs later than the last one taken in before.
    fn take_later(&mut self, rule: &dyn Scoring, record: &mut Record) {
        let (last_ms, taken) = self.last.take().unwrap_or_default();
        let first = self.jobs.partition_point(|seen| seen.job.at_ms < last_ms);
        let (mut at_ms, mut numbers) = (last_ms, taken.clone());
        for Seen { job, .. } in self.jobs.range(first..).filter(|seen| seen.is_seen) {
            if job.at_ms == last_ms && taken.contains(&job.number) {
                continue;
            }
            rule.advance(record, seconds(job.at_ms), Some(job.sample));
            if job.at_ms > at_ms {
                (at_ms, numbers) = (job.at_ms, Vec::new());
            }
            numbers.push(job.number);
        }
        self.last = Some((at_ms, numbers));
    }

    /// Number of the last job that the last run has seen.
    pub(crate) fn last_seen(&self) -> Option<u64> {
        self.jobs.iter().rfind(|seen| seen.is_seen).map(|seen| seen.job.number)
    }
}

/// The stored record as a run begins with it: its own settings, else the rule's; a score of 0 becomes the average.
fn load(rule: &dyn Scoring, record: &mut Record) {
    record.settings = record.settings.or(rule.terms().settings);
    if record.scores <= 0.0 && record.ema > 0.0 {
        record.scores = record.ema;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::scoring::ScoringSpec;
    use proptest::prelude::any;
    use proptest::prelude::prop;
    use proptest::prelude::proptest;

    fn rule(text: &str) -> Box<dyn Scoring> {
        toml::from_str::<ScoringSpec>(text).unwrap().build()
    }

    fn job(at_ms: u64, number: u64, worth: f64) -> HeldJob {
        let sample = if worth < 0.0 { Sample::Failure } else { Sample::Success(worth) };
        HeldJob { at_ms, number, visible_ms: at_ms, gone_ms: at_ms + HELD_MS, sample }
    }

    /// Source: spec/offchain.md section 3.5, worked example.
    #[test]
    fn a_penalty_vanishes_run_by_run() {
        let rule = rule("[v001]");
        let (mut held, mut record) = (Held::default(), Record::default());
        for (number, (at_ms, worth)) in
            (0..).zip([(6_005, 0.9), (606_010, -1.0), (706_010, -1.0), (806_010, -1.0)])
        {
            held.push(job(at_ms, number, worth));
        }
        for (hour, expected) in [(1, 0.4), (2, 0.8), (3, 0.8889), (4, 0.8853), (5, 0.8816)] {
            held.run(&*rule, &mut record, hour * 3_600_000);
            assert!((record.scores - expected).abs() < 5e-5, "hour {hour}: {}", record.scores);
            assert_eq!((record.success_count, record.failure_count), (hour, 3 * hour));
        }
    }

    #[test]
    fn later_jobs_alone_are_taken_in_since_2bd4f1b() {
        let rule = rule("[v001]\nstarts_from = \"stored_later\"\n");
        let (mut held, mut record) = (Held::default(), Record::default());
        held.push(job(10, 0, 0.9));
        held.push(job(10, 1, -1.0));
        held.run(&*rule, &mut record, 20);
        held.run(&*rule, &mut record, 30);
        assert_eq!((record.success_count, record.failure_count), (1, 1));
        // One more of the last instant, one before it, which comes too late, and one after it.
        for (at_ms, number) in [(10, 2), (5, 3), (40, 4)] {
            held.push(job(at_ms, number, -1.0));
        }
        held.run(&*rule, &mut record, 50);
        assert_eq!((record.success_count, record.failure_count), (1, 3));
    }

    #[test]
    fn a_failed_fetch_only_decays_and_without_a_job_the_record_is_reset() {
        let rule = rule("[v001]");
        let (mut held, mut record) = (Held::default(), Record::default());
        held.push(job(0, 0, 0.8));
        held.run(&*rule, &mut record, 0);
        Held::run_blind(&*rule, &mut record, HELD_MS - 1);
        assert!((record.scores - 0.4).abs() < 1e-6 && record.success_count == 1);
        held.run(&*rule, &mut record, HELD_MS);
        assert_eq!((record.scores.to_bits(), record.success_count), (0, 0));
    }

    /// What production does, without a shortcut.
    fn plain(rule: &dyn Scoring, jobs: &[HeldJob], record: &mut Record, now_ms: u64) {
        let is_held = |job: &&HeldJob| job.visible_ms <= now_ms && now_ms < job.gone_ms;
        let mut seen: Vec<_> = jobs.iter().filter(is_held).collect();
        seen.sort_by_key(|job| (job.at_ms, job.number));
        if seen.is_empty() {
            let last_update = Some(seconds(now_ms));
            let settings = rule.terms().settings;
            *record = Record { last_update, settings, ..Record::default() };
            return;
        }
        load(rule, record);
        for job in seen {
            rule.advance(record, seconds(job.at_ms), Some(job.sample));
        }
        rule.advance(record, seconds(now_ms), None);
    }

    proptest! {
        /// Jobs come while runs go on; some are withdrawn, some are seen late, all leave after their time.
        #[test]
        fn the_shortcut_gives_the_bits_of_a_plain_replay(
            jobs in prop::collection::vec(
                (0..HELD_MS * 2, 0..HELD_MS / 4, 0..HELD_MS / 8, -1.0..1.0, any::<u8>()), 0..80),
            step in HELD_MS / 40..HELD_MS / 3,
            is_whole in any::<bool>(),
        ) {
            let alpha = if is_whole { 1.0 } else { 0.3 };
            let rule = rule(&format!("[v001]\nema_alpha = {alpha:?}\n"));
            let mut all: Vec<HeldJob> = (0..).zip(&jobs).map(|(number, job)| {
                let (at_ms, ran_ms, late_ms, worth, _) = *job;
                let sample = if worth < 0.0 { Sample::Failure } else { Sample::Success(worth) };
                let gone_ms = at_ms.saturating_sub(ran_ms) + HELD_MS;
                HeldJob { at_ms, number, visible_ms: at_ms + late_ms, gone_ms, sample }
            }).collect();
            let (mut held, mut record, mut expected) =
                (Held::default(), Record::default(), Record::default());
            let mut known: Vec<HeldJob> = Vec::new();
            all.sort_by_key(|job| job.visible_ms);
            let mut now_ms = 0;
            while now_ms < 4 * HELD_MS {
                while let Some(job) = all.first().filter(|job| job.visible_ms <= now_ms + step / 2) {
                    held.push(*job);
                    known.push(*job);
                    if jobs[usize::try_from(job.number).unwrap()].4 < 20 {
                        let gone = known.remove(known.len() / 2);
                        held.withdraw(gone.number);
                    }
                    all.remove(0);
                }
                held.run(&*rule, &mut record, now_ms);
                plain(&*rule, &known, &mut expected, now_ms);
                assert_eq!(record, expected, "at {now_ms}");
                assert_eq!(record.scores.to_bits(), expected.scores.to_bits());
                now_ms += step;
            }
        }
    }
}
