//! Every shipped scenario reads, says its question, and gives the digest that its committed results claim.

use crate::common::assay;
use assay_testing::files;
use assay_testing::root;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Every shipped scenario, relative to the project's root.
fn all() -> Vec<PathBuf> {
    let found = files("scenarios", "toml");
    assert!(found.len() > 5, "{found:?}");
    found.iter().map(|path| path.strip_prefix(root()).unwrap().to_path_buf()).collect()
}

#[test]
fn every_scenario_asks_a_question_and_can_be_explained() {
    for path in all() {
        let text = fs::read_to_string(root().join(&path)).unwrap();
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("# ") && first.ends_with('?'), "{}: {first}", path.display());
        let ended = assay(&["explain", path.to_str().unwrap()]);
        assert_eq!(ended.code, 0, "{}: {ended:?}", path.display());
    }
}

/// Most jobs of a run that the tests repeat.
const JOBS_MAX: u64 = 400_000;

/// Ids of the statistical properties of a file, extended files included.
fn properties(path: &Path) -> Vec<String> {
    let ended = assay(&["explain", path.to_str().unwrap(), "--defaults"]);
    let mut ids = Vec::new();
    let mut id = None;
    for line in ended.out.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("*   id = \"") {
            id = rest.split('"').next().map(str::to_string);
        }
        if let Some(rest) = line.strip_prefix("*   kind = \"")
            && !rest.starts_with("invariant")
        {
            ids.extend(id.take());
        }
    }
    ids
}

#[test]
fn every_statistical_property_has_a_world_that_violates_it() {
    let (broken, shipped): (Vec<_>, Vec<_>) =
        all().into_iter().partition(|path| path.starts_with("scenarios/broken"));
    let mut violated = std::collections::BTreeSet::new();
    for path in &broken {
        let ended = assay(&["check", path.to_str().unwrap(), "--json", "--quiet"]);
        assert_eq!(ended.code, 0, "{}: {ended:?}", path.display());
        let suites: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
        for verdict in suites[0]["verdicts"].as_array().unwrap() {
            if verdict["status"] == "FAIL" {
                violated.insert(verdict["id"].as_str().unwrap().to_string());
            }
        }
    }
    let claimed: Vec<String> = shipped.iter().flat_map(|path| properties(path)).collect();
    assert!(claimed.len() > 20, "{claimed:?}");
    for id in claimed {
        assert!(violated.contains(&id), "no scenario in scenarios/broken/ violates {id}");
    }
}

#[test]
fn committed_results_are_what_their_scenarios_give() {
    let place = tempfile::tempdir().unwrap();
    for path in all() {
        let below = path.strip_prefix("scenarios").unwrap().with_extension("");
        let manifest = root().join("results").join(&below).join("manifest.json");
        let Ok(claimed) = fs::read_to_string(&manifest) else { continue };
        let claimed: serde_json::Value = serde_json::from_str(&claimed).unwrap();
        if claimed.get("replication_digests").is_none() {
            continue;
        }
        let out = place.path().join(&below);
        // The longest are left to .ci/run, which makes them with the release build.
        let jobs = claimed["jobs"].as_u64().unwrap();
        if jobs > JOBS_MAX {
            continue;
        }
        let ended = assay(&["run", path.to_str().unwrap(), "--out", out.to_str().unwrap()]);
        assert_eq!(ended.code, 0, "{ended:?}");
        for name in ["miners.csv", "metrics.csv"] {
            let made = fs::read_to_string(out.join(name)).unwrap();
            let kept = fs::read_to_string(manifest.with_file_name(name)).unwrap();
            assert!(made == kept, "{} of {} differs", name, below.display());
        }
    }
}
