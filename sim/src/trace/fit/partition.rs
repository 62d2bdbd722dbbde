//! Optimal partitions of a row of cells: the cuts that minimise the sum of the pieces' costs plus a penalty for each piece.
//!
//! Exact, by dynamic programming over all cuts. Source: Jackson et al. 2005, "An algorithm for optimal partitioning of
//! data on an interval", IEEE Signal Processing Letters 12(2).

/// First cells of the pieces, ascending from 0; empty for no cells.
///
/// `costs_to(end)` gives the costs of the pieces `begin..end` for `begin = end - 1, end - 2, ..., 0`, in that order.
pub(super) fn partition(
    cells: usize,
    penalty: f64,
    mut costs_to: impl FnMut(usize) -> Vec<f64>,
) -> (Vec<usize>, f64) {
    let (mut best, mut begins) = (vec![0.0; cells + 1], vec![0; cells + 1]);
    for end in 1..=cells {
        let costs = costs_to(end);
        let mut least = f64::INFINITY;
        for (back, cost) in costs.into_iter().enumerate() {
            let begin = end - 1 - back;
            let total = best[begin] + cost + penalty;
            // The longer piece wins a tie: it comes later in this order.
            if total <= least {
                least = total;
                begins[end] = begin;
            }
        }
        best[end] = least;
    }
    (cuts(&begins), best[cells])
}

/// The same for costs that no cut makes larger, as logarithms of a greatest likelihood are: beginnings that can never be
/// best again are left out, so that with many pieces the work grows as the cells do.
///
/// Source: Killick, Fearnhead, Eckley 2012, "Optimal detection of changepoints with a linear computational cost", JASA
/// 107(500), theorem 3.1 with K = 0.
pub(super) fn pruned(
    cells: usize,
    penalty: f64,
    cost: impl Fn(usize, usize) -> f64,
) -> (Vec<usize>, f64) {
    let (mut best, mut begins) = (vec![0.0; cells + 1], vec![0; cells + 1]);
    let mut open: Vec<(usize, f64)> = Vec::new();
    for end in 1..=cells {
        open.push((end - 1, 0.0));
        let mut least = f64::INFINITY;
        for (begin, up_to) in &mut open {
            *up_to = best[*begin] + cost(*begin, end);
            // The longer piece wins a tie: it comes first in this order.
            if *up_to + penalty < least {
                least = *up_to + penalty;
                begins[end] = *begin;
            }
        }
        best[end] = least;
        open.retain(|(_, up_to)| *up_to < least);
    }
    (cuts(&begins), best[cells])
}

/// First cells of the pieces, from where the best piece to each end begins.
fn cuts(begins: &[usize]) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut end = begins.len() - 1;
    while end > 0 {
        cuts.push(begins[end]);
        end = begins[end];
    }
    cuts.reverse();
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squares(values: &[f64], end: usize) -> Vec<f64> {
        let cost = |begin: usize| {
            let piece = &values[begin..end];
            let length = f64::from(u32::try_from(piece.len()).unwrap());
            let mean = piece.iter().sum::<f64>() / length;
            piece.iter().map(|x| (x - mean) * (x - mean)).sum()
        };
        (0..end).rev().map(cost).collect()
    }

    #[test]
    fn a_step_is_cut_where_it_stands() {
        let values = [1.0, 1.1, 0.9, 5.0, 5.1, 4.9, 5.0];
        assert_eq!(partition(values.len(), 1.0, |end| squares(&values, end)).0, [0, 3]);
        assert_eq!(partition(values.len(), 1000.0, |end| squares(&values, end)).0, [0]);
        assert_eq!(partition(values.len(), 0.0, |end| squares(&[1.0; 7], end)).0, [0]);
        assert_eq!(partition(0, 1.0, |_| Vec::new()).0, [0_usize; 0]);
    }

    /// Squares about the mean, which no cut makes larger: the same cuts and cost, whatever is left out.
    #[test]
    fn what_is_left_out_was_never_the_best() {
        let values: Vec<f64> = (0..120_u32)
            .map(|n| f64::from(n / 30 * 7 % 5) + f64::from(n * 37 % 11) / 11.0)
            .collect();
        let whole = |begin: usize, end: usize| {
            let piece = &values[begin..end];
            let mean = piece.iter().sum::<f64>() / f64::from(u32::try_from(piece.len()).unwrap());
            piece.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>()
        };
        for penalty in [0.3, 2.0, 1e6] {
            let plain = partition(values.len(), penalty, |end| squares(&values, end));
            let found = pruned(values.len(), penalty, whole);
            assert_eq!(found.0, plain.0, "{penalty}");
            assert!((found.1 - plain.1).abs() < 1e-9);
        }
    }
}
