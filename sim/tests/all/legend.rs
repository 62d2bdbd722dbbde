//! `columns.json`: every results folder says what stands in its tables, the manifest seals it, and `verify` compares it.

use crate::common::assay;
use assay_sim::simulation::FIRST_SCENARIO;
use assay_testing::TestFolder;
use assay_testing::TextTable;
use serde_json::Value;
use std::path::Path;

/// The columns that the folder's legend explains, by table.
fn legend(folder: &Path) -> Value {
    let text = std::fs::read_to_string(folder.join("columns.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Every column of every table of the folder is explained, and nothing else is.
fn assert_whole(folder: &Path) {
    let legend = legend(folder);
    let mut tables = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "csv") {
            continue;
        }
        tables += 1;
        let name = path.file_name().unwrap().to_str().unwrap();
        let columns = legend[name].as_array().unwrap_or_else(|| panic!("{name}"));
        let names: Vec<_> = columns.iter().map(|column| column["name"].as_str().unwrap()).collect();
        assert_eq!(names, TextTable::read(&path).headings(), "{name}");
        for column in columns {
            let has = |key: &str| column[key].as_str().is_some_and(|text| !text.is_empty());
            assert!(has("meaning") && has("unit"), "{name}: {column}");
        }
    }
    assert!(tables > 0 && legend.as_object().unwrap().len() == tables, "{tables} tables");
}

/// Calls a verb on a short run.
fn short(arguments: &[&str]) {
    let few = ["--replications", "2", "--epochs", "2", "--quiet"];
    let ended = assay(&[arguments, &few].concat());
    assert!([0, 1, 3].contains(&ended.code), "{ended:?}");
}

#[test]
fn every_verb_that_writes_a_folder_explains_its_tables() {
    let place = TestFolder::new();
    let axis = "{ key = \"router.v001.cap_alpha\", values = [100.0, 500.0] }";
    let file = place.write("s.toml", FIRST_SCENARIO);
    let swept = place.write("w.toml", format!("{FIRST_SCENARIO}\n[sweep]\ngrid = [{axis}]\n"));
    let [run, check, compare, sweep] = ["run", "check", "compare", "sweep"].map(|n| place.path(n));
    short(&["run", &file, "--out", &run]);
    short(&["check", &file, "--out", &check]);
    short(&["compare", &file, "--set", "router.v001.cap_alpha=100", "--out", &compare]);
    short(&["sweep", &swept, "--out", &sweep]);
    for folder in [&run, &check, &compare, &sweep] {
        assert_whole(Path::new(folder));
        let manifest = std::fs::read_to_string(Path::new(folder).join("manifest.json")).unwrap();
        assert!(manifest.contains("\"columns.json\": "), "{folder}: not sealed");
    }
    let cap = &legend(Path::new(&sweep))["sweep.csv"][1];
    assert_eq!(cap["name"], "router.v001.cap_alpha");
    assert!(cap["meaning"].as_str().unwrap().starts_with("Stake above this"), "{cap}");
}

#[test]
fn a_folder_that_keeps_some_tables_explains_those() {
    let place = TestFolder::new();
    let file = place.write("s.toml", FIRST_SCENARIO);
    let out = place.path("out");
    short(&["run", &file, "--out", &out, "--only", "metrics.csv"]);
    let mut names: Vec<_> = std::fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["columns.json", "manifest.json", "metrics.csv"]);
    assert_whole(Path::new(&out));
    let metrics = legend(Path::new(&out));
    let values = metrics["metrics.csv"][0]["values"].as_array().unwrap();
    let is_told = |label: &str| values.iter().any(|value| value["name"] == label);
    for row in TextTable::read(Path::new(&out).join("metrics.csv")).rows() {
        assert!(is_told(row.text("metric")), "{}", row.text("metric"));
    }
}

#[test]
fn verify_compares_the_legend_and_takes_a_folder_of_before_without_one() {
    let place = TestFolder::new();
    let file = place.write("s.toml", FIRST_SCENARIO);
    let out = place.path("out");
    short(&["run", &file, "--out", &out]);
    let verify = || assay(&["verify", &out, "--quiet"]);
    let ended = verify();
    assert!(ended.code == 0 && ended.out.contains("columns.json   as claimed"), "{ended:?}");
    let path = Path::new(&out).join("columns.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("Its part of the pay", "Its part of the fun", 1)).unwrap();
    let ended = verify();
    assert!(ended.code == 1 && ended.out.contains("is not as it was written"), "{ended:?}");
    assert!(ended.out.contains("columns.json   differs first in line"), "{ended:?}");
    std::fs::remove_file(&path).unwrap();
    let ended = verify();
    assert!(ended.code == 1 && ended.out.contains("is missing"), "{ended:?}");
    // As an older version left it: tables alone, sealed.
    let old = place.path("old");
    std::fs::create_dir(&old).unwrap();
    for name in ["miners.csv", "metrics.csv", "epochs.csv", "verdicts.json"] {
        std::fs::copy(Path::new(&out).join(name), Path::new(&old).join(name)).unwrap();
    }
    let manifest = std::fs::read_to_string(Path::new(&out).join("manifest.json")).unwrap();
    let mut keys: serde_json::Map<String, Value> = serde_json::from_str(&manifest).unwrap();
    keys.remove("files");
    keys.remove("manifest_hash");
    std::fs::write(
        Path::new(&old).join("manifest.json"),
        serde_json::to_string_pretty(&keys).unwrap(),
    )
    .unwrap();
    let ended = assay(&["verify", &old, "--quiet"]);
    assert!(ended.code == 0 && ended.out.contains("columns.json   not kept"), "{ended:?}");
}

#[test]
fn a_fit_explains_the_table_of_its_estimates() {
    let place = TestFolder::new();
    let file = place.write("s.toml", FIRST_SCENARIO);
    let [jobs, out, fitted] = ["j.csv", "out", "f.toml"].map(|name| place.path(name));
    let few = ["--replications", "1", "--epochs", "60", "--quiet"];
    let ended = assay(&[&["run", &file, "--out", &out, "--jobs", &jobs][..], &few].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    let ended = assay(&["fit", &jobs, "--out", &fitted, "--quiet"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let legend: Value = serde_json::from_str(&place.read("f-fit.columns.json")).unwrap();
    let columns = legend["f-fit.csv"].as_array().unwrap();
    let names: Vec<_> = columns.iter().map(|column| column["name"].as_str().unwrap()).collect();
    assert_eq!(names, TextTable::read(place.path("f-fit.csv")).headings());
}
