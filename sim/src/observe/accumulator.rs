//! Counts what metrics will read, as it happens: sums by miner, in bounded memory.

use crate::base::ids::MinerId;
use crate::base::units::NANOS_PER_SECOND;
use crate::base::units::Rao;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::metrics::Latencies;
use crate::metrics::MinerSummary;
use crate::metrics::Names;
use crate::metrics::RunSummary;
use crate::metrics::Totals;
use crate::scenario::Miner;
use crate::scenario::Scenario;
use crate::work::Before;
use crate::work::EpochRecord;
use crate::work::JobRecord;
use crate::work::Request;
use crate::work::Status;
use std::sync::Arc;

/// Steps of the job whose mean service defines true speed. Source: the subnet's FAQ, 50 steps per image.
const SPEED_STEPS: u32 = 50;
/// Seconds between the instants at which a law's mean is looked up, when it changes with time.
const SPEED_SAMPLE_S: u64 = 3600;
/// Most instants looked at for one law.
const SPEED_SAMPLES_MAX: u64 = 1000;

/// Nanoseconds in an hour.
const NANOS_PER_HOUR: u128 = 3_600 * 1_000_000_000;

/// The facts of one replication in the making.
#[derive(Clone, Debug)]
pub(super) struct Accumulator {
    facts: RunSummary,
    opens: SimTime,
    closes: SimTime,
    /// Last request of each miner inside its active part of the window, at first that part's beginning.
    last_request: Vec<SimTime>,
    windows: Vec<(SimTime, SimTime)>,
    starts: Vec<SimTime>,
    weight_sums: Vec<f64>,
    /// Until when the cost of taking part is counted, and what it is since then.
    costs: Vec<Cost>,
}

/// What taking part costs a miner.
#[derive(Clone, Copy, Debug)]
struct Cost {
    since: SimTime,
    per_h: Rao,
    once: Rao,
}

impl Accumulator {
    /// Counts from `opens` to `closes`; a miner's wait for its first job begins at `first` or when it comes up.
    pub(super) fn new(
        scenario: &Scenario,
        (opens, closes): (SimTime, SimTime),
        first: SimTime,
    ) -> Self {
        let window = |m: &Miner| (m.from.max(opens), m.until.min(closes).max(m.from.max(opens)));
        let windows: Vec<_> = scenario.miners.iter().map(window).collect();
        let miners = scenario.miners.iter().zip(&windows).map(|(m, window)| MinerSummary {
            class: m.class,
            operator: m.operator,
            coldkey: coldkey_number(scenario, m),
            stake: m.stake,
            true_speed: true_speed(m, *window),
            slots: m.concurrency,
            active: window.1.since(window.0),
            ..MinerSummary::default()
        });
        let facts = RunSummary {
            names: Arc::new(names(scenario)),
            miners: miners.collect(),
            totals: Totals { span: closes.since(opens), ..Totals::default() },
            latencies: vec![Latencies::default(); scenario.classes.len()],
            open_ages: None,
        };
        Self {
            last_request: windows.iter().map(|(from, _)| *from).collect(),
            starts: scenario.miners.iter().map(|m| m.from.max(first)).collect(),
            weight_sums: vec![0.0; scenario.miners.len()],
            costs: scenario.miners.iter().map(|m| Cost::of(m, opens)).collect(),
            windows,
            facts,
            opens,
            closes,
        }
    }

    /// Another stretch of the scenario begins at `now`: stakes, costs and active windows become its own.
    pub(super) fn change(&mut self, next: &Scenario, now: SimTime) {
        for (place, miner) in next.miners.iter().enumerate() {
            self.accrue(place, now);
            self.costs[place].per_h = miner.cost_per_h;
            let facts = &mut self.facts.miners[place];
            facts.stake = miner.stake;
            facts.slots = facts.slots.max(miner.concurrency);
            self.windows[place].1 = miner.until.min(self.closes).max(self.windows[place].0);
            facts.active = self.windows[place].1.since(self.windows[place].0);
        }
    }

    /// Counts what taking part has cost up to `now`.
    fn accrue(&mut self, place: usize, now: SimTime) {
        let (from, until) = self.windows[place];
        let cost = &mut self.costs[place];
        let (begin, end) = (cost.since.max(from), now.min(until));
        if end > begin {
            let part = u128::from(cost.per_h.0) * u128::from(end.since(begin).0);
            let rao = u64::try_from(part / NANOS_PER_HOUR).expect("a cost of less than all alpha");
            self.facts.miners[place].cost += Rao(rao);
        }
        cost.since = cost.since.max(now);
    }

    /// Whether what begins at `at` counts.
    #[inline]
    pub(super) fn counts(&self, at: SimTime) -> bool {
        at >= self.opens && at < self.closes
    }

    /// A client found no miner.
    fn unrouted(&mut self, job: &Request) {
        if self.counts(job.created) {
            self.facts.totals.unrouted += 1;
            self.facts.totals.jobs += 1;
        }
    }

    /// A job was sent to a miner, or to none.
    #[inline]
    pub(super) fn requested(&mut self, job: &Request, miner: Option<MinerId>) {
        let Some(miner) = miner else {
            self.unrouted(job);
            return;
        };
        let index = miner.index();
        let facts = &mut self.facts.miners[index];
        if facts.first_job.is_none() && job.created < self.closes {
            facts.first_job = Some(SimSpan(job.created.0.saturating_sub(self.starts[index].0)));
        }
        if !(job.created >= self.opens && job.created < self.closes) {
            return;
        }
        facts.requests += 1;
        facts.open += 1;
        self.facts.totals.jobs += 1;
        let last = &mut self.last_request[index];
        if job.created > *last {
            facts.longest_gap = facts.longest_gap.max(job.created.since(*last));
            *last = job.created;
        }
    }

    /// A job's stored status changed from `before`.
    #[inline]
    pub(super) fn changed(&mut self, record: &JobRecord, before: Before) {
        if !self.counts(record.job.created) {
            return;
        }
        let miner = &mut self.facts.miners[record.miner.index()];
        match before.status {
            Status::Pending => miner.open -= 1,
            Status::Success => {
                miner.successes -= 1;
                miner.runtime_ms -= before.runtime_ms;
                miner.without_image -= u64::from(before.without_image);
                self.facts.latencies[miner.class.index()].take_back(before.runtime_ms);
            }
            Status::Failed => {
                miner.failures -= 1;
                miner.dispatch_failures -= u64::from(before.dispatch_failed);
            }
        }
        let after = Before::of(record);
        match after.status {
            Status::Pending => miner.open += 1,
            Status::Success => {
                miner.successes += 1;
                miner.runtime_ms += after.runtime_ms;
                miner.without_image += u64::from(after.without_image);
                self.facts.latencies[miner.class.index()].record(after.runtime_ms);
            }
            Status::Failed => {
                miner.failures += 1;
                miner.dispatch_failures += u64::from(after.dispatch_failed);
            }
        }
    }

    /// The run has ended and this job is still open; it will never be answered where it `is_lost`.
    pub(super) fn still_open(&mut self, record: &JobRecord, is_lost: bool) {
        if is_lost || !self.counts(record.job.created) {
            return;
        }
        let class = self.facts.miners[record.miner.index()].class.index();
        let ages = self.facts.open_ages.get_or_insert_default();
        if ages.len() <= class {
            ages.resize_with(class + 1, Latencies::default);
        }
        ages[class].record(self.closes.since(record.job.created).whole_ms());
    }

    /// A job turned out to be useful work.
    #[inline]
    pub(super) fn useful(&mut self, record: &JobRecord) {
        if self.counts(record.job.created) {
            let miner = &mut self.facts.miners[record.miner.index()];
            miner.useful_jobs += 1;
            miner.useful_steps += u64::from(record.truth.useful_steps);
        }
    }

    /// A miner worked from `from` for `took`.
    #[inline]
    pub(super) fn busy(&mut self, miner: MinerId, from: SimTime, took: SimSpan) {
        let window = self.windows[miner.index()];
        let begin = from.max(window.0);
        let end = (from + took).min(window.1);
        if end > begin {
            let busy = &mut self.facts.miners[miner.index()].busy;
            *busy = *busy + end.since(begin);
        }
    }

    /// An epoch ended; `weight_share` is the last weight share of every miner.
    pub(super) fn epoch(&mut self, record: &EpochRecord, weight_share: &[f64]) {
        let is_before = record.at <= self.opens && self.opens > SimTime(0);
        if is_before || record.at > self.closes {
            return;
        }
        let totals = &mut self.facts.totals;
        totals.minted += record.minted;
        totals.owner += record.owner;
        totals.validators += record.validators;
        totals.miners += record.miners;
        totals.burned += record.burned;
        totals.recycled += record.recycled;
        totals.remainder_rao += record.remainder_rao;
        totals.epochs += 1;
        for (facts, pay) in self.facts.miners.iter_mut().zip(&record.miner_pay) {
            facts.pay += *pay;
        }
        for (sum, share) in self.weight_sums.iter_mut().zip(weight_share) {
            *sum += share;
        }
    }

    /// The facts, when the run has ended.
    pub(super) fn finish(mut self) -> RunSummary {
        let epochs = crate::base::math::float(u64::from(self.facts.totals.epochs.max(1)));
        for place in 0..self.costs.len() {
            self.accrue(place, self.closes);
            let starts = self.starts[place];
            if starts < self.closes && (starts >= self.opens || self.opens == SimTime(0)) {
                self.facts.miners[place].cost += self.costs[place].once;
            }
        }
        let miners = self.facts.miners.iter_mut().enumerate();
        for (index, miner) in miners {
            let end = self.windows[index].1;
            let tail = SimSpan(end.0.saturating_sub(self.last_request[index].0));
            miner.longest_gap = miner.longest_gap.max(tail);
            miner.weight_share = self.weight_sums[index] / epochs;
        }
        self.facts
    }
}

impl Cost {
    fn of(miner: &Miner, since: SimTime) -> Self {
        Self { since, per_h: miner.cost_per_h, once: miner.cost_once }
    }
}

fn names(scenario: &Scenario) -> Names {
    let mut keys: Vec<u32> = scenario.miners.iter().map(|m| m.coldkey).collect();
    keys.sort_unstable();
    keys.dedup();
    Names {
        miners: scenario.miners.iter().map(|m| m.name.clone()).collect(),
        classes: scenario.classes.clone(),
        operators: scenario.operators.clone(),
        coldkeys: keys.iter().map(|key| format!("coldkey-{key}")).collect(),
    }
}

fn coldkey_number(scenario: &Scenario, miner: &Miner) -> u16 {
    let mut smaller: Vec<u32> =
        scenario.miners.iter().map(|m| m.coldkey).filter(|key| *key < miner.coldkey).collect();
    smaller.sort_unstable();
    smaller.dedup();
    u16::try_from(smaller.len()).expect("at most 256 miners")
}

/// 1 / mean service of an honest 50-step job, averaged over the miner's part of the window where its law changes.
fn true_speed(miner: &Miner, window: (SimTime, SimTime)) -> Option<f64> {
    let step = SPEED_SAMPLE_S * NANOS_PER_SECOND;
    let samples = (window.1.since(window.0).0 / step + 1).min(SPEED_SAMPLES_MAX);
    let mut sum = 0.0;
    for k in 0..samples {
        sum += miner.service.mean_ns(window.0 + SimSpan(k * step))?;
    }
    let mean_s =
        sum / crate::base::math::float(samples) / crate::base::math::float(NANOS_PER_SECOND);
    let mean_s = mean_s * miner.speed.multiplier(SPEED_STEPS);
    (mean_s > 0.0).then(|| 1.0 / mean_s)
}
