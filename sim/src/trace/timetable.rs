//! When scores are run and weighed: as a `[replay]` says, or as the clocks of the simulated run struck.

use crate::base::units::SimTime;
use crate::scenario::BLOCK_NS;
use crate::scenario::ReplaySettings;
use crate::scenario::Scenario;
use crate::subnet::orchestrator::end_of_ms;
use crate::subnet::validators::Clock;
use crate::trace::error::RUNS_MAX;

/// What happens at an instant; of two at the same the smaller comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Occurrence {
    /// A score run takes place.
    Run {
        /// Whether the shares that these scores would give are averaged.
        is_averaged: bool,
    },
    /// The scores of the last run are shown: they are the replay's.
    Show,
    /// Validators weigh; what they weigh last is paid.
    Weigh,
    /// The next stretch of the schedule begins.
    Change,
}

/// The instants of a replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Timetable {
    /// A run at the reference time, or at the trace's last write, and some whose shares are averaged [ms].
    Recorded {
        /// The last run; none: at the last write.
        reference_ms: Option<u64>,
        /// The runs averaged, ascending.
        averaged_ms: Vec<u64>,
        /// Time from the trace's start to the first run, and between runs, where each goes on from the one before.
        every_ms: Option<(u64, u64)>,
    },
    /// All that the clocks of a simulated run struck, in order.
    Simulated(Vec<(SimTime, Occurrence)>),
}

impl Timetable {
    /// What a `[replay]` says. A rule that `goes_on` from the run before needs the runs between those that are averaged and
    /// the reference time too: after them, or, where the reference time comes first, since the trace's start.
    pub(super) fn recorded(replay: &ReplaySettings, goes_on: bool) -> Self {
        let reference_ms = Some(replay.reference_time_ms).filter(|at| *at > 0);
        let period = replay.run_period_ms;
        let is_before = reference_ms.is_some_and(|at| at < replay.first_run_ms);
        let first = if is_before { replay.first_run_ms % period } else { replay.first_run_ms };
        let every_ms = goes_on.then_some((first, period));
        Self::Recorded { reference_ms, averaged_ms: replay.runs_ms(), every_ms }
    }

    /// The score runs, validator steps and changes of a simulated run, up to its last epoch.
    pub(super) fn simulated(scenario: &Scenario) -> Self {
        let last = scenario.run.epochs.saturating_sub(1);
        let blocks = scenario.chain.epoch_block(last) - scenario.chain.start_block;
        let end = SimTime(blocks.saturating_mul(BLOCK_NS));
        let mut all: Vec<(SimTime, Occurrence)> =
            scenario.phases.iter().map(|(at, _)| (*at, Occurrence::Change)).collect();
        let mut at = end_of_ms(scenario.orchestrator.score_runs.first);
        while at <= end {
            all.push((at, Occurrence::Run { is_averaged: true }));
            at = end_of_ms(at + in_force(scenario, at).orchestrator.score_runs.every);
        }
        for validator in &scenario.validators {
            let first = Clock::new(scenario.validating.acting);
            let mut at = first.first_step(SimTime(validator.offset.0));
            while at <= end {
                all.extend([(at, Occurrence::Show), (at, Occurrence::Weigh)]);
                at = Clock::new(in_force(scenario, at).validating.acting).next_step(at);
            }
        }
        // What falls on the last epoch's instant comes before it, but for a change.
        all.retain(|(at, what)| *at < end || (*at == end && *what != Occurrence::Change));
        all.sort_unstable();
        all.dedup();
        Self::Simulated(all)
    }

    /// What happens when, in order, to a trace that was last written at `last_write_ms`.
    pub(super) fn occurrences(&self, last_write_ms: u64) -> Vec<(SimTime, Occurrence)> {
        let Self::Recorded { averaged_ms, every_ms, .. } = self else {
            let Self::Simulated(all) = self else { return Vec::new() };
            return all.clone();
        };
        let reference_ms = self.reference_ms(last_write_ms);
        let at = |ms: u64| end_of_ms(SimTime::from_ms(ms));
        let run = |ms: &u64| (at(*ms), Occurrence::Run { is_averaged: true });
        let mut all: Vec<_> = averaged_ms.iter().map(run).collect();
        let mut others = vec![reference_ms];
        if let Some((first, period)) = *every_ms {
            others.extend((first..reference_ms).step_by(step(period)).filter(|ms| *ms > 0));
        }
        for ms in others {
            if averaged_ms.binary_search(&ms).is_err() {
                all.push((at(ms), Occurrence::Run { is_averaged: false }));
            }
        }
        all.extend([(at(reference_ms), Occurrence::Show), (at(reference_ms), Occurrence::Weigh)]);
        all.sort_unstable();
        all
    }

    /// The period of runs that are too many up to `reference_ms` to be held in memory, if they are.
    pub(super) fn too_dense(&self, reference_ms: u64) -> Option<u64> {
        let Self::Recorded { every_ms: Some((_, period)), .. } = self else { return None };
        (reference_ms / period >= RUNS_MAX).then_some(*period)
    }

    /// The last instant at which scores are run and shown [ms].
    pub(super) fn reference_ms(&self, last_write_ms: u64) -> u64 {
        match self {
            Self::Recorded { reference_ms, .. } => reference_ms.unwrap_or(last_write_ms),
            Self::Simulated(all) => {
                let is_run =
                    |(_, what): &&(SimTime, Occurrence)| matches!(what, Occurrence::Run { .. });
                all.iter().rfind(is_run).map_or(0, |(at, _)| at.whole_ms())
            }
        }
    }

    /// Number of runs whose shares are averaged.
    pub(super) fn averaged(&self) -> usize {
        match self {
            Self::Recorded { averaged_ms, .. } => averaged_ms.len(),
            Self::Simulated(all) => {
                let is_run =
                    |(_, what): &&(SimTime, Occurrence)| matches!(what, Occurrence::Run { .. });
                all.iter().filter(is_run).count()
            }
        }
    }
}

/// A time as a step; one too long for memory is longer than any trace.
fn step(period_ms: u64) -> usize {
    usize::try_from(period_ms).unwrap_or(usize::MAX)
}

/// The stretch that holds when a clock strikes at `at`; a change at that very instant comes after it.
fn in_force(scenario: &Scenario, at: SimTime) -> &Scenario {
    let begun = scenario.phases.iter().take_while(|(from, _)| *from < at);
    begun.last().map_or(scenario, |(_, stretch)| stretch)
}
