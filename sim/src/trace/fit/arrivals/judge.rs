//! How well a process describes the requests.
//!
//! Each gap is turned into its probability under the process, given what came before. For the true process these
//! probabilities are independent and uniform. A process is refuted when they are not *and* the deviation is large enough to
//! matter, because with enough jobs every model is refuted.

use crate::base::math;
use crate::trace::fit::laws;
use crate::trace::measure::numbers;

/// Places are uneven below this p-value, with fitted parameters and so generous. Source: ours, one true in a thousand.
const UNEVEN_P: f64 = 1e-3;
/// A gap may be wrong by this part of the mean gap, in the mean. Source: ours; October's clock is right to 0.2 %.
const MISFIT_MAX: f64 = 0.02;
/// Neighbouring places may be correlated so much, as far as the law is of the gap, or by so many standard errors. Source:
/// ours.
const CORRELATION_MAX: f64 = 0.1;
const CORRELATION_ERRORS_MAX: f64 = 5.0;

/// Most places looked at, the first ones. Source: ours, for time: so many refute whatever matters.
const PLACES_MAX: usize = 1 << 17;

/// A process against the gaps.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ProcessModel {
    /// Name of the process, as the family `arrivals` has it.
    pub(crate) name: String,
    /// Number of its parameters.
    pub(crate) free: u32,
    /// Logarithm of the likelihood, a gap.
    pub(crate) log_likelihood_per_gap: f64,
    /// Schwarz's criterion: the less the better.
    pub(crate) bic: f64,
    /// Kolmogorov-Smirnov distance of the places from even ones.
    pub(crate) ks: f64,
    /// Its p-value by simulation, `0.0..=1.0`.
    pub(crate) p: f64,
    /// How wrong a gap is in the mean, as a part of the mean gap.
    pub(crate) misfit: f64,
    /// Correlation of neighbouring places; none of gaps that are not neighbours.
    pub(crate) correlation: Option<f64>,
    /// Whether the gaps refute it.
    pub(crate) is_refuted: bool,
}

/// What a process says of the gaps.
pub(super) struct GapsJudged {
    /// Its name, and the number of its parameters.
    pub(super) name: (String, u32),
    /// Logarithm of the likelihood, a gap [1/ms].
    pub(super) log_likelihood_per_gap: f64,
    /// The place of each gap in its law, `0.0..=1.0`, in order.
    pub(super) places: Vec<f64>,
    /// Part of the mean gap that the law is of: a client's think time beyond the least.
    pub(super) part: f64,
    /// Whether places follow on one another.
    pub(super) is_row: bool,
}

impl ProcessModel {
    /// What so many gaps say of it: the likelihood is a gap's, whatever part of them it was taken over.
    pub(super) fn of(told: GapsJudged, gaps: usize) -> Self {
        let GapsJudged { name: (name, free), log_likelihood_per_gap, mut places, part, is_row } =
            told;
        places.truncate(PLACES_MAX);
        let count = math::float_len(places.len());
        let correlation = is_row.then(|| {
            let pairs: Vec<(f64, f64)> = places.windows(2).map(|pair| (pair[0], pair[1])).collect();
            numbers::correlation(&pairs).unwrap_or(0.0)
        });
        let sorted = numbers::ascending(places);
        let misfit = part * distance(&sorted);
        let (ks, p) = laws::ks(sorted);
        let follows = correlation.is_some_and(|r| {
            part * r.abs() > CORRELATION_MAX && r.abs() * count.sqrt() > CORRELATION_ERRORS_MAX
        });
        let is_refuted = (p < UNEVEN_P && misfit > MISFIT_MAX) || follows;
        let gaps = math::float_len(gaps);
        let bic = f64::from(free) * math::ln(gaps) - 2.0 * gaps * log_likelihood_per_gap;
        Self { name, free, log_likelihood_per_gap, bic, ks, p, misfit, correlation, is_refuted }
    }
}

/// Mean distance of ascending places from even ones, both as times of a memoryless law of mean 1.
fn distance(sorted: &[f64]) -> f64 {
    /// Largest probability that is taken as it is, so that no logarithm is infinite.
    const LAST: f64 = 1.0 - 1e-12;
    let count = math::float_len(sorted.len());
    let one = |(rank, place): (usize, &f64)| {
        let even = (math::float_len(rank) + 0.5) / count;
        (math::ln(1.0 - even) - math::ln(1.0 - place.min(LAST))).abs()
    };
    sorted.iter().enumerate().map(one).sum::<f64>() / count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::fit::arrivals::requests::inside;

    fn model(places: Vec<f64>, part: f64) -> ProcessModel {
        let name = ("x".to_string(), 1);
        let gaps = places.len();
        ProcessModel::of(
            GapsJudged { name, log_likelihood_per_gap: -1.0, places, part, is_row: true },
            gaps,
        )
    }

    #[test]
    fn even_places_are_not_refuted_and_bunched_or_sorted_ones_are() {
        let even: Vec<f64> = (0..2000).map(inside).collect();
        let found = model(even.clone(), 1.0);
        assert!(!found.is_refuted, "{found:?}");
        assert!((found.bic - (math::ln(2000.0) + 4000.0)).abs() < 1e-9);
        let bunched = even.iter().map(|x| x * x).collect();
        assert!(model(bunched, 1.0).is_refuted);
        let sorted = numbers::ascending(even);
        assert!(model(sorted, 1.0).is_refuted, "each follows on the one before");
    }

    /// A law of a thousandth of the gap may be as wrong as it likes.
    #[test]
    fn what_does_not_matter_refutes_nothing() {
        let bunched: Vec<f64> = (0..2000).map(|n| inside(n) * inside(n)).collect();
        assert!(model(bunched.clone(), 1.0).is_refuted && !model(bunched, 1e-3).is_refuted);
    }
}
