//! The replay: recorded jobs through scoring, validators and chain.
//!
//! The trace is read twice: once to check every row and to learn who is in it, once to score it. Score runs happen as
//! the rows pass, so that memory holds what a run still needs, not the trace.

use crate::base::ids::MinerId;
use crate::base::math;
use crate::base::units::SimTime;
use crate::model::scoring::Published;
use crate::model::scoring::Scoring;
use crate::model::strategy::Faithful;
use crate::model::strategy::SentRow;
use crate::model::strategy::Strategy;
use crate::model::strategy::ValidatorSight;
use crate::model::weighting::Weighing;
use crate::model::weighting::Weighting;
use crate::subnet::orchestrator::scores::Finished;
use crate::subnet::orchestrator::scores::Scores;
use crate::subnet::validators::Metagraph;
use crate::subnet::validators::Validators;
use crate::trace::error::TraceError;
use crate::trace::history::RunHistory;
use crate::trace::import::Imported;
use crate::trace::import::TraceRows;
use crate::trace::pay;
use crate::trace::places::MinerPlace;
use crate::trace::places::places;
use crate::trace::plan::ReplayPlan;
use crate::trace::scan::Scan;
use crate::trace::scan::scan;
use crate::trace::timetable::Occurrence;
use crate::work::Flags;
use std::collections::BTreeMap;
use std::io::BufRead;

/// Rows between two settlings, which keep memory bounded where score runs are far apart.
const SETTLE_ROWS: u64 = 4096;

/// Scores, weights and pay of every miner of a trace, by the rules of the scenario.
#[derive(Clone, Debug)]
pub(crate) struct ReplayResult {
    /// What stands in the trace.
    pub(crate) scan: Scan,
    /// The last score run [ms].
    pub(crate) reference_ms: u64,
    /// Rows that were written after it, and that nobody sees.
    pub(crate) late: u64,
    /// Number of score runs whose shares were averaged.
    pub(crate) averaged: usize,
    /// What came of every miner, in the order of uids.
    pub(crate) miners: Vec<ReplayedMiner>,
}

/// What a replay found of one miner.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayedMiner {
    /// Name of the miner in the trace.
    pub name: String,
    /// Uid of the miner's neuron, `0..=255`.
    pub uid: u16,
    /// Score and counts that the orchestrator published last.
    pub published: Published,
    /// How many others its score beats.
    pub wins: u32,
    /// Share of the others; minus infinity where it earns nothing.
    pub win_rate: f64,
    /// Weight sent for it, after burn and normalisation, `0.0..=1.0`.
    pub weight: f64,
    /// Its share of the miners' weight, `0.0..=1.0`; none when no miner has weight.
    pub weight_share: Option<f64>,
    /// The mean of that over the averaged runs, 0 for a run without any; none when there were no runs.
    pub mean_share: Option<f64>,
    /// Its share of the miners' pay, after u16 and chain; none when no miner is paid.
    pub pay_share: Option<f64>,
}

/// Replays a trace, which `open` opens afresh at each call, as `plan` asks; `history` is what a simulated run wrote beside
/// its jobs, where it did.
///
/// # Errors
/// When the trace cannot be read, a row is bad (and not skipped), or a miner has no place.
pub(crate) fn replay<R: BufRead>(
    open: &dyn Fn() -> Result<R, TraceError>,
    plan: &ReplayPlan,
    history: Option<&RunHistory>,
    skip_bad: bool,
) -> Result<ReplayResult, TraceError> {
    let scan = scan(open()?, skip_bad)?;
    let places = places(plan, &scan)?;
    let mut replaying = Replaying::new(plan, &scan, &places, history)?;
    let mut rows = TraceRows::open(open()?)?;
    let mut imported = Imported::default();
    let (mut count, mut late) = (0_u64, 0_u64);
    // A simulated run goes on after its last score run; a recorded trace is looked at from one instant.
    let until_ms = if plan.is_simulated { u64::MAX } else { plan.reference_ms(scan.last_write_ms) };
    loop {
        match rows.next(&mut imported) {
            Ok(false) => break,
            Ok(true) => {}
            Err(TraceError::Row(_)) if skip_bad => continue,
            Err(error) => return Err(error),
        }
        replaying.turn_to(SimTime::from_ms(imported.row.created_at_ms));
        replaying.take_in(&imported);
        late += u64::from(imported.row.stored.last_updated_ms > until_ms);
        count += 1;
        if count.is_multiple_of(SETTLE_ROWS) && !plan.is_simulated {
            replaying.scores.settle(imported.row.created_at_ms);
        }
    }
    replaying.turn_to(SimTime::NEVER);
    Ok(ReplayResult { late, ..replaying.finish(scan, &places) })
}

/// The services at work on a trace, and what they have found so far.
struct Replaying<'p> {
    plan: &'p ReplayPlan,
    history: Option<&'p RunHistory>,
    indices: BTreeMap<&'p str, usize>,
    scores: Scores,
    /// The scoring rule of every stretch: a job is judged by that in force when it finished.
    rules: Vec<Box<dyn Scoring>>,
    weighting: Box<dyn Weighting>,
    /// The stretch in force.
    stretch: usize,
    flags: Vec<Flags>,
    /// Changes of flags applied so far.
    flags_applied: usize,
    /// Counts the changes of what validators are answered.
    shown_version: u64,
    neurons: Metagraph,
    validators: Validators,
    /// What happens still, the next thing last.
    to_come: Vec<(SimTime, Occurrence)>,
    published: Vec<Published>,
    weighing: Weighing,
    shares: Vec<f64>,
}

impl<'p> Replaying<'p> {
    fn new(
        plan: &'p ReplayPlan,
        scan: &Scan,
        places: &'p [MinerPlace],
        history: Option<&'p RunHistory>,
    ) -> Result<Self, TraceError> {
        let seats = places.iter().map(|place| (place.uid, place.coldkey));
        let mut neurons = Metagraph::new(plan.chain.uids, plan.chain.owner_uid, seats);
        let is_banned = |(_, place): &(usize, &MinerPlace)| plan.banned.contains(&place.name);
        neurons.ban(places.iter().enumerate().filter(is_banned).map(|(index, _)| index));
        let first = &plan.stretches[0];
        // A simulated run knew at a score run what had been written by then, and no more.
        let grace_ms = if plan.is_simulated { 0 } else { scan.lag_ms };
        let offsets = plan.validators.iter().map(|validator| SimTime(validator.offset.0));
        let names = places.iter().enumerate();
        let indices: BTreeMap<&str, usize> =
            names.map(|(index, place)| (place.name.as_str(), index)).collect();
        if let Some(history) = history {
            history.check_names(&indices)?;
        }
        plan.check_runs(scan.last_write_ms)?;
        let mut to_come = plan.occurrences(scan.last_write_ms);
        to_come.reverse();
        Ok(Self {
            plan,
            indices,
            scores: Scores::new(&first.rules, places.len(), grace_ms),
            rules: plan.stretches.iter().map(|s| s.rules.scoring.build()).collect(),
            weighting: first.validating.weighting.build(),
            stretch: 0,
            // Whoever is not told of counts as valid all the time.
            flags: vec![Flags { valid: history.is_none(), failed_audits: 0 }; places.len()],
            flags_applied: 0,
            shown_version: 0,
            validators: Validators::new(&first.validating, offsets, neurons.clone()),
            neurons,
            to_come,
            history,
            published: vec![Published::default(); places.len()],
            weighing: Weighing::default(),
            shares: vec![0.0; places.len()],
        })
    }

    /// All that happens before `until`: no row created from there on is visible to it.
    fn turn_to(&mut self, until: SimTime) {
        while let Some((at, what)) = self.to_come.pop_if(|(at, _)| *at < until) {
            self.apply_flags(at);
            match what {
                Occurrence::Run { is_averaged } => self.run(at, is_averaged),
                Occurrence::Show => self.show(),
                Occurrence::Weigh => self.weigh(at),
                Occurrence::Change => self.change(),
            }
        }
    }

    /// Validity and audits as they stood at `at`; changes at one instant come before score runs and weighings.
    fn apply_flags(&mut self, at: SimTime) {
        let Some(history) = self.history else { return };
        let to_come = history.flags[self.flags_applied..].iter();
        for change in to_come.take_while(|change| change.at <= at) {
            self.flags_applied += 1;
            if let Some(index) = self.indices.get(change.miner.as_str()) {
                self.flags[*index] = change.flags;
                self.shown_version += 1;
            }
        }
    }

    fn run(&mut self, at: SimTime, is_averaged: bool) {
        let valid: Vec<bool> = self.flags.iter().map(|flags| flags.valid).collect();
        if !self.scores.run(at.whole_ms(), &valid).is_empty() {
            self.shown_version += 1;
        }
        if !is_averaged {
            return;
        }
        if let Some(shares) = self.weight_shares(&self.weighed(at).weighing) {
            for (sum, share) in self.shares.iter_mut().zip(shares) {
                *sum += share;
            }
        }
    }

    /// The row that the scores of the last run give at `at`.
    fn weighed(&self, at: SimTime) -> SentRow {
        let mut neurons = self.neurons.clone();
        neurons.show(&self.scores.shown(&self.flags));
        let board = neurons.board(self.plan.block(at));
        Faithful.row(&ValidatorSight { board, weighting: self.weighting.as_ref() })
    }

    fn show(&mut self) {
        let published = self.scores.published().iter();
        self.published = published.map(|published| published.unwrap_or_default()).collect();
    }

    /// What is weighed last is paid: by the validators of a simulated run when they act, else at once.
    fn weigh(&mut self, at: SimTime) {
        if !self.plan.is_simulated {
            self.weighing = self.weighed(at).weighing;
            return;
        }
        let (scores, flags) = (&self.scores, &self.flags);
        let now = (at, self.plan.block(at));
        self.validators.act(now, (self.shown_version, || scores.shown(flags)), |_, _| {});
    }

    fn change(&mut self) {
        self.stretch += 1;
        let next = &self.plan.stretches[self.stretch];
        self.scores.change(&next.rules);
        self.validators.change(&next.validating);
        self.weighting = next.validating.weighting.build();
    }

    /// Shares of the weight that does not go to the owner; none when there is none.
    fn weight_shares(&self, weighing: &Weighing) -> Option<Vec<f64>> {
        let owner = usize::from(self.plan.chain.owner_uid);
        let counted = |weight: f64| if weight > 0.0 { weight } else { 0.0 };
        let others = weighing.weights.iter().enumerate().filter(|(uid, _)| *uid != owner);
        let pot: f64 = others.map(|(_, weight)| counted(*weight)).sum();
        let share = |uid: &usize| counted(weighing.weights[*uid]) / pot;
        (pot > 0.0).then(|| self.neurons.miner_uids().iter().map(share).collect())
    }

    fn take_in(&mut self, imported: &Imported) {
        if let Some(history) = self.history {
            for earlier in history.earlier(imported.row.job) {
                self.finished(&earlier.row, Some(earlier.superseded_ms));
            }
        }
        self.finished(imported, None);
    }

    fn finished(&mut self, imported: &Imported, superseded_ms: Option<u64>) {
        let Some(event) = self.plan.event(imported) else { return };
        let miner = MinerId::of(self.indices[imported.miner.as_str()]);
        let visible_ms = imported.row.stored.last_updated_ms;
        let (number, created_ms) = (imported.row.job, imported.row.created_at_ms);
        let job = Finished { number, created_ms, visible_ms, event };
        let rule = self.rules[imported.stretch.min(self.rules.len() - 1)].as_ref();
        self.scores.finished_by(rule, miner, &job, superseded_ms);
    }

    fn finish(mut self, scan: Scan, places: &[MinerPlace]) -> ReplayResult {
        let late = self.scores.late();
        assert!(
            late == 0 || self.plan.is_simulated || self.history.is_some(),
            "the histories wait as long as the slowest write of the trace"
        );
        if self.plan.is_simulated {
            self.weighing =
                self.validators.last_row().map(|row| row.weighing.clone()).unwrap_or_default();
            for (index, published) in self.published.iter_mut().enumerate() {
                published.score = self.validators.neurons().score(index);
            }
        }
        let is_weighed = !self.weighing.weights.is_empty();
        let weight_shares = is_weighed.then(|| self.weight_shares(&self.weighing)).flatten();
        let pay = is_weighed
            .then(|| {
                pay::pay_shares(&self.weighing.weights, &self.plan.validators, &self.plan.chain)
            })
            .flatten();
        let averaged = self.plan.averaged();
        let mean = |sum: f64| (averaged > 0).then(|| sum / math::float_len(averaged));
        let miner = |(index, place): (usize, &MinerPlace)| {
            let uid = self.neurons.miner_uids()[index];
            ReplayedMiner {
                name: place.name.clone(),
                uid: place.uid.0,
                published: self.published[index],
                wins: self.weighing.wins.get(uid).copied().unwrap_or_default(),
                win_rate: self.weighing.win_rates.get(uid).copied().unwrap_or(f64::NEG_INFINITY),
                weight: self.weighing.weights.get(uid).copied().unwrap_or_default(),
                weight_share: weight_shares.as_ref().map(|shares| shares[index]),
                mean_share: mean(self.shares[index]),
                pay_share: pay.as_ref().map(|pay| pay[uid]),
            }
        };
        let miners = places.iter().enumerate().map(miner).collect();
        let reference_ms = self.plan.reference_ms(scan.last_write_ms);
        ReplayResult { scan, reference_ms, late: 0, averaged, miners }
    }
}

#[cfg(test)]
mod tests;
