//! Stakes under the cap, and when each miner was there.

use crate::base::math;
use crate::trace::choice;
use crate::trace::choice::Sees;
use crate::trace::choice::TraceChoices;
use crate::trace::fit::newcomers;
use crate::trace::fit::newcomers::Newcomers;
use crate::trace::fit::newcomers::SeenMiners;
use crate::trace::jobs::HOUR_MS;
use crate::trace::jobs::RecordedJobs;
use crate::trace::plateau::Plateau;

/// The cap that weights are told in [alpha]. Source: offchain.md section 1, v001; only ratios to it are identified.
pub(crate) const CAP_ALPHA: f64 = 500.0;
/// A miner that would have been silent so long with this chance has left. Source: ours.
const LEFT_CHANCE: f64 = 0.01;
/// A newcomer is up this long before the score run that traps it [ms]: health is looked at every ten minutes.
const BEFORE_RUN_MS: u64 = 11 * 60_000;
/// Most miners, seen and unseen: 256 uids less owner and validators.
const MINERS_MAX: usize = 250;

/// What routing says of one miner.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RoutedMiner {
    /// Stake under the cap [alpha]; the cap on the plateau.
    pub(crate) stake_alpha: f64,
    /// Its own estimate, plateau or not [alpha].
    pub(crate) own_alpha: f64,
    /// Standard error of that [alpha]; none of no choices.
    pub(crate) error_alpha: Option<f64>,
    /// Whether it is on the plateau.
    pub(crate) on_plateau: bool,
    /// Choices after its first job, and how many its stake makes likely.
    pub(crate) choices: f64,
    /// Choices that the miner's stake makes likely.
    pub(crate) expected: f64,
    /// When it comes up [h]; 0: from the start.
    pub(crate) from_h: f64,
    /// When it leaves [h]; 0: it stays.
    pub(crate) until_h: f64,
    /// Its first and last job [h].
    pub(crate) seen_h: (f64, f64),
}

/// What the router's choices say of stakes, scores and newcomers.
#[derive(Clone, Debug)]
pub(crate) struct Routing {
    /// Score runs: past the hour [ms].
    pub(crate) phase_ms: u64,
    /// Standard error of that [ms].
    pub(crate) phase_error_ms: f64,
    /// How much likelier that is than the worst phase [nats].
    pub(crate) phase_gain: f64,
    /// How much likelier v001 is than a router that sees stakes alone [nats].
    pub(crate) score_gain: f64,
    /// Routing choices that the estimates rest on.
    pub(crate) choices: usize,
    /// Power of scores in the choices, and its error.
    pub(crate) exponent: Option<(f64, f64)>,
    /// The levels of stake that the choices tell apart.
    pub(crate) plateau: Plateau,
    /// Who came when, and who was there unseen.
    pub(crate) newcomers: Newcomers,
    /// By miner; none for one without jobs.
    pub(crate) seats: Vec<Option<RoutedMiner>>,
}

impl Routing {
    /// Whether choices show that the router sees scores.
    pub(crate) fn sees_scores(&self) -> bool {
        self.score_gain > 0.0
    }
}

/// The routing of `jobs`, which end at `cut_ms`; traffic begins at `begin_ms` and, beyond them, ends at `end_ms`.
pub(super) fn routing(
    jobs: &RecordedJobs,
    (begin_ms, cut_ms, end_ms): newcomers::Span,
    progress: &dyn Fn(u64),
) -> Routing {
    let phase = choice::find_phase(jobs, u64::MAX, progress);
    let phase_ms = phase.at_ms;
    let choices = TraceChoices::of(jobs, phase_ms, 0);
    let by_scores = choices.weights(Sees::Scores(1.0));
    let by_stake = choices.weights(Sees::Stake);
    let score_gain = by_scores.log_likelihood - by_stake.log_likelihood;
    let sees = if score_gain > 0.0 { Sees::Scores(1.0) } else { Sees::Stake };
    let found = if score_gain > 0.0 { by_scores } else { by_stake };
    let plateau = Plateau::of(&found, None);
    let unit = plateau.weights.last().copied().unwrap_or(1.0);
    let unit = if unit > 0.0 { unit } else { 1.0 };
    let top = plateau.weights.len().saturating_sub(1);
    let mut firsts = vec![None; jobs.miners.len()];
    let mut lasts = vec![0; jobs.miners.len()];
    for row in jobs.rows.iter().filter(|row| row.created_ms >= begin_ms) {
        firsts[usize::from(row.miner)].get_or_insert(row.created_ms);
        lasts[usize::from(row.miner)] = row.created_ms;
    }
    // Requests an hour of a miner of weight 1 with a full score.
    let hours = math::float(cut_ms.saturating_sub(begin_ms).max(1)) / math::float(HOUR_MS);
    let seat = |(miner, first): (usize, &Option<u64>)| {
        let (first, last) = ((*first)?, lasts[miner]);
        let (weight, count) = (found.weights[miner], found.counts[miner]);
        let own_alpha = CAP_ALPHA * weight / unit;
        // One job, the first, says nothing of a weight: such a miner is as good as any.
        let on_plateau = plateau.levels[miner].map_or(count < 1.0, |level| level == top);
        let stake_alpha = if on_plateau { CAP_ALPHA } else { own_alpha.min(CAP_ALPHA) };
        let present = math::float(last.saturating_sub(first).max(HOUR_MS)) / math::float(HOUR_MS);
        let exposure = found.exposures[miner];
        let rate = if exposure > 0.0 {
            exposure / present * unit * stake_alpha / CAP_ALPHA
        } else {
            math::float_len(choices.count()) / hours / math::float_len(jobs.miners.len())
        };
        Some(RoutedMiner {
            stake_alpha,
            own_alpha,
            error_alpha: (count > 0.0).then(|| own_alpha / count.sqrt()),
            on_plateau,
            choices: count,
            expected: exposure * unit * stake_alpha / CAP_ALPHA,
            from_h: 0.0,
            until_h: left_h((last, cut_ms), rate),
            seen_h: (hour(first), hour(last)),
        })
    };
    let mut seats: Vec<Option<RoutedMiner>> = firsts.iter().enumerate().map(seat).collect();
    let weight = |seat: &Option<RoutedMiner>| {
        seat.as_ref().map_or(0.0, |s| unit * s.stake_alpha / CAP_ALPHA)
    };
    let weights: Vec<f64> = seats.iter().map(weight).collect();
    let pull = choice::pull(jobs, phase_ms, &weights, sees);
    let trapped = choice::trapped(sees);
    let known = SeenMiners { first_ms: &firsts, weights: &weights, pull: &pull, trapped };
    let newcomers = arrived(jobs, &known, (begin_ms, cut_ms, end_ms), &mut seats, phase_ms);
    let (exponent, count) = (choices.exponent(), choices.count());
    Routing {
        phase_ms,
        phase_error_ms: phase.error_ms,
        phase_gain: phase.gain,
        score_gain,
        choices: count,
        exponent,
        plateau,
        newcomers,
        seats,
    }
}

/// Who came when; the seats learn it.
fn arrived(
    jobs: &RecordedJobs,
    known: &SeenMiners<'_>,
    span: newcomers::Span,
    seats: &mut [Option<RoutedMiner>],
    phase_ms: u64,
) -> Newcomers {
    let room = MINERS_MAX.saturating_sub(seats.iter().flatten().count());
    let newcomers = newcomers::newcomers(jobs, known, span, room);
    for (seat, came) in seats.iter_mut().zip(&newcomers.came_ms) {
        if let (Some(seat), Some(came)) = (seat, came) {
            seat.from_h = up_h(*came, phase_ms);
        }
    }
    newcomers
}

/// When a miner leaves [h], from its last job and the jobs an hour it would get; 0: it stays.
fn left_h((last, cut_ms): (u64, u64), rate: f64) -> f64 {
    let silence = math::float(cut_ms - last.min(cut_ms)) / math::float(HOUR_MS);
    let leaves = math::exp(-rate * silence) < LEFT_CHANCE;
    if leaves { hour(last) + 0.5 / rate } else { 0.0 }
}

/// When a miner that came at `came_ms` comes up in a scenario [h]; 0: from the start.
///
/// Just before a score run, so that the trap closes at once.
pub(super) fn up_h(came_ms: u64, phase_ms: u64) -> f64 {
    if came_ms == 0 {
        return 0.0;
    }
    let run_before = phase_ms + came_ms.saturating_sub(phase_ms) / HOUR_MS * HOUR_MS;
    hour(run_before.saturating_sub(BEFORE_RUN_MS))
}

fn hour(at_ms: u64) -> f64 {
    math::float(at_ms) / math::float(HOUR_MS)
}
