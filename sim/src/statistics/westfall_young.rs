//! Westfall and Young's step-down: which of several statistics are out, all together, whatever their dependence.
//!
//! Source: Westfall, Young 1993, "Resampling-based multiple testing", chapter 2 (min-p); spec/theory.md 2.3.

use crate::base::math;

/// What observed statistics are worth among those of replications.
#[derive(Clone, Debug, PartialEq)]
pub struct WestfallYoung {
    /// Two-sided rank p-value of each statistic, by itself.
    pub p: Vec<f64>,
    /// The same adjusted for all of them: those at or below a level are out at it, all together.
    pub adjusted: Vec<f64>,
}

/// Number of replications from which one of `statistics` can be out at the level `alpha`: `2 k / alpha`, less the observed
/// row.
#[must_use]
pub fn least_replications(statistics: usize, alpha: f64) -> u64 {
    /// A quotient that is whole but for rounding is whole.
    const ROUNDING: f64 = 1e-9;
    let rows = 2.0 * math::float_len(statistics) / alpha;
    math::trunc_to_u64(rows + 1.0 - ROUNDING * rows).max(2)
}

/// Observed statistics against those of replications, one value a statistic; none where a statistic has no value there.
///
/// Exact when the observed row and the replications are exchangeable, ties and constant columns included: a statistic's
/// p-value is twice the smaller share of rows at least as far out, its own among them. A row without a value is nowhere out.
///
/// # Panics
/// When a row is shorter than the observed one.
#[must_use]
pub fn westfall_young(observed: &[f64], replications: &[Vec<Option<f64>>]) -> WestfallYoung {
    let columns: Vec<Vec<f64>> = (0..observed.len())
        .map(|place| {
            let others = replications.iter().map(|row| row[place]);
            ranked(&[Some(observed[place])].into_iter().chain(others).collect::<Vec<_>>())
        })
        .collect();
    let p: Vec<f64> = columns.iter().map(|column| column[0]).collect();
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    // The least p-value of each row among the columns from here on, built up from the last.
    let rows = replications.len() + 1;
    let mut least = vec![f64::INFINITY; rows];
    let mut adjusted = vec![0.0; p.len()];
    for place in order.iter().rev() {
        for (least, own) in least.iter_mut().zip(&columns[*place]) {
            *least = least.min(*own);
        }
        let as_far = least.iter().filter(|least| **least <= p[*place]).count();
        adjusted[*place] = math::float_len(as_far) / math::float_len(rows);
    }
    let mut most = 0.0_f64;
    for place in order {
        most = most.max(adjusted[place]);
        adjusted[place] = most;
    }
    WestfallYoung { p, adjusted }
}

/// The p-value of each row in its column.
fn ranked(column: &[Option<f64>]) -> Vec<f64> {
    let mut sorted: Vec<f64> = column.iter().flatten().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let all = math::float_len(sorted.len());
    let one = |x: &Option<f64>| {
        let Some(x) = x else { return 1.0 };
        let up_to = sorted.partition_point(|other| other <= x);
        let from = sorted.len() - sorted.partition_point(|other| other < x);
        (2.0 * math::float_len(up_to.min(from)) / all).min(1.0)
    };
    column.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Word;
    use crate::statistics::is_refuted;

    fn rows(values: &[&[f64]]) -> Vec<Vec<Option<f64>>> {
        values.iter().map(|row| row.iter().map(|x| Some(*x)).collect()).collect()
    }

    fn assert_close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-10, "{found} is not {expected}");
        }
    }

    #[test]
    fn the_published_case_is_met() {
        let file = assay_testing::vectors("theory.json");
        let text = std::fs::read_to_string(file).unwrap();
        let all: serde_json::Value = serde_json::from_str(&text).unwrap();
        let list = |value: &serde_json::Value| -> Vec<f64> {
            value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
        };
        let mut seen = 0;
        for case in all["cases"].as_array().unwrap() {
            if case["fn"] != "westfall_young" {
                continue;
            }
            let reference = case["input"]["reference"].as_array().unwrap();
            let reference: Vec<Vec<Option<f64>>> =
                reference.iter().map(|row| list(row).into_iter().map(Some).collect()).collect();
            let found = westfall_young(&list(&case["input"]["observed"]), &reference);
            assert_close(&found.p, &list(&case["expected"]["p"]));
            assert_close(&found.adjusted, &list(&case["expected"]["adjusted"]));
            seen += 1;
        }
        assert!(seen > 0);
    }

    /// Four rows. The first column has p 1/2, 1/2, 1, 1, the second 1, 1/2, 1, 1/2: the observed 9 is out by itself at 1/2, and
    /// three rows of four have a least p of at most that. The second stays at 1.
    #[test]
    fn two_columns_worked_by_hand() {
        let found = westfall_young(&[9.0, 2.0], &rows(&[&[1.0, 1.0], &[2.0, 3.0], &[3.0, 4.0]]));
        assert_close(&found.p, &[0.5, 1.0]);
        assert_close(&found.adjusted, &[0.75, 1.0]);
    }

    #[test]
    fn constant_columns_ties_and_holes_count_as_nothing_out() {
        let values: Vec<Vec<Option<f64>>> =
            (0..39).map(|n| vec![Some(1.0), (n % 2 == 0).then(|| f64::from(n))]).collect();
        let found = westfall_young(&[1.0, 50.0], &values);
        // Twenty rows have a value; the observed one is beyond them: 2 of 21.
        assert_close(&found.p, &[1.0, 2.0 / 21.0]);
        assert!(found.adjusted[1] < 0.1 && (found.adjusted[0] - 1.0).abs() < 1e-12);
        assert_eq!(westfall_young(&[], &values).adjusted, Vec::<f64>::new());
    }

    #[test]
    fn enough_replications_can_reject_and_one_fewer_cannot() {
        assert_eq!(least_replications(40, 0.05), 1600);
        assert_eq!(least_replications(1, 0.05), 40);
        assert_eq!(least_replications(3, 0.07), 86);
    }

    /// Five correlated, skewed statistics, all true: 400 tests with 99 replications each reject one time in twenty at most,
    /// and raw p-values far more often. False alarm: one in a hundred.
    #[test]
    fn true_statistics_are_out_as_seldom_as_they_may() {
        let mut draws = Word(7).derive(0).expand();
        let mut row = || -> Vec<f64> {
            let common = -math::ln(draws.unit());
            (0..5).map(|_| common - 2.0 * math::ln(draws.unit())).collect()
        };
        let (mut wrong, mut raw) = (0, 0);
        for _ in 0..400 {
            let others: Vec<Vec<Option<f64>>> =
                (0..399).map(|_| row().into_iter().map(Some).collect()).collect();
            let found = westfall_young(&row(), &others);
            wrong += u64::from(found.adjusted.iter().any(|p| *p <= 0.05));
            raw += u64::from(found.p.iter().any(|p| *p <= 0.05));
        }
        assert!(!is_refuted(wrong, 400, 0.05), "{wrong} of 400");
        assert!(is_refuted(raw, 400, 0.05), "the control: {raw} of 400");
    }
}
