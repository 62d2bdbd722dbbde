//! How the router chose: a conditional logit with a free weight for each miner.
//!
//! A miner is active from the job after its first to its last: the likelihood is conditional on each miner's first job. An
//! active miner is chosen with a chance in proportion to its weight times the multiplier that the last score run gave it,
//! which is its score, at least 0.05 (router v001). Between score runs and changes of the active set these chances are
//! constant, so choices are counted stretch by stretch.
//!
//! Left out: validity. A miner that was down for an hour counts as active, which makes its weight too small.

use crate::base::math;
use crate::trace::jobs::HOUR_MS;
use crate::trace::jobs::RecordedJob;
use crate::trace::jobs::RecordedJobs;

/// Least multiplier. Source: offchain.md section 1, v001.
const FLOOR: f64 = 0.05;
/// Latency from which a score is 0 [ms]. Source: offchain.md section 3.2.
const ZERO_MS: f64 = 60_000.0;
/// Time in which a score halves [ms]. Source: offchain.md section 3.3.
const HALF_LIFE_MS: f64 = 604_800_000.0;
/// Weights are found when none moves by more than this part. Source: ours.
const TOLERANCE: f64 = 1e-9;
/// Rounds after which weights are taken as they are. Source: ours; October needs about 30.
const ROUNDS: usize = 500;

/// What the router's choice depends on: stake, or stake and score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Sees {
    /// The routing weight alone, which comes from stake.
    Stake,
    /// Weight times the score of the last score run, taken to this power, at least the floor.
    Scores(f64),
}

/// A stretch in which nothing that the router looks at changed.
#[derive(Clone, Debug)]
struct SteadyStretch {
    /// Active miners and their multipliers.
    active: Vec<(usize, f64)>,
    /// Routing choices in the stretch that are counted.
    choices: f64,
}

/// All choices of a trace.
#[derive(Clone, Debug)]
pub(crate) struct TraceChoices {
    stretches: Vec<SteadyStretch>,
    /// Choices of each miner.
    counts: Vec<f64>,
    /// Choices by stretch and miner with its multiplier, for the likelihood: how many.
    chosen: Vec<(usize, f64, f64)>,
}

/// Weights that make a trace likeliest.
#[derive(Clone, Debug)]
pub(crate) struct LikeliestWeights {
    /// Weight of each miner, whose largest is not fixed: only ratios mean anything; 0 for one never chosen.
    pub(crate) weights: Vec<f64>,
    /// Choices expected of a miner of weight 1, over the choices of each.
    pub(crate) exposures: Vec<f64>,
    /// Routing choices that fell to each miner.
    pub(crate) counts: Vec<f64>,
    /// Logarithm of the likelihood.
    pub(crate) log_likelihood: f64,
}

impl TraceChoices {
    /// The choices among `jobs` from `from_ms` on, with score runs every hour at `phase_ms` past it.
    pub(crate) fn of(jobs: &RecordedJobs, phase_ms: u64, from_ms: u64) -> Self {
        Self::with(jobs, &Successes::of(jobs), (phase_ms, from_ms))
    }

    /// The same, with the successes of `jobs` at hand.
    fn with(jobs: &RecordedJobs, successes: &Successes, (phase_ms, from_ms): (u64, u64)) -> Self {
        let rows = &jobs.rows;
        let miners = jobs.miners.len();
        let mut last_place = vec![usize::MAX; miners];
        for (place, row) in rows.iter().enumerate() {
            last_place[usize::from(row.miner)] = place;
        }
        let mut scores = V001Scores::new(successes);
        let mut active = vec![false; miners];
        let mut choices =
            Self { stretches: Vec::new(), counts: vec![0.0; miners], chosen: Vec::new() };
        let (mut stale, mut next_run) = (true, phase_ms);
        let mut own = vec![0.0; miners];
        for (place, row) in rows.iter().enumerate() {
            if row.created_ms >= next_run {
                let passed = (row.created_ms - phase_ms) / HOUR_MS;
                choices.end_stretch(&mut own);
                scores.run(phase_ms + passed * HOUR_MS);
                next_run = phase_ms + (passed + 1) * HOUR_MS;
                stale = true;
            }
            let miner = usize::from(row.miner);
            if active[miner] {
                if stale {
                    choices.end_stretch(&mut own);
                    let is_active = |miner: &usize| active[*miner];
                    let seen = (0..miners).filter(is_active).map(|m| (m, scores.multipliers[m]));
                    choices.stretches.push(SteadyStretch { active: seen.collect(), choices: 0.0 });
                    stale = false;
                }
                if row.created_ms >= from_ms {
                    own[miner] += 1.0;
                }
            }
            let stays = last_place[miner] != place;
            stale |= active[miner] != stays;
            active[miner] = stays;
        }
        choices.end_stretch(&mut own);
        choices.stretches.retain(|stretch| stretch.choices > 0.0);
        choices
    }

    /// Books the choices of each miner in the stretch that ends.
    fn end_stretch(&mut self, own: &mut [f64]) {
        let Some(stretch) = self.stretches.last_mut() else { return };
        for (miner, multiplier) in &stretch.active {
            let count = std::mem::take(&mut own[*miner]);
            if count > 0.0 {
                stretch.choices += count;
                self.counts[*miner] += count;
                self.chosen.push((*miner, *multiplier, count));
            }
        }
    }

    /// Number of routing choices in the trace.
    pub(crate) fn count(&self) -> usize {
        let all: f64 = self.counts.iter().sum();
        usize::try_from(math::round_to_u64(all)).expect("as many as rows")
    }

    /// The likeliest weights, by rounds of minorisation (each raises the likelihood).
    pub(crate) fn weights(&self, sees: Sees) -> LikeliestWeights {
        self.weights_from(vec![1.0; self.counts.len()], sees, TOLERANCE)
    }

    fn weights_from(&self, mut weights: Vec<f64>, sees: Sees, tolerance: f64) -> LikeliestWeights {
        // What the router sees is worked out once: powers cost more than all the rounds.
        let shown: Vec<SteadyStretch> =
            self.stretches.iter().map(|stretch| stretch.seen(sees)).collect();
        let sum: f64 = self.counts.iter().sum();
        let mut exposures = vec![0.0; weights.len()];
        for _ in 0..ROUNDS {
            exposures = exposed(&shown, &weights);
            let raise = |(count, exposure): (&f64, &f64)| {
                if *count > 0.0 { count / exposure } else { 0.0 }
            };
            let raised: Vec<f64> = self.counts.iter().zip(&exposures).map(raise).collect();
            // One scale is free: the mean weight over choices is 1.
            let scale: f64 = raised.iter().zip(&self.counts).map(|(w, n)| w * n).sum::<f64>() / sum;
            let mut moved = 0.0_f64;
            for (weight, raised) in weights.iter_mut().zip(raised) {
                let new = raised / scale;
                if new > 0.0 {
                    moved = moved.max((new - *weight).abs() / new);
                }
                *weight = new;
            }
            if moved < tolerance {
                break;
            }
        }
        let own = |(miner, multiplier, count): &(usize, f64, f64)| {
            count * math::ln(weights[*miner] * see(*multiplier, sees))
        };
        let all = |stretch: &SteadyStretch| stretch.choices * math::ln(stretch.sum(&weights));
        let log_likelihood =
            self.chosen.iter().map(own).sum::<f64>() - shown.iter().map(all).sum::<f64>();
        LikeliestWeights { weights, exposures, counts: self.counts.clone(), log_likelihood }
    }

    /// The power of scores that makes the choices likeliest, and its standard error by the likelihood's bend; none where
    /// scores tell nothing.
    pub(crate) fn exponent(&self) -> Option<(f64, f64)> {
        /// Where the likelihood is looked at first, and how far on either side. Source: ours; October's power is 1.4.
        const CENTRE: f64 = 1.25;
        const STEP: f64 = 0.5;
        /// Parabolas tried: the likelihood is nearly one, so a centre within a step of its top is near enough.
        const SEARCHES: usize = 3;
        /// Part by which no weight moves any more: the likelihood is flat there. Source: ours.
        const NEAR: f64 = 1e-5;
        let mut start = vec![1.0; self.counts.len()];
        let mut at = |power: f64| {
            let found = self.weights_from(start.clone(), Sees::Scores(power), NEAR);
            start = found.weights;
            found.log_likelihood
        };
        let mut centre = CENTRE;
        for _ in 0..SEARCHES {
            let (low, middle, high) = (at(centre - STEP), at(centre), at(centre + STEP));
            let bend = (2.0 * middle - low - high) / (STEP * STEP);
            if bend <= 0.0 || !bend.is_finite() {
                return None;
            }
            let step = (high - low) / (2.0 * STEP) / bend;
            if step.abs() <= STEP {
                return Some((centre + step, 1.0 / bend.sqrt()));
            }
            centre += step.clamp(-1.0, 1.0);
        }
        None
    }
}

impl SteadyStretch {
    /// The same with what the router makes of the multipliers.
    fn seen(&self, sees: Sees) -> Self {
        let active = self.active.iter().map(|(miner, m)| (*miner, see(*m, sees))).collect();
        Self { active, choices: self.choices }
    }

    fn sum(&self, weights: &[f64]) -> f64 {
        self.active.iter().map(|(miner, seen)| weights[*miner] * seen).sum()
    }
}

fn exposed(stretches: &[SteadyStretch], weights: &[f64]) -> Vec<f64> {
    let mut exposures = vec![0.0; weights.len()];
    for stretch in stretches {
        let part = stretch.choices / stretch.sum(weights);
        for (miner, seen) in &stretch.active {
            exposures[*miner] += seen * part;
        }
    }
    exposures
}

/// What the router makes of a multiplier.
fn see(multiplier: f64, sees: Sees) -> f64 {
    match sees {
        Sees::Stake => 1.0,
        Sees::Scores(power) if multiplier > FLOOR && (power - 1.0).abs() > 0.0 => {
            math::pow(multiplier, power)
        }
        Sees::Scores(_) => multiplier,
    }
}

/// When score runs are, as the choices tell it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ScoreRunPhase {
    /// Past the hour [ms].
    pub(crate) at_ms: u64,
    /// Standard error, by the other minutes' chances [ms].
    pub(crate) error_ms: f64,
    /// How much likelier that is than the worst minute [nats].
    pub(crate) gain: f64,
}

/// The hour's minute at which score runs make the choices likeliest.
pub(crate) fn find_phase(
    jobs: &RecordedJobs,
    until_ms: u64,
    progress: &dyn Fn(u64),
) -> ScoreRunPhase {
    /// A run is looked for at every minute. Source: ours; jobs come every half minute.
    const MINUTE_MS: u64 = 60_000;
    let jobs = &jobs.before(until_ms);
    let successes = Successes::of(jobs);
    let likelihood = |minute: u64| {
        progress(minute);
        // A run half a minute past the minute: its jobs stand on both sides.
        let phase_ms = minute * MINUTE_MS + MINUTE_MS / 2;
        let choices = TraceChoices::with(jobs, &successes, (phase_ms, 0));
        (phase_ms, choices.weights(Sees::Scores(1.0)).log_likelihood)
    };
    let all: Vec<(u64, f64)> = (0..HOUR_MS / MINUTE_MS).map(likelihood).collect();
    let best = all.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    let best = best.expect("an hour has minutes");
    let worst = all.iter().map(|(_, found)| *found).fold(f64::INFINITY, f64::min);
    let (mut weight, mut squares) = (0.0, 0.0);
    for (at_ms, found) in &all {
        let chance = math::exp(found - best.1);
        let away = at_ms.abs_diff(best.0);
        // The hour is a circle.
        let away = math::float(away.min(HOUR_MS - away));
        weight += chance;
        squares += chance * away * away;
    }
    let minute = math::float(MINUTE_MS);
    let error_ms = (squares / weight + minute * minute / 12.0).sqrt();
    ScoreRunPhase { at_ms: best.0, error_ms, gain: best.1 - worst }
}

/// What the active miners pull with before each row's choice: the sum of their weights times what the router sees.
pub(crate) fn pull(jobs: &RecordedJobs, phase_ms: u64, weights: &[f64], sees: Sees) -> Vec<f64> {
    let miners = jobs.miners.len();
    let mut last_place = vec![usize::MAX; miners];
    for (place, row) in jobs.rows.iter().enumerate() {
        last_place[usize::from(row.miner)] = place;
    }
    let successes = Successes::of(jobs);
    let mut scores = V001Scores::new(&successes);
    let mut active = vec![false; miners];
    let (mut sum, mut stale, mut next_run) = (0.0, false, phase_ms);
    let mut pulls = Vec::with_capacity(jobs.rows.len());
    for (place, row) in jobs.rows.iter().enumerate() {
        if row.created_ms >= next_run {
            let passed = (row.created_ms - phase_ms) / HOUR_MS;
            scores.run(phase_ms + passed * HOUR_MS);
            next_run = phase_ms + (passed + 1) * HOUR_MS;
            stale = true;
        }
        if stale {
            let one = |miner: usize| weights[miner] * see(scores.multipliers[miner], sees);
            sum = (0..miners).filter(|miner| active[*miner]).map(one).sum();
            stale = false;
        }
        pulls.push(sum);
        let miner = usize::from(row.miner);
        let stays = last_place[miner] != place;
        stale |= active[miner] != stays;
        active[miner] = stays;
    }
    pulls
}

/// What the router makes of a miner without a score.
pub(crate) fn trapped(sees: Sees) -> f64 {
    see(FLOOR, sees)
}

/// The successes of a trace as (visible, event, latency, miner), in that order.
struct Successes {
    rows: Vec<(u64, u64, u32, usize)>,
    miners: usize,
}

impl Successes {
    fn of(jobs: &RecordedJobs) -> Self {
        let success = |row: &RecordedJob| {
            let total = row.total_ms.unwrap_or(u32::MAX);
            row.is_success().then_some((
                row.updated_ms,
                row.event_ms,
                total,
                usize::from(row.miner),
            ))
        };
        let mut rows: Vec<_> = jobs.rows.iter().filter_map(success).collect();
        rows.sort_unstable();
        Self { rows, miners: jobs.miners.len() }
    }
}

/// Scores of v001 as score runs publish them: the last success, halved every seven days.
struct V001Scores<'s> {
    /// Successes not yet taken in, in the order of their events.
    to_come: &'s [(u64, u64, u32, usize)],
    /// Event and sample of the last success of each.
    last: Vec<Option<(u64, f64)>>,
    multipliers: Vec<f64>,
}

impl<'s> V001Scores<'s> {
    fn new(successes: &'s Successes) -> Self {
        let count = successes.miners;
        let multipliers = vec![FLOOR; count];
        Self { to_come: &successes.rows, last: vec![None; count], multipliers }
    }

    fn run(&mut self, now_ms: u64) {
        while let Some(((at_ms, event_ms, total, miner), rest)) = self.to_come.split_first() {
            if *at_ms > now_ms {
                break;
            }
            self.to_come = rest;
            let sample = 1.0 - (f64::from(*total) / ZERO_MS).min(1.0);
            if self.last[*miner].is_none_or(|(at, _)| at <= *event_ms) {
                self.last[*miner] = Some((*event_ms, sample));
            }
        }
        for (multiplier, last) in self.multipliers.iter_mut().zip(&self.last) {
            if let Some((at, sample)) = last {
                let age = math::float(now_ms.saturating_sub(*at)) / HALF_LIFE_MS;
                *multiplier = (sample * math::pow(0.5, age)).max(FLOOR);
            }
        }
    }
}
