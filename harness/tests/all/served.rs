//! `assay-harness run`: real work behind the simulator's seam, its recordings, and what interrupts it.

use crate::common::Ended;
use crate::common::harness;
use crate::common::program;
use assay_testing::TestFolder;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

const SMALL: &str = "scenarios/harness/small.toml";
const CHEATS: &str = "scenarios/harness/cheats.toml";
/// Makes an image of the small scenario a matter of a millisecond or less.
const QUICK: [&str; 4] = ["--epochs", "2", "--set", "kind.generate.steps=1"];

/// Where a run writes.
struct RunFolder {
    place: TestFolder,
    out: String,
    recordings: String,
}

/// Arguments that run `scenario` with results and recordings in `place`.
fn arguments<'a>(scenario: &'a str, place: &'a RunFolder, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = ["run", scenario, "--out", &place.out, "--recordings", &place.recordings];
    [&fixed[..], more].concat()
}

fn run(scenario: &str, place: &RunFolder, more: &[&str]) -> Ended {
    harness(&arguments(scenario, place, more))
}

impl RunFolder {
    fn new() -> Self {
        let place = TestFolder::new();
        Self { out: place.path("out"), recordings: place.path("recordings"), place }
    }

    fn recording(&self, number: u32) -> String {
        fs::read_to_string(self.file(number)).unwrap()
    }

    fn file(&self, number: u32) -> PathBuf {
        Path::new(&self.recordings).join(format!("replication-{number:04}.recording"))
    }

    fn manifest(&self) -> serde_json::Value {
        serde_json::from_str(&self.place.read("out/manifest.json")).unwrap()
    }
}

/// The digest on a recording's last line.
fn digest(recording: &str) -> &str {
    recording.lines().last().unwrap().split(',').nth(2).unwrap()
}

#[test]
fn a_run_says_what_was_measured_and_keeps_a_recording_of_each_replication() {
    let place = RunFolder::new();
    let more = [&QUICK[..], &["--replications", "2", "--cohort", "slow"]].concat();
    let ended = run(SMALL, &place, &more);
    assert_eq!(ended.code, 0, "{ended:?}");
    let manifest = place.manifest();
    let digests =
        [digest(&place.recording(0)).to_string(), digest(&place.recording(1)).to_string()];
    assert_eq!(manifest["replication_digests"], serde_json::json!(digests));
    let cohorts = manifest["measured"]["cohorts"].as_array().unwrap();
    let shares: BTreeMap<_, _> = cohorts
        .iter()
        .map(|c| (c["cohort"].as_str().unwrap(), c["measured_share"].as_f64().unwrap()))
        .collect();
    assert_eq!(shares, BTreeMap::from([("fast", 0.0), ("middle", 0.0), ("slow", 1.0)]));
    for name in ["miners.csv", "epochs.csv", "metrics.csv", "verdicts.json"] {
        assert!(Path::new(&place.out).join(name).exists(), "{name}");
    }
}

#[test]
fn an_unfinished_run_goes_on_where_it_stopped() {
    let place = RunFolder::new();
    let more = [&QUICK[..], &["--replications", "2"]].concat();
    assert_eq!(run(SMALL, &place, &more).code, 0);
    let (first, second) = (place.recording(0), place.recording(1));
    // The second replication was interrupted in the middle of a line.
    let cut = second.len() / 2;
    fs::write(place.file(1), &second[..cut]).unwrap();
    let refused = run(SMALL, &place, &more);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("--resume"), "{refused:?}");
    assert_eq!(place.recording(1), second[..cut]);
    let resumed = run(SMALL, &place, &[&more[..], &["--resume"]].concat());
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert_eq!(place.recording(0), first);
    let whole = place.recording(1);
    let kept = &second[..second[..cut].rfind('\n').unwrap()];
    assert!(whole.starts_with(kept), "finished work is kept");
    assert_eq!(place.manifest()["replication_digests"][1], digest(&whole));
    // What goes on has to be the same run.
    fs::write(place.file(1), &second[..cut]).unwrap();
    let other = [&QUICK[..2], &["--set", "kind.generate.steps=2", "--resume"]].concat();
    let refused = run(SMALL, &place, &[&other[..], &["--replications", "2"]].concat());
    assert_eq!(refused.code, 2, "{refused:?}");
    let altered = second.replacen(",image,", ",nothing,", 1);
    fs::write(place.file(1), altered).unwrap();
    let refused = run(SMALL, &place, &[&more[..], &["--resume"]].concat());
    assert!(refused.code == 2 && refused.err.contains("corrupted"), "{refused:?}");
}

/// Interrupts `child` when its recording `file` has some lines of work.
fn interrupt(child: &Child, file: &Path) {
    const LINES: usize = 40;
    const PATIENCE: u32 = 600;
    for _ in 0..PATIENCE {
        if fs::read_to_string(file).is_ok_and(|text| text.lines().count() > LINES) {
            break;
        }
        sleep(Duration::from_millis(20));
    }
    let ended = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status();
    assert!(ended.unwrap().success());
}

#[test]
fn an_interrupted_run_leaves_its_recording_and_no_results() {
    let place = RunFolder::new();
    // Long enough that it cannot end before it is interrupted: some minutes.
    let long = ["--set", "kind.generate.steps=500", "--replications", "1"];
    let child = program(&arguments(SMALL, &place, &long)).spawn().unwrap();
    interrupt(&child, &place.file(0));
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(130), "{told}");
    assert_eq!(place.place.names(), ["recordings"], "no results, whole or half");
    let kept = place.recording(0);
    assert!(kept.ends_with('\n') && !kept.contains("\nend,"), "{kept}");
    let refused = harness(&["validate", SMALL, "--recordings", &place.recordings]);
    assert!(refused.code == 2 && refused.err.contains("unfinished"), "{refused:?}");
}

/// By behaviour, requests finished until a cheat was caught, over all replications.
fn caught(place: &RunFolder) -> BTreeMap<String, Vec<f64>> {
    let manifest = place.manifest();
    let mut found = BTreeMap::<_, Vec<f64>>::new();
    for one in manifest["audits"]["caught"].as_array().unwrap() {
        let (miner, finished) = (one[1].as_str().unwrap(), one[2].as_f64().unwrap());
        found.entry(miner.to_string()).or_default().push(finished);
    }
    found
}

/// Requests until a cheat is caught where one in ten is audited: mean and standard deviation.
///
/// One that cheats always is caught at the first audit: geometric. One that cheats in half of its requests likewise, with
/// half the chance. One that keeps images is honest for the first of each of the ten classes: by how many it has, the
/// next request is of a new class or is caught with one tenth, and mean and mean square follow backwards from ten.
fn delay(cheat: &str) -> (f64, f64) {
    const SHARE: f64 = 0.1;
    const CLASSES: u8 = 10;
    let geometric = |p: f64| (1.0 / p, (1.0 - p).sqrt() / p);
    match cheat {
        "fewer-steps" => geometric(SHARE / 2.0),
        "cached" => {
            let (mut mean, mut square) = (0.0, 0.0);
            for kept in (0..=CLASSES).rev() {
                let known = f64::from(kept) / f64::from(CLASSES);
                let (new, stays) = (1.0 - known, known * (1.0 - SHARE));
                let next = (mean, square);
                mean = (1.0 + new * next.0) / (1.0 - stays);
                square = (1.0 + 2.0 * (new * next.0 + stays * mean) + new * next.1) / (1.0 - stays);
            }
            (mean, (square - mean * mean).sqrt())
        }
        _ => geometric(SHARE),
    }
}

/// Over n replications the mean's standard error is the deviation over the root of n: four of them are missed once in
/// 16,000. Requests, routes and audits are drawn by seed and do not depend on the device, so it passes or fails for good.
fn assert_caught_in_time(place: &RunFolder, replications: u32) {
    let found = caught(place);
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(names, ["cached", "fewer-steps", "no-image", "wrong-seed"], "no honest miner");
    let n = f64::from(replications);
    for (name, finished) in found {
        assert_eq!(finished.len(), usize::try_from(replications).unwrap(), "{name}: {finished:?}");
        let (expected, deviation) = delay(&name);
        let mean = finished.iter().sum::<f64>() / n;
        let error = 4.0 * deviation / n.sqrt();
        assert!((mean - expected).abs() < error, "{name}: {mean} requests, {expected} expected");
    }
}

#[test]
fn a_cheat_that_is_honest_at_first_is_caught_later() {
    let (mean, deviation) = delay("cached");
    assert!((mean - 17.38).abs() < 0.01 && (deviation - 11.12).abs() < 0.01, "{mean} {deviation}");
    assert!((delay("no-image").0 - 10.0).abs() < 1e-12);
}

#[test]
fn every_cheat_is_caught_on_the_cpu_and_no_honest_miner() {
    let place = RunFolder::new();
    let more = ["--set", "kind.generate.steps=2", "--epochs", "6", "--replications", "20"];
    let ended = run(CHEATS, &place, &more);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_caught_in_time(&place, 20);
}

#[test]
fn the_same_cheats_are_caught_at_the_same_requests_on_a_device() {
    if crate::adapter::device().is_none() {
        return;
    }
    let more = ["--set", "kind.generate.steps=2", "--epochs", "4", "--replications", "3"];
    let (cpu, wgpu) = (RunFolder::new(), RunFolder::new());
    assert_eq!(run(CHEATS, &cpu, &more).code, 0);
    let device = [&more[..], &["--backend", "wgpu", "--allow-software"]].concat();
    let ended = run(CHEATS, &wgpu, &device);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_caught_in_time(&wgpu, 3);
    assert_eq!(caught(&wgpu), caught(&cpu));
    let device = wgpu.manifest()["measured"]["device"].to_string();
    assert!(device.contains("wgpu") && device.contains("driver"), "{device}");
}

#[test]
fn what_cannot_be_served_is_bad_input_and_leaves_nothing() {
    for (more, part) in [
        (["--cohort", "nobody"], "there is no cohort nobody"),
        (["--set", "kind.generate.steps=5000"], "5000"),
        (["--set", "cohort.fast.concurrency=2"], "concurrency is 2"),
        (["--backend", "abacus"], "abacus"),
    ] {
        let place = RunFolder::new();
        let ended = run(SMALL, &place, &more);
        assert_eq!(ended.code, 2, "{more:?}: {ended:?}");
        assert!(ended.err.contains(part), "{more:?}: {ended:?}");
        assert!(place.place.names().is_empty(), "{more:?}");
    }
}
