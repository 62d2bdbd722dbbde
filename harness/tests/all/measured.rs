//! The committed recordings keep what was measured, whatever becomes of their headers, digests and checks.

use sha2::Digest;
use sha2::Sha256;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

/// SHA-256 of the measured columns of each recording, as `sha256sum` writes it. They are real times: nobody can make them
/// again, so this file is not made again either.
const HASHES: &str = include_str!("../../recordings/small.sha256");

/// Lines before the first piece of work: format, header, headings.
const LINES_BEFORE: usize = 3;

fn recordings() -> PathBuf {
    assay_testing::root().join("harness/recordings/small")
}

/// The lines of work of a recording without their checks: miner, job, time, outcome, image, size, acknowledgement.
fn measured(text: &str) -> String {
    let works = text.lines().skip(LINES_BEFORE).filter(|line| !line.starts_with("end,"));
    let bodies: Vec<&str> = works.map(|line| line.rsplit_once(',').unwrap().0).collect();
    bodies.join("\n") + "\n"
}

fn hash(text: &str) -> String {
    Sha256::digest(measured(text)).iter().fold(String::new(), |mut hash, byte| {
        write!(hash, "{byte:02x}").unwrap();
        hash
    })
}

#[test]
fn all_recordings_have_the_columns_that_were_measured() {
    let mut files: Vec<_> =
        fs::read_dir(recordings()).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let told = |file: &PathBuf| {
        let name = file.file_name().unwrap().to_str().unwrap();
        format!("{}  {name}", hash(&fs::read_to_string(file).unwrap()))
    };
    let found: Vec<String> = files.iter().map(told).collect();
    assert_eq!(found.len(), 40);
    assert_eq!(found, HASHES.lines().collect::<Vec<_>>());
}

#[test]
fn a_column_that_changed_is_seen_and_a_header_or_check_is_not() {
    let text = fs::read_to_string(recordings().join("replication-0000.recording")).unwrap();
    let line = text.lines().nth(LINES_BEFORE).unwrap();
    let (work, check) = line.rsplit_once(',').unwrap();
    for (column, value) in work.split(',').enumerate().filter(|(_, value)| !value.is_empty()) {
        let changed: Vec<_> = work.split(',').enumerate().collect();
        let changed = changed.iter().map(|(at, own)| if *at == column { "7x" } else { own });
        let changed = changed.collect::<Vec<_>>().join(",");
        let other = text.replacen(&format!("{work},"), &format!("{changed},"), 1);
        assert_ne!(hash(&other), hash(&text), "{value}");
    }
    for (old, new) in [(check, "00000000"), ("\"seed\":11", "\"seed\":12")] {
        assert!(text.contains(old));
        assert_eq!(hash(&text.replacen(old, new, 1)), hash(&text), "{old}");
    }
}
