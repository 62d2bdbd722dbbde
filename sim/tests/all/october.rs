//! The calibrated October scenario gives what needs no fit: the client's gaps, jobs an hour, newcomers' rates, routing and
//! pay by class. The classes and the flagged miners are the published ones, so this needs the folder `../shared`.

use crate::common::assay;
use assay_testing::TableRow;
use assay_testing::TestFolder;
use assay_testing::TextTable;
use assay_testing::shared;
use std::collections::BTreeMap;

const SCENARIO: &str = "scenarios/sn11-2025-10.toml";

/// A run with one seed: its miners' table over so many replications, and the jobs of the first.
fn run(seed: &str, replications: &str) -> (TextTable, TextTable) {
    let place = TestFolder::new();
    let (out, jobs) = (place.path("out"), place.path("jobs.csv"));
    let fixed = ["run", SCENARIO, "--out", &out, "--jobs", &jobs];
    let own = ["--seed", seed, "--replications", replications];
    let ended = assay(&[&fixed[..], &own].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    (TextTable::read(place.path("out/miners.csv")), TextTable::read(jobs))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / f64::from(u32::try_from(values.len()).unwrap())
}

#[test]
fn the_client_waits_for_the_answer_and_thirty_seconds() {
    let (_, jobs) = run("11", "1");
    let rows: Vec<TableRow<'_>> = jobs.rows().collect();
    let answered: Vec<_> =
        rows.windows(2).filter(|pair| !pair[0].text("dispatched_ms").is_empty()).collect();
    assert!(answered.len() > 7000);
    for pair in answered {
        let gap = pair[1].number("created_at_ms") - pair[0].number("dispatched_ms");
        assert!((30_017.0..30_100.0).contains(&gap), "{gap} ms after {:?}", pair[0].text("job"));
    }
    let mut by_hour: BTreeMap<u64, u32> = BTreeMap::new();
    for job in &rows {
        let hour = job.text("created_at_ms").parse::<u64>().unwrap() / 3_600_000;
        *by_hour.entry(hour).or_default() += 1;
    }
    for (hour, count) in by_hour.range(1..67) {
        assert!((115..=119).contains(count), "{count} jobs in hour {hour}");
    }
}

/// Miners that come up after hour 4: further jobs in the hour after their first one, over what their whole later rate
/// would give. The trace has 0.57; the newcomer trap alone keeps it below 1.
#[test]
fn newcomers_get_about_half_their_rate_at_first() {
    const HOUR_MS: f64 = 3_600_000.0;
    let (mut early, mut full) = (0.0, 0.0);
    for seed in ["11", "12", "13", "14", "15", "16", "17", "18"] {
        let (_, jobs) = run(seed, "1");
        let mut created: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for job in jobs.rows() {
            let own = created.entry(job.text("miner").to_string()).or_default();
            own.push(job.number("created_at_ms"));
        }
        for times in created.values().filter(|t| t[0] > 4.0 * HOUR_MS && t.len() > 5) {
            let first = times[0];
            let later = times.iter().filter(|t| **t > first + 2.0 * HOUR_MS).count();
            let span = (times[times.len() - 1] - first - 2.0 * HOUR_MS) / HOUR_MS;
            if span < 5.0 {
                continue;
            }
            full += f64::from(u32::try_from(later).unwrap()) / span;
            early += f64::from(
                u32::try_from(
                    times.iter().filter(|t| **t > first && **t <= first + HOUR_MS).count(),
                )
                .unwrap(),
            );
        }
    }
    let ratio = early / full;
    assert!((0.4..=0.8).contains(&ratio), "{ratio}: {early} jobs where the full rate gives {full}");
}

assay_testing::needs_shared!(routing_outcomes_and_pay_are_those_of_the_trace);

fn routing_outcomes_and_pay_are_those_of_the_trace() {
    let file = shared("data/sn11-2025-10/miners.csv");
    let published = TextTable::read(file);
    let published: BTreeMap<_, _> = published.rows().map(|row| (row.text("miner"), row)).collect();
    let (miners, _) = run("11", "20");
    let share = |keep: &dyn Fn(TableRow<'_>) -> bool| {
        let kept = miners.rows().filter(|row| keep(published[row.text("miner")]));
        kept.map(|row| row.number("weight_share")).sum::<f64>() / 20.0
    };
    let flagged = share(&|row| row.text("flagged_by_report_rule") == "1");
    assert!((flagged - 0.515).abs() <= 0.08, "flagged 29: {flagged}");
    let image = share(&|row| row.text("class") == "image");
    assert!((image - 0.040).abs() <= 0.03, "image: {image}");
    let sum = |key: &str| miners.rows().map(|row| row.number(key)).sum::<f64>();
    let without_image = sum("without_image") / sum("successes");
    assert!((without_image - 0.475).abs() <= 0.03, "without image: {without_image}");
    let ginis: Vec<f64> = (0..20).map(|replication| gini(&miners, replication)).collect();
    assert!((mean(&ginis) - 0.345).abs() <= 0.04, "Gini of requests: {}", mean(&ginis));
}

/// Gini coefficient of the requests of the miners that got any, in one replication.
fn gini(miners: &TextTable, replication: usize) -> f64 {
    let own = miners.rows().filter(|row| row.text("replication") == replication.to_string());
    let mut requests: Vec<f64> =
        own.map(|row| row.number("requests")).filter(|requests| *requests > 0.0).collect();
    requests.sort_by(f64::total_cmp);
    let n = f64::from(u32::try_from(requests.len()).unwrap());
    let ranked = requests.iter().enumerate().map(|(place, requests)| {
        (2.0 * f64::from(u32::try_from(place).unwrap()) + 1.0 - n) * requests
    });
    ranked.sum::<f64>() / (n * requests.iter().sum::<f64>())
}

#[test]
fn emission_adds_up_in_every_row() {
    let place = TestFolder::new();
    let ended = assay(&["run", SCENARIO, "--replications", "1", "--out", &place.path("out")]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let epochs = TextTable::read(place.path("out/epochs.csv"));
    assert_eq!(epochs.rows().len(), 57);
    for epoch in epochs.rows() {
        let rao = |name: &str| {
            let text = epoch.text(&format!("{name}_rao_mean"));
            text.parse::<i64>().unwrap_or_else(|_| panic!("{name}: {text} is no whole rao"))
        };
        let parts = ["owner", "miners", "validators", "burned", "recycled", "remainder"];
        assert_eq!(rao("minted"), parts.iter().map(|name| rao(name)).sum::<i64>());
    }
    let verdicts = place.read("out/verdicts.json");
    assert!(verdicts.contains("conservation") && !verdicts.contains("FAIL"), "{verdicts}");
}
