//! How long miners were on the subnet before their first job, and how many were there and never got one.
//!
//! A miner without a score is trapped: it is chosen with its weight times the least multiplier, so it waits for its
//! first job, and a trace holds only those whose wait ended. Two numbers explain the first jobs: how many miners stood
//! there when the traffic began, and how many came an hour after that. With the hazard `h` of a first job, known from the
//! weights and scores of the others, a miner first seen at `t` was there from the start with odds
//! `N exp(-H(0, t)) : rate * integral of exp(-H(a, t)) da`, and each seen miner stands for `1 / P(seen)` of its kind
//! (Horvitz and Thompson 1952); both are repeated until nothing moves (expectation and maximisation).
//!
//! Left out: miners that came and left unseen, and a first hour of full weight: the second would show in newcomers' first
//! jobs, which in October come at the trapped rate (trace-findings.md section 2.2).

use crate::base::math;
use crate::trace::jobs::HOUR_MS;
use crate::trace::jobs::RecordedJobs;

/// Cells of time that hazards are summed by. Source: ours; four minutes in October's first three quarters.
const CELLS: usize = 1000;
/// Rounds of expectation and maximisation. Source: ours.
const ROUNDS: usize = 500;
/// Most miners that one seen stands for. Source: ours: what is seen less often than one in five tells too little.
const STANDS_MAX: f64 = 5.0;

/// A miner that the trace does not show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Unseen {
    /// The seen one it is like.
    pub(crate) like: u16,
    /// When it came [ms]; 0: before the traffic.
    pub(crate) from_ms: u64,
}

/// Miners that joined before or during the trace, seen and unseen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Newcomers {
    /// Miners there when the traffic began, and the standard error.
    pub(crate) at_start: (f64, f64),
    /// Miners that came an hour after it, and the standard error.
    pub(crate) per_h: (f64, f64),
    /// When each seen miner came [ms]; 0: before the traffic; none for one without jobs.
    pub(crate) came_ms: Vec<Option<u64>>,
    /// Those not seen, and those to come between the part looked at and the end of the trace.
    pub(crate) unseen: Vec<Unseen>,
}

/// What is known of the miners seen.
pub(super) struct SeenMiners<'s> {
    /// First job of each [ms].
    pub(super) first_ms: &'s [Option<u64>],
    /// Routing weight of each miner that was seen.
    pub(super) weights: &'s [f64],
    /// Weight times multiplier of all active miners, at each row.
    pub(super) pull: &'s [f64],
    /// Multiplier of a trapped miner.
    pub(super) trapped: f64,
}

/// Beginning of the traffic, end of the part looked at, end of the trace [ms].
pub(super) type Span = (u64, u64, u64);

/// The newcomers among the miners of `jobs`; at most `room` of them are unseen.
pub(super) fn newcomers(
    jobs: &RecordedJobs,
    seen: &SeenMiners<'_>,
    span: Span,
    room: usize,
) -> Newcomers {
    let grid = HazardGrid::new(jobs, seen, span);
    let miners: Vec<SeenMiner> = (0..seen.first_ms.len())
        .filter_map(|miner| Some(grid.miner(miner, seen.first_ms[miner]?, seen.weights[miner])))
        .collect();
    let mut state =
        HazardState { at_start: math::float_len(miners.len()), per_h: 1.0 / grid.hours() };
    for _ in 0..ROUNDS {
        state = state.improved(&miners);
    }
    let from_start: Vec<f64> = miners.iter().map(|miner| state.stood(miner)).collect();
    let mut came_ms = vec![None; seen.first_ms.len()];
    for (miner, is_first) in miners.iter().zip(likeliest(&from_start)) {
        let at_ms = if is_first { 0 } else { grid.came_ms(miner.weight, miner.cell) };
        came_ms[miner.number] = Some(at_ms);
    }
    let mut unseen = unseen(&grid, &miners, &from_start);
    unseen.extend(to_come(state.per_h, &miners, &from_start, span));
    unseen.truncate(room);
    let errors = state.errors(&miners);
    Newcomers {
        at_start: (state.at_start, errors.0),
        per_h: (state.per_h, errors.1),
        came_ms,
        unseen,
    }
}

/// The hazard of a first job for a trapped miner of weight 1, summed from the beginning to the end of each cell.
struct HazardGrid {
    begin_ms: u64,
    cell_ms: u64,
    summed: Vec<f64>,
}

/// A miner that got at least one job.
struct SeenMiner {
    number: usize,
    weight: f64,
    cell: usize,
    /// Chance that one there from the start has waited so long, and the same summed over beginnings after it [h].
    waited: (f64, f64),
    /// Chance that one there from the start is seen, and the same summed over beginnings [h].
    shown: (f64, f64),
}

impl HazardGrid {
    fn new(jobs: &RecordedJobs, seen: &SeenMiners<'_>, (begin_ms, cut_ms, _): Span) -> Self {
        let cells = u64::try_from(CELLS).expect("a small number");
        let cell_ms = (cut_ms.saturating_sub(begin_ms) / cells + 1).max(1);
        let mut grid = Self { begin_ms, cell_ms, summed: vec![0.0; CELLS] };
        let mut waiting: f64 = seen
            .first_ms
            .iter()
            .zip(seen.weights)
            .filter(|(first, _)| first.is_some())
            .map(|(_, weight)| *weight)
            .sum();
        let stride = math::float(jobs.stride.max(1));
        for (row, pull) in jobs.rows.iter().zip(seen.pull) {
            if row.created_ms >= begin_ms {
                let all = pull + seen.trapped * waiting;
                if all > 0.0 {
                    let cell = grid.cell(row.created_ms);
                    grid.summed[cell] += stride * seen.trapped / all;
                }
            }
            if seen.first_ms[usize::from(row.miner)] == Some(row.created_ms) {
                waiting = (waiting - seen.weights[usize::from(row.miner)]).max(0.0);
            }
        }
        let mut sum = 0.0;
        for hazard in &mut grid.summed {
            sum += *hazard;
            *hazard = sum;
        }
        grid
    }

    fn cell(&self, at_ms: u64) -> usize {
        let cell = at_ms.saturating_sub(self.begin_ms) / self.cell_ms;
        usize::try_from(cell).unwrap_or(CELLS).min(CELLS - 1)
    }

    fn cell_h(&self) -> f64 {
        math::float(self.cell_ms) / math::float(HOUR_MS)
    }

    fn hours(&self) -> f64 {
        self.cell_h() * math::float_len(CELLS)
    }

    /// Hazard before cell `from`, of weight 1.
    fn before(&self, from: usize) -> f64 {
        if from == 0 { 0.0 } else { self.summed[from - 1] }
    }

    fn miner(&self, number: usize, first_ms: u64, weight: f64) -> SeenMiner {
        let cell = self.cell(first_ms);
        let waits = |from: usize| math::exp(-weight * (self.before(cell) - self.before(from)));
        let shows =
            |from: usize| 1.0 - math::exp(-weight * (self.summed[CELLS - 1] - self.before(from)));
        SeenMiner {
            number,
            weight,
            cell,
            waited: (waits(0), self.cell_h() * (0..=cell).map(waits).sum::<f64>()),
            shown: (shows(0), self.cell_h() * (0..CELLS).map(shows).sum::<f64>()),
        }
    }

    /// The mean instant at which one that was not there from the start and waited until `cell` came [ms].
    fn came_ms(&self, weight: f64, cell: usize) -> u64 {
        let (mut sum, mut all) = (0.0, 0.0);
        for from in 0..=cell {
            let chance = math::exp(-weight * (self.before(cell) - self.before(from)));
            sum += chance * (math::float_len(from) + 0.5);
            all += chance;
        }
        self.begin_ms + math::round_to_u64(sum / all * math::float(self.cell_ms))
    }
}

/// Miners there at the start, and arrivals of miners an hour.
#[derive(Clone, Copy, Debug)]
struct HazardState {
    at_start: f64,
    per_h: f64,
}

impl HazardState {
    /// Chance that a seen miner was there from the start.
    fn stood(&self, miner: &SeenMiner) -> f64 {
        let (start, later) = (self.at_start * miner.waited.0, self.per_h * miner.waited.1);
        if start + later > 0.0 { start / (start + later) } else { 0.0 }
    }

    fn improved(&self, miners: &[SeenMiner]) -> Self {
        let (mut at_start, mut per_h) = (0.0, 0.0);
        for miner in miners {
            let chance = self.stood(miner);
            at_start += chance * stands(miner.shown.0);
            per_h += (1.0 - chance) / miner.shown.1.max(f64::MIN_POSITIVE);
        }
        Self { at_start, per_h }
    }

    /// Standard errors by the bend of the likelihood, whose part of a miner is the logarithm of `N waited.0 + rate waited.1`.
    /// That of the first is of the miners that stood there, not of the mean of such numbers, which varies by itself more.
    fn errors(&self, miners: &[SeenMiner]) -> (f64, f64) {
        /// A determinant that is only rounding is none: all first jobs came at once.
        const ROUNDING: f64 = 1e-9;
        let (mut start, mut both, mut later) = (0.0, 0.0, 0.0);
        for miner in miners {
            let (a, b) = miner.waited;
            let chance = self.at_start * a + self.per_h * b;
            if chance > 0.0 {
                start += a / chance * (a / chance);
                both += a / chance * (b / chance);
                later += b / chance * (b / chance);
            }
        }
        let area = start * later - both * both;
        let (stood, rate) = if area > ROUNDING * start * later {
            (later / area, start / area)
        } else {
            (1.0 / start, 1.0 / later)
        };
        ((stood - self.at_start).max(0.0).sqrt(), rate.sqrt())
    }
}

/// How many one seen stands for.
fn stands(shown: f64) -> f64 {
    (1.0 / shown.max(f64::MIN_POSITIVE)).min(STANDS_MAX)
}

/// The likeliest, as many as the chances sum to.
fn likeliest(chances: &[f64]) -> Vec<bool> {
    let count = math::round_to_u64(chances.iter().sum());
    let mut order: Vec<usize> = (0..chances.len()).collect();
    order.sort_by(|a, b| chances[*b].total_cmp(&chances[*a]));
    let mut chosen = vec![false; chances.len()];
    for place in order.into_iter().take(usize::try_from(count).unwrap_or(usize::MAX)) {
        chosen[place] = true;
    }
    chosen
}

/// Those that were there and got no job, evenly by what each seen one stands for.
fn unseen(grid: &HazardGrid, miners: &[SeenMiner], from_start: &[f64]) -> Vec<Unseen> {
    let stood = miners.iter().zip(from_start).map(|(m, c)| c * (stands(m.shown.0) - 1.0));
    let late =
        |m: &SeenMiner| (grid.hours() / m.shown.1.max(f64::MIN_POSITIVE)).min(STANDS_MAX) - 1.0;
    let came = miners.iter().zip(from_start).map(|(m, c)| (1.0 - c) * late(m).max(0.0));
    let like = |place: usize| u16::try_from(miners[place].number).expect("at most 1024 miners");
    let mut all: Vec<Unseen> =
        evenly(stood).into_iter().map(|place| Unseen { like: like(place), from_ms: 0 }).collect();
    all.extend(evenly(came).into_iter().map(|place| {
        let from_ms = grid.came_ms(miners[place].weight, CELLS - 1);
        Unseen { like: like(place), from_ms }
    }));
    all
}

/// Those that come between the part looked at and the end of the trace, if miners come as they did.
fn to_come(
    per_h: f64,
    miners: &[SeenMiner],
    from_start: &[f64],
    (_, cut_ms, end_ms): Span,
) -> Vec<Unseen> {
    let hours = math::float(end_ms.saturating_sub(cut_ms)) / math::float(HOUR_MS);
    let later: f64 = from_start.iter().map(|chance| 1.0 - chance).sum();
    if later <= 0.0 || per_h <= 0.0 {
        return Vec::new();
    }
    let part = per_h * hours / later;
    let places = evenly(from_start.iter().map(|chance| part * (1.0 - chance)));
    let count = math::float_len(places.len());
    let one = |(order, place): (usize, usize)| {
        let way = (math::float_len(order) + 0.5) / count * hours * math::float(HOUR_MS);
        let like = u16::try_from(miners[place].number).expect("at most 1024 miners");
        Unseen { like, from_ms: cut_ms + math::round_to_u64(way) }
    };
    places.into_iter().enumerate().map(one).collect()
}

/// Places, each as often as its mass says: wherever the summed mass passes a half, one and a half, and so on.
fn evenly(masses: impl Iterator<Item = f64>) -> Vec<usize> {
    let (mut sum, mut next, mut places) = (0.0, 0.5, Vec::new());
    for (place, mass) in masses.enumerate() {
        sum += mass;
        while sum >= next {
            places.push(place);
            next += 1.0;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Word;
    use crate::trace::jobs::RecordedJob;

    /// Jobs every half minute for 20 h go to a first miner of great pull, but for those that trapped ones get.
    fn world(count: u16, per_h: f64, seed: u64) -> (RecordedJobs, Vec<Option<u64>>, Vec<f64>) {
        // Derived, for a word's first draw is the word itself, and seeds are small.
        let mut draws = Word(seed).derive(0).expand();
        let mut came: Vec<f64> = vec![0.0; usize::from(count)];
        let mut at = 0.0;
        loop {
            at -= math::ln(draws.unit()) / per_h;
            if at >= 20.0 {
                break;
            }
            came.push(at);
        }
        let mut first = vec![None; came.len() + 1];
        first[0] = Some(0);
        let mut jobs = RecordedJobs { stride: 1, ..RecordedJobs::default() };
        jobs.miners = (0..first.len()).map(|number| format!("m{number}")).collect();
        for number in 0..2400_u64 {
            let created_ms = number * 30_000;
            let hour = math::float(created_ms) / 3.6e6;
            let waiting: Vec<usize> = (0..came.len())
                .filter(|miner| came[*miner] <= hour && first[miner + 1].is_none())
                .collect();
            let all = 20.0 + 0.05 * math::float_len(waiting.len());
            let place = math::trunc_to_u64(draws.unit() * all / 0.05);
            let chosen = usize::try_from(place).ok().and_then(|place| waiting.get(place));
            let miner = chosen.map_or(0, |miner| miner + 1);
            first[miner].get_or_insert(created_ms);
            let miner = u16::try_from(miner).unwrap();
            jobs.rows.push(RecordedJob { created_ms, miner, ..RecordedJob::default() });
        }
        let pull = vec![20.0; jobs.rows.len()];
        (jobs, first, pull)
    }

    /// With 0.3 first jobs an hour for each, 20 h show 997 of 1000 of those from the start. Both numbers within three
    /// standard errors in every one of ten worlds: by chance alone one in twenty such tests would fail.
    #[test]
    fn both_numbers_are_recovered() {
        for seed in 1..=10 {
            let (jobs, first, pull) = world(60, 1.5, seed);
            let weights = vec![1.0; first.len()];
            let seen =
                SeenMiners { first_ms: &first, weights: &weights, pull: &pull, trapped: 0.05 };
            let end = 20 * HOUR_MS;
            let found = newcomers(&jobs, &seen, (0, end, end), 100);
            let (count, error) = found.at_start;
            assert!((count - 61.0).abs() < 3.0 * error, "{seed}: {count} ± {error}");
            let (rate, error) = found.per_h;
            assert!((rate - 1.5).abs() < 3.0 * error && error < 1.0, "{seed}: {rate} ± {error}");
            assert!(!found.unseen.is_empty() && found.unseen.len() < 20);
        }
    }

    /// Half of the time shows fewer: the unseen make up for them.
    #[test]
    fn who_never_got_a_job_is_counted() {
        let (mut jobs, mut first, pull) = world(80, 1e-9, 3);
        jobs.rows.truncate(360);
        for at in &mut first {
            *at = at.filter(|at| *at < 3 * HOUR_MS);
        }
        let seen_count = first.iter().flatten().count();
        assert!((30..70).contains(&seen_count), "{seen_count}");
        let weights = vec![1.0; first.len()];
        let seen = SeenMiners { first_ms: &first, weights: &weights, pull: &pull, trapped: 0.05 };
        let found = newcomers(&jobs, &seen, (0, 3 * HOUR_MS, 3 * HOUR_MS), 100);
        let (count, error) = found.at_start;
        assert!((count - 81.0).abs() < 3.0 * error, "{count} ± {error}, {seen_count} seen");
        let all = math::float_len(seen_count + found.unseen.len());
        assert!((all - 81.0).abs() < 4.0 * error, "{all}");
    }

    #[test]
    fn masses_are_told_evenly() {
        assert_eq!(evenly([0.4, 0.2, 2.0, 0.0].into_iter()), [1, 2, 2]);
        assert_eq!(evenly([0.1].into_iter()), [0_usize; 0]);
        assert_eq!(likeliest(&[0.2, 0.9, 0.8]), [false, true, true]);
    }
}
