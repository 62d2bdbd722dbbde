//! The course of a run: a row an epoch, thinned evenly to a bounded number.

use crate::base::ids::MinerId;
use crate::base::units::Rao;
use crate::observe::Observer;
use crate::scenario::Scenario;
use crate::work::Before;
use crate::work::EpochRecord;
use crate::work::JobRecord;
use crate::work::Request;

/// Most rows kept of one run. Source: the results folder's contract, at most 1,000 rows.
const ROWS_MAX: u32 = 1000;

/// Rows at evenly spaced epochs; each sums the epochs since the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TimeSeries {
    /// Epochs a row stands for.
    pub(crate) stride: u32,
    /// The rows, in order.
    pub(crate) rows: Vec<SeriesRow>,
    class_of: Vec<usize>,
    /// Since the last epoch: jobs created, useful jobs, and successes by class.
    jobs: u64,
    useful_jobs: u64,
    answered: Vec<Answered>,
}

/// Successes called back, and how long they took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answered {
    /// Number of successes that were called back.
    pub(crate) successes: u64,
    /// Sum of their total runtimes [ms].
    pub(crate) runtime_ms: u64,
}

/// Sums over the epochs of one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SeriesRow {
    /// Number of the row's last epoch, from 0.
    pub(crate) epoch: u32,
    /// Block of the row's last epoch.
    pub(crate) block: u64,
    /// Minted to the subnet's participants [rao].
    pub(crate) minted: Rao,
    /// Cut of the subnet's owner [rao].
    pub(crate) owner: Rao,
    /// Paid to validators and their nominators.
    pub(crate) validators: Rao,
    /// Paid to miners by the chain [rao].
    pub(crate) miners: Rao,
    /// Withheld from the owner's uid and burned.
    pub(crate) burned: Rao,
    /// Withheld from the owner's uid and taken out of issuance.
    pub(crate) recycled: Rao,
    /// Lost to rounding; below 0 where the chain's shares round in favour of miners [rao].
    pub(crate) remainder_rao: i64,
    /// Jobs created in the row's epochs.
    pub(crate) jobs: u64,
    /// Useful jobs finished in the row's epochs.
    pub(crate) useful_jobs: u64,
    /// Pay of the miners of each class [rao].
    pub(crate) class_pay: Vec<Rao>,
    /// Successes by class, in the row in which they were called back.
    pub(crate) class_answered: Vec<Answered>,
    /// Pay by miner, summed over the row's epochs.
    pub(crate) miner_pay: Vec<Rao>,
}

impl TimeSeries {
    /// An empty course of `epochs` epochs.
    pub(crate) fn new(scenario: &Scenario, epochs: u32) -> Self {
        Self {
            stride: epochs.div_ceil(ROWS_MAX).max(1),
            rows: Vec::new(),
            class_of: scenario.miners.iter().map(|m| m.class.index()).collect(),
            jobs: 0,
            useful_jobs: 0,
            answered: vec![Answered::default(); scenario.classes.len()],
        }
    }

    /// Takes in an epoch, with all that happened since the last.
    pub(super) fn push(&mut self, record: &EpochRecord) {
        if record.number.is_multiple_of(self.stride) {
            let classes = self.answered.len();
            self.rows.push(SeriesRow {
                class_pay: vec![Rao(0); classes],
                class_answered: vec![Answered::default(); classes],
                miner_pay: vec![Rao(0); self.class_of.len()],
                ..SeriesRow::default()
            });
        }
        let row = self.rows.last_mut().expect("the first epoch opens a row");
        row.epoch = record.number;
        row.block = record.block;
        row.minted += record.minted;
        row.owner += record.owner;
        row.validators += record.validators;
        row.miners += record.miners;
        row.burned += record.burned;
        row.recycled += record.recycled;
        row.remainder_rao += record.remainder_rao;
        row.jobs += std::mem::take(&mut self.jobs);
        row.useful_jobs += std::mem::take(&mut self.useful_jobs);
        for (sum, own) in row.class_answered.iter_mut().zip(&mut self.answered) {
            let own = std::mem::take(own);
            sum.successes += own.successes;
            sum.runtime_ms += own.runtime_ms;
        }
        for (place, pay) in record.miner_pay.iter().enumerate() {
            row.class_pay[self.class_of[place]] += *pay;
            row.miner_pay[place] += *pay;
        }
    }
}

impl Observer for TimeSeries {
    #[inline]
    fn requested(&mut self, _request: &Request, miner: Option<MinerId>) {
        self.jobs += u64::from(miner.is_some());
    }

    #[inline]
    fn status_changed(&mut self, record: &JobRecord, before: Before) {
        if let Some(runtime_ms) = before.answered_by(record) {
            let own = &mut self.answered[self.class_of[record.miner.index()]];
            own.successes += 1;
            own.runtime_ms += runtime_ms;
        }
    }

    #[inline]
    fn useful(&mut self, _record: &JobRecord) {
        self.useful_jobs += 1;
    }
}
