//! `assay seal`: a recording gets another header or digest and keeps its work.

use crate::common::Ended;
use crate::common::assay;
use assay_testing::root;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use xxhash_rust::xxh3::xxh3_64;

const SCENARIO: &str = "scenarios/harness/small.toml";
const RECORDINGS: &str = "harness/recordings/small";

/// The text of a committed recording.
fn committed(number: u32) -> String {
    fs::read_to_string(root().join(RECORDINGS).join(format!("replication-{number:04}.recording")))
        .unwrap()
}

/// A recording whose text `change` made another, its checks chained as the layout says.
fn changed(text: &str, change: (&str, &str)) -> String {
    assert_eq!(text.matches(change.0).count(), 1, "{change:?}");
    let text = text.replace(change.0, change.1);
    let lines: Vec<&str> = text.lines().collect();
    let next = |check: u64, body: &str| xxh3_64(&[&check.to_le_bytes(), body.as_bytes()].concat());
    let mut check = next(next(0, lines[0]), lines[1]);
    let mut chained = lines[..3].join("\n") + "\n";
    for line in &lines[3..] {
        let (body, _) = line.rsplit_once(',').unwrap();
        check = next(check, body);
        writeln!(chained, "{body},{:08x}", check & 0xffff_ffff).unwrap();
    }
    chained
}

/// Writes recordings `a`, `b`, ... and gives their places.
fn written(place: &Path, texts: &[&str]) -> Vec<PathBuf> {
    let names = ["a.recording", "b.recording"];
    let one = |(name, text): (&&str, &&str)| {
        let file = place.join(name);
        fs::write(&file, text).unwrap();
        file
    };
    names.iter().zip(texts).map(one).collect()
}

fn seal(files: &[PathBuf], more: &[&str]) -> Ended {
    let files: Vec<_> = files.iter().map(|file| file.to_str().unwrap()).collect();
    assay(&[&["seal", SCENARIO], more, &files].concat())
}

const HASH: (&str, &str) = ("99b7e27a191d3762dd71fdf5e3000280", "00b7e27a191d3762dd71fdf5e3000280");

#[test]
fn a_recording_that_fits_its_scenario_keeps_its_bytes() {
    let place = tempfile::tempdir().unwrap();
    let texts = [committed(0), committed(1)];
    let files = written(place.path(), &[&texts[0], &texts[1]]);
    let ended = seal(&files, &[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.lines().all(|line| line.starts_with("same ")), "{ended:?}");
    for (file, text) in files.iter().zip(texts) {
        assert!(fs::read_to_string(file).unwrap() == text);
    }
}

#[test]
fn a_recording_under_another_hash_is_foreign_until_it_is_sealed() {
    let place = tempfile::tempdir().unwrap();
    let text = committed(3);
    let files = written(place.path(), &[&changed(&text, HASH)]);
    let out = place.path().join("out");
    let play = || {
        let recording = ["--recording", files[0].to_str().unwrap()];
        assay(
            &[&["run", SCENARIO, "--quiet", "--out", out.to_str().unwrap()], &recording[..]]
                .concat(),
        )
    };
    let foreign = play();
    assert!(foreign.code == 2 && foreign.err.contains("asks other work"), "{foreign:?}");
    let ended = seal(&files, &[]);
    assert!(ended.code == 0 && ended.out.starts_with("sealed "), "{ended:?}");
    assert!(fs::read_to_string(&files[0]).unwrap() == text, "the committed one again");
    assert_eq!(play().code, 0);
}

#[test]
fn another_digest_is_refused_for_all_files_and_taken_when_it_is_asked_for() {
    let place = tempfile::tempdir().unwrap();
    let texts = [committed(0), committed(3)];
    let end = texts[1].lines().last().unwrap();
    let digest = end.split(',').nth(2).unwrap();
    let other = changed(&texts[1], (digest, &"7".repeat(32)));
    let moved = changed(&texts[0], HASH);
    let files = written(place.path(), &[&moved, &other]);
    let ended = seal(&files, &[]);
    assert!(ended.code == 1 && ended.out.contains(digest), "{ended:?}");
    for (file, text) in files.iter().zip([&moved, &other]) {
        assert!(fs::read_to_string(file).unwrap() == *text, "nothing was written");
    }
    let ended = seal(&files, &["--digest"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    for (file, text) in files.iter().zip(&texts) {
        assert!(fs::read_to_string(file).unwrap() == *text);
    }
}

#[test]
fn what_is_no_recording_of_this_world_is_not_sealed() {
    let text = committed(0);
    let corrupt = text.replacen(",140,", ",141,", 1);
    let unfinished = &text[..=text.trim_end().rfind('\n').unwrap()];
    let renamed = changed(&text, ("\"slow-1\"]", "\"slow-2\"]"));
    for (bytes, part) in [
        (corrupt.as_str(), "line 4 is corrupted"),
        (unfinished, "unfinished"),
        (&renamed, "other miners"),
        (&changed(&text, ("\"seed\":11", "\"seed\":12")), "another seed"),
    ] {
        let place = tempfile::tempdir().unwrap();
        let files = written(place.path(), &[bytes]);
        let ended = seal(&files, &["--digest"]);
        assert!(ended.code == 2 && ended.err.contains(part), "{part}: {ended:?}");
        assert!(fs::read_to_string(&files[0]).unwrap() == bytes, "{part}");
    }
    let place = tempfile::tempdir().unwrap();
    let files = written(place.path(), &[&text]);
    let ended = seal(&files, &["--digest", "--set", "cohort.slow.stake_alpha=5", "--epochs", "5"]);
    assert!(ended.code == 2 && ended.err.contains("no work of"), "{ended:?}");
}
