//! Whatever results name is explained: by `assay list`, and so in the book, whose pages are made of the same lists.

use crate::common::assay;
use assay_sim::simulation::FIRST_SCENARIO;
use assay_sim::simulation::QUESTIONS;
use assay_sim::simulation::columns;
use assay_sim::simulation::topics;
use assay_testing::TestFolder;
use assay_testing::TextTable;
use assay_testing::files;
use std::path::Path;

/// The headings of a file that no column explains, for a table called `table`.
fn unexplained(file: &Path, table: &str) -> Vec<String> {
    let all = columns();
    let known = |heading: &&String| all.iter().any(|column| column.explains(table, heading));
    let table_read = TextTable::read(file);
    table_read.headings().iter().filter(|h| !known(h)).cloned().collect()
}

/// The names of a list of `assay list`.
fn names(topic: &str) -> Vec<String> {
    let found = topics().into_iter().find(|own| own.name == topic).unwrap();
    found.entries.into_iter().map(|entry| entry.name).collect()
}

#[test]
fn every_column_metric_and_statistic_of_the_committed_results_is_told() {
    let (labels, statistics) = (names("labels"), names("statistics"));
    for file in files("results", "csv") {
        let table = file.file_name().unwrap().to_str().unwrap();
        assert_eq!(unexplained(&file, table), Vec::<String>::new(), "{}", file.display());
        let (column, known) = match table {
            "metrics.csv" => ("metric", &labels),
            "validation.csv" => ("statistic", &statistics),
            _ => continue,
        };
        for row in TextTable::read(&file).rows() {
            let name = row.text(column).to_string();
            assert!(known.contains(&name), "{}: {name}", file.display());
        }
    }
}

#[test]
fn every_plot_and_every_claim_of_the_committed_results_is_told() {
    let plots = names("plots");
    for file in files("results", "svg") {
        let name = file.file_stem().unwrap().to_str().unwrap().to_string();
        assert!(plots.contains(&name), "{}", file.display());
    }
    let page =
        std::fs::read_to_string(assay_testing::root().join("sim/docs/reference/properties.md"));
    let page = page.unwrap() + &names("invariants").join("` `").replace('_', "-");
    for file in files("results", "json").iter().filter(|f| f.ends_with("verdicts.json")) {
        let text = std::fs::read_to_string(file).unwrap();
        for line in text.lines().filter_map(|line| line.trim().strip_prefix("\"id\": \"")) {
            let id = line.trim_end_matches("\",");
            assert!(page.contains(id), "{}: {id}", file.display());
        }
    }
}

#[test]
fn every_column_that_a_command_writes_is_told() {
    let place = TestFolder::new();
    let axis = "{ key = \"router.v001.cap_alpha\", values = [100.0, 500.0] }";
    let file = place.write("s.toml", FIRST_SCENARIO);
    let swept = place.write("w.toml", format!("{FIRST_SCENARIO}\n[sweep]\ngrid = [{axis}]\n"));
    let call = |arguments: &[&str]| {
        let ended =
            assay(&[arguments, &["--replications", "2", "--epochs", "2", "--quiet"]].concat());
        assert_eq!(ended.code, 0, "{ended:?}");
    };
    let [run, compare, sweep, jobs] = ["run", "compare", "sweep", "j.csv"].map(|n| place.path(n));
    call(&["run", &file, "--out", &run, "--jobs", &jobs]);
    call(&["compare", &file, "--set", "router.v001.cap_alpha=100", "--out", &compare]);
    call(&["sweep", &swept, "--out", &sweep]);
    for (file, table) in [
        ("run/miners.csv", "miners.csv"),
        ("run/epochs.csv", "epochs.csv"),
        ("run/metrics.csv", "metrics.csv"),
        ("compare/compare.csv", "compare.csv"),
        ("sweep/sweep.csv", "sweep.csv"),
        ("j.csv", "jobs.csv"),
        ("j.history.csv", "jobs.history.csv"),
    ] {
        let path = place.folder().join(file);
        assert_eq!(unexplained(&path, table), Vec::<String>::new(), "{file}");
    }
}

#[test]
fn every_question_of_a_first_scenario_is_answered_by_its_verb() {
    for question in QUESTIONS {
        let place = TestFolder::new();
        let file = place.path("q.toml");
        let ended = assay(&["init", &file, "--question", question.name]);
        assert!(ended.code == 0 && ended.out.contains(question.verb), "{ended:?}");
        let text = place.read("q.toml");
        assert!(text.lines().next().unwrap().ends_with('?'), "{text}");
        let out = place.path("out");
        let few = ["--replications", "2", "--epochs", "2", "--quiet", "--out", &out];
        let ended = assay(&[&[question.verb, &file][..], &few].concat());
        assert!([0, 1, 3].contains(&ended.code), "{}: {ended:?}", question.name);
    }
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let place = TestFolder::new();
    assert_eq!(assay(&["man", &place.path("man1")]).code, 0);
    let page = place.read("man1/assay-run.1");
    assert!(page.contains("scenarios/sn11.toml") && page.contains("replications"), "{page}");
    assert!(place.read("man1/assay.1").contains("Exit codes"));
}

#[test]
fn a_name_is_found_wherever_it_stands() {
    for (name, said) in [
        ("head", "router"),
        ("router.head.cap_alpha", "default: 500.0"),
        ("gini_pay_by_miner", "[1]: Gini coefficient"),
        ("incentive_u16", "miners.csv: incentive_u16"),
        ("class_pay", "Pay share of each class over time"),
        ("conservation", "Every rao minted is somewhere"),
        ("R1_gini_requests", "Gini coefficient of requests"),
        ("metrics", "in metrics.csv: gini_pay_by_miner, gini_requests_by_miner"),
        ("keys", "run.seed"),
    ] {
        let ended = assay(&["list", name]);
        assert!(ended.code == 0 && ended.out.contains(said), "{name}: {ended:?}");
    }
    let ended = assay(&["list", "no_such_name"]);
    assert!(ended.code == 2 && ended.err.contains("lists: arrivals"), "{ended:?}");
}
