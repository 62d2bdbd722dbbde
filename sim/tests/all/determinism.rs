//! A run is a function of (scenario, seed, version): threads, repetition and the build do not show in its digest.

use crate::common::assay;
use assay_testing::root;
use std::fs;

const SCENARIO: &str = "scenarios/sn11-2025-10.toml";

/// The digest of a short run of the October scenario with `more` arguments.
fn digest(more: &[&str]) -> String {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let mut arguments = vec!["run", SCENARIO, "--epochs", "12", "--replications", "5"];
    arguments.extend(["--out", out.to_str().unwrap()]);
    arguments.extend_from_slice(more);
    let ended = assay(&arguments);
    assert_eq!(ended.code, 0, "{ended:?}");
    ended.line("digest")
}

/// Pinned, so that a build that computes otherwise (release, another platform, another set of features) is seen.
const PINNED: &str = "60e11a74f77eed3df2ec3bff7ce6fdf2";

#[test]
fn the_digest_is_the_same_on_one_two_and_four_threads_and_in_every_build() {
    for threads in ["1", "2", "4"] {
        assert_eq!(digest(&["--threads", threads]), PINNED, "{threads} threads");
    }
}

#[test]
fn another_seed_gives_another_digest() {
    assert_ne!(digest(&["--seed", "12"]), PINNED);
}

#[test]
fn a_results_folder_is_the_same_file_by_file() {
    let place = tempfile::tempdir().unwrap();
    let folders = ["first", "second"].map(|name| place.path().join(name));
    for (folder, threads) in folders.iter().zip(["1", "2"]) {
        let out = folder.to_str().unwrap();
        let ended = assay(&[
            "run",
            SCENARIO,
            "--epochs",
            "6",
            "--replications",
            "3",
            "--threads",
            threads,
            "--out",
            out,
        ]);
        assert_eq!(ended.code, 0, "{ended:?}");
    }
    let below =
        |part: &str| fs::read_dir(folders[0].join(part)).unwrap().map(|e| e.unwrap().path());
    let files: Vec<_> = below("").chain(below("plots")).filter(|path| path.is_file()).collect();
    assert!(files.len() > 10, "{files:?}");
    for file in files {
        let name = file.strip_prefix(&folders[0]).unwrap();
        let texts = folders.clone().map(|folder| fs::read(folder.join(name)).unwrap());
        assert!(texts[0] == texts[1], "{} differs", name.display());
    }
}

#[test]
fn the_manifest_tells_nothing_of_the_machine() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let arguments = ["run", SCENARIO, "--epochs", "2", "--replications", "1", "--out"];
    let ended = assay(&[&arguments[..], &[out.to_str().unwrap()]].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    let manifest = fs::read_to_string(out.join("manifest.json")).unwrap();
    let here = fs::canonicalize(root()).unwrap();
    assert!(!manifest.contains(here.to_str().unwrap()), "{manifest}");
    assert!(!manifest.contains(place.path().to_str().unwrap()), "{manifest}");
}
