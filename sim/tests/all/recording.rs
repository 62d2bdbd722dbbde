//! `assay run --recording`: real work from a file, on a machine that cannot do it.

use crate::common::Ended;
use crate::common::assay;
use assay_testing::root;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

const SCENARIO: &str = "scenarios/harness/small.toml";
const RECORDINGS: &str = "harness/recordings/small";
/// The replication that the tests take.
const NUMBER: &str = "replication-0003.recording";

fn recording() -> PathBuf {
    root().join(RECORDINGS).join(NUMBER)
}

/// Runs the scenario on a recording, with results in `place`.
fn run(recording: &Path, place: &Path, more: &[&str]) -> Ended {
    let (file, out) = (recording.to_str().unwrap(), place.join("out"));
    let out = out.to_str().unwrap();
    let fixed = ["run", SCENARIO, "--recording", file, "--out", out, "--quiet"];
    assay(&[&fixed[..], more].concat())
}

#[test]
fn a_recording_gives_its_digest_and_the_same_again() {
    let text = fs::read_to_string(recording()).unwrap();
    let digest = text.lines().last().unwrap().split(',').nth(2).unwrap();
    let place = tempfile::tempdir().unwrap();
    let ended = run(&recording(), place.path(), &[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let manifest = fs::read_to_string(place.path().join("out/manifest.json")).unwrap();
    assert!(manifest.contains(digest), "{digest} is not in {manifest}");
    assert!(manifest.contains("\"measured\""), "{manifest}");
    let folder = place.path().join("out");
    let verified = assay(&["verify", folder.to_str().unwrap()]);
    assert!(verified.code == 2 && verified.err.contains("--recording"), "{verified:?}");
    let other = tempfile::tempdir().unwrap();
    assert_eq!(run(&recording(), other.path(), &[]).line("digest"), ended.line("digest"));
}

#[test]
fn the_work_and_not_the_draw_decides() {
    let place = tempfile::tempdir().unwrap();
    let number = ["--set", "run.first_replication=3", "--replications", "1"];
    let out = place.path().join("drawn");
    let fixed = ["run", SCENARIO, "--quiet", "--out", out.to_str().unwrap()];
    let drawn = assay(&[&fixed[..], &number].concat());
    assert_eq!(drawn.code, 0, "{drawn:?}");
    assert_ne!(drawn.line("digest"), run(&recording(), place.path(), &[]).line("digest"));
}

/// A recording that cannot be used, and what is said of it.
fn assert_refused(name: &str, bytes: &[u8], code: i32, part: &str) {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("x.recording");
    fs::write(&file, bytes).unwrap();
    let ended = run(&file, place.path(), &[]);
    assert_eq!(ended.code, code, "{name}: {ended:?}");
    assert!(ended.err.contains(part), "{name}: {ended:?}");
    assert!(!place.path().join("out").exists(), "{name}: results were written");
}

#[test]
fn what_was_changed_cut_or_mixed_is_found_at_its_place() {
    let text = fs::read_to_string(recording()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let joined = |lines: &[&str]| lines.join("\n") + "\n";
    let with = |place: usize, line: &str| {
        let mut changed = lines.clone();
        changed[place] = line;
        joined(&changed)
    };
    let took = lines[9].replacen(",1", ",9", 1).replacen(",2", ",7", 1);
    assert_refused("a time", with(9, &took).as_bytes(), 2, "line 10 is corrupted");
    let mut lost = lines.clone();
    lost.remove(20);
    assert_refused("a lost line", joined(&lost).as_bytes(), 2, "line 21 is corrupted");
    let mut moved = lines.clone();
    moved.swap(30, 31);
    assert_refused("moved lines", joined(&moved).as_bytes(), 2, "line 31 is corrupted");
    assert_refused("half", &text.as_bytes()[..text.len() / 2], 2, "unfinished");
    assert_refused("no end", joined(&lines[..lines.len() - 1]).as_bytes(), 2, "unfinished");
    assert_refused(
        "after the end",
        joined(&[&lines[..], &lines[5..6]].concat()).as_bytes(),
        2,
        "corrupted",
    );
    assert_refused("empty", b"", 2, "no recording of this version");
    assert_refused("a picture", b"\x89PNG\r\n\x1a\n", 2, "no recording of this version");
    let next = text.replacen("assay-recording 1", "assay-recording 2", 1);
    assert_refused("another version", next.as_bytes(), 2, "no recording of this version");
}

#[test]
fn a_recording_of_another_world_is_refused() {
    let place = tempfile::tempdir().unwrap();
    for (more, part) in [
        (["--seed", "12"], "add --seed 11"),
        (["--epochs", "5"], "asks other work"),
        (["--set", "kind.generate.steps=9"], "asks other work"),
    ] {
        let ended = run(&recording(), place.path(), &more);
        assert_eq!(ended.code, 2, "{more:?}: {ended:?}");
        assert!(ended.err.contains(part), "{more:?}: {ended:?}");
    }
    let missing = run(Path::new("no.recording"), place.path(), &[]);
    assert!(missing.code == 2 && missing.err.contains("cannot read no.recording"), "{missing:?}");
    assert!(!place.path().join("out").exists());
}
