//! Plain statistics of lists of numbers.

use crate::base::math;
use crate::statistics;

/// The `share` quantile of ascending values, linear between neighbours; none of no value.
///
/// Source: definition 7 of Hyndman and Fan 1996, the usual one.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = share * math::float_len(last);
    let below = usize::try_from(math::trunc_to_u64(place)).unwrap_or(last).min(last);
    let above = (below + 1).min(last);
    let part = place - math::float_len(below);
    Some(sorted[below] + part * (sorted[above] - sorted[below]))
}

/// The values in ascending order.
pub(crate) fn ascending(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// The median; none of no value.
pub(crate) fn median(values: Vec<f64>) -> Option<f64> {
    quantile(&ascending(values), 0.5)
}

/// The mean; none of no value.
pub(crate) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / math::float_len(values.len()))
}

/// Sum of squared distances from the mean.
pub(crate) fn squares(values: &[f64]) -> f64 {
    let centre = mean(values).unwrap_or(0.0);
    values.iter().map(|x| (x - centre) * (x - centre)).sum()
}

/// Standard deviation with `n - 1`; none of fewer than two values.
pub(crate) fn deviation(values: &[f64]) -> Option<f64> {
    (values.len() > 1).then(|| (squares(values) / math::float_len(values.len() - 1)).sqrt())
}

/// `(n - 1)/n` of the Gini coefficient of `n` values of at least 0, as the published statistics have it; none when all are 0.
pub(crate) fn gini_published(values: Vec<f64>) -> Option<f64> {
    let count = math::float_len(values.len());
    if values.len() == 1 {
        // One value is spread over nobody else.
        return (values[0] > 0.0).then_some(0.0);
    }
    let coefficient = statistics::gini(ascending(values).into_iter())?;
    Some(coefficient * (count - 1.0) / count)
}

/// Share of the `count` largest values in the sum of all; none when that is 0.
pub(crate) fn top_share(values: Vec<f64>, count: usize) -> Option<f64> {
    let sorted = ascending(values);
    let sum: f64 = sorted.iter().sum();
    (sum > 0.0).then(|| sorted.iter().rev().take(count).sum::<f64>() / sum)
}

/// Pearson's correlation; none where one of the two does not vary.
pub(crate) fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let (xs, ys): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (x_mean, y_mean) = (mean(&xs)?, mean(&ys)?);
    let product: f64 = pairs.iter().map(|(x, y)| (x - x_mean) * (y - y_mean)).sum();
    let scale = (squares(&xs) * squares(&ys)).sqrt();
    (scale > 0.0).then(|| product / scale)
}

/// Spearman's rank correlation, ties at their mean rank.
pub(crate) fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    let xs = ranks(&pairs.iter().map(|pair| pair.0).collect::<Vec<_>>());
    let ys = ranks(&pairs.iter().map(|pair| pair.1).collect::<Vec<_>>());
    correlation(&xs.into_iter().zip(ys).collect::<Vec<_>>())
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut begin = 0;
    while begin < order.len() {
        let same = |place: &usize| values[order[*place]].total_cmp(&values[order[begin]]).is_eq();
        let end = (begin..order.len()).take_while(same).last().unwrap_or(begin) + 1;
        for place in begin..end {
            ranks[order[place]] = 0.5 * math::float_len(begin + end - 1);
        }
        begin = end;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: Option<f64>, expected: f64) {
        assert!((got.unwrap() - expected).abs() < 1e-12, "{got:?} is not {expected}");
    }

    #[test]
    fn four_values_worked_by_hand() {
        let values = vec![4.0, 1.0, 2.0, 3.0];
        close(median(values.clone()), 2.5);
        close(quantile(&ascending(values.clone()), 0.9), 3.7);
        close(deviation(&values), (5.0_f64 / 3.0).sqrt());
        close(gini_published(values.clone()), 0.25);
        close(top_share(values, 1), 0.4);
    }

    #[test]
    fn correlations_see_order_and_line() {
        let pairs = [(1.0, 1.0), (2.0, 4.0), (3.0, 9.0)];
        close(spearman(&pairs), 1.0);
        close(correlation(&[(0.0, 1.0), (1.0, 0.0)]), -1.0);
        close(spearman(&[(1.0, 1.0), (1.0, 2.0), (2.0, 3.0)]), 0.75_f64.sqrt());
        assert_eq!(correlation(&[(1.0, 1.0), (1.0, 2.0)]), None);
    }

    #[test]
    fn nothing_has_no_value() {
        assert_eq!(median(vec![]), None);
        assert_eq!(mean(&[]), None);
        assert_eq!(gini_published(vec![0.0, 0.0]), None);
        assert_eq!(gini_published(vec![2.0]), Some(0.0));
        assert_eq!(deviation(&[1.0]), None);
    }
}
