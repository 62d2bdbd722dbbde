//! The replay: recorded jobs through scoring, validators and chain.
//!
//! The trace is read twice: once to check every row and to learn who is in it, once to score it. Score runs happen as
//! the rows pass, so that memory holds what a run still needs, not the trace.

use crate::base::math;
use crate::model::scoring::Published;
use crate::model::weighting::Board;
use crate::model::weighting::Weighing;
use crate::subnet::orchestrator::scores::Ledger;
use crate::trace::error::TraceError;
use crate::trace::import::Imported;
use crate::trace::import::Rows;
use crate::trace::pay;
use crate::trace::places::Place;
use crate::trace::places::places;
use crate::trace::plan::Plan;
use crate::trace::scan::Scan;
use crate::trace::scan::scan;
use std::collections::BTreeMap;
use std::io::BufRead;

/// Rows between two settlings, which keep memory bounded where score runs are far apart.
const SETTLE_ROWS: u64 = 4096;

/// What a replay found.
#[derive(Clone, Debug)]
pub(crate) struct Replayed {
    /// What stands in the trace.
    pub(crate) scan: Scan,
    /// The last score run [ms].
    pub(crate) reference_ms: u64,
    /// Number of score runs whose shares were averaged.
    pub(crate) averaged: usize,
    /// Miners by uid.
    pub(crate) miners: Vec<ReplayedMiner>,
}

/// What a replay found of one miner.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayedMiner {
    /// Its name.
    pub name: String,
    /// Its uid.
    pub uid: u16,
    /// Its published score.
    pub published: Published,
    /// How many others its score beats.
    pub wins: u32,
    /// Share of the others; minus infinity where it earns nothing.
    pub win_rate: f64,
    /// Its weight.
    pub weight: f64,
    /// Its share of the miners' weight, `0.0..=1.0`; none when no miner has weight.
    pub weight_share: Option<f64>,
    /// The mean of that over the averaged runs, 0 for a run without any; none when there were no runs.
    pub mean_share: Option<f64>,
    /// Its share of the miners' pay, after u16 and chain; none when no miner is paid.
    pub pay_share: Option<f64>,
}

/// Replays a trace, which `open` opens afresh at each call, as `plan` asks.
///
/// # Errors
/// When the trace cannot be read, a row is bad (and not skipped), or a miner has no place.
pub(crate) fn replay<R: BufRead>(
    open: &dyn Fn() -> Result<R, TraceError>,
    plan: &Plan,
    skip_bad: bool,
) -> Result<Replayed, TraceError> {
    let scan = scan(open()?, skip_bad)?;
    let places = places(plan, &scan)?;
    let mut books = Books::new(plan, &scan, &places);
    let mut rows = Rows::open(open()?)?;
    let mut imported = Imported::default();
    let mut count = 0_u64;
    loop {
        match rows.next(&mut imported) {
            Ok(false) => break,
            Ok(true) => {}
            Err(TraceError::Row(_)) if skip_bad => continue,
            Err(error) => return Err(error),
        }
        books.run_before(imported.row.created_at_ms);
        books.take_in(&imported);
        count += 1;
        if count.is_multiple_of(SETTLE_ROWS) {
            books.settle(imported.row.created_at_ms);
        }
    }
    books.run_before(u64::MAX);
    Ok(books.finish(scan, &places))
}

/// The ledgers of all miners, and what the runs so far gave.
struct Books<'p> {
    plan: &'p Plan,
    indices: BTreeMap<&'p str, usize>,
    ledgers: Vec<Ledger>,
    neurons: Neurons,
    uids: Vec<usize>,
    reference_ms: u64,
    weighed_ms: u64,
    /// Instants of the runs still to come, the next one last.
    to_come: Vec<u64>,
    published: Vec<Published>,
    weighing: Weighing,
    shares: Vec<f64>,
}

/// The board's vectors by uid.
struct Neurons {
    scores: Vec<f64>,
    invalid: Vec<bool>,
    banned: Vec<bool>,
    coldkeys: Vec<Option<u32>>,
}

impl<'p> Books<'p> {
    fn new(plan: &'p Plan, scan: &Scan, places: &'p [Place]) -> Self {
        let count = usize::from(plan.chain.uids);
        let mut neurons = Neurons {
            scores: vec![0.0; count],
            invalid: vec![false; count],
            banned: vec![false; count],
            coldkeys: vec![None; count],
        };
        let uids: Vec<_> = places.iter().map(|place| usize::from(place.uid.0)).collect();
        for (place, uid) in places.iter().zip(&uids) {
            neurons.coldkeys[*uid] = place.coldkey;
            neurons.banned[*uid] = plan.banned.contains(&place.name);
        }
        let reference_ms = plan.instants.reference.unwrap_or(scan.last_write_ms);
        let weighed_ms = plan.instants.weighed.unwrap_or(reference_ms);
        let mut to_come = plan.instants.averaged.clone();
        to_come.extend([reference_ms, weighed_ms]);
        to_come.sort_unstable_by(|a, b| b.cmp(a));
        to_come.dedup();
        let names = places.iter().enumerate();
        Self {
            plan,
            indices: names.map(|(index, place)| (place.name.as_str(), index)).collect(),
            ledgers: vec![Ledger::with_grace(scan.lag_ms); places.len()],
            neurons,
            uids,
            reference_ms,
            weighed_ms,
            to_come,
            published: vec![Published::default(); places.len()],
            weighing: Weighing::default(),
            shares: vec![0.0; places.len()],
        }
    }

    /// Every run before `created_ms`: no row from there on is visible to it.
    fn run_before(&mut self, created_ms: u64) {
        while let Some(at_ms) = self.to_come.pop_if(|at_ms| *at_ms < created_ms) {
            self.run(at_ms);
        }
    }

    fn run(&mut self, at_ms: u64) {
        let rule = self.plan.scoring.as_ref();
        let published: Vec<_> =
            self.ledgers.iter_mut().map(|ledger| ledger.run(rule, at_ms)).collect();
        for (published, uid) in published.iter().zip(&self.uids) {
            self.neurons.scores[*uid] = published.score;
        }
        let averaged = self.plan.instants.averaged.binary_search(&at_ms).is_ok();
        if averaged || at_ms == self.weighed_ms {
            let weighing = self.plan.weighting.weigh(&self.board(at_ms));
            if averaged && let Some(shares) = self.weight_shares(&weighing) {
                for (sum, share) in self.shares.iter_mut().zip(shares) {
                    *sum += share;
                }
            }
            if at_ms == self.weighed_ms {
                self.weighing = weighing;
            }
        }
        if at_ms == self.reference_ms {
            self.published = published;
        }
    }

    fn board(&self, at_ms: u64) -> Board<'_> {
        Board {
            scores: &self.neurons.scores,
            invalid: &self.neurons.invalid,
            banned: &self.neurons.banned,
            coldkeys: &self.neurons.coldkeys,
            owner: Some(usize::from(self.plan.chain.owner_uid)),
            block: self.plan.block(at_ms),
        }
    }

    /// Shares of the weight that does not go to the owner; none when there is none.
    fn weight_shares(&self, weighing: &Weighing) -> Option<Vec<f64>> {
        let owner = usize::from(self.plan.chain.owner_uid);
        let counted = |weight: f64| if weight > 0.0 { weight } else { 0.0 };
        let others = weighing.weights.iter().enumerate().filter(|(uid, _)| *uid != owner);
        let pot: f64 = others.map(|(_, weight)| counted(*weight)).sum();
        let share = |uid: &usize| counted(weighing.weights[*uid]) / pot;
        (pot > 0.0).then(|| self.uids.iter().map(share).collect())
    }

    fn take_in(&mut self, imported: &Imported) {
        let Some(event) = self.plan.event(imported) else { return };
        let index = self.indices[imported.miner.as_str()];
        let (job, visible_ms) = (imported.row.job, imported.row.stored.last_updated_ms);
        self.ledgers[index].push(self.plan.scoring.as_ref(), job, visible_ms, &event);
    }

    /// No row to come was created before `created_ms`.
    fn settle(&mut self, created_ms: u64) {
        for ledger in &mut self.ledgers {
            ledger.settle(self.plan.scoring.as_ref(), created_ms);
        }
    }

    fn finish(self, scan: Scan, places: &[Place]) -> Replayed {
        let late: u64 = self.ledgers.iter().map(Ledger::late).sum();
        assert_eq!(late, 0, "the ledgers wait as long as the slowest write of the trace");
        let weight_shares = self.weight_shares(&self.weighing);
        let pay = pay::pay_shares(&self.weighing.weights, &self.plan.validators, &self.plan.chain);
        let averaged = self.plan.instants.averaged.len();
        let mean = |sum: f64| (averaged > 0).then(|| sum / math::float_len(averaged));
        let miner = |(index, place): (usize, &Place)| {
            let uid = self.uids[index];
            ReplayedMiner {
                name: place.name.clone(),
                uid: place.uid.0,
                published: self.published[index],
                wins: self.weighing.wins[uid],
                win_rate: self.weighing.win_rates[uid],
                weight: self.weighing.weights[uid],
                weight_share: weight_shares.as_ref().map(|shares| shares[index]),
                mean_share: mean(self.shares[index]),
                pay_share: pay.as_ref().map(|pay| pay[uid]),
            }
        };
        let miners = places.iter().enumerate().map(miner).collect();
        Replayed { reference_ms: self.reference_ms, averaged, miners, scan }
    }
}

#[cfg(test)]
mod tests;
