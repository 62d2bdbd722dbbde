//! What happens to one job is independent where two laws draw it: no two uses of a word meet.

use crate::common::assay;
use assay_testing::TestFolder;
use assay_testing::TextTable;
use assay_testing::root;

/// Bound on the rank correlation of 20,000 independent pairs: 4 / sqrt(20,000), passed by chance once in 16,000 times.
const CHANCE: f64 = 0.0283;

/// The place of each number among all, from 0.
fn ranks(numbers: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    let mut ranks = vec![0.0; numbers.len()];
    let mut rank = 0.0;
    for place in order {
        ranks[place] = rank;
        rank += 1.0;
    }
    ranks
}

/// Spearman's correlation; of continuous numbers, so that ties do not matter.
fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (ranks(a), ranks(b));
    let count = a.iter().map(|_| 1.0).sum::<f64>();
    let distance: f64 = a.iter().zip(&b).map(|(a, b)| (a - b) * (a - b)).sum();
    1.0 - 6.0 * distance / (count * (count * count - 1.0))
}

/// A gamma service draws several numbers of its word; the way of the result is a second use of the same word.
#[test]
fn a_jobs_service_says_nothing_of_its_transfer() {
    let place = TestFolder::new();
    let (jobs, out) = (place.path("jobs.csv"), place.path("out"));
    let file = root().join("sim/tests/cases/43-word-collision/transfer.toml");
    let ended = assay(&["run", file.to_str().unwrap(), "--quiet", "--out", &out, "--jobs", &jobs]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let (mut services, mut ways) = (Vec::new(), Vec::new());
    for row in TextTable::read(&jobs).rows() {
        if row.text("callback_received_ms").is_empty() {
            continue;
        }
        let service_ms = row.number("service_ns") / 1e6;
        services.push(service_ms);
        ways.push(row.number("callback_received_ms") - row.number("began_ns") / 1e6 - service_ms);
    }
    assert!(services.len() > 19_000, "{} jobs", services.len());
    let found = rank_correlation(&services, &ways);
    assert!(found.abs() < CHANCE, "rank correlation {found}");
    // The control: what depends on the service is seen.
    let sums: Vec<f64> = services.iter().zip(&ways).map(|(a, b)| a + b).collect();
    assert!(rank_correlation(&services, &sums) > 10.0 * CHANCE);
}
