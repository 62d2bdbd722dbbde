//! Times on a grid, as polling makes them: a first time plus whole steps, with a small normal jitter, and a few off the
//! grid.

use crate::base::math;
use crate::trace::fit::blocks;
use crate::trace::fit::blocks::DensityBlock;
use crate::trace::measure::numbers;

/// Steps looked for [ms], the longest first. Source: offchain.md section 8 (0.5 s) and trace-findings.md section 3 (1 s).
const STEPS_MS: [f64; 4] = [2000.0, 1000.0, 500.0, 250.0];
/// Fewest values that show a grid. Source: ours.
const VALUES_MIN: usize = 12;
/// A jitter above this part of the step is no grid. Source: ours; a uniform time has 0.29.
const JITTER_MAX: f64 = 0.1;
/// Values within so many jitters are on the grid; so many of all must be. Source: ours.
const REACH: f64 = 4.0;
const ON_GRID_MIN: f64 = 0.75;
/// A place of the grid counts as used from this share on. Source: ours.
const USED_SHARE: f64 = 0.03;
/// Least jitter: times are recorded in whole milliseconds [ms].
const JITTER_MIN_MS: f64 = 0.3;
/// Standard deviations in a median absolute deviation of a normal variate.
const MAD: f64 = 1.4826;
/// Places on the circle at which its mode is looked for.
const SECTORS: usize = 50;

/// Times on a grid.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TimeLattice {
    /// The first time [ms].
    pub(crate) a_ms: f64,
    /// From one to the next [ms].
    pub(crate) step_ms: f64,
    /// Share of each time among those on the grid.
    pub(crate) weights: Vec<f64>,
    /// Standard deviation around them [ms].
    pub(crate) jitter_ms: f64,
    /// Share of values that are off the grid.
    pub(crate) off_share: f64,
    /// Density of the values off the grid, piece by piece.
    pub(crate) off: Vec<DensityBlock>,
    /// Values on the grid.
    pub(crate) count: usize,
}

impl TimeLattice {
    /// The grid that ascending values show; none when they show none.
    pub(super) fn of(sorted: &[f64]) -> Option<Self> {
        if sorted.len() < VALUES_MIN {
            return None;
        }
        STEPS_MS.iter().find_map(|step_ms| Self::with_step(sorted, *step_ms))
    }

    fn with_step(sorted: &[f64], step_ms: f64) -> Option<Self> {
        let centre = mode(sorted, step_ms);
        let residual = |ms: f64| wrapped(ms - centre, step_ms);
        let middle = numbers::median(sorted.iter().map(|ms| residual(*ms)).collect())?;
        let centre = centre + middle;
        let residual = |ms: f64| wrapped(ms - centre, step_ms);
        let mad = numbers::median(sorted.iter().map(|ms| residual(*ms).abs()).collect())?;
        let reach = REACH * (MAD * mad).max(JITTER_MIN_MS);
        let (on, off): (Vec<f64>, Vec<f64>) =
            sorted.iter().partition(|ms| residual(**ms).abs() <= reach);
        let share = math::float_len(on.len()) / math::float_len(sorted.len());
        if reach > REACH * JITTER_MAX * step_ms || share < ON_GRID_MIN {
            return None;
        }
        let place = |ms: f64| math::round_to_u64(((ms - centre) / step_ms).max(0.0));
        let lowest = place(*on.first()?);
        let highest = place(*on.last()?);
        let count = usize::try_from(highest - lowest).ok()? + 1;
        let mut weights = vec![0.0; count];
        for ms in &on {
            weights[usize::try_from(place(*ms) - lowest).ok()?] += 1.0 / math::float_len(on.len());
        }
        if weights.iter().filter(|weight| **weight >= USED_SHARE).count() < 2 {
            return None;
        }
        let residuals: Vec<f64> = on.iter().map(|ms| residual(*ms)).collect();
        let mean = numbers::mean(&residuals)?;
        Some(Self {
            a_ms: (centre + mean + math::float(lowest) * step_ms).max(0.0),
            step_ms,
            weights,
            jitter_ms: numbers::deviation(&residuals)?.max(JITTER_MIN_MS),
            off_share: 1.0 - share,
            off: blocks::blocks(&off),
            count: on.len(),
        })
    }

    /// Time of a place of the grid [ms].
    pub(super) fn time_ms(&self, place: usize) -> f64 {
        self.a_ms + math::float_len(place) * self.step_ms
    }
}

/// A time moved by whole steps into `-step/2..step/2` [ms].
fn wrapped(ms: f64, step_ms: f64) -> f64 {
    ms - step_ms * (ms / step_ms).round()
}

/// Where on the circle of one step most values stand [ms].
fn mode(sorted: &[f64], step_ms: f64) -> f64 {
    let width = step_ms / math::float_len(SECTORS);
    let mut counts = [0_u32; SECTORS];
    for ms in sorted {
        let sector = math::trunc_to_u64((ms - step_ms * (ms / step_ms).floor()) / width);
        counts[usize::try_from(sector).unwrap_or(0).min(SECTORS - 1)] += 1;
    }
    // A mode on an edge falls into two: neighbours count too.
    let around = |sector: usize| {
        counts[(sector + SECTORS - 1) % SECTORS]
            + 2 * counts[sector]
            + counts[(sector + 1) % SECTORS]
    };
    let best = (0..SECTORS).max_by_key(|sector| (around(*sector), usize::MAX - sector));
    (math::float_len(best.unwrap_or(0)) + 0.5) * width
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_with_jitter_and_one_stray_is_found() {
        let mut values: Vec<f64> = (0..60)
            .map(|number| 731.0 + 1000.0 * f64::from(number % 3) + f64::from(number % 7) - 3.0)
            .collect();
        values.push(1_300.0);
        let grid = TimeLattice::of(&numbers::ascending(values)).unwrap();
        assert!((grid.a_ms - 731.0).abs() < 1.0, "{grid:?}");
        assert!((grid.step_ms - 1000.0).abs() < 1e-9 && grid.weights.len() == 3);
        assert!((grid.off_share - 1.0 / 61.0).abs() < 1e-9 && grid.jitter_ms < 3.0);
        assert!((grid.weights[1] - 1.0 / 3.0).abs() < 0.02);
    }

    #[test]
    fn times_without_a_grid_or_of_one_place_show_none() {
        let even: Vec<f64> = (0..100).map(|x| 37.0 * f64::from(x)).collect();
        assert_eq!(TimeLattice::of(&even), None);
        let one: Vec<f64> = (0..100).map(|x| 5_000.0 + 0.1 * f64::from(x)).collect();
        assert_eq!(TimeLattice::of(&one), None);
    }
}
