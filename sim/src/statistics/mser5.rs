//! MSER-5: how much of the beginning of a series to cut as warm-up.
//!
//! Source: White 1997, "An effective truncation heuristic for bias reduction in simulation output", Simulation 69(6);
//! with batches of five: White, Cobb, Spratt 2000, "A comparison of five steady-state truncation heuristics for
//! simulation", Winter Simulation Conference.
//!
//! Over batch means `z_1 .. z_n` the cut `d` minimises `sum_{i > d} (z_i - mean)^2 / (n - d)^2`, mean and sum over what is
//! kept: cutting pays while it lowers the spread by more than the loss of length costs. A run asks it of its own epochs and
//! suggests `run.warm_up_epochs`.

use crate::base::math;

/// Observations in a batch. Source: White, Cobb, Spratt 2000.
const BATCH: usize = 5;
/// Fewest batches from which a cut is chosen; ours, because below it the minimum is chance.
const BATCHES_MIN: usize = 10;

/// How many observations to cut from the beginning, a multiple of five. None when the series is too short or does not
/// settle: the best cut lies beyond the first half, so the run is too short to say. The earliest of equal cuts is taken.
#[must_use]
pub fn mser5(series: &[f64]) -> Option<usize> {
    let batches = series.chunks_exact(BATCH);
    let means: Vec<f64> =
        batches.map(|batch| batch.iter().sum::<f64>() / math::float_len(BATCH)).collect();
    if means.len() < BATCHES_MIN {
        return None;
    }
    // From the end, so that mean and squares grow by one batch at a time (Welford).
    let (mut kept, mut mean, mut squares) = (0.0, 0.0, 0.0);
    let mut best = (f64::INFINITY, 0);
    for (cut, z) in means.iter().enumerate().rev() {
        kept += 1.0;
        let away = z - mean;
        mean += away / kept;
        squares += away * (z - mean);
        // The last few batches alone can agree by chance; the search of the source leaves them out.
        let statistic = squares / (kept * kept);
        if means.len() - cut >= BATCH && statistic <= best.0 {
            best = (statistic, cut);
        }
    }
    (best.1 <= means.len() / 2).then_some(best.1 * BATCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Word;

    /// Batches of equal observations.
    fn batches(means: &[f64]) -> Vec<f64> {
        means.iter().flat_map(|mean| [*mean; BATCH]).collect()
    }

    #[test]
    fn twelve_batches_worked_by_hand() {
        // After cutting the two high batches the rest alternates 0, 2 around 1: 10 / 10^2 = 0.1; cutting one leaves
        // 10 + (9^2 * 10 / 11) over 121 = 0.69; cutting four leaves 8 / 64 = 0.125.
        let mut means = vec![10.0, 10.0];
        means.extend([0.0, 2.0].repeat(5));
        assert_eq!(mser5(&batches(&means)), Some(10));
    }

    #[test]
    fn a_series_without_warm_up_is_not_cut() {
        assert_eq!(mser5(&batches(&[3.0; 20])), Some(0));
        let alternating = [0.0, 2.0].repeat(10);
        assert_eq!(mser5(&batches(&alternating)), Some(0));
    }

    #[test]
    fn a_series_that_does_not_settle_has_no_cut() {
        let rising: Vec<f64> = (0..200).map(math::float).collect();
        assert_eq!(mser5(&rising), None);
    }

    #[test]
    fn a_short_series_has_no_cut() {
        assert_eq!(mser5(&[1.0; 49]), None);
        assert_eq!(mser5(&[]), None);
    }

    #[test]
    fn a_decaying_start_in_noise_is_found() {
        // Noise in -1/2..1/2 on 20 exp(-t/20): the start is below the noise of a batch (0.13) after about 100.
        let mut draws = Word(5).expand();
        let series: Vec<f64> = (0..1000)
            .map(|t| 20.0 * math::exp(-math::float(t) / 20.0) + draws.unit() - 0.5)
            .collect();
        let cut = mser5(&series).unwrap();
        assert!((60..=200).contains(&cut), "{cut}");
    }
}
