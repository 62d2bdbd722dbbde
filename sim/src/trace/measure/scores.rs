//! Scores and shares of the pot that version v001 gives, at every full hour and at the end.
//!
//! The published statistics are defined by runs that begin with nothing (spec/trace-findings.md), so these do too.

use crate::model::scoring::FinishedJob;
use crate::model::scoring::Scoring;
use crate::model::scoring::ScoringSpec;
use crate::model::weighting::Board;
use crate::model::weighting::Weighting;
use crate::model::weighting::WeightingSpec;
use crate::subnet::orchestrator::scores::Finished;
use crate::subnet::orchestrator::scores::History;
use crate::trace::jobs::HOUR_MS;
use crate::trace::jobs::RecordedJob;
use crate::trace::jobs::RecordedJobs;
use crate::trace::measure::Frame;
use crate::work::Status;

/// Neurons of the registry, and the owner's place. Source: trace.md, golden.csv.
const UIDS: usize = 256;
const OWNER: usize = 74;

/// What a success must carry to stay one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nothing, as in v001.
    Nothing,
    /// The success must carry an image.
    Image,
    /// An image of at least a kilobyte.
    Strict,
}

/// Scores and weight shares that the rule gives the miners of a trace.
#[derive(Clone, Debug, Default)]
pub(crate) struct MeasuredScores {
    /// Score of each miner at the end.
    pub(crate) last: Vec<f64>,
    /// Share of the pot at the end; none when nobody has one.
    pub(crate) shares: Option<Vec<f64>>,
    /// Mean share over the hours of the whole trace.
    pub(crate) mean: Vec<f64>,
    /// Mean share over the hours of the last part.
    pub(crate) mean_last_part: Vec<f64>,
}

/// Runs the rule over all rows.
pub(crate) fn scores(jobs: &RecordedJobs, frame: &Frame, needs: Needs) -> MeasuredScores {
    let text = match needs {
        Needs::Nothing => "[v001]\nstarts_from = \"nothing\"",
        Needs::Image => "[v001]\nstarts_from = \"nothing\"\nrequire_image = true",
        Needs::Strict => "[v001]\nstarts_from = \"nothing\"\nimage_bytes_min = 1024",
    };
    let rule = toml::from_str::<ScoringSpec>(text).expect("it is a registered rule").build();
    let weighting =
        toml::from_str::<WeightingSpec>("[win_rate]").expect("it is registered").build();
    let miners = jobs.miners.len();
    let lag = jobs.rows.iter().map(|row| row.updated_ms.saturating_sub(row.event_ms)).max();
    let mut books = MinerRecords {
        ledgers: vec![History::with_grace(lag.unwrap_or(0)); miners],
        rule: rule.as_ref(),
        weighting: weighting.as_ref(),
    };
    let mut found = MeasuredScores {
        mean: vec![0.0; miners],
        mean_last_part: vec![0.0; miners],
        ..MeasuredScores::default()
    };
    let (mut hours, mut hours_last_part) = (0_u32, 0_u32);
    let mut next = frame.first_hour;
    let mut run = |books: &mut MinerRecords<'_>, hour: u64| {
        let at_ms = hour * HOUR_MS;
        let shares = books.run(at_ms).1;
        hours += 1;
        let in_last_part = at_ms > frame.from_ms;
        hours_last_part += u32::from(in_last_part);
        for (miner, share) in shares.into_iter().flatten().enumerate() {
            found.mean[miner] += share;
            if in_last_part {
                found.mean_last_part[miner] += share;
            }
        }
    };
    for (number, row) in jobs.rows.iter().enumerate() {
        while next <= frame.last_hour && next * HOUR_MS < row.created_ms {
            run(&mut books, next);
            next += 1;
        }
        books.take_in(number, row);
    }
    for hour in next..=frame.last_hour {
        run(&mut books, hour);
    }
    found.mean.iter_mut().for_each(|sum| *sum /= f64::from(hours.max(1)));
    found.mean_last_part.iter_mut().for_each(|sum| *sum /= f64::from(hours_last_part.max(1)));
    (found.last, found.shares) = books.run(frame.reference_ms);
    found
}

/// The miners' records, and the rules.
struct MinerRecords<'r> {
    ledgers: Vec<History>,
    rule: &'r dyn Scoring,
    weighting: &'r dyn Weighting,
}

impl MinerRecords<'_> {
    fn take_in(&mut self, number: usize, row: &RecordedJob) {
        if row.status == Status::Pending {
            return;
        }
        let event = FinishedJob {
            at_ms: row.event_ms,
            success: row.is_success(),
            total_runtime_ms: row.total_ms.map(u64::from),
            has_image: row.has_image,
            image_bytes: row.image_bytes.map(u64::from),
            kind_weight: 1.0,
            ..FinishedJob::default()
        };
        let ledger = &mut self.ledgers[usize::from(row.miner)];
        let number = u64::try_from(number).expect("a place in memory");
        let job =
            Finished { number, created_ms: row.created_ms, visible_ms: row.updated_ms, event };
        ledger.finished(self.rule, &job, false);
    }

    /// Scores, and shares of the pot.
    fn run(&mut self, at_ms: u64) -> (Vec<f64>, Option<Vec<f64>>) {
        let rule = self.rule;
        let scores: Vec<f64> =
            self.ledgers.iter_mut().map(|ledger| ledger.run(rule, at_ms).score).collect();
        // More miners than the registry has room for only widen it.
        let uids = UIDS.max(scores.len() + 1);
        let place = |miner: usize| if miner < OWNER { miner } else { miner + 1 };
        let mut by_uid = vec![0.0; uids];
        for (miner, score) in scores.iter().enumerate() {
            by_uid[place(miner)] = *score;
        }
        let weighing = self.weighting.weigh(&Board {
            scores: &by_uid,
            invalid: &vec![false; uids],
            banned: &vec![false; uids],
            coldkeys: &vec![None; uids],
            owner: Some(OWNER),
            block: 0,
        });
        let own: Vec<f64> =
            (0..scores.len()).map(|miner| weighing.weights[place(miner)].max(0.0)).collect();
        let pot: f64 = own.iter().sum();
        let shares = (pot > 0.0).then(|| own.iter().map(|weight| weight / pot).collect());
        (scores, shares)
    }
}
