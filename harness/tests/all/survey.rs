//! `assay-harness survey`: a device asked everything, and `.ci/device` around it.

use crate::common::harness;
use assay_testing::root;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::process::Output;

const SCENARIO: &str = "scenarios/harness/gpu.toml";
const AUDITS: &str = "scenarios/harness/cheats.toml";

/// Calls `.ci/device` with the program under test and these variables.
fn script(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(root().join(".ci/device"));
    command.env("ASSAY_HARNESS", env!("CARGO_BIN_EXE_assay-harness")).args(arguments);
    command.env_remove("ASSAY_REQUIRE_ADAPTER").envs(variables.iter().copied()).output().unwrap()
}

/// Names no driver, so that the loader finds no adapter.
const NO_DRIVER: [(&str, &str); 2] =
    [("VK_DRIVER_FILES", "/nonexistent.json"), ("VK_ICD_FILENAMES", "/nonexistent.json")];

#[test]
fn without_a_gpu_the_script_says_so_and_is_no_failure_unless_one_is_required() {
    let skipped = script(&[], &NO_DRIVER);
    let told = String::from_utf8_lossy(&skipped.stdout).into_owned();
    assert_eq!((skipped.status.code(), told.as_str()), (Some(0), "skipped: no GPU adapter\n"));
    let required = [&NO_DRIVER[..], &[("ASSAY_REQUIRE_ADAPTER", "1")]].concat();
    assert_eq!(script(&[], &required).status.code(), Some(4));
}

#[test]
fn software_is_no_gpu_to_the_list_of_gpus() {
    let adapters = assay_harness::list_adapters();
    if adapters.is_empty() || adapters.iter().any(|a| !a.description.is_software()) {
        return;
    }
    let refused = harness(&["devices", "--gpu"]);
    assert!(refused.code == 4 && refused.out.is_empty(), "{refused:?}");
    assert!(refused.err.contains("no GPU found, only software"), "{refused:?}");
    assert_eq!(harness(&["devices"]).code, 0);
}

/// What the caller got wrong is told before any work, and leaves nothing.
#[test]
fn a_survey_that_cannot_be_made_is_refused_at_once() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("old"), "").unwrap();
    let old = place.path().to_str().unwrap();
    let out = place.path().join("out");
    for (more, part) in [
        (["--audits", "missing.toml", "--seconds", "9"], "missing.toml"),
        (["--audits", AUDITS, "--recordings", old], "is not empty"),
        (["--audits", AUDITS, "--size", "65x4x16"], "width 65"),
        (["--audits", AUDITS, "--set", "kind.generate.steps=-1"], "steps"),
    ] {
        let fixed = ["survey", SCENARIO, "--allow-software", "--out", out.to_str().unwrap()];
        let ended = harness(&[&fixed[..], &more].concat());
        assert_eq!(ended.code, 2, "{more:?}: {ended:?}");
        assert!(ended.err.contains(part) && !Path::exists(&out), "{more:?}: {ended:?}");
    }
}
