//! Invariants: what must hold exactly in every epoch and job of every run, judged on records alone.

mod causality;
mod conservation;
mod job_conservation;
mod no_negative;
mod permutation;

pub(crate) use permutation::Mechanism;

use crate::metrics::RunSummary;
use crate::work::EpochRecord;
use crate::work::JobRecord;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use std::fmt::Debug;

/// An equality or order that holds exactly in every run.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Invariant {
    /// Every rao minted is somewhere: minted = owner + validators + miners + burned + recycled + remainder.
    Conservation,
    /// No amount is below 0: none that wrapped round, no part larger than its whole.
    NoNegative,
    /// Every job is counted once: none lost, none twice, each success, failed or open.
    JobConservation,
    /// Nothing happens before its cause: no callback before its job, no epoch before the last.
    Causality,
    /// Relabelling uids permutes weights and payouts.
    Permutation,
}

impl Invariant {
    /// Every invariant, in the order of the reports.
    pub(crate) const ALL: &'static [Self] = &[
        Self::Conservation,
        Self::NoNegative,
        Self::JobConservation,
        Self::Causality,
        Self::Permutation,
    ];

    /// The word in scenario files.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Conservation => "conservation",
            Self::NoNegative => "no_negative",
            Self::JobConservation => "job_conservation",
            Self::Causality => "causality",
            Self::Permutation => "permutation",
        }
    }

    /// What it says, in one sentence.
    pub(crate) const fn about(self) -> &'static str {
        match self {
            Self::Conservation => "Every rao minted is somewhere, in every epoch.",
            Self::NoNegative => "No amount is below 0 and no part larger than its whole.",
            Self::JobConservation => "Every job is counted once.",
            Self::Causality => "Nothing happens before its cause.",
            Self::Permutation => {
                "Nobody is paid for its uid: relabelling permutes weights and pay."
            }
        }
    }

    fn checker(self) -> Box<dyn InvariantChecker> {
        match self {
            Self::Conservation => Box::new(conservation::Conservation),
            Self::NoNegative => Box::new(no_negative::NoNegative),
            Self::JobConservation => Box::new(job_conservation::JobConservation::default()),
            Self::Causality => Box::new(causality::Causality::default()),
            Self::Permutation => Box::new(permutation::Permutation::default()),
        }
    }
}

/// An invariant that was broken, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// Where, and which numbers, in words.
    pub(crate) what: String,
}

/// What is known when a replication has ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Books<'a> {
    /// Jobs that miners were sent in the whole run, warm-up included: numbers `0..jobs` with no gap.
    pub(crate) jobs: u64,
    /// The facts of the window.
    pub(crate) facts: &'a RunSummary,
}

/// Judges records as they come. An error ends nothing: the watch keeps the first.
trait InvariantChecker: Debug + Send {
    /// Whether jobs are of use to it; the others are shown none.
    fn reads_jobs(&self) -> bool {
        false
    }

    /// A job whose stored status has just changed, or that is still open at the end.
    fn job(&mut self, _record: &JobRecord) -> Result<(), String> {
        Ok(())
    }

    /// An epoch that has just ended.
    fn epoch(&mut self, _record: &EpochRecord) -> Result<(), String> {
        Ok(())
    }

    /// What decided the weights and the pay of an epoch that has just ended.
    fn mechanism(&mut self, _seen: &Mechanism<'_>) -> Result<(), String> {
        Ok(())
    }

    /// The replication has ended.
    fn end(&mut self, _books: &Books<'_>) -> Result<(), String> {
        Ok(())
    }
}

/// Watches one replication; keeps the first break of each invariant.
#[derive(Debug)]
pub(crate) struct InvariantObserver {
    each: Vec<(Invariant, Box<dyn InvariantChecker>, Option<Broken>)>,
    /// Places of those that read jobs.
    of_jobs: Vec<usize>,
}

impl Default for InvariantObserver {
    /// Watches every invariant there is.
    fn default() -> Self {
        Self::of(Invariant::ALL)
    }
}

impl InvariantObserver {
    /// Watches these invariants and no others.
    pub(crate) fn of(invariants: &[Invariant]) -> Self {
        let each: Vec<_> = invariants.iter().map(|one| (*one, one.checker(), None)).collect();
        let of_jobs = (0..each.len()).filter(|place| each[*place].1.reads_jobs()).collect();
        Self { each, of_jobs }
    }

    /// A job whose stored status has just changed, or that is still open at the end.
    #[inline]
    pub(crate) fn job(&mut self, record: &JobRecord) {
        for place in &self.of_jobs {
            let (_, checker, broken) = &mut self.each[*place];
            if broken.is_none() {
                *broken = checker.job(record).err().map(|what| Broken { what });
            }
        }
    }

    /// An epoch that has just ended.
    pub(crate) fn epoch(&mut self, record: &EpochRecord) {
        self.look(|checker| checker.epoch(record));
    }

    /// What decided the weights and the pay of an epoch that has just ended.
    pub(crate) fn mechanism(&mut self, seen: &Mechanism<'_>) {
        self.look(|checker| checker.mechanism(seen));
    }

    /// The replication has ended: what was broken first, by invariant.
    pub(crate) fn end(mut self, books: &Books<'_>) -> Vec<(Invariant, Option<Broken>)> {
        self.look(|checker| checker.end(books));
        self.each.into_iter().map(|(invariant, _, broken)| (invariant, broken)).collect()
    }

    fn look(&mut self, mut look: impl FnMut(&mut dyn InvariantChecker) -> Result<(), String>) {
        for (_, checker, broken) in &mut self.each {
            if broken.is_none() {
                *broken = look(checker.as_mut()).err().map(|what| Broken { what });
            }
        }
    }
}

/// `holds`, or the words for what does not.
fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

#[cfg(test)]
mod sample {
    //! Honest records to doctor.

    use super::*;
    use crate::base::units::Rao;
    use crate::base::units::SimSpan;
    use crate::base::units::SimTime;
    use crate::work::ObservedJob;
    use crate::work::Request;
    use crate::work::Status;
    use crate::work::TrueJob;

    /// An epoch in which 100 rao were minted.
    pub(super) fn epoch(number: u32) -> EpochRecord {
        EpochRecord {
            number,
            block: 360 * (u64::from(number) + 1),
            at: SimTime::from_ms(4_320_000 * (u64::from(number) + 1)),
            minted: Rao(100),
            owner: Rao(18),
            validators: Rao(41),
            miners: Rao(10),
            burned: Rao(30),
            recycled: Rao(0),
            remainder_rao: 1,
            miner_pay: vec![Rao(7), Rao(3)],
            miner_incentive: vec![9000, 4000],
            validator_pay: vec![Rao(41)],
        }
    }

    /// A success that took two seconds.
    pub(super) fn job(number: u64) -> JobRecord {
        JobRecord {
            job: Request {
                number,
                created: SimTime::from_ms(1000),
                steps: 50,
                ..Request::default()
            },
            stored: ObservedJob {
                status: Status::Success,
                dispatched_ms: Some(1100),
                callback_ms: Some(3000),
                response_ms: Some(3200),
                last_updated_ms: 3200,
                total_runtime_ms: Some(2000),
                ..ObservedJob::default()
            },
            truth: TrueJob {
                useful_steps: 50,
                computed_steps: 50,
                began: Some(SimTime::from_ms(1100)),
                service: SimSpan::from_ms(1500),
                image_id: Some(7),
            },
            ..JobRecord::default()
        }
    }

    /// What the invariant says of these records, and of the end after them.
    pub(super) fn broken(
        invariant: Invariant,
        jobs: &[JobRecord],
        epochs: &[EpochRecord],
        books: &Books<'_>,
    ) -> Option<String> {
        let mut watch = InvariantObserver::of(&[invariant]);
        for record in jobs {
            watch.job(record);
        }
        for record in epochs {
            watch.epoch(record);
        }
        watch.end(books).remove(0).1.map(|broken| broken.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honest_records_break_nothing() {
        let facts = RunSummary::default();
        let books = Books { jobs: 2, facts: &facts };
        for invariant in Invariant::ALL {
            let jobs = [sample::job(0), sample::job(1)];
            let epochs = [sample::epoch(0), sample::epoch(1)];
            assert_eq!(sample::broken(*invariant, &jobs, &epochs, &books), None, "{invariant:?}");
        }
    }

    #[test]
    fn the_first_break_is_kept() {
        let facts = RunSummary::default();
        let books = Books { jobs: 0, facts: &facts };
        let doctored =
            |number| EpochRecord { minted: crate::base::units::Rao(99), ..sample::epoch(number) };
        let found =
            sample::broken(Invariant::Conservation, &[], &[doctored(3), doctored(4)], &books);
        assert!(found.unwrap().starts_with("epoch 3"));
    }

    #[test]
    fn names_are_those_of_scenario_files() {
        for invariant in Invariant::ALL {
            let text = format!("\"{}\"", invariant.name());
            assert_eq!(serde_json::from_str::<Invariant>(&text).unwrap(), *invariant);
            assert!(!invariant.about().is_empty());
        }
    }
}
