//! One statistic, real and simulated, and what it says by itself.

use crate::base::math;
use crate::trace::measure;
use crate::trace::measure::numbers;
use crate::trace::validate::TAIL;

/// A statistic that has no value in more than this share of replications is not judged. Source: ours.
const UNDEFINED_MAX: f64 = 0.1;

/// Which jobs a statistic is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatisticScope {
    /// The whole trace: warns.
    Whole,
    /// The last part: decides.
    Last,
}

/// One statistic, real and simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidatedStatistic {
    /// Name of the statistic, as `validation.csv` prints it.
    pub name: &'static str,
    /// Unit of its values; "1" for a pure number.
    pub unit: &'static str,
    /// The jobs that the statistic is over.
    pub over: StatisticScope,
    /// In the trace; none where it has no value.
    pub real: Option<f64>,
    /// 2.5 %, 50 % and 97.5 % of the replications.
    pub simulated: Option<[f64; 3]>,
    /// Share of replications in which it has no value.
    pub undefined: f64,
    /// Two-sided rank p-value of the real value among the simulated, `0.0..=1.0`.
    pub p: Option<f64>,
    /// The same adjusted for all that decide (Westfall and Young), where it decides.
    pub p_adjusted: Option<f64>,
    /// Why it is not judged; none where it is.
    pub unjudged: Option<&'static str>,
    /// Half of the bootstrap's 95 % interval of the real one.
    pub half_width: Option<f64>,
    /// Median and rank p-value of the null model: the first part, resampled.
    pub null: Option<(f64, f64)>,
}

impl ValidatedStatistic {
    /// Distance of the simulated median from the real one in half-widths.
    #[must_use]
    pub fn distance(&self) -> Option<f64> {
        self.distance_of(self.simulated?[1])
    }

    /// Distance of the null model's median.
    #[must_use]
    pub fn null_distance(&self) -> Option<f64> {
        self.distance_of(self.null?.0)
    }

    fn distance_of(&self, median: f64) -> Option<f64> {
        /// A width that is only rounding is none.
        const ROUNDING: f64 = 1e-9;
        let real = self.real?;
        let half = self.half_width.filter(|half| *half > ROUNDING * real.abs())?;
        Some((median - real) / half)
    }
}

/// Whether a statistic of the last part may decide.
pub(super) fn decides(name: &str) -> bool {
    !measure::OF_OCTOBER.contains(&name)
}

/// A statistic with its value in the trace and its own in the replications.
pub(super) fn entry(
    (name, unit): (&'static str, &'static str),
    over: StatisticScope,
    real: Option<f64>,
    own: &[Option<f64>],
) -> ValidatedStatistic {
    let sorted = numbers::ascending(own.iter().flatten().copied().collect());
    let at = |share: f64| numbers::quantile(&sorted, share);
    let quantiles = || Some([at(TAIL)?, at(0.5)?, at(1.0 - TAIL)?]);
    let undefined = 1.0 - math::float_len(sorted.len()) / math::float_len(own.len().max(1));
    let p = real.and_then(|real| rank_p(real, &sorted));
    let varies = || {
        let all = || sorted.iter().copied().chain(real).map(rounded);
        all().fold(f64::INFINITY, f64::min) < all().fold(f64::NEG_INFINITY, f64::max)
    };
    let unjudged = match real {
        None => Some("it has no value in the trace"),
        Some(_) if undefined > UNDEFINED_MAX => {
            Some("it has no value in more than a tenth of the replications")
        }
        Some(_) if over == StatisticScope::Last && !decides(name) => {
            Some("a constant of October 2025 cuts it")
        }
        Some(_) if !varies() => Some("it does not vary"),
        Some(_) => None,
    };
    ValidatedStatistic {
        name,
        unit,
        over,
        real,
        simulated: quantiles(),
        undefined,
        p: p.filter(|_| unjudged.is_none()),
        p_adjusted: None,
        unjudged,
        half_width: None,
        null: None,
    }
}

/// A figure without what the order of a sum changes in it: the last twelve of 52 binary digits.
pub(super) fn rounded(x: f64) -> f64 {
    const DIGITS: u32 = 12;
    let half = 1_u64 << (DIGITS - 1);
    f64::from_bits((x.to_bits().saturating_add(half) >> DIGITS) << DIGITS)
}

/// Twice the smaller share of values at least as far out, the real one among them; none of no values.
fn rank_p(real: f64, sorted: &[f64]) -> Option<f64> {
    /// Sums in another order differ by so much.
    const ROUNDING: f64 = 1e-12;
    let reach = ROUNDING * real.abs();
    let up_to = sorted.partition_point(|x| *x <= real + reach);
    let from = sorted.len() - sorted.partition_point(|x| *x < real - reach);
    let outer = math::float_len(up_to.min(from) + 1);
    (!sorted.is_empty()).then(|| (2.0 * outer / math::float_len(sorted.len() + 1)).min(1.0))
}

/// Half of the middle 95 %, of statistics for which a bootstrap of jobs means something.
pub(super) fn half_width(name: &str, values: Vec<f64>) -> Option<f64> {
    let plain = ["A", "L", "F", "R1_", "R3_", "R4_"].iter().any(|start| name.starts_with(start));
    if !plain {
        return None;
    }
    let sorted = numbers::ascending(values);
    let at = |share: f64| numbers::quantile(&sorted, share);
    Some(0.5 * (at(1.0 - TAIL)? - at(TAIL)?))
}

pub(super) fn null_of(real: Option<f64>, values: &[Option<f64>]) -> Option<(f64, f64)> {
    let sorted = numbers::ascending(values.iter().flatten().copied().collect());
    Some((numbers::quantile(&sorted, 0.5)?, rank_p(real?, &sorted)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_count_the_real_one_and_ties_on_both_sides() {
        let sorted = [1.0, 2.0, 3.0, 4.0];
        // Below all: (0 + 1) of 5 on one side, twice.
        assert_eq!(rank_p(0.0, &sorted), Some(0.4));
        assert_eq!(rank_p(2.0, &sorted), Some(1.0));
        assert_eq!(rank_p(9.0, &sorted), Some(0.4));
        assert_eq!(rank_p(1.0, &[]), None);
        assert_eq!(rank_p(5.0, &[5.0; 9]), Some(1.0));
    }

    #[test]
    fn what_is_undefined_too_often_is_not_judged() {
        let values = [Some(1.0), None, Some(2.0), None];
        let got = entry(("A", "s"), StatisticScope::Last, Some(1.0), &values);
        assert_eq!((got.p, got.undefined), (None, 0.5));
    }

    #[test]
    fn what_does_not_vary_or_is_of_october_is_not_judged() {
        let same = [Some(1.0), Some(1.0 + 1e-15), Some(1.0)];
        assert_eq!(entry(("A", "s"), StatisticScope::Last, Some(1.0), &same).p, None);
        // A real one that differs from all replications does vary.
        assert!(entry(("A", "s"), StatisticScope::Last, Some(2.0), &same).p.is_some());
        let values = [Some(1.0), Some(2.0), Some(3.0)];
        let hours = ("L6_median_total_h20_32", "ms");
        assert_eq!(entry(hours, StatisticScope::Last, Some(2.5), &values).p, None);
        assert!(entry(hours, StatisticScope::Whole, Some(2.5), &values).p.is_some());
    }
}
