//! `assay replay` from outside: the published golden table, hostile traces, and whole results or none.

use crate::common::assay;
use assay_testing::TableRow;
use assay_testing::TextTable;
use assay_testing::root;
use assay_testing::shared;
use assay_testing::vectors;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use tempfile::TempDir;

const HEADING: &str = "job,created_at_ms,dispatched_ms,miner,num_inference_steps,status,failure_reason,latency_ms,total_runtime_ms,callback_received_ms,response_ms,last_updated_ms,has_image,image_size";
const GOOD: &str = "0,0,599,m00,60,success,,12933,13532,13532,13913,13913,1,1002460";
/// Every run from nothing: the published table was made so.
const ANEW: &str = "scoring.starts_from=nothing";
const SCENARIO: &str = "scenarios/replay/v001.toml";

/// Replays `trace`; gives the exit code, standard error, and the folder it was to be written to.
fn replay(trace: &Path, scenario: &str, more: &[&str]) -> (i32, String, TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let paths = [trace.to_str().unwrap(), out.to_str().unwrap()];
    let mut arguments = vec!["replay", paths[0], "--scenario", scenario, "--out", paths[1]];
    arguments.extend_from_slice(more);
    let ended = assay(&arguments);
    (ended.code, ended.err, place, out)
}

assay_testing::needs_shared!(
    every_variant_meets_the_published_table,
    the_stored_record_meets_its_published_table,
);

/// Scores, wins and win rates to 1e-12; weights and shares to 1e-9, as the issue of this command asks.
fn every_variant_meets_the_published_table() {
    let folder = shared("data/sn11-2025-10");
    let golden = TextTable::read(folder.join("golden.csv"));
    for (variant, scenario, set) in [
        ("v001", "v001", &["--set", ANEW][..]),
        ("v001_has_image", "v001", &["--set", ANEW, "--set", "scoring.require_image=true"]),
        ("head_cfg", "head-config", &[]),
        ("head_kontext", "head-kontext", &[]),
        ("doc_sum", "document-sum", &[]),
    ] {
        let file = format!("scenarios/replay/{scenario}.toml");
        let (code, err, _place, out) = replay(&folder.join("trace.csv"), &file, set);
        assert_eq!(code, 0, "{err}");
        let got = TextTable::read(out.join("replay.csv"));
        let expected: Vec<_> = golden.rows().filter(|row| row.text("variant") == variant).collect();
        assert_eq!((got.rows().len(), expected.len()), (102, 102));
        for (got, expected) in got.rows().zip(expected) {
            for column in golden.headings() {
                agrees(variant, column, got, expected.text(column));
            }
        }
    }
}

/// Version v001 as it ran: each hourly run from the stored record, with counts that grow run by run.
fn the_stored_record_meets_its_published_table() {
    let folder = shared("data/sn11-2025-10");
    let golden = TextTable::read(vectors("golden_v001_stored.csv"));
    for (variant, set) in [
        ("v001_stored", &[][..]),
        ("v001_stored_has_image", &["--set", "scoring.require_image=true"]),
    ] {
        let (code, err, _place, out) = replay(&folder.join("trace.csv"), SCENARIO, set);
        assert_eq!(code, 0, "{err}");
        let got = TextTable::read(out.join("replay.csv"));
        let expected: Vec<_> = golden.rows().filter(|row| row.text("variant") == variant).collect();
        assert_eq!((got.rows().len(), expected.len()), (102, 102));
        for (got, expected) in got.rows().zip(expected) {
            for column in golden.headings() {
                agrees(variant, column, got, expected.text(column));
            }
        }
    }
}

/// Source: spec/offchain.md section 3.5, worked example: one success, then three failures that stop biting by themselves.
#[test]
fn a_penalty_vanishes_run_by_run() {
    let jobs = "0,5,,m0,50,success,,,6000,6005,6005,6010,1,1000\n\
                1,603010,,m0,50,failed,callback_status,,,,,606010,,\n\
                2,703010,,m0,50,failed,callback_status,,,,,706010,,\n\
                3,803010,,m0,50,failed,callback_status,,,,,806010,,\n\
                4,900005,,m1,50,success,,,30000,930005,930005,930010,1,1000\n";
    let place = tempfile::tempdir().unwrap();
    let trace = place.path().join("tiny.csv");
    fs::write(&trace, format!("{HEADING}\n{jobs}")).unwrap();
    for (hour, expected) in [(1, 0.4), (2, 0.8), (3, 0.8889), (4, 0.8853), (5, 0.8816)] {
        let at = format!("replay.reference_time_ms={}", hour * 3_600_000);
        let (code, err, _place, out) = replay(&trace, SCENARIO, &["--set", &at]);
        assert_eq!(code, 0, "{err}");
        let score = TextTable::read(out.join("replay.csv")).rows().next().unwrap().number("score");
        assert!((score - expected).abs() < 5e-5, "hour {hour}: {score}");
    }
}

fn agrees(variant: &str, column: &str, got: TableRow<'_>, expected: &str) {
    const EXACT: f64 = 1e-12;
    const SHARES: f64 = 1e-9;
    if column == "variant" || (column == "mean_share_hourly" && expected.is_empty()) {
        return;
    }
    let got = got.text(column);
    let close = match (got.parse::<f64>(), expected.parse::<f64>()) {
        (Ok(a), Ok(b)) if b.is_infinite() => a.to_bits() == b.to_bits(),
        (Ok(a), Ok(b)) => {
            let is_share = column.contains("share") || column.contains("weight");
            (a - b).abs() <= if is_share { SHARES } else { EXACT }
        }
        _ => got == expected,
    };
    assert!(close, "{variant} {column}: {got} is not {expected}");
}

#[test]
fn shipped_scenarios_ask_a_question_and_differ() {
    let mut questions = Vec::new();
    for file in fs::read_dir(root().join("scenarios/replay")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let first = text.lines().next().unwrap().to_string();
        assert!(first.starts_with("# ") && first.ends_with('?'), "{first}");
        questions.push(first);
    }
    questions.sort_unstable();
    questions.dedup();
    assert_eq!(questions.len(), 5);
}

/// Writes a trace of the heading and `rows`, replays it, and checks that a failure leaves nothing behind.
fn hostile(rows: &[u8], more: &[&str]) -> (i32, String, Option<TextTable>) {
    let place = tempfile::tempdir().unwrap();
    let trace = place.path().join("trace.csv");
    let mut bytes = format!("{HEADING}\n").into_bytes();
    bytes.extend_from_slice(rows);
    fs::write(&trace, bytes).unwrap();
    let (code, err, written, out) = replay(&trace, SCENARIO, more);
    let table = (code == 0).then(|| TextTable::read(out.join("replay.csv")));
    if code != 0 {
        assert_eq!(fs::read_dir(written.path()).unwrap().count(), 0, "something was left");
    }
    (code, err, table)
}

#[test]
fn a_hostile_row_is_an_error_with_its_place_or_a_counted_skip() {
    let ten_megabytes = "7".repeat(10 << 20);
    let later = GOOD.replacen("0,0,", "1,900,", 1);
    let cases: [(&str, Vec<u8>, &str); 7] = [
        ("10 MB", ten_megabytes.into_bytes(), "line 3: the line is too long"),
        ("negative", GOOD.replacen("0,0,", "1,-1,", 1).into(), "line 3, column 2 (created_at_ms)"),
        ("order", later.replace(",599,", ",600,").into(), "line 3, column 3 (dispatched_ms)"),
        ("again", GOOD.into(), "line 3, column 1 (job)"),
        ("status", GOOD.replacen('0', "1", 1).replace("success", "lost").into(), "(status)"),
        ("bytes", b"1,0,599,\xff\xfe,60,success,,1,1,1,1,1,1,1".to_vec(), "(miner)"),
        ("cut", GOOD[..GOOD.len() - 12].into(), "fields, allowed: 14"),
    ];
    for (name, row, expected) in cases {
        let rows = [GOOD.as_bytes(), b"\n", &row, b"\n"].concat();
        let (code, err, _) = hostile(&rows, &[]);
        assert_eq!(code, 2, "{name}: {err}");
        assert!(err.contains("trace.csv") && err.contains(expected), "{name}: {err}");
        let (code, err, table) = hostile(&rows, &["--skip-bad"]);
        assert_eq!(code, 0, "{name}: {err}");
        assert!(err.contains("left out: line 3"), "{name}: {err}");
        assert_eq!(table.unwrap().rows().len(), 1, "{name}");
    }
}

#[test]
fn a_trace_without_a_usable_row_is_refused_even_when_bad_rows_are_skipped() {
    for rows in [&b""[..], b"x\n", b"\n\n"] {
        let (code, err, _) = hostile(rows, &["--skip-bad"]);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains("no row can be used"), "{err}");
    }
}

#[test]
fn a_missing_trace_an_empty_one_and_a_folder_are_told() {
    let place = tempfile::tempdir().unwrap();
    let empty = place.path().join("empty.csv");
    fs::write(&empty, "").unwrap();
    let (code, err, ..) = replay(&empty, SCENARIO, &[]);
    assert!(code == 2 && err.contains("empty"), "{err}");
    let (code, err, ..) = replay(&place.path().join("none.csv"), SCENARIO, &[]);
    assert!(code == 2 && err.contains("none.csv") && err.contains("cannot open"), "{err}");
    let (code, err, ..) = replay(place.path(), SCENARIO, &[]);
    assert!(code != 0 && code != 101, "{err}");
}

#[test]
fn what_stands_at_the_target_is_kept_when_the_replay_fails() {
    let place = tempfile::tempdir().unwrap();
    let (trace, out) = (place.path().join("t.csv"), place.path().join("out"));
    let call = || {
        let paths = [trace.to_str().unwrap(), out.to_str().unwrap()];
        assay(&["replay", paths[0], "--scenario", SCENARIO, "--out", paths[1], "--json"])
    };
    fs::write(&trace, format!("{HEADING}\n{GOOD}\n")).unwrap();
    let first = call();
    assert_eq!(first.code, 0, "{first:?}");
    assert!(first.out.contains("\"rows\": 1"), "{}", first.out);
    let before = fs::read(out.join("replay.csv")).unwrap();
    fs::write(&trace, format!("{HEADING}\nnonsense\n")).unwrap();
    assert_eq!(call().code, 2);
    assert_eq!(fs::read(out.join("replay.csv")).unwrap(), before);
}
