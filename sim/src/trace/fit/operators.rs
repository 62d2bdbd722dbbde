//! Operators, and the cohorts of their miners: those that lose images in their own way apart.

use crate::base::math;
use crate::trace::fit::groups;
use crate::trace::fit::groups::TimeCells;
use crate::trace::fit::regimes;
use crate::trace::fit::regimes::Ack;
use crate::trace::fit::regimes::Regime;
use crate::trace::fit::symbols::Base;
use crate::trace::fit::symbols::Symbols;
use crate::trace::jobs::RecordedJobs;
use crate::trace::measure::answers;
use crate::trace::measure::answers::AnswerClass;
use crate::trace::measure::answers::SuccessContent;
use crate::work::FailureReason;
use crate::work::Status;
use statrs::distribution::Binomial;
use statrs::distribution::DiscreteCDF;
use std::collections::BTreeMap;

/// A miner that truncates or empties more images than chance allows at this level is apart. Source: ours, so that none
/// of a thousand is by chance.
const APART_P: f64 = 1e-6;

/// An operator with fewer sizes of whole images than this has those of all: one size again and again would be a canned
/// image. Source: ours.
const SIZES_MIN: usize = 5;

/// An operator: miners that answer alike, and the laws of their answers.
#[derive(Clone, Debug)]
pub(crate) struct FittedOperator {
    /// Name of the operator, made from its miners' answers.
    pub(crate) name: String,
    /// What most of its miners are.
    pub(crate) class: AnswerClass,
    /// Its regimes, in order.
    pub(crate) regimes: Vec<Regime>,
    /// Its miners by cohort.
    pub(crate) cohorts: Vec<FittedCohort>,
    /// Distinct sizes of canned images.
    pub(crate) canned: usize,
    /// Usual size of a truncated image [bytes]; none without any.
    pub(crate) truncated_bytes: Option<u32>,
    /// Smallest and largest full image [bytes].
    pub(crate) bytes: Option<(u32, u32)>,
    /// Whether kinds of answer differ in time, so that what is not computed is held by its own times.
    pub(crate) is_split: bool,
}

/// Miners of an operator that fail alike.
#[derive(Clone, Debug)]
pub(crate) struct FittedCohort {
    /// Numbers of the cohort's miners among those of the trace.
    pub(crate) miners: Vec<u16>,
    /// Jobs that were routed to the cohort.
    pub(crate) jobs: u32,
    /// Refused dispatches, and the status most of them had.
    pub(crate) refused: u32,
    /// HTTP status of most refusals; 0 without one.
    pub(crate) refused_status: u16,
    /// Dispatches that timed out.
    pub(crate) timed_out: u32,
    /// Images of no bytes.
    pub(crate) empty: u32,
    /// Callbacks that said "failed".
    pub(crate) callback_failed: u32,
    /// Jobs never called back.
    pub(crate) silent: u32,
    /// Truncated images, and all images it could have been.
    pub(crate) truncated: u32,
    /// Images that could have been truncated: all that were sent.
    pub(crate) images: u32,
}

/// Operators of `jobs`, the one with most jobs first.
pub(super) fn operators(
    jobs: &RecordedJobs,
    begin_ms: u64,
    stationary: bool,
    progress: &dyn Fn(u64),
) -> Vec<FittedOperator> {
    let answers = answers::answers(&jobs.rows);
    let counts = answers::counts(jobs, &answers);
    let end_ms = jobs.rows.last().map_or(begin_ms, |row| row.created_ms);
    let clock = TimeCells::new(begin_ms, end_ms);
    let mut symbols = vec![Vec::new(); jobs.miners.len()];
    for (row, answer) in jobs.rows.iter().zip(&answers).filter(|(r, _)| r.created_ms >= begin_ms) {
        symbols[usize::from(row.miner)].push(Symbols::of(row, *answer));
    }
    let mut names: BTreeMap<&'static str, u8> = BTreeMap::new();
    let base = Base::of(symbols.iter().flatten());
    let found = groups::groups(&clock, &base, &symbols, progress);
    let all_sizes =
        sizes(jobs.rows.iter().copied().zip(answers.iter().copied()), SuccessContent::Full);
    let one = |members: Vec<usize>| {
        let own: Vec<_> = jobs
            .rows
            .iter()
            .zip(&answers)
            .filter(|(row, _)| row.created_ms >= begin_ms)
            .filter(|(row, _)| members.binary_search(&usize::from(row.miner)).is_ok())
            .map(|(row, answer)| (*row, *answer))
            .collect();
        let regimes = regimes::regimes(&clock, &base, &own, stationary);
        let mut all = [0; answers::KINDS];
        for member in &members {
            for (sum, count) in all.iter_mut().zip(counts[*member]) {
                *sum += count;
            }
        }
        let class = AnswerClass::of(all);
        let number = names.entry(class.name()).or_default();
        *number += 1;
        let canned = sizes(own.iter().copied(), SuccessContent::Canned);
        let full = sizes(own.iter().copied(), SuccessContent::Full);
        let full = if full.len() < SIZES_MIN && !full.is_empty() { &all_sizes } else { &full };
        let truncated = sizes(own.iter().copied(), SuccessContent::Truncated);
        FittedOperator {
            name: format!("{}-{number}", class.name()),
            class,
            cohorts: cohorts(&own, &members),
            is_split: regimes.iter().any(|regime| regime.all.is_none() && regime.times.len() > 1),
            regimes,
            canned: canned.len(),
            truncated_bytes: truncated.get(truncated.len() / 2).copied(),
            bytes: full.first().copied().zip(full.last().copied()),
        }
    };
    found.into_iter().map(one).collect()
}

/// Distinct sizes of images of a kind, ascending.
fn sizes(jobs: impl Iterator<Item = regimes::Job>, kind: SuccessContent) -> Vec<u32> {
    let own = jobs.filter(|(_, answer)| *answer == Some(kind));
    let mut sizes: Vec<u32> = own.filter_map(|(row, _)| row.image_bytes).collect();
    sizes.sort_unstable();
    sizes.dedup();
    sizes
}

/// The miners of an operator, those that lose images more often than chance apart.
fn cohorts(jobs: &[regimes::Job], members: &[usize]) -> Vec<FittedCohort> {
    let number = |miner: &usize| u16::try_from(*miner).expect("at most 1024 miners");
    let whole = FittedCohort::of(jobs, members.iter().map(number).collect());
    let lost = |cohort: &FittedCohort| u64::from(cohort.truncated + cohort.empty);
    let each: Vec<FittedCohort> =
        whole.miners.iter().map(|miner| FittedCohort::of(jobs, vec![*miner])).collect();
    // The rate of an ordinary miner is the median's: the pooled one is the losers' own.
    let mut rates: Vec<f64> = each
        .iter()
        .filter(|one| one.images > 0)
        .map(|one| math::float(lost(one)) / f64::from(one.images))
        .collect();
    rates.sort_by(f64::total_cmp);
    let usual = rates.get(rates.len() / 2).copied().unwrap_or(0.0).max(0.005);
    let apart: Vec<u16> = each
        .iter()
        .filter(|one| {
            let law = Binomial::new(usual.min(1.0), u64::from(one.images));
            let more = lost(one).saturating_sub(1);
            lost(one) > 0 && law.is_ok_and(|law| law.sf(more) < APART_P)
        })
        .map(|one| one.miners[0])
        .collect();
    if apart.is_empty() || apart.len() == members.len() {
        return vec![whole];
    }
    let rest = whole.miners.iter().copied().filter(|miner| !apart.contains(miner)).collect();
    vec![FittedCohort::of(jobs, rest), FittedCohort::of(jobs, apart)]
}

impl FittedCohort {
    fn of(jobs: &[regimes::Job], miners: Vec<u16>) -> Self {
        let mut cohort = Self {
            miners,
            jobs: 0,
            refused: 0,
            refused_status: 0,
            timed_out: 0,
            empty: 0,
            callback_failed: 0,
            silent: 0,
            truncated: 0,
            images: 0,
        };
        let mut statuses: BTreeMap<u16, u32> = BTreeMap::new();
        for (row, answer) in jobs.iter().filter(|(row, _)| cohort.miners.contains(&row.miner)) {
            cohort.jobs += 1;
            match (row.status, row.failure) {
                (Status::Pending, _) => cohort.silent += 1,
                (Status::Failed, Some(FailureReason::DispatchStatus(status))) => {
                    cohort.refused += 1;
                    *statuses.entry(status).or_default() += 1;
                }
                (Status::Failed, Some(FailureReason::DispatchTimeout)) => cohort.timed_out += 1,
                (Status::Failed, Some(FailureReason::EmptyImage)) => {
                    cohort.empty += 1;
                    cohort.images += 1;
                }
                (Status::Failed, _) => cohort.callback_failed += 1,
                (Status::Success, _) => {}
            }
            cohort.truncated += u32::from(*answer == Some(SuccessContent::Truncated));
            cohort.images +=
                u32::from(matches!(answer, Some(SuccessContent::Truncated | SuccessContent::Full)));
        }
        let most = statuses.into_iter().max_by_key(|(status, count)| (*count, *status));
        cohort.refused_status = most.map_or(0, |(status, _)| status);
        cohort
    }

    /// Jobs that failed in each way, by the scenario's key.
    pub(crate) fn failures(&self) -> [(&'static str, u32); 5] {
        [
            ("refused_share", self.refused),
            ("no_ack_share", self.timed_out),
            ("empty_image_share", self.empty),
            ("callback_failed_share", self.callback_failed),
            ("silent_share", self.silent),
        ]
    }
}

impl FittedOperator {
    /// Name of the cohort of this number.
    pub(crate) fn cohort_name(&self, number: usize) -> String {
        if number == 0 { self.name.clone() } else { format!("{}-truncated", self.name) }
    }

    /// The regime in force at an instant.
    pub(crate) fn at(&self, at_ms: u64) -> Option<&Regime> {
        let begun = self.regimes.partition_point(|regime| regime.from_ms <= at_ms);
        self.regimes.get(begun.max(1) - 1)
    }
}

impl Regime {
    /// Where a job's time lies in the law of its own kind, `0.0..=1.0`; none where nothing is known of it.
    ///
    /// Times are recorded in whole milliseconds: the `number`-th of a miner lies somewhere inside its own, by a sequence
    /// that fills it evenly, so that a law narrower than a millisecond is judged fairly.
    pub(crate) fn place(
        &self,
        answer: SuccessContent,
        total: f64,
        ack: f64,
        number: usize,
    ) -> Option<f64> {
        /// The golden ratio less 1.
        const EVEN: f64 = 0.618_033_988_749_895;
        let time = match &self.ack {
            Ack::First(_) => total - ack,
            Ack::Held(way, ..) => total - way,
            Ack::After(..) => total,
        };
        let kind = regimes::kind_of(answer);
        let own = || self.times.iter().find(|times| times.answer == kind).map(|times| &times.law);
        let law = self.all.as_ref().or_else(own)?;
        let (low, high) = (law.below(time), law.below(time + 1.0));
        let step = math::float_len(number + 1) * EVEN;
        Some(low + (high - low) * (step - step.floor()))
    }
}
