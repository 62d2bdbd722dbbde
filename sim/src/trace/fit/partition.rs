//! Optimal partitions: cuts of a row of cells that make the sum of the pieces' costs, and a penalty a piece, least.
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
    let mut cuts = Vec::new();
    let mut end = cells;
    while end > 0 {
        cuts.push(begins[end]);
        end = begins[end];
    }
    cuts.reverse();
    (cuts, best[cells])
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
}
