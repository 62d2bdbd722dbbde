//! A piecewise constant density (Bayesian blocks): the values themselves decide where its edges lie.
//!
//! Source: Scargle et al. 2013, "Studies in astronomical time series analysis VI: Bayesian blocks", `ApJ` 764, equations 19
//! and 21: fitness `n ln(n / width)`, penalty `4 - ln(73.53 p0 n^-0.478)` a block, `p0` the chance of a false edge.

use crate::base::math;
use crate::trace::fit::partition::pruned;

/// Chance of a false edge. Source: ours, the usual level.
const FALSE_EDGE: f64 = 0.05;
/// Most values looked at; of more, as many evenly spaced quantiles. Source: ours, for time.
const VALUES_MAX: usize = 600;

/// A piece of constant density.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct DensityBlock {
    /// Lower end of the block [ms].
    pub(crate) low_ms: f64,
    /// Upper end of the block [ms].
    pub(crate) high_ms: f64,
    /// Part of the values, `0.0..=1.0`.
    pub(crate) share: f64,
}

impl DensityBlock {
    /// Part of it below `ms`.
    pub(super) fn below(&self, ms: f64) -> f64 {
        self.share * ((ms - self.low_ms) / (self.high_ms - self.low_ms)).clamp(0.0, 1.0)
    }
}

/// The blocks of ascending, distinct values; one value, or none, makes one block of a millisecond, or none.
pub(super) fn blocks(sorted: &[f64]) -> Vec<DensityBlock> {
    let thinned: Vec<f64> = if sorted.len() > VALUES_MAX {
        let last = sorted.len() - 1;
        (0..VALUES_MAX).map(|place| sorted[place * last / (VALUES_MAX - 1)]).collect()
    } else {
        sorted.to_vec()
    };
    let (Some(first), Some(last)) = (thinned.first(), thinned.last()) else { return Vec::new() };
    let count = thinned.len();
    let mut edges = vec![*first];
    edges.extend(thinned.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])));
    edges.push(if count == 1 { last + 1.0 } else { *last });
    let all = math::float_len(count);
    let penalty = 4.0 - math::ln(73.53 * FALSE_EDGE * math::pow(all, -0.478));
    let logs: Vec<f64> = (0..=count).map(|n| math::ln(math::float_len(n.max(1)))).collect();
    let cost = |begin: usize, end: usize| {
        let width = (edges[end] - edges[begin]).max(f64::MIN_POSITIVE);
        math::float_len(end - begin) * (math::ln(width) - logs[end - begin])
    };
    let (cuts, _) = pruned(count, penalty, cost);
    let ends = cuts.iter().skip(1).copied().chain([count]);
    cuts.iter()
        .zip(ends)
        .map(|(begin, end)| DensityBlock {
            low_ms: edges[*begin],
            high_ms: edges[end],
            share: math::float_len(end - begin) / all,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_clusters_and_a_gap_are_three_blocks() {
        let mut values: Vec<f64> = (0..50).map(f64::from).collect();
        values.extend((0..50).map(|x| 1000.0 + f64::from(x)));
        let found = blocks(&values);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[1].share < 0.05 && found[1].high_ms > 900.0, "{found:?}");
        assert!((found.iter().map(|block| block.share).sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn even_values_are_one_block() {
        let values: Vec<f64> = (0..200).map(f64::from).collect();
        assert_eq!(blocks(&values).len(), 1);
        assert_eq!(blocks(&[5.0]), [DensityBlock { low_ms: 5.0, high_ms: 6.0, share: 1.0 }]);
        assert!(blocks(&[]).is_empty());
    }
}
