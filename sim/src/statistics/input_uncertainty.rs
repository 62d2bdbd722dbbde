//! What of a metric's variance is chance, and what is that the scenario's parameters are estimates.
//!
//! Source: Song, Nelson, Pegden 2014, "Advanced tutorial: input uncertainty quantification", Proceedings of the Winter
//! Simulation Conference; one-way random effects; spec/theory.md 3.5.

use crate::base::math;

/// The parts of a variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InputUncertainty {
    /// Mean over all draws and replications.
    pub mean: f64,
    /// Variance among replications of one draw: chance.
    pub monte_carlo: f64,
    /// Variance among draws beyond that: the estimates' errors.
    pub estimation: f64,
    /// The second of both, `0.0..=1.0`; none where nothing varies.
    pub estimation_share: Option<f64>,
    /// Standard error of the mean, which more replications of the same draws do not lower to nothing.
    pub error_of_mean: f64,
}

/// The parts of the variance of a metric, whose values stand in a row for each draw of the parameters; none of fewer than two
/// draws, of draws of fewer than two replications, or of unequal ones.
#[must_use]
pub fn input_uncertainty(rows: &[Vec<f64>]) -> Option<InputUncertainty> {
    const LEAST: usize = 2;
    let each = rows.first()?.len();
    if rows.len() < LEAST || each < LEAST || rows.iter().any(|row| row.len() != each) {
        return None;
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / math::float_len(values.len());
    let variance = |values: &[f64]| {
        let centre = mean(values);
        let squares: f64 = values.iter().map(|x| (x - centre) * (x - centre)).sum();
        squares / (math::float_len(values.len()) - 1.0)
    };
    let means: Vec<f64> = rows.iter().map(|row| mean(row)).collect();
    let monte_carlo = mean(&rows.iter().map(|row| variance(row)).collect::<Vec<_>>());
    let of_means = variance(&means);
    let estimation = (of_means - monte_carlo / math::float_len(each)).max(0.0);
    let both = monte_carlo + estimation;
    Some(InputUncertainty {
        mean: mean(&means),
        monte_carlo,
        estimation,
        estimation_share: (both > 0.0).then(|| estimation / both),
        error_of_mean: (of_means / math::float_len(rows.len())).sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_case_is_met() {
        let file = assay_testing::vectors("theory.json");
        let text = std::fs::read_to_string(file).unwrap();
        let all: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut seen = 0;
        for case in all["cases"].as_array().unwrap() {
            if case["fn"] != "input_uncertainty" {
                continue;
            }
            let rows: Vec<Vec<f64>> =
                serde_json::from_value(case["input"]["rows"].clone()).unwrap();
            let found = input_uncertainty(&rows).unwrap();
            for (key, value) in [
                ("monte_carlo", found.monte_carlo),
                ("estimation", found.estimation),
                ("estimation_share", found.estimation_share.unwrap()),
                ("error_of_mean", found.error_of_mean),
            ] {
                let expected = case["expected"][key].as_f64().unwrap();
                assert!((value - expected).abs() < 1e-10, "{key}: {value} is not {expected}");
            }
            seen += 1;
        }
        assert!(seen > 0);
    }

    /// Means 2 and 6, variances 2 and 2: chance 2, of means 8, so estimation 8 - 2/2 = 7; error sqrt(8/2) = 2.
    #[test]
    fn two_draws_worked_by_hand() {
        let found = input_uncertainty(&[vec![1.0, 3.0], vec![5.0, 7.0]]).unwrap();
        let by_hand = InputUncertainty {
            mean: 4.0,
            monte_carlo: 2.0,
            estimation: 7.0,
            estimation_share: Some(7.0 / 9.0),
            error_of_mean: 2.0,
        };
        assert_eq!(found, by_hand);
    }

    #[test]
    fn one_replication_a_draw_cannot_be_split() {
        assert_eq!(input_uncertainty(&[vec![1.0], vec![2.0]]), None);
        assert_eq!(input_uncertainty(&[vec![1.0, 2.0]]), None);
        assert_eq!(input_uncertainty(&[vec![1.0, 2.0], vec![1.0]]), None);
        let same = input_uncertainty(&[vec![1.0, 1.0], vec![1.0, 1.0]]).unwrap();
        assert_eq!((same.estimation_share, same.monte_carlo), (None, 0.0));
    }
}
